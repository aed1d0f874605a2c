import { conversationContract, type ConversationOptions } from "../../contract/conversation.ts";
import { presetConversationContract } from "../../contract/conversation-presets.ts";
import { screensContract } from "../../contract/conversation-screens.ts";
import { picturesContract } from "../../contract/pictures-in.ts";
import { telegramChat } from "./chat.ts";
import { aScene, type SceneOptions } from "./scene.ts";

const name = "The Telegram door";
const aChat = async (options: SceneOptions, language?: string) => {
  const scene = await aScene(options);
  return telegramChat(scene, scene, language);
};
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
