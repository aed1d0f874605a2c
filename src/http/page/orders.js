/** The orders under way: placed once, watched to their end, through reloads and restarts of the server. */

import { ask, eventsOf, Failure, failureOf } from "./api.js";
import { fields, newId } from "./lib.js";
import { recallJson } from "./memory.js";
import { change, drop, find, orders, readStatus, revived, store } from "./order-list.js";
import { listOf, readRecipe } from "./recipe.js";
import { heed, key, say, words } from "./state.js";
import { cardOfRatio } from "./wishes.js";

/** @typedef {import("./recipe.js").Recipe} Recipe */

/** A server that said that it restarts is waited for so long. */
const restartMs = 120_000;

/** Where a stream that had begun breaks off, the server is looked for so long: a proxy may have cut it. */
const brokenMs = 5_000;

/** @type {Map<string, AbortController>} orders that are on their way to the server */
const sending = new Map();

/** @type {AbortController | undefined} the stream that tells of all orders */
let following;

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
  sending.get(id)?.abort();
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

/** @param {string} id has it accepted, and then watched */
async function pursue(id) {
  const controller = new AbortController();
  sending.set(id, controller);
  const { signal } = controller;
  await insist(
    signal,
    () => submit(id, signal),
    () => [id],
  );
  sending.delete(id);
  if (find(id)?.failure === null) void follow();
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

/** Orders that are accepted within so many milliseconds are watched together at once. */
const gatherMs = 100;

let isGathering = false;

/** Watches all orders in one stream, for a browser opens few connections to one server. Begins anew with each further order. */
async function follow() {
  if (isGathering) return;
  isGathering = true;
  await new Promise((resolve) => setTimeout(resolve, gatherMs));
  isGathering = false;
  following?.abort();
  following = new AbortController();
  const { signal } = following;
  await insist(
    signal,
    (hear) => watch(signal, hear),
    () => followed().map(({ id }) => id),
  );
}

function followed() {
  return orders.value.filter(({ code, failure }) => code !== null && failure === null);
}

/** @param {AbortSignal} signal @param {() => void} hear called with each event */
async function watch(signal, hear) {
  const codes = followed().map(({ code }) => code);
  if (codes.length === 0 || signal.aborted) return;
  for await (const { event, data } of eventsOf(`v1/images/${codes.join()}/events`, signal)) {
    hear();
    takeIn(event, fields(data));
  }
  // The stream broke off without an end.
  if (followed().length > 0) throw new Failure("network");
}

/** @param {string} event @param {Record<string, unknown>} data throws what concerns all orders */
function takeIn(event, data) {
  const id = followed().find(({ code }) => code === data["code"])?.id;
  if (id === undefined) return;
  try {
    if (event === "status") change(id, { status: readStatus(data), restarting: false });
    if (event === "error") throw failureOf(data["details"]);
    if (event === "ended") end(id, readRecipe(data));
  } catch (error) {
    if (!(error instanceof Failure) || error.isOpen) throw error;
    fail(id, error);
  }
}

/**
 * Tries until it works, as long as there is hope: a server that said that it restarts is waited for, and one whose
 * stream broke off is looked for. Then the orders fail.
 * @param {AbortSignal} signal
 * @param {(hear: () => void) => Promise<void>} attempt calls `hear` when it was answered
 * @param {() => readonly string[]} idsOf the ids of the orders
 */
async function insist(signal, attempt, idsOf) {
  let until = 0;
  for (;;) {
    let isHeard = false;
    try {
      return await attempt(() => (isHeard = true));
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Failure)) throw error;
      if (error.kind === "restarting") until = Date.now() + restartMs;
      else if (isHeard) until = Date.now() + brokenMs;
      if (!error.isOpen || Date.now() >= until) return idsOf().forEach((id) => fail(id, error));
      if (isHeard && error.kind === "network") continue;
      for (const id of idsOf()) change(id, { restarting: true, status: null });
      await new Promise((resolve) => setTimeout(resolve, error.waitMs ?? 1000));
    }
  }
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
