import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin, transformSync } from "esbuild";
import { libraries } from "../http/page/libraries.ts";

/** A file for Cloudflare, in memory. */
export interface Bundle {
  readonly code: string;
  /** The modules that it expects of its runtime. */
  readonly imports: readonly string[];
}

const source = join(import.meta.dirname, "..");

/** Folders with files that the house serves as they are, by the paths from `src/` that name them. */
const served = ["http/page", "http/docs"];

/** What of a Node is there in a Worker of that date, and used by the chat doors. */
export const builtIn = ["node:crypto", "node:timers/promises"];

/** Puts a Worker and all that it needs into one file; `files` says whether it brings the page and the docs. */
export async function bundle(
  entry: string,
  { files }: { readonly files: boolean },
): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    // What fails is thrown.
    logLevel: "silent",
    metafile: true,
    minify: true,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    mainFields: ["browser", "module", "main"],
    external: ["node:*", "cloudflare:*"],
    plugins: [ownFiles(files ? served : []), spareParts],
  });
  const [file] = outputFiles;
  const imports = Object.values(metafile.outputs).flatMap(({ imports: all }) =>
    all.map(({ path }) => path),
  );
  return { code: file?.text ?? "", imports };
}

/** The module `drawbridge:own-files`, made of these folders. */
function ownFiles(folders: readonly string[]): Plugin {
  return {
    name: "own-files",
    setup(esbuild) {
      esbuild.onResolve({ filter: /^drawbridge:own-files$/ }, ({ path }) => ({
        path,
        namespace: "own",
      }));
      esbuild.onLoad({ filter: /.*/, namespace: "own" }, () => {
        const names = folders.flatMap((folder) =>
          readdirSync(join(source, folder), { recursive: true, encoding: "utf8" }).map(
            (name) => `${folder}/${name}`,
          ),
        );
        const entries = names
          .filter((name) => /\.\w+$/.test(name) && !/(?:tsconfig\.json|\.ts)$/.test(name))
          .map((name) => [name, contentOf(name)]);
        if (folders.includes("http/page")) entries.push(...libraryEntries());
        const contents = `export const ownFiles = ${JSON.stringify(Object.fromEntries(entries))};`;
        return { contents };
      });
    },
  };
}

/** Pictures in base64; scripts and styles without what only their writers read. */
function contentOf(name: string): string {
  const file = join(source, name);
  if (name.endsWith(".png")) return readFileSync(file, "base64");
  const content = readFileSync(file, "utf8");
  const [, loader] = /\.(js|css)$/.exec(name) ?? [];
  if (loader === undefined) return content;
  return minified(content, loader as "js" | "css");
}

/** The libraries that the page has in the browser. */
function libraryEntries() {
  return Object.values(libraries).map((name) => [
    `library:${name}`,
    minified(readFileSync(new URL(import.meta.resolve(name)), "utf8"), "js"),
  ]);
}

function minified(code: string, loader: "js" | "css"): string {
  return transformSync(code, { loader, minify: true }).code;
}

const compiler = [
  ...["INVALID", "ZodCompileAsyncError", "ZodCompileUnsupportedError"],
  ...["compile", "compileFn", "withParser"],
];

/** A module with exports of these names and nothing in them. */
function empty(names: readonly string[]): string {
  return `export const ${names.map((name) => `${name} = undefined`).join(", ")};`;
}

/** What no Worker uses: zod's messages in other languages, its compiler and its reading of JSON Schema; long polling. */
const spared = [
  [/zod\/v4\/locales\/index\.js$/, 'export { default as en } from "./en.js";'],
  [/zod\/v4\/core\/compile\.js$/, empty(compiler)],
  [/zod\/v4\/classic\/from-json-schema\.js$/, empty(["fromJSONSchema"])],
  [/@grammyjs\/runner\/.*\.js$/, empty(["createRunner", "createSource"])],
] as const;

const spareParts: Plugin = {
  name: "spare-parts",
  setup(esbuild) {
    for (const [filter, contents] of spared) esbuild.onLoad({ filter }, () => ({ contents }));
  },
};

/** The two files, by their names in `dist/`. */
export const workers = {
  /** Everything, with a Durable Object and R2. */
  "worker.js": () => bundle(join(import.meta.dirname, "worker.ts"), { files: true }),
  /** To be pasted: no bindings, nothing kept. */
  "worker-single.js": () => bundle(join(import.meta.dirname, "single.ts"), { files: false }),
} as const;
