import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { imaging, withoutLabels } from "../../../src/imaging.ts";
import { aStudio, submission } from "../../fakes/studio.ts";

const formats = ["png", "jpeg", "webp"] as const;

async function labelIn(bytes: Uint8Array): Promise<string> {
  return String((await sharp(bytes).metadata()).xmp ?? "");
}

describe("the label of a generated picture", () => {
  const picture = sharp({ create: { width: 32, height: 32, channels: 3, background: "teal" } });

  test.each(formats)(
    "says so as European and Chinese law ask, in whatever is re-encoded: %s",
    async (format) => {
      const bytes = await picture.clone().png().toBuffer();
      const label = await labelIn(
        await imaging.reencode(bytes, { format, label: "zi-7K3Q8D2M4P" }),
      );
      expect(label).toContain(
        'Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"',
      );
      const [, aigc = ""] = /TC260:AIGC="([^"]+)"/.exec(label) ?? [];
      expect(JSON.parse(aigc.replaceAll("&quot;", '"'))).toEqual({
        Label: "1",
        ContentProducer: "Drawbridge",
        ProduceID: "zi-7K3Q8D2M4P",
      });
    },
  );

  test("names all jobs whose pictures are on a sheet", async () => {
    const bytes = await picture.clone().png().toBuffer();
    const label = "zi-7K3Q8D2M4P zi-8K3Q8D2M4P";
    const layout = { columns: 2, side: 20, gap: 0, background: "black", label };
    expect(await labelIn(await imaging.sheet([bytes, bytes], layout))).toContain(label);
    expect(await labelIn(await withoutLabels(imaging).sheet([bytes], layout))).toBe("");
  });

  test("is not in what people sent, nor anywhere where it is turned off", async () => {
    const bytes = await picture.clone().png().toBuffer();
    expect(await labelIn(await imaging.reencode(bytes, { format: "jpeg" }))).toBe("");
    const silent = withoutLabels(imaging);
    const gif = await picture.clone().gif().toBuffer();
    for (const made of [
      await silent.reencode(bytes, { format: "jpeg", label: "zi-7K3Q8D2M4P" }),
      await silent.keepable(gif, "zi-7K3Q8D2M4P"),
    ]) {
      expect(await labelIn(made)).toBe("");
    }
    expect(await labelIn(await imaging.keepable(gif, "zi-7K3Q8D2M4P"))).toContain("zi-7K3Q8D2M4P");
  });

  test("names the job in another form of its picture, and leaves the picture itself as it came", async () => {
    const { studio, images } = aStudio();
    const job = await studio.finished(
      (await studio.submit({ prompt: "a cat" }, submission())).code,
    );
    const { signal } = new AbortController();
    const [made] = job.pictures;
    const read = async (form?: { format: "webp" }) => {
      const { kept } = await studio.kept.open(made!, job, { form, signal });
      return Buffer.concat(await Array.fromAsync(kept.read()));
    };
    expect(await labelIn(await read({ format: "webp" }))).toContain(job.code);
    expect(await read()).toEqual(Buffer.from(images.kept.get(made?.hash ?? "") ?? []));
  });
});
