import { afterAll, onTestFailed, onTestFinished } from "vitest";
import { conversationContract, type ConversationOptions } from "../contract/conversation.ts";
import { presetConversationContract } from "../contract/conversation-presets.ts";
import { screensContract } from "../contract/conversation-screens.ts";
import { post } from "../fakes/drawbridge.ts";
import { type OpenHouse, type OpenHouses, openHouses } from "../fakes/open-house.ts";
import type { Environment } from "../fakes/process.ts";

/** Everything that the chat doors have in common, of a door in a Worker. */
export function conversationContracts(door: ConversationOptions): void {
  conversationContract(door);
  screensContract(door);
  presetConversationContract(door);
}

/** Opens houses for the tests of a file, one for each try of a test, in one runtime. A test that fails leaves it to no other. */
export function housesForTests(): (environment: Environment) => Promise<OpenHouse> {
  let houses: Promise<OpenHouses> | undefined;
  const close = async () => {
    const before = houses;
    houses = undefined;
    await (await before)?.close();
  };
  afterAll(close);
  return async (environment) => {
    onTestFailed(close);
    houses ??= openHouses();
    const house = await (await houses).open(environment);
    onTestFinished(() => house.end());
    return house;
  };
}

/** Connects the bots of a house to their platforms; answers what the house says of it. */
export async function setUp({ url }: Pick<OpenHouse, "url">): Promise<string> {
  const { status, text } = await post(url, "/admin/setup", {});
  if (status !== 200) throw new Error(text);
  return text;
}

/** Paints its next picture, the one with this number. */
export async function paint({ easel }: OpenHouse, number: number): Promise<void> {
  await easel.begun(number);
  easel.finish();
}
