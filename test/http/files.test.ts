import { describe, expect, test } from "vitest";
import { Budget } from "../../core/budget.ts";
import { BadImage, type Imaging } from "../../core/imaging.ts";
import { imaging } from "../../src/imaging.ts";
import { aDoor } from "../fakes/door.ts";
import { errorEnvelope } from "../fakes/openai-schemas.ts";
import { easel, padded } from "../fakes/studio.ts";

/** Imaging whose conversions wait until they are let go, and are counted. */
function heldImaging() {
  let atWork = 0;
  const held = Promise.withResolvers<undefined>();
  const counts = { begun: 0, mostAtOnce: 0 };
  const begun: (() => void)[] = [];
  const counted: Imaging = {
    ...imaging,
    async reencode(bytes, options) {
      counts.begun++;
      for (const tell of begun.splice(0)) tell();
      counts.mostAtOnce = Math.max(counts.mostAtOnce, ++atWork);
      await held.promise;
      return imaging.reencode(bytes, options).finally(() => atWork--);
    },
  };
  return {
    imaging: counted,
    counts,
    letGo: () => held.resolve(undefined),
    /** Resolves when so many have begun. */
    begun: async (count: number) => {
      while (counts.begun < count) await new Promise<void>((resolve) => begun.push(resolve));
    },
  };
}

/** A door with some pictures, by their paths without an ending. */
async function withPictures(count: number) {
  const held = heldImaging();
  const door = aDoor({ imaging: held.imaging });
  const body = { prompt: "x", n: count, response_format: "url" };
  const answer = await (await door.post("/v1/images/generations", body)).json();
  const { data } = answer as { data: { url: string }[] };
  const paths = data.map(({ url }) => new URL(url).pathname.replace(".png", ""));
  return { ...door, ...held, paths, path: paths[0] ?? "" };
}

function statusesOf(answers: readonly (Response | Promise<Response>)[]): Promise<number[]> {
  return Promise.all(answers.map(async (answer) => (await answer).status));
}

describe("a picture in another format", () => {
  test("is converted once for all who ask for it at the same time, and later", async () => {
    const { app, path, counts, letGo, begun } = await withPictures(1);
    const answers = Array.from({ length: 60 }, () => app.request(`${path}.webp`));
    await begun(1);
    letGo();
    expect(new Set(await statusesOf(answers))).toEqual(new Set([200]));
    expect((await app.request(`${path}.webp`)).status).toBe(200);
    expect(counts.begun).toBe(1);
    expect((await app.request(`${path}.jpg`)).headers.get("content-type")).toBe("image/jpeg");
    expect(counts.begun).toBe(2);
  });

  test("is made bare once for all services that fetch it to edit it, at the same time and later", async () => {
    let made = 0;
    const bare: Imaging["bare"] = (bytes) => {
      made++;
      return imaging.bare(bytes);
    };
    const { post, app } = aDoor({ imaging: { ...imaging, bare } });
    const answer = await post("/v1/images/generations", { prompt: "x", response_format: "url" });
    const { data } = (await answer.json()) as { data: { url: string }[] };
    const path = new URL(data[0]?.url ?? "").pathname.replace("/images/", "/sources/");
    const answers = Array.from({ length: 20 }, () => app.request(path));
    expect(new Set(await statusesOf([...answers, app.request(path)]))).toEqual(new Set([200]));
    expect(made).toBe(1);
  });

  test("is converted two at a time", async () => {
    const { app, paths, counts, letGo, begun } = await withPictures(8);
    const answers = paths.map((path) => app.request(`${path}.webp`));
    await begun(1);
    letGo();
    expect(new Set(await statusesOf(answers))).toEqual(new Set([200]));
    expect(counts).toEqual({ begun: 8, mostAtOnce: 2 });
  });

  test("is not converted for clients that are gone before its turn", async () => {
    const { app, paths, counts, letGo, begun } = await withPictures(3);
    const [one, two, three] = paths.map((path) => `${path}.webp`);
    const answers = [one, two].map((path = "") => app.request(path));
    await begun(2);
    const client = new AbortController();
    const leaving = app.request(three ?? "", { signal: client.signal });
    const staying = new AbortController();
    const second = app.request(three ?? "", { signal: staying.signal });
    client.abort();
    staying.abort();
    expect(await statusesOf([leaving, second])).toEqual([503, 503]);
    letGo();
    expect(await statusesOf(answers)).toEqual([200, 200]);
    expect(counts.begun).toBe(2);
    expect((await app.request(three ?? "")).status).toBe(200);
  });

  test("goes on for those who stay when others leave", async () => {
    const { app, path, counts, letGo, begun } = await withPictures(1);
    const client = new AbortController();
    const leaving = app.request(`${path}.webp`, { signal: client.signal });
    const staying = app.request(`${path}.webp`);
    await begun(1);
    client.abort();
    expect((await leaving).status).toBe(503);
    letGo();
    expect((await staying).status).toBe(200);
    expect(counts.begun).toBe(1);
  });

  test("is refused for a while where too many wait for theirs", async () => {
    const { studio, images, paths, app, letGo, begun } = await withPictures(2);
    const found = await studio.picture(paths[0]?.split("/").at(-1) ?? "");
    const { picture, job } = found!;
    const { signal } = new AbortController();
    const waiting = Array.from({ length: 102 }, async (_, number) => {
      const hash = await images.put(Buffer.from(`picture ${number}`));
      return studio.kept.open({ ...picture, hash }, job, { form: { format: "webp" }, signal });
    });
    await begun(2);
    const refused = await app.request(`${paths[0] ?? ""}.webp`);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "10"]);
    letGo();
    await Promise.allSettled(waiting);
    expect((await app.request(`${paths[0] ?? ""}.webp`)).status).toBe(200);
  });

  test("that would cost too much to convert is refused in words", async () => {
    const reencode = () => Promise.reject(new BadImage("too-costly"));
    const { post } = aDoor({ imaging: { ...imaging, reencode } });
    const answer = await post("/v1/images/generations", { prompt: "x", output_format: "webp" });
    expect(answer.status).toBe(400);
    expect(errorEnvelope.parse(await answer.json()).error.message).toMatch(/in its own format/);
  });

  test("is erased with the picture", async () => {
    const { app, studio, images, path, letGo } = await withPictures(1);
    letGo();
    await app.request(`${path}.webp`);
    expect(images.forms.size).toBe(1);
    const found = await studio.picture(path.split("/").at(-1) ?? "");
    await studio.erasePictures(found!.job.code, found!.job.requester);
    expect([images.kept.size, images.forms.size]).toEqual([0, 0]);
    expect((await app.request(`${path}.webp`)).status).toBe(404);
  });
});

describe("where too many bytes are under way", () => {
  /** A door whose room for answers is taken, and how to give it back. */
  async function fullDoor() {
    const underWay = new Budget({ total: 1000, mostWaiting: 0, waitMs: 2_000 });
    const painter = { ...easel({ auto: true }), generate: padded(2_000) };
    const door = aDoor({ underWay, painter });
    return { ...door, giveBack: await underWay.take(1000) };
  }

  const body = { prompt: "a fox" };

  test.each([
    ["images", "/v1/images/generations", body],
    [
      "a chat with pictures in it",
      "/v1/chat/completions",
      { messages: [{ role: "user", content: "a fox" }], modalities: ["image"] },
    ],
    ["a response", "/v1/responses", { input: "a fox", tools: [{ type: "image_generation" }] }],
  ])("%s are asked to come again, and were made once", async (_, path, asked) => {
    const { post, giveBack } = await fullDoor();
    const key = { "idempotency-key": "one job" };
    const refused = await post(path, asked, key);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(errorEnvelope.parse(await refused.json()).error.code).toBe("overloaded");
    giveBack();
    const answered = await post(path, asked, key);
    expect([answered.status, answered.headers.get("idempotent-replayed")]).toEqual([200, "true"]);
  });

  test("a stream of images says so in an event", async () => {
    const { post } = await fullDoor();
    const answer = await post("/v1/images/generations", { ...body, stream: true });
    expect(await answer.text()).toMatch(/event: error\ndata: .*"overloaded"/);
  });

  test("a long list is asked for again, too", async () => {
    const { post, get, giveBack } = await fullDoor();
    for (const n of [1, 2, 3, 4, 5]) {
      const prompt = `${n} ${"\\".repeat(19_000)}`;
      await post("/v1/images/generations", { prompt, response_format: "url" });
    }
    expect((await get("/v1/images?limit=1")).status).toBe(200);
    expect((await get("/v1/images")).status).toBe(503);
    giveBack();
    expect((await get("/v1/images")).status).toBe(200);
  });

  test("links are answered all the same", async () => {
    const { post } = await fullDoor();
    const answer = await post("/v1/images/generations", { ...body, response_format: "url" });
    expect(answer.status).toBe(200);
  });
});
