import type { CommandId, OptionId } from "../../../bots/commands.ts";
import { translatorFor } from "../../../bots/i18n.ts";
import type { Person } from "../../contract/conversation.ts";
import type { PicturesHarness } from "../../contract/pictures-in.ts";
import { type Bot, chatWith } from "../bot.ts";
import type { MessageView } from "../../fakes/discord/message-view.ts";
import type { Scene } from "./scene.ts";

const english = translatorFor("en");

/** Commands that take what is typed behind them, and in which option. */
const argumentOf: Partial<Record<CommandId, OptionId>> = {
  again: "code",
  show: "code",
  link: "linkCode",
};

/** A channel with two people in it. */
export type Channel = Pick<Scene, "discord" | "anna" | "ben" | "channel">;

/** The channel as the contracts want it, with this language set for both people. */
export async function discordChat(
  { discord, channel, anna, ben }: Channel,
  bot: Bot,
  language?: string,
): Promise<PicturesHarness> {
  const people = { anna, ben };
  for (const { id } of language === undefined ? [] : Object.values(people)) {
    await bot.settings.set(`discord:${id}`, { language });
  }
  const seenBy = (person: Person) =>
    discord.messages(channel, people[person]).filter(({ loading }) => !loading);
  const buttonsOf = ({ controls }: MessageView) =>
    controls.flatMap(({ label, kind }) => (kind === "button" && label ? [label] : []));

  const preset = (argument: string, by: typeof anna) => {
    const [verb = "", first, ...words] = argument.split(" ");
    const option = verb === "take" ? "share" : "name";
    const values = {
      ...(first === undefined ? {} : { [option]: first }),
      ...(words.length === 0 ? {} : { words: words.join(" ") }),
    };
    discord.slash(by, channel, `preset ${verb}`, values);
  };

  return chatWith(bot, {
    async draw(prompt, by = "anna") {
      discord.slash(people[by], channel, "imagine", { prompt });
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
    async repeat() {
      const [newest] = discord.interactions().toReversed();
      if (newest) discord.redeliver(newest);
    },
    stop: () => bot.end(),
  });
}
