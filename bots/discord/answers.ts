import { type Action, chosen } from "../button-data.ts";
import { commandEffects } from "../command-effects.ts";
import type { CommandId, OptionValues } from "../commands.ts";
import type { Outcome } from "../context.ts";
import { effects, jobOf } from "../actions.ts";
import { said, type Screen } from "../screen.ts";
import { openEdit } from "./edit-pictures.ts";
import type { DoorTools, Interaction } from "./interaction.ts";
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
  tools: DoorTools,
): Promise<void> {
  if (id === "draw") await draw(values, interaction, tools);
  else {
    const { reply } = interaction;
    const given = async () =>
      fetchedLater(picturesIn(values, interaction, tools), reply, () =>
        reply.defer({ hidden: true }),
      );
    const context = { ...interaction, given };
    await give(await commandEffects[id](values, context, tools), interaction, tools);
  }
}

/** Handles a press of a button, or a choice in a select menu. */
export async function press(
  action: Action,
  [value]: readonly string[],
  interaction: Interaction,
  tools: DoorTools,
): Promise<void> {
  const { reply, t } = interaction;
  const what = value === undefined ? action : chosen(action, value);
  if (what.action === "edit") return openEdit(what, interaction, tools);
  if (what.action === "reword") {
    return openForm(rewordForm(await jobOf(what, interaction, tools), what, t), reply);
  }
  // Erasing everything may take longer than Discord waits.
  if (what.action === "forget" && what.argument === "yes") await reply.deferUpdate();
  await give(await effects[what.action](what, interaction, tools), interaction, tools);
}

/** Shows what came of a command or a press. */
async function give(outcome: Outcome, interaction: Interaction, tools: DoorTools): Promise<void> {
  const { reply, t, place } = interaction;
  switch (outcome.is) {
    case "job":
      return;
    case "nothing":
      return reply.deferUpdate();
    case "notice":
      return reply.say(said(outcome.text));
    case "message":
      return answer(outcome.screen, outcome.hidden, interaction, tools);
    case "buttons":
      return reply.say(outcome.screen);
    case "instead":
      return replace(outcome.screen, interaction, tools);
    case "changed":
      await reply.deferUpdate();
      return showDeferred(outcome.screen, interaction, tools);
    case "deleted":
      await reply.deferUpdate();
      return reply.remove().catch(() => reply.show(said(t("picture.deleted"))));
    case "originals":
      return showOriginals(outcome.job, outcome.picture, { interaction, tools });
    case "painted":
      // Of two presses the first has its picture.
      if (readPlace(outcome.job.delivery.place).interaction === place.interaction) return;
      return reply.say(said(t("ask.outdated")));
  }
}

/** Pictures take longer to send than Discord waits. */
async function answer(
  screen: Screen,
  hidden: boolean,
  interaction: Interaction,
  tools: DoorTools,
): Promise<void> {
  const { reply } = interaction;
  if (!hasFiles(screen)) return reply.started ? reply.show(screen) : reply.say(screen, { hidden });
  await reply.defer({ hidden });
  await showDeferred(screen, interaction, tools);
}

async function replace(screen: Screen, interaction: Interaction, tools: DoorTools): Promise<void> {
  const { reply } = interaction;
  if (reply.started) return reply.show(screen);
  if (!hasFiles(screen)) return reply.update(screen);
  await reply.deferUpdate();
  await showDeferred(screen, interaction, tools);
}

function hasFiles({ pictures = [] }: Screen): boolean {
  return pictures.some((picture) => !("preview" in picture));
}
