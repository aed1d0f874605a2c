import type { Api } from "grammy";
import type { ChatPlace } from "./place.ts";

/** Who may use the bot, and where. */
export interface Access {
  /** One of these chats and users is on the list, or there is no list. */
  allows(...ids: readonly (number | undefined)[]): boolean;
}

/** `allowed`: ids of chats and users; empty for everyone. */
export function createAccess(allowed: readonly string[]): Access {
  const list = new Set(allowed);
  return {
    allows: (...ids) => list.size === 0 || ids.some((id) => id !== undefined && list.has(`${id}`)),
  };
}

/** Whether a person may act for others in this group; nobody may in a private chat. Throws what the platform answers. */
export async function moderates(api: Api, place: ChatPlace, user: number): Promise<boolean> {
  if (!place.group) return false;
  // An administrator who hides behind the group speaks as the group.
  if (user === place.chat) return true;
  const { status } = await api.getChatMember(place.chat, user);
  return status === "creator" || status === "administrator";
}
