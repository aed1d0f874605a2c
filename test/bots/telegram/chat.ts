import type { Person, Shown } from "../../contract/conversation.ts";
import type { PicturesHarness } from "../../contract/pictures-in.ts";
import { type Bot, chatWith } from "../bot.ts";
import type { ChatMessage, Press } from "../../fakes/telegram.ts";
import { labels, type Scene, textOf } from "./scene.ts";

/** A group with two people in it. */
export type Group = Pick<Scene, "telegram" | "anna" | "ben" | "group">;

/** The group as the contracts want it, with this language set for both people. */
export async function telegramChat(
  { telegram, anna, ben, group }: Group,
  bot: Bot,
  language?: string,
): Promise<PicturesHarness> {
  const people = { anna, ben };
  for (const { id } of language === undefined ? [] : Object.values(people)) {
    await bot.settings.set(`telegram:${id}`, { language });
  }
  const presses: { readonly by: Person; readonly press: Press }[] = [];
  const spoken: ChatMessage[] = [];

  /** What only its person may see is said in private. */
  let inPrivate = false;
  const ofBot = () => {
    const shown = (inPrivate ? [group, anna.id] : [group]).map((chat) => telegram.chat(chat).ofBot);
    return shown.flat();
  };

  async function say(text: string, by: Person, chat = group): Promise<void> {
    inPrivate ||= chat !== group;
    spoken.push(await telegram.userSays(chat, { from: people[by], text }));
  }

  return chatWith(bot, {
    draw: (prompt, by = "anna") => say(`/draw ${prompt}`, by),
    async change(words, document) {
      await telegram.userSays(group, { from: anna, text: "", document, caption: `/draw ${words}` });
    },
    command: (id, argument = "", by = "anna") =>
      say(`/${id} ${argument}`.trim(), by, id === "link" ? people[by].id : undefined),
    async press(label, by = "anna") {
      const message = ofBot().findLast((shown) => labels(shown).includes(label));
      if (!message) throw new Error(`No message has the button ${label}.`);
      const press = telegram.userPresses(message, label, people[by]);
      presses.push({ by, press });
      await telegram.until(() => press.answer !== undefined);
    },
    shown: () => shownIn(ofBot()),
    spoilers: () => ofBot().filter(({ spoiler }) => spoiler).length,
    told: (by) => presses.flatMap((one) => (one.by === by ? [one.press.answer?.text ?? ""] : [])),
    idOf: (person) => `telegram:${people[person].id}`,
    async repeat() {
      const newest = spoken.at(-1);
      if (newest) telegram.handOverAgain(newest);
    },
    stop: () => bot.end(),
  });
}

/** An album is one message with all its pictures. */
function shownIn(messages: readonly ChatMessage[]): Shown[] {
  const shown: { albumId: string | undefined; view: Shown }[] = [];
  for (const message of messages) {
    const { albumId } = message;
    const pictures = (message.photo ?? message.document) ? 1 : 0;
    const before = albumId === undefined ? undefined : shown.find((one) => one.albumId === albumId);
    if (before) {
      before.view = { ...before.view, pictures: before.view.pictures + 1 };
    } else {
      const view = { text: textOf(message), pictures, buttons: labels(message) };
      shown.push({ albumId, view });
    }
  }
  return shown.map(({ view }) => view);
}
