/** The libraries of the page, by the names of their files there, and the name under which each is installed. */
export const libraries = {
  preact: "preact",
  hooks: "preact/hooks",
  signals: "@preact/signals",
  "signals-core": "@preact/signals-core",
  htm: "htm",
  "htm-preact": "htm/preact",
  fflate: "fflate/browser",
} as const;
