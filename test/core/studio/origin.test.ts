import { createHash } from "node:crypto";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { createCatalogue, modelSchema } from "../../../core/catalogue.ts";
import { aStudio, easel, http, submission } from "../../fakes/studio.ts";

const sizes = { "1:1": "64x64" };
const models = [
  { id: "Z-Image", provider: "easel", sizes },
  { id: "Editor", provider: "easel", sizes, edits: { pictures: 3, mask: true } },
];

type Options = Parameters<typeof aStudio>[0];

function anEditor(options: Options = {}) {
  const catalogue = createCatalogue(models.map((model) => modelSchema.parse(model)));
  const test = aStudio({ easel: easel({ auto: true, edit: "bytes" }), catalogue, ...options });
  const { studio } = test;
  const make = async (...[request, from]: Parameters<typeof studio.submit>) =>
    studio.finished((await studio.submit(request, from)).code);
  return { ...test, make };
}

function aPainting(background = "teal", channels: 3 | 4 = 3): Promise<Buffer> {
  const create = { width: 64, height: 64, channels, background } as const;
  return sharp({ create }).png().toBuffer();
}

describe("an edit", () => {
  test("gives the service every picture in order, however it is named, and the mask", async () => {
    const { studio, make, easel: painter, images } = anEditor();
    const pair = await make({ prompt: "two cats", count: 2 }, submission());
    const sent = await aPainting();
    const { id } = await studio.keepSource(sent);
    const mask = (await studio.keepSource(await aPainting("#0000", 4))).id;
    const sources = [`${pair.code.toLowerCase()}.2`, id, pair.pictures[0]?.id ?? ""];
    const job = await make({ prompt: "at night", sources, mask }, submission());
    const order = painter.orders.at(-1);
    const hashes = order?.sources?.map(({ bytes }) =>
      createHash("sha256").update(bytes).digest("hex"),
    );
    expect(hashes).toEqual([pair.pictures[1]?.hash, id, pair.pictures[0]?.hash]);
    expect(order?.mask?.bytes).toEqual(images.kept.get(mask));
    expect(job.brief.sources).toEqual([pair.pictures[1]?.id, id, pair.pictures[0]?.id]);
    const sizeOf = (hash: string) => ({ hash, bytes: images.kept.get(hash)?.byteLength });
    expect(job.sent).toEqual([sizeOf(id), sizeOf(mask)]);
  });

  test("is refused before anything is painted where its mask marks nothing", async () => {
    const { studio, make, easel: painter } = anEditor();
    const jpeg = await sharp(await aPainting("black"))
      .jpeg()
      .toBuffer();
    const { id } = await studio.keepSource(await aPainting());
    for (const opaque of [jpeg, await aPainting("black")]) {
      const mask = (await studio.keepSource(opaque)).id;
      const asked = make({ prompt: "at night", sources: [id], mask }, submission());
      await expect(asked).rejects.toMatchObject({
        code: "invalid-request",
        details: { field: "mask", problem: expect.stringContaining("transparent parts") },
      });
    }
    for (const format of ["png", "webp"] as const) {
      const clear = await sharp(await aPainting("#0000", 4))
        .toFormat(format)
        .toBuffer();
      const mask = (await studio.keepSource(clear)).id;
      await make({ prompt: "at night", sources: [id], mask }, submission());
    }
    expect(painter.orders).toHaveLength(2);
  });

  test("of a picture that was made here is its next version, and knows where it comes from", async () => {
    const { studio, make } = anEditor();
    const first = await make({ prompt: "a cat" }, submission());
    const second = await make({ prompt: "at night", sources: [first.code] }, submission());
    const third = await make({ prompt: "in snow", sources: [second.code] }, submission());
    expect([second, third].map(({ parent }) => parent)).toEqual([first.code, second.code]);
    expect([first, second, third].map(({ brief }) => brief.version)).toEqual([undefined, 2, 3]);
    const again = await studio.again(third.code, { seed: "new" }, submission());
    expect(again).toMatchObject({ parent: third.code, brief: { version: 3 } });
    // The way back leads over what it was made from, not over the job that was made again.
    const before = await studio.picture(again.brief.sources?.[0] ?? "");
    expect(before?.job.code).toBe(second.code);
  });

  test.each([
    ["a code that nobody has", "zi-0000000000"],
    ["a picture that its job does not have", undefined],
    ["an id that is not here", "a".repeat(32)],
    ["a sent picture that is gone", "b".repeat(64)],
  ])("is refused for %s, before anything is kept or paid", async (_, name) => {
    const { studio, make, easel: painter, archive } = anEditor();
    const { code } = await make({ prompt: "a cat" }, submission());
    const sources = [name ?? `${code}.2`];
    const refused = studio.submit({ prompt: "at night", sources }, submission());
    await expect(refused).rejects.toMatchObject({
      code: "not-found",
      details: { code: sources[0] },
    });
    expect(painter.orders).toHaveLength(1);
    expect(await archive.history("http:anna", { limit: 9 })).toHaveLength(1);
  });

  test("of another's private picture is refused by its code", async () => {
    const { studio, make } = anEditor();
    const hidden = { requester: { id: "http:ben" }, delivery: http, private: true };
    const { code } = await make({ prompt: "a cat" }, hidden);
    const refused = studio.submit({ prompt: "at night", sources: [code] }, submission());
    await expect(refused).rejects.toMatchObject({ code: "not-found" });
  });

  test("of a picture that is only linked to gets its bytes first", async () => {
    const bytes = await aPainting();
    const link = { url: "https://easel.example/a.png", trustedOrigin: "https://easel.example" };
    const painter = easel({ auto: true, edit: "bytes" });
    const linking: Options = { handOnLinks: true, fetchPicture: async () => bytes };
    const linked = { ...painter, generate: async () => ({ image: link, notices: [], facts: {} }) };
    const { make } = anEditor({ painter: linked, ...linking });
    const first = await make({ prompt: "a cat" }, submission());
    const second = await make({ prompt: "at night", sources: [first.code] }, submission());
    expect(second).toMatchObject({ state: "done", parent: first.code });
    expect(second.brief.sources).toEqual([createHash("sha256").update(bytes).digest("hex")]);
  });

  test("leaves nothing behind that was sent to it when its person is forgotten, nor when it is erased", async () => {
    const { studio, make, images } = anEditor();
    for (const colour of ["teal", "navy"]) {
      const { id } = await studio.keepSource(await aPainting(colour, 4));
      await make({ prompt: "at night", sources: [id], mask: id }, submission());
    }
    const { id } = await studio.keepSource(await aPainting("teal", 4));
    const { code } = await make({ prompt: "at dawn", sources: [id] }, submission("http:ben"));
    await studio.forget({ id: "http:anna" });
    expect([...images.kept.keys()]).toContain(id);
    expect(images.kept.size).toBe(2);
    await studio.erasePictures(code, { id: "http:ben" });
    expect(images.kept.size).toBe(0);
  });

  test("that comes twice under one key is one, although its picture is gone meanwhile", async () => {
    const { studio, make, images } = anEditor();
    const { id } = await studio.keepSource(await aPainting());
    const request = { prompt: "at night", sources: [id] };
    const { code } = await make(request, submission("http:anna", "key"));
    await images.remove([id]);
    expect((await studio.submit(request, submission("http:anna", "key"))).code).toBe(code);
  });
});
