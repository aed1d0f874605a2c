/** The pictures that are kept on the server for this key, as far as they were fetched. */

import { computed, effect, signal } from "@preact/signals";
import { ask, Failure } from "./api.js";
import { fields, text } from "./lib.js";
import { listOf, readRecipe } from "./recipe.js";
import { recallSeen, rememberSeen } from "./seen.js";
import { heed, say, words } from "./state.js";

/** @typedef {import("./recipe.js").Recipe} Recipe */
/** @typedef {{ q: string, favorite: boolean, model: string }} Filter */

/** The first page is soon there; the further ones are as large as the server makes them. */
const perPage = { first: 60, further: 100 };

/** @type {import("@preact/signals").Signal<readonly Recipe[]>} newest first */
export const shelf = signal([]);

/** Each picture of the shelf, with its recipe; where favourites alone are wanted, no other picture of their orders. */
export const pictures = computed(() => {
  const all = shelf.value.flatMap(withPictures);
  return filter.value.favorite ? all.filter(({ picture }) => picture.favorite) : all;
});

/** @param {Recipe} recipe */
export function withPictures(recipe) {
  return recipe.pictures.map((picture) => ({ recipe, picture }));
}

/** @type {import("@preact/signals").Signal<Filter>} */
export const filter = signal({ q: "", favorite: false, model: "" });
/** @type {import("@preact/signals").Signal<"idle" | "loading" | "ended">} */
export const loading = signal("idle");
/** @type {import("@preact/signals").Signal<Failure | null>} */
export const shelfFailure = signal(null);

/** @type {import("@preact/signals").Signal<readonly Recipe[]>} what was made lately, whatever is searched for */
export const recent = signal([]);

/** Whether the list is what was seen last, because the server is out of reach. */
export const isOffline = signal(false);

/** @type {string | null} */
let next = null;
/** @type {readonly Recipe[]} what was made since the server was asked last */
let arrived = [];
/** Answers to an older filter come too late. */
let asked = 0;

/** Whether the list is narrowed. */
export const isFiltered = computed(() => {
  const { q, favorite, model } = filter.value;
  return q.trim() !== "" || favorite || model !== "";
});

/** Whether the shelf is as the server told it, and as it was changed here since. */
const isTold = signal(false);

effect(() => {
  if (isTold.value && !isFiltered.value) rememberSeen(shelf.value);
});

/** Begins anew, with this filter. @param {Partial<Filter>} [changes] */
export async function search(changes = {}) {
  isTold.value = false;
  filter.value = { ...filter.value, ...changes };
  next = null;
  loading.value = "idle";
  await more(true);
}

/** Fetches the next page. @param {boolean} [isFirst] */
export async function more(isFirst = false) {
  if (loading.value !== "idle") return;
  loading.value = "loading";
  shelfFailure.value = null;
  const turn = ++asked;
  arrived = [];
  try {
    const page = fields(await ask(`v1/images?${queryOf(isFirst)}`));
    if (turn !== asked) return;
    const listed = readAll(page["data"]);
    isOffline.value = false;
    const recipes = isFirst && !isFiltered.value ? withArrived(listed) : listed;
    next = text(page["next"]);
    shelf.value = isFirst ? recipes : [...shelf.value, ...recipes];
    if (isFirst && !isFiltered.value) recent.value = recipes.slice(0, mostRecent);
    isTold.value = true;
    loading.value = next === null ? "ended" : "idle";
  } catch (error) {
    if (turn !== asked) return;
    loading.value = "ended";
    if (!(error instanceof Failure)) throw error;
    shelfFailure.value = error;
    heed(error);
    if (error.kind === "network" && isFirst) await showSeen(turn);
  }
}

/** @param {unknown} data @returns {Recipe[]} */
function readAll(data) {
  return listOf(data).flatMap((one) => readRecipe(one) ?? []);
}

/** What was seen last, narrowed here. @param {number} turn */
async function showSeen(turn) {
  const seen = await recallSeen();
  if (turn !== asked || seen.length === 0) return;
  const { q, favorite, model } = filter.value;
  const words = q.trim().toLowerCase();
  isOffline.value = true;
  if (recent.value.length === 0) recent.value = seen.slice(0, mostRecent);
  shelf.value = seen
    .filter((one) => model === "" || one.model === model)
    .filter(({ own, enhanced }) => `${own}\n${enhanced ?? ""}`.toLowerCase().includes(words))
    .map((one) => {
      const pictures = one.pictures.filter((picture) => !favorite || picture.favorite);
      return { ...one, pictures };
    })
    .filter(({ pictures }) => pictures.length > 0);
}

/** @param {readonly Recipe[]} listed with those that were made while the list was on its way */
function withArrived(listed) {
  const isListed = (/** @type {Recipe} */ recipe) =>
    listed.some(({ code }) => code === recipe.code);
  return [...arrived.filter((recipe) => !isListed(recipe)), ...listed];
}

/** @param {boolean} isFirst */
function queryOf(isFirst) {
  const { q, favorite, model } = filter.value;
  const query = new URLSearchParams({ limit: `${isFirst ? perPage.first : perPage.further}` });
  if (!isFirst && next !== null) query.set("after", next);
  if (q.trim() !== "") query.set("q", q.trim());
  if (favorite) query.set("favorite", "true");
  if (model !== "") query.set("model", model);
  return query;
}

const mostRecent = 12;

/** @param {Recipe} recipe one that was made just now */
export function arrive(recipe) {
  const others = (/** @type {readonly Recipe[]} */ list) =>
    list.filter(({ code }) => code !== recipe.code);
  recent.value = [recipe, ...others(recent.value)].slice(0, mostRecent);
  arrived = [recipe, ...others(arrived)];
  if (!isFiltered.value) shelf.value = [recipe, ...others(shelf.value)];
}

/** @param {(recipe: Recipe) => Recipe | null} change null takes it away */
function changeAll(change) {
  shelf.value = shelf.value.flatMap((one) => change(one) ?? []);
  recent.value = recent.value.flatMap((one) => change(one) ?? []);
}

/** @param {Recipe} recipe @param {number} number @param {boolean} favorite */
export async function favor({ code }, number, favorite) {
  const mark = (/** @type {boolean} */ to) =>
    changeAll((one) => {
      if (one.code !== code) return one;
      const pictures = one.pictures.map((picture) =>
        picture.number === number ? { ...picture, favorite: to } : picture,
      );
      return { ...one, pictures };
    });
  mark(favorite);
  const json = { favorite, picture: number };
  try {
    await ask(`v1/images/${code}/favorite`, { method: "PUT", json });
    say(favorite ? words.value.said.favored : words.value.said.unfavored);
  } catch (error) {
    if (isGone(error)) takeAway(code);
    else mark(!favorite);
    tell(error);
  }
}

/** Somebody else has removed it, perhaps in another tab. @param {unknown} error */
function isGone(error) {
  return error instanceof Failure && error.kind === "not-found";
}

/** @param {string} code */
function takeAway(code) {
  changeAll((one) => (one.code === code ? null : one));
}

/** @param {readonly string[]} codes removes them for good @returns {Promise<void>} */
export async function remove(codes) {
  for (const code of codes) {
    try {
      await ask(`v1/images/${code}`, { method: "DELETE" });
    } catch (error) {
      if (!isGone(error)) return tell(error);
    }
    takeAway(code);
  }
  say(words.value.said.removed);
}

/** @param {string} code @returns {Promise<Recipe | null>} null where there is none */
export async function lookUp(code) {
  try {
    return readRecipe(await ask(`v1/images/${encodeURIComponent(code)}`));
  } catch (error) {
    tell(error);
    return null;
  }
}

/** @param {unknown} error */
function tell(error) {
  if (!(error instanceof Failure)) throw error;
  heed(error);
  say(words.value.failure(error));
}
