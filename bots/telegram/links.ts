import { type LinkScreen, linkScreen, pressLink } from "../links.ts";
import { refuse, say } from "./answers.ts";
import type { Context, DoorTools, Press, PressAnswer } from "./context.ts";
import { keyboard } from "./job-message.ts";
import { mixed, plain, richText } from "./rich-text.ts";

/** Shows what is linked to the person, or links them by a code; in a private chat alone. */
export async function link(context: Context, text: string, tools: DoorTools): Promise<void> {
  const { actor, place, t } = context;
  if (place.group) {
    say(context, [plain(t("ask.inPrivate"))], tools);
    return;
  }
  try {
    const screen = await linkScreen(actor, text, t, tools);
    tools.later(() => tools.messenger.sendText(place, ...rendered(screen)));
  } catch (error) {
    refuse(context, error, tools);
  }
}

/** Makes a key or unlinks, as the button says, and shows that in place of the message with the button. */
export async function linkPressed(press: Press, tools: DoorTools): Promise<PressAnswer> {
  const { actor, action, place, t, target } = press;
  if (place.group) return t("ask.inPrivate");
  const screen = await pressLink(actor, action.argument ?? "", t, tools);
  tools.later(() => tools.messenger.editText(target, ...rendered(screen)));
  return undefined;
}

function rendered({ text, buttons }: LinkScreen) {
  return [richText([mixed(text)]), keyboard(buttons.map((button) => [button]))] as const;
}
