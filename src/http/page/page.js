/** The page: from the form on the left to the sheets on the right. */

import { Bench } from "./bench.js";
import { pictureCard } from "./cards.js";
import { bridgeScene, element, part, pressable } from "./dom.js";
import { openForm } from "./form.js";
import { maxPictures, openGallery } from "./gallery.js";
import { KeyPanel } from "./key-panel.js";
import { openMemory } from "./memory.js";
import { Failure, listModels } from "./service.js";
import { openVoice } from "./voice.js";
import { elapsedTime } from "./words.js";

/** @typedef {import("./gallery.js").Finished} Finished */
/** @typedef {import("./service.js").Picture} Picture */

const memory = openMemory();
const gallery = openGallery(memory);
const sheets = part("sheets", HTMLElement);
const voice = openVoice(memory, speakAnew);
const form = openForm((order) => void bench.draw(order));
const bench = new Bench({ memory, voice, finish, failed, busy });
const keyPanel = new KeyPanel(memory, {
  arrived: keyArrived,
  typed: form.focus,
  forgotten: () => voice.say(voice.words().said.keyForgotten),
});

keyPanel.open();
showPictures();
showEmptyPlace();
const order = bench.takeUp();
if (order !== null) form.restore(order.prompt);
// Not on a touch screen, where it would open the keyboard over the page.
if (memory.key() !== null && matchMedia("(pointer: fine)").matches) form.focus();

// === Pictures

function showPictures() {
  const pictures = gallery.all();
  sheets.replaceChildren(...pictures.map(({ picture, elapsedMs }) => sheet(picture, elapsedMs)));
}

/** @param {Finished} finished */
function finish(finished) {
  const pictures = gallery.add(finished);
  sheets.prepend(...pictures.map((picture) => sheet(picture, finished.elapsedMs)));
  while (sheets.children.length > maxPictures) sheets.lastElementChild?.remove();
  voice.say(voice.words().said.done(elapsedTime(finished.elapsedMs, voice.words())));
}

/** @param {Picture} picture @param {number} elapsedMs */
function sheet(picture, elapsedMs) {
  const desk = { words: voice.words(), say: voice.say, keepSeed };
  return element("li", {}, pictureCard(picture, elapsedMs, desk));
}

/** @param {string} seed */
function keepSeed(seed) {
  form.keepSeed(seed);
  voice.say(voice.words().said.seedKept(seed));
}

// === What the rest of the page shows of the work

/** @param {boolean} drawing */
function busy(drawing) {
  part("draw", HTMLButtonElement).setAttribute("aria-disabled", String(drawing));
  voice.label(part("draw-label", HTMLElement), drawing ? "page.drawing" : "page.draw");
  voice.label(part("title", HTMLTitleElement), drawing ? "titleDrawing" : "title");
}

function showEmptyPlace() {
  const { examples } = voice.words();
  const items = examples.map((words) =>
    element(
      "li",
      {},
      pressable(words, () => form.write(words), "example"),
    ),
  );
  part("empty-scene", HTMLElement).replaceChildren(bridgeScene());
  part("examples", HTMLElement).replaceChildren(...items);
}

function speakAnew() {
  bench.show();
  showPictures();
  showEmptyPlace();
}

// === The key

/** @param {string} key */
function keyArrived(key) {
  bench.keyArrived();
  void offerModels(key);
}

/** @param {string} key */
async function offerModels(key) {
  try {
    form.offerModels(await listModels(key));
  } catch (error) {
    // Without the list there is no choice of model; drawing says in words what is wrong.
    if (!(error instanceof Failure)) throw error;
    if (error.kind === "keyRefused" && memory.key() === key) keyPanel.ask({ refused: true });
  }
}

/** @param {Failure} failure */
function failed({ kind }) {
  if (kind !== "keyMissing" && kind !== "keyRefused") return;
  keyPanel.ask({ refused: kind === "keyRefused", focus: true });
}
