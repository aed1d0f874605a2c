/** Settings for other programs, to be copied. */

import { useState } from "preact/hooks";
import { clientsFor } from "./clients.js";
import { copyText, html, text, webAddress } from "./lib.js";
import { Copied } from "./see.js";
import { about, key, say, words } from "./state.js";

export function Connect() {
  const w = words.value.connect;
  const [isShown, show] = useState(false);
  const base = about.value?.publicUrl ?? new URL(".", location.href).href.replace(/\/$/, "");
  const model = about.value?.models[0]?.id ?? "Z-Image";
  const own = key.value ?? "…";
  const shownKey = isShown ? own : hidden(own);
  const clients = clientsFor({ base, key: own, model });
  const seen = clientsFor({ base, key: shownKey, model });
  return html`<main class="quiet-page">
    <h2>${w.heading}</h2>
    <p>${w.text}</p>
    <dl class="title-block three">
      <div><dt>${w.base}</dt><dd><${Copied} name=${w.base} value=${`${base}/v1`} /></dd></div>
      <div>
        <dt>${w.key}</dt>
        <dd>
          ${shownKey}${" "}
          <button type="button" class="quiet" aria-pressed=${isShown} onClick=${() => show(!isShown)}>
            ${isShown ? w.hideKey : w.showKey}
          </button>
        </dd>
      </div>
      <div><dt>${w.model}</dt><dd><${Copied} name=${w.model} value=${model} /></dd></div>
    </dl>
    ${clients.map(
      ({ name, lines }, at) => html`<section class="sheet client" key=${name}>
        <h3>${name}</h3>
        ${lines.map(([label, value], line) => html`<${Setting} label=${label} value=${value} shown=${seen[at]?.lines[line]?.[1]} />`)}
      </section>`,
    )}
    <${Bots} />
    <p><a class="plain" href="docs">${w.docs}</a></p>
  </main>`;
}

/** So much of a key that its owner knows it again. @param {string} key */
function hidden(key) {
  return key.length > 12 ? `${key.slice(0, 3)}…` : "…";
}

/** @param {{ label: string, value: string, shown: string | undefined }} props what is copied has the key in it */
function Setting({ label, value, shown }) {
  const { connect, said } = words.value;
  const copy = async () => {
    say((await copyText(value)) ? said.copied : said.notCopied);
  };
  return html`<div class="setting">
    <span class="setting-name">${label}</span>
    <pre tabindex="0">${shown}</pre>
    <button
      type="button"
      class="plain"
      aria-label=${`${connect.copy}: ${label}`}
      onClick=${() => void copy()}
    >
      ${connect.copy}
    </button>
  </div>`;
}

function Bots() {
  const w = words.value.connect;
  const { doors = {}, invites = {} } = about.value ?? {};
  return html`<section class="sheet client">
    <h3>${w.bots}</h3>
    ${["discord", "telegram"].map((name) => {
      const invite = webAddress(invites[name]);
      return html`<p>
        ${name === "discord" ? "Discord" : "Telegram"}: ${doors[name] === undefined ? w.botOff : words.value.doorState(text(doors[name]) ?? "")}
        ${invite === null ? null : html` · <a class="plain" href=${invite} rel="noopener noreferrer">${w.invite}</a>`}
      </p>`;
    })}
  </section>`;
}
