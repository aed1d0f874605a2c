/** What operators look at: what is under way, what failed, who asks, who paints, what is kept. */

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ask, Failure, failureOf } from "./api.js";
import { fields, html, number, text } from "./lib.js";
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
      heading=${w.people}
      columns=${[c.who, c.orders, c.last]}
      rows=${listOf(all["people"]).map((one) => {
        const { id, jobs, last_at: at } = fields(one);
        return [text(id), text(jobs), dateOf(at)];
      })}
    />
    <${Table}
      heading=${w.models}
      columns=${[c.model, c.painter]}
      rows=${listOf(all["models"]).map((one) => [text(fields(one)["id"]), text(fields(one)["painter"])])}
    />
    <${Table}
      heading=${w.doors}
      columns=${[c.door, c.state]}
      rows=${Object.entries(fields(all["doors"])).map(([name, state]) => [name, text(state)])}
    />
    <${Table}
      heading=${w.storage}
      columns=${[]}
      rows=${[
        [w.kept, sizeOf(storage["kept_bytes"])],
        [w.free, sizeOf(storage["free_bytes"])],
        ...(text(storage["problem"]) ? [["!", text(storage["problem"])]] : []),
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
 * @param {{ heading: string, columns: readonly string[], rows: readonly (string | null)[][],
 *   cancel?: (code: string) => Promise<void> }} props
 */
function Table({ heading, columns, rows, cancel }) {
  return html`<section class="sheet table">
    <h3>${heading}</h3>
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

/** @param {unknown} job */
function rowOfJob(job) {
  const { code, requester, door, model, state, stage, place, created } = fields(job);
  const where = [text(stage) ?? text(state), text(place)].filter(Boolean).join(" ");
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
  const size = number(bytes) ?? 0;
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, size)) / 3));
  const options = { style: "unit", unit: units[step], maximumFractionDigits: 1 };
  return new Intl.NumberFormat(
    words.value.locale,
    /** @type {Intl.NumberFormatOptions} */ (options),
  ).format(size / 1000 ** step);
}
