import type { People } from "../../core/people.ts";
import { isEncodable } from "../button-data.ts";
import type { Translator } from "../i18n.ts";
import { type Button, mixed, said, type Screen } from "../screen.ts";
import type { Actor } from "../use-cases.ts";

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
): Promise<Screen> {
  if (typed === "") return overview(requester.id, t, people);
  await people.join(requester.id, typed);
  return said(t("link.joined"));
}

const newKey = "key";

/** Characters of a longer name: with four bytes each they fit a button. */
const longestName = 14;

/** Makes a key or takes back what a button names. Throws what `People.makeKey` and `People.unlink` throw. */
export async function pressLink(
  { requester: { id } }: Actor,
  argument: string,
  t: Translator,
  { people }: Tools,
): Promise<Screen> {
  if (argument === newKey) {
    return said(t("link.key", { key: await people.makeKey(id) }));
  }
  await people.unlink(id, argument);
  const screen = await overview(id, t, people);
  const unlinked = mixed(t("link.unlinked", { name: nameOf(argument, t) }));
  return { ...screen, lines: [[unlinked], ...screen.lines] };
}

async function overview(id: string, t: Translator, people: People): Promise<Screen> {
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
  const texts = [
    t("link.this", { name: nameOf(id, t) }),
    ...(lines.length > 0 ? [t("link.linked"), ...lines] : []),
    t("link.invitation", { code }),
  ];
  return {
    lines: texts.map((text) => [mixed(text)]),
    buttons: [make, ...unlink].map((button) => [button]),
  };
}

/** An account, and of a key what tells it from others; no more than a button holds. */
function beginningOf(account: string): string {
  if (account.startsWith("key:")) return account.split(":", 2).join(":");
  const isWhole = isEncodable({ action: "link", argument: account });
  return isWhole ? account : Array.from(account).slice(0, longestName).join("");
}

const platforms: Readonly<Record<string, string>> = { discord: "Discord", telegram: "Telegram" };

/** A personal key by its beginning, and one of the server's by its name. */
function nameOf(account: string, t: Translator): string {
  const [kind = "", rest = ""] = account.split(":");
  if (kind === "key") return t("link.keyName", { key: `${rest}…` });
  return kind === "http" ? t("link.keyName", { key: rest }) : `${platforms[kind] ?? kind} ${rest}`;
}
