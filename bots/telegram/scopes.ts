/** Whose settings and jobs they are, as the core names people and places. */
export function requesterId(user: number): string {
  return `telegram:${user}`;
}

/** The scope of a chat's own settings. */
export function scopeOf(chat: number): string {
  return `telegram:chat:${chat}`;
}
