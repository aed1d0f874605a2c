import { onTestFinished } from "vitest";
import {
  conversationContract,
  type ConversationOptions,
  type StartOptions,
} from "../contract/conversation.ts";
import { presetConversationContract } from "../contract/conversation-presets.ts";
import { screensContract } from "../contract/conversation-screens.ts";
import { type OpenHouse, openHouse } from "../fakes/open-house.ts";
import type { Environment } from "../fakes/process.ts";

/** Everything that the chat doors have in common, of a door in a Worker. */
export function conversationContracts(door: ConversationOptions): void {
  conversationContract(door);
  screensContract(door);
  presetConversationContract(door);
}

/** A house that is set up as the bot of a platform. */
export async function aBotHouse(
  { perDay = 0 }: StartOptions,
  bot: Environment,
): Promise<OpenHouse> {
  const house = await openHouse({ ...bot, QUOTA_IMAGES_PER_DAY: `${perDay}` });
  onTestFinished(() => house.end());
  const headers = { authorization: "Bearer owner" };
  const setUp = await fetch(`${house.url}/admin/setup`, { method: "POST", headers });
  if (!setUp.ok) throw new Error(await setUp.text());
  return house;
}
