/** What a payload tells of the people, roles and channels that its texts mention, by id. */
export interface Resolved {
  readonly users?: Readonly<Record<string, Named>>;
  readonly members?: Readonly<Record<string, { readonly nick?: string | null }>>;
  readonly roles?: Readonly<Record<string, { readonly name: string }>>;
  readonly channels?: Readonly<Record<string, { readonly name?: string | null }>>;
}

interface Named {
  readonly username: string;
  readonly global_name?: string | null;
}

/** The names of what texts mention, by the mention's sign and id, such as `@1` or `#2`. */
export type Names = ReadonlyMap<string, string>;

/** The names that a payload has. */
export function namesIn(
  { users = {}, members = {}, roles = {}, channels = {} }: Resolved = {},
  mentioned: readonly (Named & { readonly id: string })[] = [],
): Names {
  const people = [...Object.entries(users), ...mentioned.map((user) => [user.id, user] as const)];
  return new Map([
    ...people.map(([id, user]) => [`@${id}`, members[id]?.nick ?? nameOf(user)] as const),
    ...Object.entries(roles).map(([id, { name }]) => [`@&${id}`, name] as const),
    ...Object.entries(channels).map(([id, { name }]) => [`#${id}`, name ?? ""] as const),
  ]);
}

function nameOf({ username, global_name: name }: Named): string {
  return name ?? username;
}

/** https://docs.discord.com/developers/reference#message-formatting */
const markup =
  /<(?<mention>@!?|@&|#)(?<id>\d+)>|<a?:(?<emoji>\w+):\d+>|<t:(?<time>-?\d+)(?::(?<style>\w))?>|<(?<command>\/[^:<>]+):\d+>|<id:[\w-]+(?::\d+)?>/g;

type Groups = Partial<Record<"mention" | "id" | "emoji" | "time" | "style" | "command", string>>;

/**
 * A text as a person reads it: names in place of mentions, emoji, times and commands. What has no name in the payload,
 * such as a place of the server's own settings, is left out.
 */
export function readable(text: string, names: Names): string {
  return text.replace(markup, (...match) => {
    const { mention, id, emoji, time, style, command } = match.at(-1) as Groups;
    if (mention !== undefined) return names.get(`${mention.replace("!", "")}${id}`) ?? "";
    return time === undefined ? (emoji ?? command ?? "") : timeOf(Number(time), style);
  });
}

/** Milliseconds beyond which there is no date. */
const endOfTime = 8.64e15;

function timeOf(seconds: number, style = "f"): string {
  if (Math.abs(seconds) * 1000 > endOfTime) return "";
  const [date = "", time = ""] = new Date(seconds * 1000).toISOString().split("T");
  const clock = `${time.slice(0, 5)} UTC`;
  if (/t/i.test(style)) return clock;
  return /d/i.test(style) ? date : `${date} ${clock}`;
}
