import { html } from "hono/html";
import { ownFile } from "#runtime";
import { fieldsOf, openapiDocument } from "./openapi.ts";
import { type Parameter, type Route, routes } from "./routes.ts";
import { type StaticFile, staticFile } from "./static-files.ts";

const policy =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** `/openapi.json`, and the same for people at `/docs`: no script, no key needed. Made once, for who asks first. */
export function docsFiles(): readonly StaticFile[] {
  const style = ownFile("http/docs/docs.css");
  const file = (path: string, type: string, content: () => string) =>
    staticFile(path, content, { type: `${type}; charset=utf-8`, policy });
  return [
    file("/docs", "text/html", () => pageOf(routes)),
    file("/docs/docs.css", "text/css", () => style),
    file("/openapi.json", "application/json", () => JSON.stringify(openapiDocument())),
  ];
}

function pageOf(all: readonly Route[]): string {
  const page: unknown = html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Drawbridge: the API</title>
    <link rel="stylesheet" href="/page/palette.css" />
    <link rel="stylesheet" href="/docs/docs.css" />
  </head>
  <body>
    <header>
      <h1>Drawbridge <small>the API</small></h1>
      <p>
        Pictures from words, in OpenAI's shapes. Send your key as <code>Authorization: Bearer …</code>,
        or as <code>api-key: …</code> as Azure's clients do.
        Every path works with and without <code>/v1</code>; fields that nobody knows are accepted in
        silence. For machines: <a href="/openapi.json">openapi.json</a>. To paint by hand:
        <a href="/">the page</a>.
      </p>
      <nav aria-label="Requests"><ul>${all.map(linkTo)}</ul></nav>
    </header>
    <main>${all.map(sectionOf)}</main>
  </body>
</html>`;
  // Hono's template is a promise only where a part of it is; here none is.
  return String(page);
}

function linkTo({ id, method, path }: Route) {
  return html`<li><a href="#${id}"><b>${method.toUpperCase()}</b> /v1${path}</a></li>`;
}

function sectionOf(route: Route) {
  const { id, method, path, summary, body, parameters, answer, streams, forms, access } = route;
  return html`<section id="${id}">
    <h2><b>${method.toUpperCase()}</b> <code>/v1${path}</code></h2>
    <p>${summary}.</p>
    ${body ? tableOf(body) : ""}
    ${parameters ? html`<ul>${parameters.map(itemOf)}</ul>` : ""}
    ${access === "open" ? html`<p>Needs no key.</p>` : ""}
    ${forms ? html`<p>The body is a form or JSON, with the picture in <code>image</code>.</p>` : ""}
    <p>Answers: ${answer}.${streams ? " With stream: true, server-sent events." : ""}</p>
  </section>`;
}

function itemOf({ name, place, meaning }: Parameter) {
  return html`<li>${place === "query" ? "?" : ""}<code>${name}</code>: ${meaning}</li>`;
}

function tableOf(body: NonNullable<Route["body"]>) {
  const { fields, required } = fieldsOf(body);
  const rows = Object.entries(fields).map(
    ([name, field]) => html`<tr>
      <th scope="row"><code>${name}</code>${required.includes(name) ? html` <em>needed</em>` : ""}</th>
      <td>${typeOf(field)}</td>
      <td>${meaningOf(field)}</td>
    </tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Fields">
    <table>
      <thead><tr><th scope="col">Field</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead>
      <tbody>${rows}</tbody>
    </table>
  </div>`;
}

function meaningOf({ description }: Readonly<Record<string, unknown>>): string {
  return typeof description === "string" ? description : "";
}

/** A field's type in a few words, such as "integer, 1 to 10". */
function typeOf(field: Readonly<Record<string, unknown>>): string {
  const { anyOf, type, minimum, maximum } = field;
  const choices = field["enum"];
  if (Array.isArray(anyOf)) {
    const kinds = (anyOf as Record<string, unknown>[]).filter((one) => one["type"] !== "null");
    return [...new Set(kinds.map(typeOf))].join(" or ") || "anything";
  }
  if (Array.isArray(choices)) return choices.join(", ");
  const limits = [minimum, maximum].every(
    (limit) => typeof limit === "number" && Math.abs(limit) < 2 ** 31,
  );
  const range = limits ? `, ${String(minimum)} to ${String(maximum)}` : "";
  if (Array.isArray(type)) return type.filter((one) => one !== "null").join(" or ");
  return typeof type === "string" ? type + range : "anything";
}
