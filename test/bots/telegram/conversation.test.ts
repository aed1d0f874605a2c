import {
  conversationContract,
  type ConversationOptions,
  type Person,
  type Shown,
} from "../../contract/conversation.ts";
import { presetConversationContract } from "../../contract/conversation-presets.ts";
import { screensContract } from "../../contract/conversation-screens.ts";
import type { ChatMessage, Press } from "../../fakes/telegram.ts";
import { type PicturesHarness, picturesContract } from "../../contract/pictures-in.ts";
import { aScene, labels, type SceneOptions, textOf } from "./scene.ts";

const name = "The Telegram door";
const door: ConversationOptions = {
  name,
  start: ({ perDay = 0, language } = {}) => aChat({ studio: { perDay } }, language),
};
conversationContract(door);
screensContract(door);
presetConversationContract(door);

const shape = { sizes: { "1:1": "64x64" }, quality: {} } as const;
const editor = { id: "Edits", provider: "easel", ...shape, edits: true };
picturesContract({ name, start: () => aChat({ models: [editor], easel: { edit: "bytes" } }) });

async function aChat(options: SceneOptions, language?: string): Promise<PicturesHarness> {
  const scene = await aScene(options);
  const { telegram } = scene;
  const people = { anna: scene.anna, ben: scene.ben };
  for (const { id } of language === undefined ? [] : Object.values(people)) {
    await scene.settings.set(`telegram:${id}`, { language });
  }
  const presses: { readonly by: Person; readonly press: Press }[] = [];
  const spoken: { by: Person; text: string; message: ChatMessage }[] = [];

  /** What only its person may see is said in private. */
  let inPrivate = false;
  const ofBot = () => [...scene.ofBot(), ...(inPrivate ? scene.ofBot(scene.anna.id) : [])];

  async function say(text: string, by: Person, chat?: number): Promise<void> {
    inPrivate ||= chat !== undefined;
    const where = { by: people[by], ...(chat === undefined ? {} : { chat }) };
    spoken.push({ by, text, message: await scene.say(text, where) });
  }

  return {
    draw: (prompt, by = "anna") => say(`/draw ${prompt}`, by),
    async change(words, document) {
      await scene.say("", { document, caption: `/draw ${words}` });
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
    get studio() {
      return scene.studio;
    },
    get people() {
      return scene.people;
    },
    get stores() {
      return scene.stores;
    },
    get easel() {
      return scene.easel;
    },
    async repeat() {
      const newest = spoken.at(-1);
      if (newest) telegram.handOverAgain(newest.message);
    },
    crash: () => scene.crash(),
    restart: () => scene.restart(),
    stop: () => scene.end(),
  };
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
