/** Views that are fetched when they are first looked at. */

import { useEffect, useState } from "preact/hooks";
import { html } from "./lib.js";

/** @param {{ load: () => Promise<Record<string, any>>, name: string }} props */
export function Later({ load, name }) {
  const [found, find] = useState(/** @type {{ View: any } | null} */ (null));
  useEffect(() => {
    let isWanted = true;
    void load().then((module) => isWanted && find({ View: module[name] }));
    return () => {
      isWanted = false;
    };
  }, [name]);
  return found ? html`<${found.View} />` : html`<main class="quiet-page" aria-busy="true"></main>`;
}
