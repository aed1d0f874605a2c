import { createHash } from "node:crypto";
import sharp from "sharp";
import { expect, test } from "vitest";
import type { ImageService } from "../fakes/image-service.ts";

/** How the features of a server are asked for. */
export interface FeatureTools {
  readonly ask: (path: string, body?: object, asking?: FeatureAsking) => Promise<Response>;
  readonly service: () => ImageService;
  /** Of the owner, in the header of a request that is no JSON. */
  readonly authorization: string;
  readonly url: () => string;
  /** Of somebody who is no operator. */
  readonly otherKey: string;
  /** The model that edits pictures. */
  readonly editor: string;
}

interface FeatureAsking {
  readonly method?: string;
  readonly key?: string;
}

interface Answered {
  readonly id: string;
  readonly output: readonly { readonly type: string; readonly result: string }[];
  readonly code: string;
  readonly name: string;
  readonly original_prompt: string;
  readonly data: readonly Answered[];
  readonly url: string;
  readonly thumbnail_url: string;
  readonly favorite: boolean;
  readonly b64_json: string;
}

const read = async (response: Response | Promise<Response>) =>
  (await (await response).json()) as Answered;
const tools = [{ type: "image_generation" }];
const isPicture = (base64: string) => /^(?:iVBORw0KGgo|\/9j\/)/.test(base64);

/** A picture to be edited. */
const sent = new Uint8Array(
  await sharp({ create: { width: 32, height: 16, channels: 3, background: "teal" } })
    .png()
    .toBuffer(),
);

/** What every server does beside painting from words. */
export function featuresContract({ ask, service, authorization, url, editor }: FeatureTools): void {
  test("answers a response with its picture, and streams one", async () => {
    const { output } = await read(ask("/v1/responses", { input: "a fox --raw", tools }));
    expect(output[0]?.type).toBe("image_generation_call");
    expect(isPicture(output[0]?.result ?? "")).toBe(true);
    const body = { input: "a fox --raw", tools, stream: true };
    const events = await (await ask("/v1/responses", body)).text();
    const types = Array.from(events.matchAll(/^event: (.*)$/gm), ([, type]) => type);
    expect(types[0]).toBe("response.created");
    expect(types).toContain("response.image_generation_call.completed");
    expect(types.at(-1)).toBe("response.completed");
  });

  test("hands a picture that was sent to the model that edits, as it came", async () => {
    const before = service().requests.length;
    const { data } = await read(edit(`${url()}/v1/images/edits`, { authorization, editor }));
    expect(isPicture(data[0]?.b64_json ?? "")).toBe(true);
    const [order] = service().requests.slice(before);
    expect(order?.body["prompt"]).toBe("make it night");
    expect(order?.files.map(({ bytes }) => Buffer.from(bytes).equals(sent))).toEqual([true]);
  });

  test("says what words would be painted as, and paints nothing", async () => {
    const before = service().requests.length;
    const { prompt } = (await (await ask("/v1/prompts", { prompt: "a fox --raw" })).json()) as {
      prompt: string;
    };
    expect(prompt).toBe("a fox");
    expect(service().requests).toHaveLength(before);
  });
}

function edit(
  address: string,
  { authorization, editor }: Pick<FeatureTools, "authorization" | "editor">,
): Promise<Response> {
  const body = new FormData();
  body.set("model", editor);
  body.set("prompt", "make it night");
  body.set("image", new Blob([sent], { type: "image/png" }), "boat.png");
  return fetch(address, { method: "POST", headers: { authorization }, body });
}

/** What a server does besides that keeps what it made. */
export function keptFeaturesContract(given: FeatureTools): void {
  const { ask, service, url, otherKey, editor } = given;
  const isThere = async (link: string) => {
    const found = await fetch(link);
    const bytes = Buffer.from(await found.arrayBuffer());
    return found.status === 200 && /^image\//.test(found.headers.get("content-type") ?? "")
      ? bytes
      : undefined;
  };

  test("shows what was sent to be edited, for a service that fetches it", async () => {
    await edit(`${url()}/v1/images/edits`, given);
    const hash = createHash("sha256").update(sent).digest("hex");
    expect((await isThere(`${url()}/sources/${hash}.png`))?.equals(sent)).toBe(true);
    expect(await isThere(`${url()}/sources/${hash.replace(/^./, "z")}.png`)).toBeUndefined();
  });

  test("changes the picture of the response before, where the words ask for that", async () => {
    const first = await read(ask("/v1/responses", { input: "a boat --raw", tools }));
    const before = service().requests.length;
    const next = { model: editor, input: "make it night", previous_response_id: first.id, tools };
    const { output } = await read(ask("/v1/responses", next));
    expect(isPicture(output[0]?.result ?? "")).toBe(true);
    expect(service().requests.slice(before)).toMatchObject([{ dialect: "openai" }]);
    expect(service().requests.at(-1)?.files).toHaveLength(1);
  });

  test("keeps presets, paints with them, and shows each to its key alone", async () => {
    const words = { words: "{prompt}, in ink" };
    expect((await ask("/v1/presets/ink-2", words, { method: "PUT" })).status).toBe(200);
    const names = async (key?: string) =>
      (await read(ask("/v1/presets", undefined, key ? { key } : {}))).data.map(({ name }) => name);
    expect(await names()).toContain("ink-2");
    expect(await names(otherKey)).not.toContain("ink-2");
    const wish = { prompt: "a preset fox --preset ink-2 --raw" };
    expect((await ask("/v1/images/generations", wish)).status).toBe(200);
    expect(service().ordersOf({ prompt: "a preset fox, in ink" })).toBe(1);
    expect((await ask("/v1/presets/ink-2", undefined, { method: "DELETE" })).status).toBe(200);
    expect(await names()).not.toContain("ink-2");
  });

  test("lists one's own pictures with small ones, favourites among them, and removes one for good", async () => {
    const wish = { prompt: "a gallery owl --raw", response_format: "url" };
    const { code } = await read(ask("/v1/images/generations", wish));
    const found = async (query: string, asking = {}) =>
      (await read(ask(`/v1/images?${query}`, undefined, asking))).data;
    const [newest] = await found("limit=1");
    expect(newest).toMatchObject({ code, original_prompt: "a gallery owl --raw" });
    const [picture] = newest?.data ?? [];
    expect(await isThere(picture?.url ?? "")).toBeDefined();
    expect(await isThere(picture?.thumbnail_url ?? "")).toBeDefined();
    expect(await found("q=gallery", { key: otherKey })).toEqual([]);

    const favor = { favorite: true, number: 1 };
    const path = `/v1/images/${code}`;
    expect((await ask(`${path}/favorite`, favor, { method: "PUT" })).status).toBe(200);
    expect((await found("favorite=true")).map((one) => one.code)).toEqual([code]);
    expect((await ask(path, undefined, { method: "DELETE", key: otherKey })).status).not.toBe(200);
    expect((await ask(path, undefined, { method: "DELETE" })).status).toBe(200);
    expect(await isThere(picture?.url ?? "")).toBeUndefined();
    expect(await found("q=gallery")).toEqual([]);
  });

  test("tells how a picture stands to its end, and cancels one by its code", async () => {
    const release = service().hold();
    const asked = ask("/v1/images/generations", { prompt: "a slow owl --raw" });
    const open = async () => (await read(ask("/v1/images?state=open"))).data;
    await expect.poll(async () => (await open()).length).toBe(1);
    const code = (await open())[0]?.code ?? "";
    const events = ask(`/v1/images/${code}/events`);
    expect((await ask(`/v1/images/${code}/cancel`, {})).status).toBe(200);
    release();
    expect(await (await events).text()).toMatch(/event: ended\ndata: .*"state":"cancelled"/);
    expect((await asked).status).not.toBe(200);
    await expect.poll(async () => (await open()).length).toBe(0);
  });

  test("gives its operators an overview, and nobody else", async () => {
    expect((await ask("/v1/overview", undefined, { key: otherKey })).status).toBe(403);
    const overview = (await (await ask("/v1/overview")).json()) as Readonly<
      Record<string, readonly object[] | undefined>
    >;
    expect(overview["people"]?.length).toBeGreaterThan(0);
    const about = await (await ask("/v1/about")).json();
    expect(about).toMatchObject({ models: [{ id: "Z-Image" }, { id: editor }] });
  });
}
