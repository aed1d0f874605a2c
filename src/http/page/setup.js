/** The first run: who paints, who enhances, which bots; kept on the server, behind its one-time key. */

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { fields, html, text, webAddress } from "./lib.js";
import { keyIn, takeFromAddress } from "./memory.js";
import { place } from "./orders.js";
import { listOf } from "./recipe.js";
import { key, language, takeKey, words } from "./state.js";
import { redraft } from "./wishes.js";

/** @typedef {{ level: string, about: string, texts: Record<string, unknown> }} Finding */

/** @type {import("@preact/signals").Signal<string>} */
const once = signal("");
/** What there is of each variable. @type {import("@preact/signals").Signal<Record<string, unknown> | null>} */
const known = signal(null);
/** @type {import("@preact/signals").Signal<Record<string, string>>} what was typed */
const typed = signal({});
/** @type {import("@preact/signals").Signal<readonly Finding[]>} */
const findings = signal([]);
/** What came in between. @type {import("@preact/signals").Signal<Refusal | null>} */
const refusal = signal(null);
/** @type {import("@preact/signals").Signal<"" | "checking" | "saving" | "done">} */
const work = signal("");
/** @type {import("@preact/signals").Signal<string | null>} where the page is, with its key */
const page = signal(null);

/** The server is away, or refuses. */
class Refusal extends Error {
  /** @param {string} code @param {string | null} [variable] */
  constructor(code, variable = null) {
    super(code);
    this.code = code;
    this.variable = variable;
  }
}

/**
 * @param {"state" | "check" | "save"} what
 * @returns {Promise<Record<string, unknown>>} throws a Refusal
 */
async function tell(what) {
  const response = await fetch(`setup/${what}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-setup-key": once.value },
    body: JSON.stringify({ values: typed.value }),
  }).catch(() => {
    throw new Refusal("network");
  });
  const answer = fields(await response.json().catch(() => null));
  if (response.ok) return answer;
  const { code, param } = fields(answer["error"]);
  throw new Refusal(text(code) ?? "settings-unreadable", text(param));
}

/** @param {unknown} error */
function show(error) {
  if (!(error instanceof Refusal)) throw error;
  refusal.value = error;
  // A key of an earlier start is worth nothing any more: another one is asked for.
  if (error.code === "setup-key") known.value = null;
}

async function open() {
  try {
    const state = await tell("state");
    known.value = fields(state["fields"]);
    page.value = webAddress(state["page"]);
    refusal.value = null;
  } catch (error) {
    show(error);
  }
}

async function check() {
  work.value = "checking";
  findings.value = [];
  refusal.value = null;
  try {
    findings.value = readFindings(await tell("check"));
  } catch (error) {
    show(error);
  }
  work.value = "";
  goToProblem();
}

/** To the first field that something is wrong with. */
function goToProblem() {
  requestAnimationFrame(() => {
    const wrong = document.querySelector('.setup-form [aria-invalid="true"]');
    if (wrong instanceof HTMLElement) wrong.focus();
  });
}

async function save() {
  work.value = "saving";
  refusal.value = null;
  try {
    const answer = await tell("save");
    findings.value = readFindings(answer);
    if (findings.value.length > 0) {
      work.value = "";
      goToProblem();
      return;
    }
    page.value = webAddress(answer["page"]);
    await restarted(Number(answer["starts"]));
    work.value = "done";
  } catch (error) {
    show(error);
    work.value = "";
  }
}

/** @param {number} before waits until the server has started once more than this */
async function restarted(before) {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const answer = await tell("state").catch(() => null);
    if (answer !== null && Number(answer["starts"]) > before) return;
  }
}

/** @param {Record<string, unknown>} answer @returns {Finding[]} */
function readFindings(answer) {
  return listOf(answer["findings"]).map((finding) => {
    const { level, about, texts } = fields(finding);
    return {
      level: text(level) ?? "problem",
      about: text(about) ?? "",
      texts: fields(texts),
    };
  });
}

// === What is shown

export function Setup() {
  useEffect(() => {
    once.value = takeFromAddress("once") ?? once.value;
    if (once.value !== "") void open();
  }, []);
  const w = words.value.setup;
  return html`<main class="quiet-page">
    <h2>${w.heading}</h2>
    ${
      work.value === "done"
        ? html`<${Done} />`
        : html`<p>${w.intro}</p>
      ${known.value === null ? html`<${Once} />` : html`<${Form} known=${known.value} />`}
      <${Findings} />`
    }
  </main>`;
}

function Once() {
  const w = words.value.setup;
  const submitted = (/** @type {Event} */ event) => {
    event.preventDefault();
    const field = /** @type {HTMLInputElement} */ (document.getElementById("once"));
    once.value = field.value.trim();
    void open();
  };
  return html`<form class="sheet key-form" onSubmit=${submitted}>
    <label for="once">${w.once}</label>
    <input id="once" type="password" autocomplete="off" aria-describedby="once-hint" />
    <p id="once-hint" class="hint">${w.onceHint}</p>
    <div class="actions">
      <button class="plain">${w.heading}</button>
      <a class="plain" href="./">${w.skip}</a>
    </div>
  </form>`;
}

/** @param {{ known: Record<string, unknown> }} props */
function Form({ known }) {
  const w = words.value.setup;
  const submitted = (/** @type {Event} */ event) => {
    event.preventDefault();
    void save();
  };
  const field = (/** @type {string} */ name, /** @type {string} */ label, placeholder = "") =>
    html`<${Field} name=${name} label=${label} placeholder=${placeholder} known=${fields(known[name])} />`;
  const isBusy = work.value !== "";
  return html`<form class="setup-form" onSubmit=${submitted}>
    <fieldset>
      <legend>${w.service}</legend>
      <h3>${w.exacg}</h3>
      <p class="hint">${w.exacgHint}</p>
      ${field("SD_API_KEY", w.apiKey)}
      <h3>${w.openai}</h3>
      ${field("IMAGES_OPENAI_BASE_URL", w.address, "https://…/v1")}
      ${field("IMAGES_OPENAI_API_KEY", w.apiKey)} ${field("IMAGES_OPENAI_MODEL", w.model)}
    </fieldset>
    <fieldset>
      <legend>${w.enhancer}</legend>
      <p class="hint">${w.enhancerHint}</p>
      ${field("ENHANCE_OPENAI_API_KEY", w.apiKey)}
      ${field("ENHANCE_OPENAI_BASE_URL", w.address, "https://api.openai.com/v1")}
      ${field("ENHANCE_OPENAI_MODEL", w.model, "gpt-4o-mini")}
    </fieldset>
    <fieldset>
      <legend>${w.discord}</legend>
      <p class="hint">${w.discordHint}</p>
      ${field("DISCORD_TOKEN", w.token)}
    </fieldset>
    <fieldset>
      <legend>${w.telegram}</legend>
      <p class="hint">${w.telegramHint}</p>
      ${field("TELEGRAM_BOT_TOKEN", w.token)}
    </fieldset>
    <div class="actions">
      <button type="button" class="plain" disabled=${isBusy} onClick=${() => void check()}>
        ${work.value === "checking" ? w.checking : w.check}
      </button>
      <button class="plain chosen" disabled=${isBusy}>
        ${work.value === "saving" ? w.saving : w.save}
      </button>
      <a class="plain" href=${page.value ?? "./"}>${w.skip}</a>
    </div>
  </form>`;
}

/** @param {{ name: string, label: string, placeholder: string, known: Record<string, unknown> }} props */
function Field({ name, label, placeholder, known }) {
  const w = words.value.setup;
  const isFixed = known["fixed"] === true;
  const isSecret = name.endsWith("KEY") || name.endsWith("TOKEN");
  const note = isFixed ? w.fixed : known["set"] === true ? w.kept : placeholder;
  const own = findings.value.filter(({ about }) => about === name);
  return html`<div class="field">
    <label for=${name}>${label}</label>
    <input
      id=${name}
      aria-invalid=${own.some(({ level }) => level === "problem")}
      aria-describedby=${`${name}-findings`}
      type=${isSecret ? "password" : "text"}
      autocomplete="off"
      spellcheck="false"
      disabled=${isFixed}
      placeholder=${text(known["value"]) ?? note}
      value=${typed.value[name] ?? ""}
      onInput=${(/** @type {Event} */ { currentTarget }) => {
        const { value } = /** @type {HTMLInputElement} */ (currentTarget);
        typed.value = { ...typed.value, [name]: value };
      }}
    />
    <${FindingList} id=${`${name}-findings`} findings=${own} />
  </div>`;
}

/** @type {Record<string, string>} */
const marks = { fine: "✓", warning: "!", problem: "✗" };

/** What is about no field; what is about one stands there. */
function Findings() {
  const refused = refusal.value;
  const others = findings.value.filter(({ about }) => known.value?.[about] === undefined);
  return html`${refused ? html`<p class="problem" role="alert">${words.value.setup.refused(refused)}</p>` : null}
    <${FindingList} id="findings" role="status" findings=${others} />`;
}

/** @param {{ id: string, findings: readonly Finding[], role?: string }} props */
function FindingList({ id, findings, role }) {
  const w = words.value.setup;
  /** @type {Record<string, string>} */
  const levels = { fine: w.good, warning: w.warning, problem: w.problem };
  return html`<ul id=${id} class="findings" role=${role}>
    ${findings.map(
      ({ level, about, texts }) => html`<li class=${`finding-${level}`}>
        <span aria-hidden="true">${marks[level] ?? "✗"}</span>
        <span class="visually-hidden">${levels[level] ?? level}</span>
        <span class="finding">
          <strong>${about}</strong> ${text(texts[language.value]) ?? text(texts["en"])}
        </span>
      </li>`,
    )}
  </ul>`;
}

function Done() {
  const w = words.value.setup;
  return html`<p role="status">${w.done}</p>
    <p><a class="plain" href=${page.value ?? "./"} onClick=${orderTest}>${w.open}</a></p>`;
}

/** Orders a picture, which the page goes on with; without a key its words stand in the form there. */
function orderTest() {
  const [own = ""] = words.value.examples;
  const brought = keyIn(page.value ?? "");
  if (key.value === null && brought !== null) takeKey(brought);
  if (key.value === null) redraft({ prompt: own });
  else place("v1/images/generations", { prompt: own, response_format: "url" }, { own });
}
