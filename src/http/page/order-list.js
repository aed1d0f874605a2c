/** The list of the orders under way, and what this browser remembers of it. */

import { signal } from "@preact/signals";
import { fields, number, text } from "./lib.js";
import { remember } from "./memory.js";

/** @typedef {import("./api.js").Failure} Failure */

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

/** @param {string} id */
export function find(id) {
  return orders.value.find((order) => order.id === id);
}

/** @param {string} id @param {Partial<Order>} changes */
export function change(id, changes) {
  orders.value = orders.value.map((order) => (order.id === id ? { ...order, ...changes } : order));
}

/** @param {string} id takes it from the page */
export function drop(id) {
  orders.value = orders.value.filter((order) => order.id !== id);
  store();
}

/** An order whose failure is final is for this visit alone. */
export function store() {
  const kept = orders.value
    .filter(({ failure, path }) => path !== "" && (failure === null || failure.isOpen))
    .map(({ id, path, body, own, shape, askedAt, code }) => ({
      ...{ id, path, body, own, shape, askedAt, code },
    }));
  remember("orders", kept.length === 0 ? null : JSON.stringify(kept));
}

/** @param {unknown} stored perhaps by another version of this page @returns {Order | null} */
export function revived(stored) {
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

/** @param {unknown} data @returns {Status} */
export function readStatus(data) {
  const all = fields(data);
  return {
    stage: text(all["stage"]) ?? "waiting",
    place: number(all["place"]),
    etaMs: number(all["eta_ms"]),
    fraction: number(all["fraction"]),
    preview: typeof all["preview"] === "string" ? all["preview"] : null,
  };
}
