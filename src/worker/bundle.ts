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
    plugins: [ownFiles(files ? served : []), englishOnly],
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

/** Leaves out zod's messages in other languages, which nobody reads here. */
const englishOnly: Plugin = {
  name: "english-only",
  setup(esbuild) {
    esbuild.onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
    }));
  },
};

/** The two files, by their names in `dist/`. */
export const workers = {
  /** Everything, with a Durable Object and R2. */
  "worker.js": () => bundle(join(import.meta.dirname, "worker.ts"), { files: true }),
  /** To be pasted: no bindings, nothing kept. */
  "worker-single.js": () => bundle(join(import.meta.dirname, "single.ts"), { files: false }),
} as const;
