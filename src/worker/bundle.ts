import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin, transform } from "esbuild";
import { type Locale, locales } from "../../bots/i18n.ts";
import { libraries } from "../http/page/libraries.ts";
import type { OwnFiles } from "./own-files.ts";

/** A file for Cloudflare, in memory. */
export interface Bundle {
  readonly code: string;
  /** The modules that it expects of its runtime. */
  readonly imports: readonly string[];
}

const source = join(import.meta.dirname, "..");

/** Folders with files that the house serves as they are, by the paths from `src/` that name them. */
const servedFolders = ["http/page", "http/docs"];

/** What of a Node is there in a Worker of that date, and used by the chat doors. */
export const builtIn = ["node:crypto", "node:timers/promises"];

/** Puts a Worker and all that it needs into one file. */
export async function bundle(entry: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    // What fails is thrown.
    logLevel: "silent",
    metafile: true,
    minify: true,
    charset: "utf8",
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    mainFields: ["browser", "module", "main"],
    external: ["node:*", "cloudflare:*"],
    plugins: [spareParts],
  });
  const [file] = outputFiles;
  const imports = Object.values(metafile.outputs).flatMap(({ imports: all }) =>
    all.map(({ path }) => path),
  );
  return { code: file?.text ?? "", imports: [...new Set(imports)] };
}

/** What the house serves as it is: fetched from the assets beside the Worker when it wakes. */
export async function ownFiles(): Promise<OwnFiles> {
  const names = servedFolders.flatMap((folder) =>
    readdirSync(join(source, folder), { recursive: true, encoding: "utf8" }).map(
      (name) => `${folder}/${name}`,
    ),
  );
  const entries = names
    .filter((name) => served.test(name))
    .map(async (name) => [name, await smallText(join(source, name))] as const);
  return Object.fromEntries([
    ...(await Promise.all(entries)),
    ...libraryEntries(),
    ...localeEntries(),
  ]);
}

/** What browsers get: not what only tells a compiler of it. */
const served = /\.(?:html|css|js|svg|png|json|webmanifest)$(?<!tsconfig\.json)/;

/** A file's text, in base64 where it is none; scripts and styles without what only their readers need. */
async function smallText(file: string): Promise<string> {
  if (file.endsWith(".png")) return readFileSync(file, "base64");
  const text = readFileSync(file, "utf8");
  const loader = /\.(js|css)$/.exec(file)?.[1] as "js" | "css" | undefined;
  return loader ? (await transform(text, { loader, minify: true, charset: "utf8" })).code : text;
}

/** The libraries that the page has in the browser. */
function libraryEntries() {
  return Object.values(libraries).map(
    (name) =>
      [`library:${name}`, readFileSync(new URL(import.meta.resolve(name)), "utf8")] as const,
  );
}

const [, ...otherLocales] = locales;

/** What the chat doors say in other languages than the fallback. */
function localeEntries() {
  return otherLocales.map(
    (locale) => [`locale:${locale.language.tag}`, JSON.stringify(locale)] as const,
  );
}

/** A module with the same locale, whose texts are read from the Worker's assets when they are first needed. */
function assetLocale(name: string, { language, ...texts }: Locale): string {
  const members = Object.keys(texts).map((key) => `get ${key}() { return texts().${key}; }`);
  return `import { ownFile } from "#runtime";
    let all;
    const texts = () => (all ??= JSON.parse(ownFile("locale:${language.tag}")));
    export const ${name} = { language: ${JSON.stringify(language)}, ${members.join(", ")} };`;
}

const compiler = [
  ...["INVALID", "ZodCompileAsyncError", "ZodCompileUnsupportedError"],
  ...["compile", "compileFn", "withParser"],
];

/** A module with exports of these names and nothing in them. */
function empty(names: readonly string[]): string {
  return `export const ${names.map((name) => `${name} = undefined`).join(", ")};`;
}

/**
 * What no Worker uses: zod's messages in other languages, its compilers and its reading of JSON Schema; and all of grammY, of
 * which a plugin that asks for it with `require` means one error.
 */
const spared = [
  [/zod\/v4\/locales\/index\.js$/, 'export { default as en } from "./en.js";'],
  [/zod\/v4\/core\/compile\.js$/, empty(compiler)],
  [/zod\/v4\/core\/doc\.js$/, "export class Doc {}"],
  [/zod\/v4\/classic\/from-json-schema\.js$/, empty(["fromJSONSchema"])],
  [
    /auto-retry\/out\/platform\.node\.js$/,
    'export { HttpError } from "grammy"; export const debug = () => () => undefined;',
  ],
] as const;

/** Discord's enums, each for itself and without the way from a number to its name: what is not used is left out then. */
async function discordEnums(): Promise<string> {
  const { default: _, ...all } = (await import("discord-api-types/v10")) as Record<string, unknown>;
  const literal = (value: unknown) =>
    typeof value === "bigint" ? `${value}n` : JSON.stringify(value);
  const enums = Object.entries(all).map(([name, values]) => {
    const named = Object.entries(values as object).filter(([key]) => !/^\d/.test(key));
    const members = named.map(([key, value]) => `${key}: ${literal(value)}`);
    return `export const ${name} = { ${members.join(", ")} };`;
  });
  return enums.join("\n");
}

const spareParts: Plugin = {
  name: "spare-parts",
  setup(esbuild) {
    for (const [filter, contents] of spared) esbuild.onLoad({ filter }, () => ({ contents }));
    // Sets of patterns, and patterns of JavaScript: the policy has neither, and as classes they are not left out by themselves.
    esbuild.onLoad({ filter: /re2js\/build\/index\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(
        /^\/\/ src\/Set\.js$.*(?=^\/\/ src\/index\.js$)/ms,
        "var RE2Set, TranslateRegExpString;\n",
      ),
    }));
    esbuild.onLoad({ filter: /\/bots\/locales\/[a-z-]+\.ts$/ }, async ({ path }) => {
      const [[name, locale] = []] = Object.entries((await import(path)) as Record<string, Locale>);
      const isOther = locale && otherLocales.includes(locale);
      return name && isOther ? { contents: assetLocale(name, locale) } : undefined;
    });
    // Examples are for those who read and test the table.
    esbuild.onLoad({ filter: /\/earlier\/change-words\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/^ {4}like: \[[^\]]*\],$/gm, ""),
      loader: "ts",
    }));
    // grammY's own log, with the process that a browser has not.
    esbuild.onLoad({ filter: /grammy\/out\/web\.mjs$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(
        /^var s = 1e3;$.*(?=^const itrToStream )/ms,
        () => "const browser$1 = () => () => undefined;\n",
      ),
    }));
    // As a namespace of the importer's own, zod loses what is not used.
    esbuild.onLoad({ filter: /\/(?:bots|core|src)\/.*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(
        'import { z } from "zod"',
        'import * as z from "zod"',
      ),
      loader: "ts",
    }));
    // Each schema has its own way to become JSON Schema: zod's list of all ways keeps those that no schema here needs.
    esbuild.onLoad({ filter: /zod\/v4\/core\/json-schema-processors\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/(allProcessors = )\{[^}]*\}/, "$1{}"),
    }));
    esbuild.onLoad({ filter: /discord-api-types\/v10\.m?js$/ }, async () => ({
      contents: await discordEnums(),
    }));
  },
};

/** The two files, by their names in `dist/`. */
export const workers = {
  /** Everything, with a Durable Object and R2. */
  "worker.js": () => bundle(join(import.meta.dirname, "worker.ts")),
  /** To be pasted: no bindings, nothing kept. */
  "worker-single.js": () => bundle(join(import.meta.dirname, "single.ts")),
} as const;
