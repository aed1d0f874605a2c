import { ownFile } from "#runtime";
import { type StaticFile, staticFile } from "./static-files.ts";

const script = "text/javascript; charset=utf-8";
const style = "text/css; charset=utf-8";

/** The files of the page; a file that is not named here is not served. */
const assets = {
  "palette.css": style,
  "page.css": style,
  "form.css": style,
  "buttons.css": style,
  "results.css": style,
  "scene.css": style,
  "page.js": script,
  "bench.js": script,
  "cards.js": script,
  "dom.js": script,
  "form.js": script,
  "gallery.js": script,
  "key-panel.js": script,
  "memory.js": script,
  "service.js": script,
  "voice.js": script,
  "words.js": script,
  "bridge.svg": "image/svg+xml",
} as const;

/** Pictures may come from any host (`PUBLIC_URL`, links handed on unkept); everything else only from here. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob: http: https:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * The page at `/` and its assets under `/page/`. The files are read once, here; throws when one is missing.
 * Needs no key: the page itself asks for it, and sends it to this server's API alone.
 */
export function pageFiles(): readonly StaticFile[] {
  return [
    pageFile("/", "index.html", "text/html; charset=utf-8"),
    ...Object.entries(assets).map(([name, type]) => pageFile(`/page/${name}`, name, type)),
  ];
}

function pageFile(path: string, name: string, type: string): StaticFile {
  return staticFile(path, ownFile(`http/page/${name}`), { type, policy });
}
