import { modelSchema } from "../../../core/catalogue.ts";
import { conversationContract, type ConversationOptions } from "../../contract/conversation.ts";
import { presetConversationContract } from "../../contract/conversation-presets.ts";
import { screensContract } from "../../contract/conversation-screens.ts";
import { picturesContract } from "../../contract/pictures-in.ts";
import { discordChat } from "./chat.ts";
import { openedDoor, type SceneOptions } from "./scene.ts";

const aChat = async (options: SceneOptions, language?: string) => {
  const scene = await openedDoor(options);
  return discordChat(scene, scene, language);
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
