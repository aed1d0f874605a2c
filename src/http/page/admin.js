/** What operators look at: what is under way, what failed, who asks, who paints, what is kept. */

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ask, Failure, failureOf } from "./api.js";
import { fields, html, number, text } from "./lib.js";
import { stageOf } from "./order-cards.js";
import { listOf } from "./recipe.js";
import { about, heed, words } from "./state.js";

/** @type {import("@preact/signals").Signal<Record<string, unknown> | Failure | null>} */
const overview = signal(null);

const everyMs = 5000;

async function refresh() {
  try {
    overview.value = fields(await ask("v1/overview"));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    heed(error);
    overview.value = error;
  }
}

export function Admin() {
  useEffect(() => {
    void refresh();
    const timer = setInterval(() => void refresh(), everyMs);
    return () => clearInterval(timer);
  }, []);
  const w = words.value.admin;
  const now = overview.value;
  if (now === null) return html`<main class="quiet-page" aria-busy="true"></main>`;
  return html`<main class="quiet-page">
    <h2>${w.heading}</h2>
    ${now instanceof Failure ? html`<${Refused} failure=${now} />` : html`<${Overview} all=${now} />`}
  </main>`;
}

/** @param {{ failure: Failure }} props */
function Refused({ failure }) {
  const w = words.value;
  if (failure.kind !== "not-yours") {
    return html`<p class="problem" role="alert">${w.failure(failure)}</p>`;
  }
  return html`<p>${w.admin.notOperator}</p>
    ${about.value === null ? null : html`<p>${w.admin.howTo(about.value.requester)}</p>`}`;
}

/** @param {{ all: Record<string, unknown> }} props */
function Overview({ all }) {
  const w = words.value.admin;
  const { columns: c } = w;
  const storage = fields(all["storage"]);
  const processes = number(all["processes"]) ?? 1;
  const ownView = processes > 1 ? w.ownView(processes) : undefined;
  return html`<${Table}
      heading=${w.queue}
      columns=${[c.code, c.who, c.door, c.model, c.state, c.since]}
      rows=${listOf(all["open"]).map(rowOfJob)}
      cancel=${cancelJob}
    />
    <${Table}
      heading=${w.failures}
      columns=${[c.code, c.who, c.door, c.model, c.reason, c.since]}
      rows=${listOf(all["failed"]).map(rowOfFailure)}
    />
    <${Table}
      heading=${w.providers}
      hint=${ownView}
      columns=${[c.provider, c.state, c.slots, c.open, c.lastMade, c.lastFailed]}
      rows=${listOf(all["providers"]).map(rowOfProvider)}
    />
    <${Table}
      heading=${w.people}
      columns=${[c.who, c.orders, c.quota, c.last]}
      rows=${listOf(all["people"]).map(rowOfPerson)}
    />
    <${Table}
      heading=${w.models}
      columns=${[c.model, c.painter]}
      rows=${listOf(all["models"]).map((one) => [text(fields(one)["id"]), painterOf(one)])}
    />
    <${Table}
      heading=${w.doors}
      hint=${ownView}
      columns=${[c.door, c.state]}
      rows=${Object.entries(fields(all["doors"])).map(([name, state]) => [
        words.value.doorName(name),
        words.value.doorState(text(state) ?? ""),
      ])}
    />
    <${Table}
      heading=${w.presets}
      columns=${[c.scope, c.preset]}
      rows=${presetsByScope(listOf(all["presets"]))}
    />
    <${Table}
      heading=${w.storage}
      columns=${[]}
      rows=${[
        [w.kept, sizeOf(storage["kept_bytes"])],
        [w.free, sizeOf(storage["free_bytes"])],
        ...(text(storage["problem"]) ? [["!", w.storageProblem]] : []),
      ]}
    />`;
}

/** @param {string} code */
async function cancelJob(code) {
  await ask(`v1/images/${code}/cancel`, { method: "POST" }).catch(() => undefined);
  await refresh();
}

/**
 * With `cancel` each row can be cancelled by its first cell.
 * @param {{ heading: string, hint?: string, columns: readonly string[], rows: readonly (string | null)[][],
 *   cancel?: (code: string) => Promise<void> }} props
 */
function Table({ heading, hint, columns, rows, cancel }) {
  return html`<section class="sheet table">
    <h3>${heading}</h3>
    ${hint === undefined ? null : html`<p class="hint">${hint}</p>`}
    ${
      rows.length === 0
        ? html`<p class="hint">${words.value.admin.nothing}</p>`
        : html`<div class="scrolling" tabindex="0" role="group" aria-label=${heading}>
          <table>
            ${
              columns.length === 0
                ? null
                : html`<thead>
                  <tr>
                    ${columns.map((name) => html`<th scope="col">${name}</th>`)}
                    ${cancel ? html`<td></td>` : null}
                  </tr>
                </thead>`
            }
            <tbody>
              ${rows.map(
                (cells) => html`<tr key=${cells[0]}>
                  ${cells.map((cell) => html`<td>${cell ?? "–"}</td>`)}
                  ${
                    cancel
                      ? html`<td>
                        <button
                          type="button"
                          class="quiet"
                          onClick=${() => void cancel(cells[0] ?? "")}
                        >
                          ${words.value.admin.cancel}
                        </button>
                      </td>`
                      : null
                  }
                </tr>`,
              )}
            </tbody>
          </table>
        </div>`
    }
  </section>`;
}

/** @param {unknown} provider */
function rowOfProvider(provider) {
  const w = words.value;
  const all = fields(provider);
  const failures = number(all["failures_in_row"]) ?? 0;
  const fault = w.fault(text(all["last_fault"]) ?? "");
  const isUntried = all["last_made_at"] === null && failures === 0;
  return [
    text(all["id"]),
    failures > 0 ? w.admin.failing(failures, fault) : isUntried ? w.admin.untried : w.admin.works,
    w.admin.busy(number(all["painting"]) ?? 0, number(all["slots"]) ?? 0),
    text(all["open"]),
    dateOf(all["last_made_at"]),
    dateOf(all["last_failed_at"]),
  ];
}

/** @param {unknown} person */
function rowOfPerson(person) {
  const { id, jobs, quotas, last_at: at } = fields(person);
  const states = listOf(quotas).map((one) => {
    const { window, left, limit } = fields(one);
    return words.value.admin.left(text(window) ?? "day", Number(left), Number(limit));
  });
  return [text(id), text(jobs), states.length > 0 ? states.join(" · ") : null, dateOf(at)];
}

/** @param {unknown} model */
function painterOf(model) {
  const { provider, sketch } = fields(model);
  return sketch === true ? words.value.bar.sketch : text(provider);
}

/** @param {readonly unknown[]} presets @returns {(string | null)[][]} a row for each scope */
function presetsByScope(presets) {
  /** @type {Map<string, string[]>} */
  const scopes = new Map();
  for (const preset of presets) {
    const { scope, name } = fields(preset);
    const of = text(scope) ?? "";
    scopes.set(of, [...(scopes.get(of) ?? []), text(name) ?? ""]);
  }
  return [...scopes].map(([scope, names]) => [scope, names.join(", ")]);
}

/** @param {unknown} job */
function rowOfJob(job) {
  const { code, requester, door, model, state, stage, place, created } = fields(job);
  const where = stageOf({
    stage: text(stage) ?? (state === "queued" ? "waiting" : "painting"),
    place: number(place),
    fraction: null,
  });
  return [
    text(code),
    text(requester),
    text(door),
    text(model),
    where,
    dateOf(Number(created) * 1000),
  ];
}

/** @param {unknown} job */
function rowOfFailure(job) {
  const { code, requester, door, model, error, created } = fields(job);
  const reason = words.value.failure(failureOf(error));
  return [
    text(code),
    text(requester),
    text(door),
    text(model),
    reason,
    dateOf(Number(created) * 1000),
  ];
}

/** @param {unknown} ms */
function dateOf(ms) {
  const at = number(ms);
  return at === null ? null : words.value.date(at);
}

/** @param {unknown} bytes */
function sizeOf(bytes) {
  const size = number(bytes);
  if (size === null) return null;
  const units = ["kilobyte", "megabyte", "gigabyte", "terabyte"];
  const step = Math.min(units.length, Math.max(1, Math.floor(Math.log10(Math.max(1, size)) / 3)));
  const options = { style: "unit", unit: units[step - 1], maximumFractionDigits: 1 };
  return new Intl.NumberFormat(
    words.value.locale,
    /** @type {Intl.NumberFormatOptions} */ (options),
  ).format(size / 1000 ** step);
}
