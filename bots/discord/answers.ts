import { type Action, chosen } from "../button-data.ts";
import { commandEffects } from "../command-effects.ts";
import type { CommandId, OptionValues } from "../commands.ts";
import type { Outcome } from "../context.ts";
import { effects, jobOf } from "../actions.ts";
import { said, type Screen } from "../screen.ts";
import { openEdit } from "./edit-pictures.ts";
import type { Interaction } from "./interaction.ts";
import { openForm } from "./modals.ts";
import { readPlace } from "./place.ts";
import { draw, fetchedLater, picturesIn } from "./requests.ts";
import { rewordForm } from "./reword-form.ts";
import { showDeferred, showOriginals } from "./show.ts";

/** Runs a command. One that asks for a picture is answered by the delivery of that picture. */
export async function runCommand(
  id: CommandId,
  values: OptionValues,
  interaction: Interaction,
): Promise<void> {
  if (id === "draw") {
    await draw(values, interaction);
    return;
  }
  const { reply, tools } = interaction;
  const defer = () => reply.defer({ hidden: true });
  const given = async () => fetchedLater(picturesIn(values, interaction), reply, defer);
  await give(await commandEffects[id](values, { ...interaction, given }, tools), interaction);
}

/** Handles a press of a button, or a choice in a select menu. */
export async function press(
  action: Action,
  [value]: readonly string[],
  interaction: Interaction,
): Promise<void> {
  const { reply, t, tools } = interaction;
  const what = value === undefined ? action : chosen(action, value);
  if (what.action === "edit") return openEdit(what, interaction);
  if (what.action === "reword") {
    return openForm(rewordForm(await jobOf(what, interaction, tools), what, t), reply);
  }
  // Erasing everything may take longer than Discord waits.
  if (what.action === "forget" && what.argument === "yes") await reply.deferUpdate();
  await give(await effects[what.action](what, interaction, tools), interaction);
}

/** Shows what came of a command or a press. */
async function give(outcome: Outcome, interaction: Interaction): Promise<void> {
  const { reply, t, place } = interaction;
  switch (outcome.is) {
    case "job":
      return;
    case "nothing":
      return reply.deferUpdate();
    case "notice":
      return reply.say(said(outcome.text));
    case "message":
      return answer(outcome, interaction);
    case "buttons":
      return reply.say(outcome.screen);
    case "instead":
      return replace(outcome.screen, interaction);
    case "changed":
      await reply.deferUpdate();
      return showDeferred(outcome.screen, interaction);
    case "deleted":
      await reply.deferUpdate();
      await reply.remove().catch(() => reply.show(said(t("picture.deleted"))));
      return;
    case "originals":
      return showOriginals(outcome, interaction);
    case "painted":
      // Of two presses the first has its picture.
      if (readPlace(outcome.job.delivery.place).interaction === place.interaction) return;
      return reply.say(said(t("ask.outdated")));
  }
}

/** Pictures take longer to send than Discord waits. */
async function answer(
  { screen, hidden }: { readonly screen: Screen; readonly hidden: boolean },
  interaction: Interaction,
): Promise<void> {
  const { reply } = interaction;
  if (!hasFiles(screen)) return reply.started ? reply.show(screen) : reply.say(screen, { hidden });
  await reply.defer({ hidden });
  await showDeferred(screen, interaction);
}

async function replace(screen: Screen, interaction: Interaction): Promise<void> {
  const { reply } = interaction;
  if (reply.started) return reply.show(screen);
  if (!hasFiles(screen)) return reply.update(screen);
  await reply.deferUpdate();
  await showDeferred(screen, interaction);
}

function hasFiles({ pictures = [] }: Screen): boolean {
  return pictures.some((picture) => !("preview" in picture));
}
