/** The orders under way: placed once, watched to their end, through reloads and restarts of the server. */

import { signal } from "@preact/signals";
import { ask, eventsOf, Failure, failureOf } from "./api.js";
import { fields, newId, number, text } from "./lib.js";
import { recallJson, remember } from "./memory.js";
import { listOf, readRecipe } from "./recipe.js";
import { heed, key, say, words } from "./state.js";
import { cardOfRatio } from "./wishes.js";

/** @typedef {import("./recipe.js").Recipe} Recipe */

/**
 * @typedef {object} Status
 * @property {string} stage
 * @property {number | null} place
 * @property {number | null} etaMs
 * @property {number | null} fraction
 * @property {string | null} preview base64
 */

/**
 * An order that was placed once, however often it is sent: its id is its Idempotency-Key.
 * @typedef {object} Order
 * @property {string} id
 * @property {string} path
 * @property {Record<string, unknown>} body
 * @property {string} own the words, to show
 * @property {number} shape width by height, as far as it is known
 * @property {number} askedAt Unix milliseconds
 * @property {string | null} code
 * @property {Status | null} status
 * @property {boolean} restarting
 * @property {Failure | null} failure
 */

/** @type {import("@preact/signals").Signal<readonly Order[]>} oldest first */
export const orders = signal([]);

/** A reader who comes back later than the server remembers keys has given the picture up. */
const staleMs = 3_600_000;

/** A server that said that it restarts is waited for so long. */
const restartMs = 120_000;

/** Where a stream that had begun breaks off, the server is looked for so long: a proxy may have cut it. */
const brokenMs = 5_000;

/** @type {Map<string, AbortController>} */
const watching = new Map();

/** @type {(recipe: Recipe) => void} */
let onMade = () => undefined;

/** @param {(recipe: Recipe) => void} hearer told of each order that brought pictures */
export function whenMade(hearer) {
  onMade = hearer;
}

/**
 * @param {string} path where it is sent to
 * @param {Record<string, unknown>} body
 * @param {{ own: string, ratio?: string | null }} shown
 */
export function place(path, body, { own, ratio = null }) {
  const shape = cardOfRatio(ratio);
  const fresh = { code: null, status: null, restarting: false, failure: null };
  const order = { id: newId(), path, body, own, shape, askedAt: Date.now(), ...fresh };
  orders.value = [...orders.value, order];
  store();
  void pursue(order.id);
}

/** @param {Recipe} recipe @param {Record<string, unknown>} changes makes it again with these */
export function again({ code, own, ratio }, changes) {
  place(`v1/images/${code}/again`, changes, { own, ratio });
}

/** @param {string} id */
export async function cancel(id) {
  const order = find(id);
  if (!order) return;
  watching.get(id)?.abort();
  drop(id);
  say(words.value.said.cancelled);
  // Where it is not known any more, or never was, there is nothing to cancel.
  const ending = { method: "POST", keepalive: true };
  if (order.code !== null) await ask(`v1/images/${order.code}/cancel`, ending).catch(nothing);
  else
    await ask("v1/images/cancel", { ...ending, headers: { "idempotency-key": id } }).catch(nothing);
}

const nothing = () => undefined;

/** @param {string} id what has its answer is ordered anew; what has none is asked for again */
export function retry(id) {
  const order = find(id);
  if (!order?.failure) return;
  if (order.failure.isOpen || order.failure.isAboutKey) {
    change(id, { failure: null });
    void pursue(id);
    return;
  }
  drop(id);
  const fresh = { id: newId(), code: null, status: null, failure: null, askedAt: Date.now() };
  orders.value = [...orders.value, { ...order, ...fresh }];
  store();
  void pursue(fresh.id);
}

/** @param {string} id takes it from the page */
export function drop(id) {
  watching.delete(id);
  orders.value = orders.value.filter((order) => order.id !== id);
  store();
}

/** Goes on with what only a key was missing for. */
export function keyArrived() {
  for (const { id, failure } of orders.value) if (failure?.isAboutKey) retry(id);
}

/** Goes on with what an earlier visit was waiting for, and with what is under way elsewhere. */
export async function takeUp() {
  for (const stored of listOf(recallJson("orders"))) {
    const order = revived(stored);
    if (order === null || find(order.id)) continue;
    orders.value = [...orders.value, order];
    void pursue(order.id);
  }
  store();
  if (key.value === null) return;
  const answer = fields(await ask("v1/images?state=open&limit=20").catch(nothing));
  for (const recipe of listOf(answer["data"]).map(readRecipe)) {
    if (recipe === null || orders.value.some(({ code }) => code === recipe.code)) continue;
    const { code, own, ratio, createdMs: askedAt } = recipe;
    const fresh = { status: null, restarting: false, failure: null, body: {}, path: "" };
    const shape = cardOfRatio(ratio);
    orders.value = [...orders.value, { id: code, code, own, shape, askedAt, ...fresh }];
    void pursue(code);
  }
}

// === From the order to the picture

/** @param {string} id */
async function pursue(id) {
  const controller = new AbortController();
  watching.set(id, controller);
  const { signal } = controller;
  let until = 0;
  for (;;) {
    let isHeard = false;
    try {
      await submit(id, signal);
      await watch(id, signal, () => (isHeard = true));
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Failure)) throw error;
      if (error.kind === "restarting") until = Date.now() + restartMs;
      else if (isHeard) until = Date.now() + brokenMs;
      if (!error.isOpen || Date.now() >= until) return fail(id, error);
      if (isHeard && error.kind === "network") continue;
      change(id, { restarting: true, status: null });
      await new Promise((resolve) => setTimeout(resolve, error.waitMs ?? 1000));
    }
  }
}

/** @param {string} id @param {AbortSignal} signal sends the order, unless the server has it */
async function submit(id, signal) {
  const order = find(id);
  if (!order || order.code !== null) return;
  const { path, body } = order;
  const headers = { "idempotency-key": id, prefer: "respond-async" };
  const recipe = readRecipe(await ask(path, { method: "POST", headers, json: body, signal }));
  if (recipe === null) throw new Failure("not-understood");
  change(id, { code: recipe.code, restarting: false });
  store();
  say(words.value.said.started);
}

/** @param {string} id @param {AbortSignal} signal @param {() => void} hear called with each event */
async function watch(id, signal, hear) {
  const code = find(id)?.code;
  for await (const { event, data } of eventsOf(`v1/images/${code}/events`, signal)) {
    hear();
    if (event === "status") change(id, { status: readStatus(data), restarting: false });
    if (event === "error") throw failureOf(fields(data)["details"]);
    if (event === "ended") return end(id, readRecipe(data));
  }
  // The stream broke off without an end.
  throw new Failure("network");
}

/** @param {string} id @param {Recipe | null} recipe */
function end(id, recipe) {
  if (recipe === null) throw new Failure("not-understood");
  if (recipe.pictures.length > 0) {
    onMade(recipe);
    drop(id);
    return;
  }
  if (recipe.state === "cancelled") return drop(id);
  throw failureOf(recipe.error);
}

/** @param {string} id @param {Failure} failure */
function fail(id, failure) {
  change(id, { failure, restarting: false, status: null });
  store();
  heed(failure);
}

/** @param {unknown} data @returns {Status} */
function readStatus(data) {
  const all = fields(data);
  return {
    stage: text(all["stage"]) ?? "waiting",
    place: number(all["place"]),
    etaMs: number(all["eta_ms"]),
    fraction: number(all["fraction"]),
    preview: typeof all["preview"] === "string" ? all["preview"] : null,
  };
}

// === The list

/** @param {string} id */
function find(id) {
  return orders.value.find((order) => order.id === id);
}

/** @param {string} id @param {Partial<Order>} changes */
function change(id, changes) {
  orders.value = orders.value.map((order) => (order.id === id ? { ...order, ...changes } : order));
}

/** An order whose failure is final is for this visit alone. */
function store() {
  const kept = orders.value
    .filter(({ failure, path }) => path !== "" && (failure === null || failure.isOpen))
    .map(({ id, path, body, own, shape, askedAt, code }) => ({
      ...{ id, path, body, own, shape, askedAt, code },
    }));
  remember("orders", kept.length === 0 ? null : JSON.stringify(kept));
}

/** @param {unknown} stored perhaps by another version of this page @returns {Order | null} */
function revived(stored) {
  const { id, path, body, own, shape, askedAt, code } = fields(stored);
  if (typeof id !== "string" || typeof path !== "string" || typeof askedAt !== "number")
    return null;
  if (!path.startsWith("v1/images/") || Date.now() - askedAt > staleMs) return null;
  const fresh = { status: null, restarting: false, failure: null };
  return {
    ...{ id, path, askedAt, ...fresh },
    body: fields(body),
    own: text(own) ?? "",
    shape: number(shape) ?? 1.5,
    code: text(code),
  };
}
