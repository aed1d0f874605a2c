/** The bridge that opens while a picture is made. */

import { html } from "./lib.js";

export function BridgeScene() {
  return html`<svg class="scene" viewBox="0 0 320 176" aria-hidden="true" focusable="false">
    <circle class="disc" cx="160" cy="84" r="30" />
    <g class="boat">
      <path class="mast" d="M0 -34v34" />
      <g class="sail">
        <path class="canvas" d="M-15 -33h30v22h-30z" />
        <path class="hill" d="M-15 -11v-5l8 -8 7 7 5 -4 10 8v2z" />
        <circle class="sun" cx="8" cy="-27" r="2.6" />
      </g>
      <path class="hull" d="M-20 -5h40l-6 10h-28z" />
    </g>
    <g class="leaf leaf-left"><path d="M96 97h64v6h-64z" /></g>
    <g class="leaf leaf-right"><path d="M160 97h64v6h-64z" /></g>
    <path class="chain chain-left" d="M96 53h62.2" />
    <path class="chain chain-right" d="M224 53h-62.2" />
    <path class="road" d="M0 97h72v6h-72zM248 97h72v6h-72z" />
    <path
      class="pier"
      d="M2 146v-43h80v43h-20v-8a24 24 0 0 0 -48 0v8zM318 146v-43h-80v43h20v-8a24 24 0 0 1 48 0v8z"
    />
    <path class="tower" d="M66 150l6 -14v-84h-3v-12h6v5h5v-5h8v5h5v-5h6v12h-3v84l6 14z" />
    <path class="tower" d="M218 150l6 -14v-84h-3v-12h6v5h5v-5h8v5h5v-5h6v12h-3v84l6 14z" />
    <path class="slit" d="M84 62v12M236 62v12M84 112v8M236 112v8" />
    <path class="wave" d=${`M8 150q8 -5 16 0${"t16 0 ".repeat(18)}`} />
    <path class="wave wave-near" d=${`M56 163q8 -5 16 0${"t16 0 ".repeat(12)}`} />
  </svg>`;
}
