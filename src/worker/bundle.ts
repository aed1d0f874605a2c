import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";

/** A file for Cloudflare, in memory. */
export interface Bundle {
  readonly code: string;
  /** The modules that it expects of its runtime. */
  readonly imports: readonly string[];
}

const source = join(import.meta.dirname, "..");

/** Folders with files that the house serves as they are, by the paths from `src/` that name them. */
const served = ["http/page", "http/docs"];

/** Puts a Worker and all that it needs into one file; `files` says whether it brings the page and the docs. */
export async function bundle(
  entry: string,
  { files }: { readonly files: boolean },
): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    mainFields: ["module", "main"],
    external: ["node:*", "cloudflare:*"],
    plugins: [ownFiles(files ? served : []), leanZod],
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
          readdirSync(join(source, folder)).map((name) => `${folder}/${name}`),
        );
        const entries = names
          .filter((name) => !name.endsWith(".json"))
          .map((name) => [name, readFileSync(join(source, name), "utf8")]);
        const contents = `export const ownFiles = ${JSON.stringify(Object.fromEntries(entries))};`;
        return { contents };
      });
    },
  };
}

/** What is left out of zod: messages in other languages and the reading of JSON Schema are for nobody here. */
const spared = [
  [/zod\/v4\/locales\/index\.js$/, 'export { default as en } from "./en.js";'],
  [/zod\/v4\/classic\/from-json-schema\.js$/, "export const fromJSONSchema = undefined;"],
] as const;

const leanZod: Plugin = {
  name: "lean-zod",
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
