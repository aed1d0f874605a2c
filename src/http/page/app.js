/** The page: what it shows, and how it begins. */

import { effect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { render } from "preact";
import { takeDrops } from "./drop.js";
import { html } from "./lib.js";
import { Lightbox } from "./lightbox.js";
import { Make, showOnPhone } from "./make.js";
import { orders } from "./order-list.js";
import { keyArrived, takeUp, whenMade } from "./orders.js";
import { forgetSeen } from "./seen.js";
import { Bar, KeyKept, KeyPanel, Said } from "./say.js";
import { arrive, search } from "./shelf.js";
import { key, learn, say, words } from "./state.js";
import { view } from "./where.js";
import { elapsedTime } from "./words.js";
import { Later } from "./later.js";

whenMade((recipe) => {
  arrive(recipe);
  say(words.value.said.done(elapsedTime(Math.max(1000, recipe.tookMs ?? 0), words.value)));
  showOnPhone();
});

function App() {
  const count = orders.value.filter(({ failure }) => failure === null).length;
  useEffect(() => {
    document.title = count > 0 ? `(${count}) Drawbridge` : "Drawbridge";
  }, [count]);
  if (view.value === "setup") {
    return html`<${Bar} /><${Later} load=${() => import("./setup.js")} name="Setup" /><${Said} />`;
  }
  return html`<${Bar} />
    <${KeyPanel} arrived=${begin} />
    <${Shown} />
    <footer><${KeyKept} /></footer>
    <${Lightbox} />
    <${Said} />`;
}

function Shown() {
  switch (view.value) {
    case "keep":
      return html`<${Later} load=${() => import("./keep.js")} name="Keep" />`;
    case "connect":
      return html`<${Later} load=${() => import("./connect.js")} name="Connect" />`;
    case "admin":
      return html`<${Later} load=${() => import("./admin.js")} name="Admin" />`;
    default:
      return html`<${Make} />`;
  }
}

/** What waits for a key. */
function begin() {
  keyArrived();
  void search();
  void takeUp();
}

takeDrops();
window.addEventListener("online", () => {
  if (key.value !== null && view.value !== "setup") begin();
});
effect(() => {
  if (key.value === null) forgetSeen();
});
const root = document.getElementById("app");
if (root) render(html`<${App} />`, root);
if (key.value !== null && view.value !== "setup") {
  void learn();
  begin();
}
window.addEventListener("load", () => {
  // Browsers have none where the page does not count as secure.
  void navigator.serviceWorker?.register("worker.js").catch(() => undefined);
});
