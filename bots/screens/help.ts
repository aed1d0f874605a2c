import { commands } from "../commands.ts";
import type { Translator } from "../i18n.ts";
import type { Platform } from "../platform.ts";
import { type Button, type Line, plain, type Screen } from "../screen.ts";

/** What the bot and its commands do; `edits` where a model edits pictures. */
export function helpScreen(
  t: Translator,
  { nameOf }: Platform,
  { edits, url }: { readonly edits: boolean; readonly url: string | undefined },
): Screen {
  const paragraphs = [
    t("help.intro", { command: nameOf("draw", t) }),
    t("help.flags"),
    t("help.buttons"),
    ...(edits ? [t("help.edits")] : []),
  ];
  const list = commands.map(
    ({ id }): Line => [plain(`/${nameOf(id, t)} — ${t(`commands.${id}.description`)}`)],
  );
  return {
    lines: [
      ...paragraphs.flatMap((text): Line[] => [[plain(text)], []]),
      [plain(t("help.commands"))],
      ...list,
      ...(url === undefined ? [] : [[], [plain(t("help.links", { url }))]]),
    ],
  };
}

/** What is kept about a person. */
export function privacyScreen(t: Translator): Screen {
  return { lines: [[plain(t("privacy.text"))]] };
}

/** Asks whether to erase everything of a person, whom alone the answer is taken from. */
export function forgetScreen(t: Translator, owner: string | undefined): Screen {
  const answer = (argument: "yes" | "no") => ({ action: "forget", argument, owner }) as const;
  const yes: Button = { label: t("buttons.confirmForget"), data: answer("yes"), style: "danger" };
  const no: Button = { label: t("buttons.keep"), data: answer("no") };
  return { lines: [[plain(t("privacy.confirm"))]], buttons: [[yes], [no]] };
}
