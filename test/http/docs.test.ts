import { z } from "zod";
import { describe, expect, test } from "vitest";
import { fieldsOf, meanings, openapiDocument } from "../../src/http/openapi.ts";
import { routes } from "../../src/http/routes.ts";
import { aDoor } from "../fakes/door.ts";

describe("the description of the API", () => {
  test("is served without a key, as OpenAPI 3.1", async () => {
    const response = await aDoor().app.request("/openapi.json");
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(await response.json()).toMatchObject({ openapi: "3.1.0", servers: [{ url: "/v1" }] });
  });

  test.each(routes.map((route) => [`${route.method} ${route.path}`, route]))(
    "describes what is served: %s",
    async (_, route) => {
      const { send } = aDoor();
      const path = route.path.replace("{ext}", "png").replace(/\{\w+\}/, "Z-Image");
      expect((await send("PATCH", `/v1${path}`)).status).toBe(405);
      const allowed = (await send("PATCH", path)).headers.get("allow");
      expect(allowed).toContain(route.method.toUpperCase());
    },
  );

  test("says of each field what the schema checks, and what it means", () => {
    for (const { body } of routes) {
      if (!body) continue;
      const { fields } = fieldsOf(body);
      for (const name of Object.keys(body.shape)) {
        expect(fields[name]?.["description"], name).toBe(meanings[name]);
        expect(meanings[name], name).toBeTruthy();
      }
    }
    const { fields } = fieldsOf(z.object({ n: z.int().min(1).max(4).nullish() }));
    expect(fields["n"]).toMatchObject({
      anyOf: [{ type: "integer", maximum: 4 }, { type: "null" }],
    });
    expect(fields["batch_size"]).toMatchObject({ description: "Another name of n." });
  });

  test("leaves out no address that is served", () => {
    const { app } = aDoor();
    const served = app.routes
      .filter(({ method, path }) => ["GET", "POST"].includes(method) && path !== "/*")
      .map(({ method, path }) => `${method} ${path.replace(/\/:(\w+)(?:\{[^}]*\})?/g, "/{$1}")}`);
    const described = routes.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    const pages = [
      "/",
      "/setup",
      "/connect",
      "/admin",
      "/worker.js",
      "/docs",
      "/docs/docs.css",
      "/openapi.json",
    ].map((path) => `GET ${path}`);
    const known = [
      ...described,
      ...pages,
      "GET /models/{id}",
      "GET /sources/{file}",
      "GET /thumbnails/{file}",
      "GET /images/{file}",
    ];
    const missing = [...new Set(served)].filter((one) => !known.includes(one));
    expect(missing.filter((one) => !one.startsWith("GET /page/"))).toEqual([]);
  });

  test("says what may be asked beside the body, and which answer needs no key", () => {
    const { paths } = openapiDocument();
    expect(paths["/chat/completions"]?.["post"]).toMatchObject({
      parameters: [
        { name: "Idempotency-Key", in: "header" },
        { name: "x-drawbridge-paint", in: "header" },
        { name: "x-drawbridge-context", in: "header" },
      ],
    });
    expect(paths["/models/{model}"]?.["get"]).toMatchObject({
      parameters: [
        { name: "model", in: "path" },
        { name: "details", in: "query" },
      ],
    });
    expect(paths["/images/{id}.{ext}"]?.["get"]).toMatchObject({ security: [] });
  });

  test("names every reference that it makes", () => {
    const text = JSON.stringify(openapiDocument());
    const references = new Set(Array.from(text.matchAll(/"\$ref":"([^"]+)"/g), ([, to]) => to));
    expect([...references]).toEqual(["#/components/schemas/Error"]);
  });
});

describe("the page of the description", () => {
  test("shows every request, runs no script and asks no other host", async () => {
    const { app } = aDoor();
    const response = await app.request("/docs");
    const page = await response.text();
    for (const { path, id } of routes) {
      expect(page).toContain(`/v1${path}`);
      expect(page).toContain(`id="${id}"`);
    }
    expect(page).not.toMatch(/<script|https?:\/\/|style="/);
    expect(response.headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; style-src 'self'/,
    );
    const [, style = ""] = /href="(\/[^"]+\.css)"/.exec(page) ?? [];
    const sheet = await app.request(style);
    expect(sheet.headers.get("content-type")).toBe("text/css; charset=utf-8");
    expect(await sheet.text()).not.toMatch(/url\(|@import/);
  });
});
