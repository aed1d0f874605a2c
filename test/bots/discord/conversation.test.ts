import { translatorFor } from "../../../bots/i18n.ts";
import type { CommandId, OptionId } from "../../../bots/commands.ts";
import {
  conversationContract,
  type ConversationOptions,
  type Person,
} from "../../contract/conversation.ts";
import { presetConversationContract } from "../../contract/conversation-presets.ts";
import { screensContract } from "../../contract/conversation-screens.ts";
import type { MessageView } from "../../fakes/discord/message-view.ts";
import { modelSchema } from "../../../core/catalogue.ts";
import { type PicturesHarness, picturesContract } from "../../contract/pictures-in.ts";
import { openedDoor, type SceneOptions } from "./scene.ts";

const english = translatorFor("en");

/** Commands that take what is typed behind them, and in which option. */
const argumentOf: Partial<Record<CommandId, OptionId>> = {
  again: "code",
  show: "code",
  link: "linkCode",
};

const name = "The Discord door";
for (const overHttp of [false, true]) {
  const door: ConversationOptions = {
    name: overHttp ? `${name} over HTTP` : name,
    start: ({ perDay = 0, language } = {}) => aChat({ studio: { perDay }, overHttp }, language),
  };
  conversationContract(door);
  screensContract(door);
  presetConversationContract(door);
}

const shape = { sizes: { "1:1": "64x64" }, quality: {} } as const;
const editor = modelSchema.parse({ id: "Edits", provider: "easel", ...shape, edits: true });
picturesContract({ name, start: () => aChat({ models: [editor], easel: { edit: "bytes" } }) });

async function aChat(options: SceneOptions, language?: string): Promise<PicturesHarness> {
  const scene = await openedDoor(options);
  const { discord, channel } = scene;
  const people = { anna: scene.anna, ben: scene.ben };
  for (const { id } of language === undefined ? [] : Object.values(people)) {
    await scene.settings.set(`discord:${id}`, { language });
  }
  const seenBy = (person: Person) =>
    discord.messages(channel, people[person]).filter(({ loading }) => !loading);
  const buttonsOf = ({ controls }: MessageView) =>
    controls.flatMap(({ label, kind }) => (kind === "button" && label ? [label] : []));

  const preset = (argument: string, by: typeof scene.anna) => {
    const [verb = "", first, ...words] = argument.split(" ");
    const option = verb === "take" ? "share" : "name";
    const values = {
      ...(first === undefined ? {} : { [option]: first }),
      ...(words.length === 0 ? {} : { words: words.join(" ") }),
    };
    discord.slash(by, channel, `preset ${verb}`, values);
  };

  return {
    async draw(prompt, by = "anna") {
      scene.imagine(prompt, { by: people[by] });
    },
    async change(prompt, { name: filename, type: contentType, bytes }) {
      const image = { filename, contentType, bytes };
      discord.slash(people.anna, channel, "imagine", { prompt, image });
    },
    async command(id, argument = "", by = "anna") {
      if (id === "presets") {
        preset(argument, people[by]);
        return;
      }
      const option = argumentOf[id];
      const values =
        option && argument !== "" ? { [english(`options.${option}.name`)]: argument } : {};
      discord.slash(people[by], channel, english(`commands.${id}.name`), values);
    },
    async press(label, by = "anna") {
      const message = seenBy(by).findLast((shown) => buttonsOf(shown).includes(label));
      if (!message) throw new Error(`No message has the button ${label}`);
      await discord.pressButton(message, label, people[by]).acknowledged();
    },
    shown: () =>
      seenBy("anna").map((message) => ({
        text: message.text,
        pictures: message.files.length,
        buttons: buttonsOf(message),
      })),
    spoilers: () =>
      seenBy("anna").flatMap(({ files }) => files.filter(({ spoiler }) => spoiler)).length,
    told: (by) =>
      seenBy(by)
        .filter(({ ephemeral }) => ephemeral)
        .map(({ text }) => text),
    idOf: (person) => `discord:${people[person].id}`,
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
      const [newest] = discord.interactions().toReversed();
      if (newest) discord.redeliver(newest);
    },
    crash: () => scene.crash(),
    restart: () => scene.restart(),
    stop: () => scene.end(),
  };
}
