import { randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Finding } from "../core/wire/probe.ts";
import { type Config, ConfigError, type Environment, readConfig } from "./config.ts";
import { environmentWithFile } from "./environment.ts";
import { sentencesOf, settingSentences } from "./findings.ts";
import type { AppOptions } from "./http/app.ts";
import { askServices, type ProbeTools } from "./probes.ts";
import { isSketch } from "./providers.ts";
import { isWritable, readSettings, type Values, writeSettings } from "./settings-file.ts";
import { DataDirError } from "./storage/data-dir.ts";
import { standardDirectory } from "./variables.ts";

/** The variables that can be set in the browser, and which of them are never shown again. */
const settable = {
  SD_API_KEY: "secret",
  IMAGES_OPENAI_API_KEY: "secret",
  IMAGES_OPENAI_BASE_URL: "open",
  IMAGES_OPENAI_MODEL: "open",
  ENHANCE_OPENAI_API_KEY: "secret",
  ENHANCE_OPENAI_BASE_URL: "open",
  ENHANCE_OPENAI_MODEL: "open",
  DISCORD_TOKEN: "secret",
  TELEGRAM_BOT_TOKEN: "secret",
} as const;

const names = Object.keys(settable) as (keyof typeof settable)[];

/** What setting up in the browser needs. */
export interface SetupOptions {
  readonly probes: ProbeTools;
  /** The address of the page, with the key in it where that was generated. */
  readonly pageUrl: () => string;
  /** Starts anew with the settings of now; called after the answer has gone out. */
  readonly restart: () => void;
  /** The environment without what was set in the browser; what it sets wins. */
  readonly environment?: () => Environment;
}

/** Setting up in the browser, behind a key that the log alone shows. */
export interface Setup {
  /** The one-time key: it is worth something as long as this process lives. */
  readonly key: string;
  readonly guests: NonNullable<AppOptions["guests"]>;
  /** To be called after each start, so that a page can tell that it waited for this one. */
  readonly started: () => void;
}

/** Whether an owner may want to set it up: no service paints yet, or it was set up in the browser before. */
export function isSetInBrowser(config: Config): boolean {
  const wasSet = Object.keys(readSettings(config.DATA_DIR)).length > 0;
  return wasSet || config.models.every((model) => isSketch(model, config));
}

const body = z.object({
  /** An empty text: as before; null: not set any more. */
  values: z.partialRecord(z.enum(names), z.string().trim().max(2000).nullable()).default({}),
});

type Changes = z.output<typeof body>["values"];

/** Opens the way to set things up in the browser. */
export function openSetup(options: SetupOptions): Setup {
  const { environment = () => environmentWithFile(undefined, { settings: false }) } = options;
  const key = `once-${randomBytes(18).toString("base64url")}`;
  let starts = 0;
  const directory = () => environment()["DATA_DIR"]?.trim() || standardDirectory;

  function state(): object {
    const fixed = environment();
    const kept = readSettings(directory());
    const fields = names.map((name) => [name, fieldOf(name, fixed[name], kept[name])]);
    return { starts, page: options.pageUrl(), fields: Object.fromEntries(fields) as object };
  }

  async function check(changes: Changes): Promise<object> {
    const config = configWith(changes);
    if (config instanceof ConfigError) return { findings: config.problems.map(problemAnswer) };
    return { findings: (await askServices(config, options.probes)).map(findingAnswer) };
  }

  function save(changes: Changes): object {
    const config = configWith(changes);
    if (config instanceof ConfigError) return { findings: config.problems.map(problemAnswer) };
    writeSettings(directory(), changed(changes));
    setTimeout(options.restart, 200);
    return { starts, page: options.pageUrl() };
  }

  function configWith(changes: Changes) {
    const given = { ...readSettings(directory()), ...changed(changes) };
    try {
      return readConfig({ ...given, ...nonBlank(environment()) });
    } catch (error) {
      if (error instanceof ConfigError) return error;
      throw error;
    }
  }

  const serve = (path: string, work: (changes: Changes) => object | Promise<object>) => ({
    path,
    handle: (request: Request) => answer(request, key, work),
  });
  return {
    key,
    guests: [
      serve("/setup/state", state),
      serve("/setup/check", check),
      serve("/setup/save", save),
    ],
    started() {
      starts++;
    },
  };
}

function fieldOf(name: keyof typeof settable, fixed: string | undefined, kept: string | undefined) {
  const isFixed = Boolean(fixed?.trim());
  const value = isFixed ? fixed : kept;
  const shown = settable[name] === "open" && value ? { value } : {};
  return { set: Boolean(value), fixed: isFixed, ...shown };
}

function changed(changes: Changes): Values {
  const entries = Object.entries(changes).filter(([, value]) => value !== "");
  return Object.fromEntries(entries.map(([name, value]) => [name, value ?? undefined]));
}

function nonBlank(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
}

/** A finding in every language of the page. */
interface FindingAnswer {
  readonly level: Finding["level"];
  readonly about: string;
  readonly texts: ReturnType<typeof sentencesOf>;
}

function problemAnswer(problem: string): FindingAnswer {
  const [, about = "", text = problem] = /^(\w+): (.*)$/s.exec(problem) ?? [];
  return { level: "problem", about, texts: settingSentences(text) };
}

function findingAnswer(finding: Finding): FindingAnswer {
  const { level, about } = finding;
  return { level, about, texts: sentencesOf(finding) };
}

async function answer(
  request: Request,
  key: string,
  work: (changes: Changes) => object | Promise<object>,
): Promise<Response> {
  if (!isSame(request.headers.get("x-setup-key") ?? "", key)) {
    return refusal(
      401,
      "setup-key",
      "This needs the one-time key that the server printed at its start.",
    );
  }
  const parsed = body.safeParse(await request.json().catch(() => undefined));
  if (!parsed.success) return refusal(400, "settings-unreadable", "The settings cannot be read.");
  const { values } = parsed.data;
  const unwritable = Object.entries(values).find(([, value]) => value && !isWritable(value));
  if (unwritable) {
    const [name] = unwritable;
    return refusal(400, "setting-unwritable", `${name} has a sign that no setting holds.`, name);
  }
  try {
    return Response.json(await work(values), { headers: { "cache-control": "no-store" } });
  } catch (error) {
    if (error instanceof DataDirError) return refusal(503, "settings-unkept", error.message);
    throw error;
  }
}

/** The page has a sentence of its own for each code. */
type RefusalCode = "setup-key" | "settings-unreadable" | "setting-unwritable" | "settings-unkept";

function refusal(
  status: number,
  code: RefusalCode,
  message: string,
  param: string | null = null,
): Response {
  const error = { message, type: "invalid_request_error", param, code };
  return Response.json({ error }, { status });
}

function isSame(given: string, key: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(key)];
  return one.length === other.length && timingSafeEqual(one, other);
}
