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
