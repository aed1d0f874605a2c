import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type StaticFile, staticFile } from "./static-files.ts";

const script = "text/javascript; charset=utf-8";
const style = "text/css; charset=utf-8";

/** The files of the page; a file that is not named here is not served. */
const assets = [
  ..."palette page form buttons results keep scene".split(" ").map((name) => `${name}.css`),
  ..."app lib memory api recipe state orders wishes shelf sources words".split(" ").map(toScript),
  ..."make make-fields make-prompt source-field presets order-cards scene".split(" ").map(toScript),
  ..."see actions lightbox say later keep how embedded zip".split(" ").map(toScript),
  ..."connect clients admin setup".split(" ").map(toScript),
  ..."en zh en-sentences zh-sentences say".split(" ").map((name) => toScript(`words/${name}`)),
  "bridge.svg",
  "icon-192.png",
  "icon-512.png",
  "manifest.json",
];

function toScript(name: string): string {
  return `${name}.js`;
}

/** The libraries of the page, by the names under which it has them, and what of each is read where it is installed. */
const libraries = {
  preact: "preact",
  hooks: "preact/hooks",
  signals: "@preact/signals",
  "signals-core": "@preact/signals-core",
  htm: "htm",
  "htm-preact": "htm/preact",
  fflate: "fflate/browser",
} as const;

const types: Readonly<Record<string, string>> = {
  css: style,
  js: script,
  svg: "image/svg+xml",
  png: "image/png",
  json: "application/manifest+json",
};

/** Where people are in the page: it looks at its own address to know what to show. */
const views = ["/", "/setup", "/connect", "/admin"];

/**
 * The page and its assets under `/page/`. The files are read once, here; throws when one is missing. Needs no key: the
 * page itself asks for it, and sends it to this server's API alone.
 */
export function pageFiles(): readonly StaticFile[] {
  const html = readFileSync(fileOf("index.html"), "utf8");
  const policy = policyFor(html);
  const served = (path: string, file: URL | string, type: string) =>
    staticFile(path, readFileSync(file), { type, policy });
  return [
    ...views.map((path) => staticFile(path, html, { type: "text/html; charset=utf-8", policy })),
    ...assets.map((name) => served(`/page/${name}`, fileOf(name), typeOf(name))),
    ...Object.entries(libraries).map(([name, library]) =>
      served(`/page/lib/${name}.js`, new URL(import.meta.resolve(library)), script),
    ),
    // Only what lies beside the page may serve it where there is no network.
    served("/worker.js", fileOf("worker.js"), script),
  ];
}

/** Pictures may come from any host (`PUBLIC_URL`, links handed on unkept); everything else only from here. */
function policyFor(html: string): string {
  const [, map = ""] = /<script type="importmap">([\s\S]*?)<\/script>/.exec(html) ?? [];
  const hash = createHash("sha256").update(map).digest("base64");
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self'",
    "img-src 'self' data: blob: http: https:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function fileOf(name: string): URL {
  return new URL(`./page/${name}`, import.meta.url);
}

function typeOf(name: string): string {
  return types[name.slice(name.lastIndexOf(".") + 1)] ?? "text/plain";
}
