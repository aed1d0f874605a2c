import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { ownFiles, workers } from "./bundle.ts";

// `npm run build:worker`: the two files for Cloudflare, and the configuration and the assets of the larger one.

const root = join(import.meta.dirname, "../..");
const output = join(root, "dist");

mkdirSync(output, { recursive: true });
for (const [name, make] of Object.entries(workers)) {
  const { code } = await make();
  writeFileSync(join(output, name), code);
  console.log(`dist/${name}: ${Math.ceil(gzipSync(code).byteLength / 1024)} KB with gzip`);
}
mkdirSync(join(output, "assets"), { recursive: true });
writeFileSync(join(output, "assets/own-files.json"), JSON.stringify(await ownFiles()));
// The same where everything is built already, from this directory.
const configuration = readFileSync(join(root, "wrangler.jsonc"), "utf8");
const built = configuration.replaceAll('"dist/', '"').replace(/^ *"build": .*\n/m, "");
writeFileSync(join(output, "wrangler.jsonc"), built);
