/** Lets the page open where there is no network, with the thumbnails that were seen before. */

const shell = "drawbridge-shell";
const tiles = "drawbridge-tiles";

/** Thumbnails beyond so many are forgotten, the oldest first. */
const mostTiles = 600;

self.addEventListener("install", () => void self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const base = new URL("./", location.href).pathname;
  const path = url.pathname.slice(base.length);
  if (path.startsWith("thumbnails/")) event.respondWith(kept(request));
  else if (path === "" || path.startsWith("page/") || /^(?:connect|admin|setup)$/.test(path)) {
    event.respondWith(fresh(request));
  }
});

/** A thumbnail never changes. @param {Request} request */
async function kept(request) {
  const cache = await caches.open(tiles);
  const found = await cache.match(request);
  if (found) return found;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone()).then(() => trim(cache));
  return response;
}

/** @param {Cache} cache */
async function trim(cache) {
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, -mostTiles).map((key) => cache.delete(key)));
}

/** The newest there is; what was seen last where the server is out of reach. @param {Request} request */
async function fresh(request) {
  const cache = await caches.open(shell);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(request, response.clone());
    return response;
  } catch (error) {
    const found = await cache.match(request);
    if (found) return found;
    throw error;
  }
}
