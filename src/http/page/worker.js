/** Lets the page open where there is no network, from its first visit on, with the thumbnails that were seen before. */

// The server puts `shell` before this: the files of the page, and a name that tells one set of them from another.

const tiles = "drawbridge-tiles";

/** Thumbnails beyond so many are forgotten, the oldest first. */
const mostTiles = 600;

/** So many may come before that is looked at. */
const tilesAtOnce = 50;

/** How many came. */
let come = 0;

self.addEventListener("install", (event) => {
  void self.skipWaiting();
  event.waitUntil(caches.open(shell.name).then((cache) => cache.addAll(shell.files)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([self.clients.claim(), forgetOlder()]));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const base = new URL("./", location.href).pathname;
  const path = url.pathname.slice(base.length);
  if (path.startsWith("thumbnails/")) event.respondWith(kept(request));
  else if (path.startsWith("page/")) event.respondWith(fresh(request, request));
  // All views are one page, which looks at its own address.
  else if (/^(?:|connect|admin|setup)$/.test(path)) event.respondWith(fresh(request, "./"));
});

/** Those of earlier versions of the page. */
async function forgetOlder() {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith("drawbridge-shell") && name !== shell.name);
  await Promise.all(older.map((name) => caches.delete(name)));
}

/** A thumbnail never changes. @param {Request} request */
async function kept(request) {
  const cache = await caches.open(tiles);
  const found = await cache.match(request);
  if (found) return found;
  const response = await fetch(request);
  if (response.ok) {
    await cache.put(request, response.clone());
    come += 1;
    if (come % tilesAtOnce === 0) await trim(cache);
  }
  return response;
}

/** @param {Cache} cache */
async function trim(cache) {
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, -mostTiles).map((key) => cache.delete(key)));
}

/** The newest there is; what is kept under this name where the server is out of reach. @param {Request} request @param {Request | string} name */
async function fresh(request, name) {
  const cache = await caches.open(shell.name);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(name, response.clone());
    return response;
  } catch (error) {
    const found = await cache.match(name);
    if (found) return found;
    throw error;
  }
}
