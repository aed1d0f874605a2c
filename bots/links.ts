import type { People } from "../core/people.ts";
import type { Button } from "./conversation.ts";
import type { Translator } from "./i18n.ts";
import type { Actor } from "./use-cases.ts";

/** What belongs to a person, with what they can do about it. No other person may see it. */
export interface LinkScreen {
  readonly text: string;
  readonly buttons: readonly Button[];
}

interface Tools {
  readonly people: People;
}

/**
 * What is linked to a person, and a code for one more account; with a code, joins the person who was given that. Throws
 * what `People.join` and `People.invite` throw.
 */
export async function linkScreen(
  { requester }: Actor,
  typed: string,
  t: Translator,
  { people }: Tools,
): Promise<LinkScreen> {
  if (typed === "") return overview(requester.id, t, people);
  await people.join(requester.id, typed);
  return { text: t("link.joined"), buttons: [] };
}

const newKey = "key";

/** Makes a key or takes back what a button names. Throws what `People.makeKey` and `People.unlink` throw. */
export async function pressLink(
  { requester: { id } }: Actor,
  argument: string,
  t: Translator,
  { people }: Tools,
): Promise<LinkScreen> {
  if (argument === newKey) {
    return { text: t("link.key", { key: await people.makeKey(id) }), buttons: [] };
  }
  await people.unlink(id, argument);
  const screen = await overview(id, t, people);
  return {
    ...screen,
    text: `${t("link.unlinked", { name: nameOf(argument, t) })}\n${screen.text}`,
  };
}

async function overview(id: string, t: Translator, people: People): Promise<LinkScreen> {
  const links = (await people.links(id)).map(beginningOf);
  const code = await people.invite(id);
  const lines = links.map((link) => nameOf(link, t));
  const unlink = links.map((argument): Button => {
    const name = nameOf(argument, t);
    return { label: t("buttons.unlink", { name }), data: { action: "link", argument } };
  });
  const make: Button = {
    label: t("buttons.makeKey"),
    data: { action: "link", argument: newKey },
  };
  return {
    text: [
      t("link.this", { name: nameOf(id, t) }),
      ...(lines.length > 0 ? [t("link.linked"), ...lines] : []),
      t("link.invitation", { code }),
    ].join("\n"),
    buttons: [make, ...unlink],
  };
}

/** An account whole, and of a key what tells it from others. */
function beginningOf(account: string): string {
  return account.startsWith("key:") ? account.split(":", 2).join(":") : account;
}

const platforms: Readonly<Record<string, string>> = { discord: "Discord", telegram: "Telegram" };

function nameOf(account: string, t: Translator): string {
  const [kind = "", rest = ""] = account.split(":");
  return kind === "key" ? t("link.keyName", { key: rest }) : `${platforms[kind] ?? kind} ${rest}`;
}
