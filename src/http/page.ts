import { base64Of, libraryFile, ownBytes, ownFile, sha256 } from "#runtime";
import { hexOf } from "../../core/wire/hex.ts";
import { libraries } from "./page/libraries.ts";
import { type StaticFile, staticFile } from "./static-files.ts";

const script = "text/javascript; charset=utf-8";
const style = "text/css; charset=utf-8";

/** The files of the page; a file that is not named here is not served. */
const assets = [
  // The description of the API has the same colours.
  "palette.css",
  ..."app lib memory api recipe state where order-list orders wishes shelf seen sources words"
    .split(" ")
    .map(toScript),
  ..."make make-fields make-prompt source-field drop presets order-cards scene"
    .split(" ")
    .map(toScript),
  ..."see actions lightbox say later keep tiles how embedded metadata zip".split(" ").map(toScript),
  ..."connect clients admin setup".split(" ").map(toScript),
  ..."en zh en-pages zh-pages en-sentences zh-sentences say"
    .split(" ")
    .map((name) => toScript(`words/${name}`)),
  "bridge.svg",
  "icon-192.png",
  "icon-512.png",
  "manifest.json",
];

/** Together they are one file, so that the page waits for one answer before it is seen. */
const sheets = "palette page form sources buttons results picture keep scene".split(" ");

function toScript(name: string): string {
  return `${name}.js`;
}

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
  const html = ownFile("http/page/index.html");
  const policy = policyFor(html);
  const own = (path: string, name: string) =>
    staticFile(path, contentOf(name), { type: typeOf(name), policy });
  const page = staticFile("/", html, { type: "text/html; charset=utf-8", policy });
  const files = [
    staticFile("/page/styles.css", stylesOf(sheets), { type: style, policy }),
    ...assets.map((name) => own(`/page/${name}`, name)),
    ...Object.entries(libraries).map(([name, library]) =>
      staticFile(`/page/lib/${name}.js`, libraryFile(library), { type: script, policy }),
    ),
  ];
  const worker = ownFile("http/page/worker.js");
  return [
    ...views.map((path) => ({ ...page, path })),
    ...files,
    // Only what lies beside the page may serve it where there is no network.
    staticFile("/worker.js", () => `${shellOf([page, ...files])}\n${worker}`, {
      type: script,
      policy,
    }),
  ];
}

/** What the page's service worker keeps: these files, under a name that changes with each of them. */
function shellOf(files: readonly StaticFile[]): string {
  const tags = files.map((file) => file.open().headers.etag);
  const version = hexOf(sha256(tags.join())).slice(0, 12);
  const shell = {
    name: `drawbridge-shell-${version}`,
    files: files.map(({ path }) => `.${path}`),
  };
  return `const shell = ${JSON.stringify(shell)};`;
}

function stylesOf(names: readonly string[]): string {
  return names.map((name) => ownFile(`http/page/${name}.css`)).join("\n");
}

function contentOf(name: string): string | Uint8Array {
  const path = `http/page/${name}`;
  return name.endsWith(".png") ? ownBytes(path) : ownFile(path);
}

/** Pictures may come from any host (`PUBLIC_URL`, links handed on unkept); everything else only from here. */
function policyFor(html: string): string {
  const [, map = ""] = /<script type="importmap">([\s\S]*?)<\/script>/.exec(html) ?? [];
  const hash = base64Of(sha256(map));
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

function typeOf(name: string): string {
  return types[name.slice(name.lastIndexOf(".") + 1)] ?? "text/plain";
}
