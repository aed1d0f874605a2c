import { ButtonStyle, ComponentType } from "discord-api-types/v10";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commandEffects } from "../../bots/command-effects.ts";
import type { CommandId, OptionValues } from "../../bots/commands.ts";
import type { Conversing, ConversationTools } from "../../bots/context.ts";
import { describeError } from "../../bots/conversation.ts";
import { discord } from "../../bots/discord/interaction.ts";
import { render } from "../../bots/discord/render.ts";
import { effects } from "../../bots/actions.ts";
import { type Translator, translatorFor } from "../../bots/i18n.ts";
import type { Platform } from "../../bots/platform.ts";
import { Refused } from "../../bots/refused.ts";
import type { Screen } from "../../bots/screen.ts";
import * as job from "../../bots/screens/job.ts";
import { historyScreen, queueScreen } from "../../bots/screens/lists.ts";
import { usageScreen } from "../../bots/screens/about.ts";
import { telegram } from "../../bots/telegram/answers.ts";
import { keyboardOf, wordsOf } from "../../bots/telegram/render.ts";
import { createCatalogue, modelSchema } from "../../core/catalogue.ts";
import { ImageError } from "../../core/errors.ts";
import type { Job } from "../../core/job.ts";
import type { Notice } from "../../core/notices.ts";
import { imaging } from "../../src/imaging.ts";
import { aJob, aPicture, silentLog } from "../builders.ts";
import { memorySettings } from "../fakes/settings.ts";
import { aStudio } from "../fakes/studio.ts";

const now = Date.parse("2026-11-28T18:00:00Z");
const code = "zi-7K3QF9X2WM";
const models = [
  modelSchema.parse({ id: "Z-Image", provider: "easel", sizes: {}, quality: {}, edits: true }),
];
const catalogue = createCatalogue(models);

/** Jobs in every state, as a person would have them. */
function jobsIn(t: Translator) {
  const words = t("ask.placeholder");
  const brief = { ...aJob().brief, words, prompt: words };
  const wording = {
    prompt: `${words}, soft light`,
    enhancement: {
      status: "enhanced",
      model: "llm",
      usage: { promptTokens: 1, completionTokens: 1 },
    },
  };
  const recipe = {
    ...{
      model: "Z-Image",
      provider: "easel",
      negative: "",
      ratio: "3:2",
      width: 1248,
      height: 832,
    },
    prompt: wording.prompt,
    wording,
  } as unknown as Job["recipe"];
  const notices: Notice[] = [{ code: "hint-ignored", hint: "negative", model: "Z-Image" }];
  const picture = (number: number) =>
    aPicture({ number, seed: 41 + number, width: 1248, height: 832 });
  const base = { code, brief, requester: { id: "anna" }, finishedAt: now };
  const done = aJob({ ...base, state: "done", recipe, notices, pictures: [picture(1)] });
  const details = { provider: "easel", fault: "unreachable", transient: false, paid: false };
  const error = { code: "provider-failed", details, message: "" } as unknown as Job["error"];
  const cancelled = { code: "cancelled", details: { by: "caller" }, message: "" };
  return {
    waiting: aJob(base),
    done,
    several: { ...done, pictures: [1, 2, 3].map(picture) },
    changed: { ...done, brief: { ...brief, version: 2 }, parent: "zi-0000000001" },
    hidden: { ...done, private: true },
    gone: { ...done, pictures: [] },
    failed: aJob({ ...base, state: "failed", error }),
    cancelled: aJob({ ...base, state: "cancelled", error: cancelled as unknown as Job["error"] }),
  };
}

const place = { place: 2, etaMs: 40_000 };
const idle = { position: undefined, startedAt: undefined, progress: undefined } as const;
const inLine = { ...idle, state: "queued", stage: "waiting", position: place } as const;
const painting = { ...idle, state: "running", stage: "painting", startedAt: now - 24_000 } as const;

/** Every screen of a platform, by what brings it up. */
async function* screensOf(
  platform: Platform,
  t: Translator,
): AsyncGenerator<readonly [title: string, screen: Screen]> {
  const jobs = jobsIn(t);
  const view = { t, lacks: job.lackingIn(platform, catalogue) };
  const time = { t, now };
  yield ["a request in line", job.progressScreen(jobs.waiting, inLine, time)];
  yield ["a request being painted", job.progressScreen(jobs.waiting, painting, time)];
  yield ["a picture", job.pictureScreen(jobs.done, view)];
  yield ["several pictures", job.pictureScreen(jobs.several, view)];
  yield ["a picture made from another", job.pictureScreen(jobs.changed, view)];
  if (platform === discord) {
    yield ["one of several", job.pictureScreen(jobs.several, { ...view, only: 2 })];
    yield ["a private picture", job.pictureScreen(jobs.hidden, view)];
  }
  yield ["a picture that is gone", job.pictureScreen(jobs.gone, view)];
  yield ["a failure", job.failureScreen(jobs.failed, t, now)];
  yield ["a cancelled request", job.failureScreen(jobs.cancelled, t, now)];
  yield ["Ratio", job.ratioScreen({ code }, view)];
  const question = new Refused("ask.batchOfQuota", {
    values: { count: 6, left: 9 },
    answer: { key: "buttons.paint", data: { action: "paint", argument: "1" } },
  });
  yield ["many pictures", job.explanationScreen(describeError(question, t, now))];
  const details = { window: "day", limit: 20, left: 0, resetsAt: now + 21_600_000 } as const;
  const refusal = describeError(new ImageError("quota-exceeded", details), t, now);
  yield ["no quota left", job.explanationScreen(refusal)];
  const reader = { t, owner: undefined };
  const waiting = [
    { job: jobs.waiting, view: painting as never },
    { job: jobs.waiting, view: inLine as never },
  ];
  yield ["/queue", queueScreen(waiting, reader, now)];
  const page = { jobs: [jobs.done, jobs.several], older: 1_000 };
  yield ["/history", historyScreen(page, { before: 2_000, back: [] }, reader)];
  const quotas = [{ window: "day", limit: 20, left: 13, resetsAt: now + 21_600_000 }] as const;
  yield ["/usage", usageScreen({ today: 7, quotas }, t, now)];
  yield* commandScreens(platform, t);
}

const commands: readonly (readonly [title: string, id: Exclude<CommandId, "draw">, object])[] = [
  ["/queue with nothing in it", "queue", {}],
  ["/history with nothing in it", "history", {}],
  ["/show without a code", "show", {}],
  ["/presets", "presets", { verb: "list" }],
  ["/presets save", "presets", { verb: "save", name: "ink", words: "{prompt}, in ink" }],
  ["/presets show", "presets", { verb: "show", name: "ink" }],
  ["/presets share", "presets", { verb: "share", name: "ink" }],
  ["/presets delete", "presets", { verb: "delete", name: "ink" }],
  ["/link", "link", {}],
  ["/settings", "settings", {}],
  ["/help", "help", {}],
  ["/privacy", "privacy", {}],
  ["/forgetme", "forgetme", {}],
];

async function* commandScreens(platform: Platform, t: Translator) {
  const { studio, people } = aStudio();
  const settings = memorySettings();
  const tools: ConversationTools = {
    ...{ studio, people, settings, catalogue, imaging, log: silentLog },
    now: () => now,
  };
  const id = `${platform === discord ? "discord" : "telegram"}:1`;
  const context = {
    ...{ t, platform, owner: undefined, isSecret: true, isPlace: false, publicUrl: undefined },
    actor: { requester: { id } },
    mayModerate: () => false,
  } as unknown as Conversing;
  await settings.set(id, { ratio: "3:2", enhance: false });
  await people.join("telegram:2", await people.invite(id));
  for (const [title, command, values] of commands) {
    const filled = new Map(Object.entries(values)) as OptionValues;
    const outcome = await commandEffects[command](filled, context, tools);
    if (outcome.is === "message") yield [title, outcome.screen] as const;
  }
  for (const [title, action, argument] of [
    ["/settings, a setting", "settings", "own ratio"],
    ["/link, a key", "link", "key"],
    ["/forgetme, no", "forget", "no"],
    ["/forgetme, yes", "forget", "yes"],
  ] as const) {
    if (title.includes("a setting") && !platform.settingsBelow) continue;
    const outcome = await effects[action]({ action, argument }, context, tools);
    if (outcome.is === "instead") yield [title, outcome.screen] as const;
  }
}

// === As text

/** A message as Telegram shows it: its words, and its buttons in their rows. */
function onTelegram(screen: Screen): string {
  const { text } = wordsOf(screen, screen.pictures ? 1024 : 4096);
  const rows = keyboardOf(screen).inline_keyboard.map((row) => row.map((button) => button.text));
  return [text, ...rows.map((row) => row.map((label) => `[${label}]`).join(" "))].join("\n");
}

/** A message as Discord shows it: its Markdown, its menu and its buttons. */
function onDiscord(screen: Screen): string {
  const rows = render(screen).body.components.map((component) => {
    if (component.type === ComponentType.TextDisplay) return component.content;
    if (component.type !== ComponentType.ActionRow) return "";
    return component.components
      .map((control) => {
        if (control.type === ComponentType.StringSelect) {
          const options = control.options.map(({ label, description }) =>
            [label, description].filter(Boolean).join(" – "),
          );
          return [`(${control.placeholder ?? ""} ▾)`, ...options.map((one) => `   ${one}`)].join(
            "\n",
          );
        }
        if (control.type !== ComponentType.Button) return "";
        return control.style === ButtonStyle.Premium ? "" : `[${control.label ?? ""}]`;
      })
      .join(" ");
  });
  return rows.join("\n");
}

/** What is different each time. */
const steady = (text: string) =>
  text
    .replaceAll(/zl-[0-9A-Z]{10}/g, "zl-7K3QF9X2WM")
    .replaceAll(/zp-[0-9A-Z]{10}/g, "zp-7K3QF9X2WM")
    .replaceAll(/zk-[0-9A-Z]{26}/g, "zk-…");

const pages = [
  ["en", "docs/screens.md", "What the bots show", "Every screen of both bots, as text."],
  ["zh-CN", "docs/zh-CN/screens.md", "机器人显示的内容", "两个机器人的全部画面，以文字形式呈现。"],
] as const;

describe("The screens of both bots", () => {
  test.each(pages)("are printed in the documentation: %s", async (tag, path, title, intro) => {
    const t = translatorFor(tag);
    const parts = [`# ${title}`, intro];
    for (const [name, platform, show] of [
      ["Telegram", telegram, onTelegram],
      ["Discord", discord, onDiscord],
    ] as const) {
      parts.push(`## ${name}`);
      for await (const [heading, screen] of screensOf(platform, t)) {
        parts.push(`### ${name}: ${heading}`, `\`\`\`text\n${steady(show(screen))}\n\`\`\``);
      }
    }
    const file = join(import.meta.dirname, "../..", path);
    await expect(`${parts.join("\n\n")}\n`).toMatchFileSnapshot(file);
  });
});
