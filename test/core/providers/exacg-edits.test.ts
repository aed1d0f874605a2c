import { describe, expect, test } from "vitest";
import type { Fetch } from "../../../core/wire/fetch.ts";
import { exacgDialect } from "../../../core/providers/exacg.ts";
import { aContext, anOrder } from "../../contract/provider.ts";

const model = { id: "Editor", provider: "exacg", index: 16, edits: true, parameters: ["steps"] };

/** The body of the one order that is sent. */
async function sent(url: string | undefined): Promise<unknown> {
  const bodies: unknown[] = [];
  const fetch: Fetch = async (_, init) => {
    bodies.push(JSON.parse(String(init?.body)));
    const answer = { success: true, data: { image_url: "https://img.example/a.png" } };
    const { status, ok, headers, body } = Response.json(answer);
    return { status, ok, headers, body };
  };
  const provider = exacgDialect.create(
    { SD_API_BASE_URL: "https://sd.example", SD_API_KEY: "sk-x" },
    { fetch },
  );
  const source = { bytes: new Uint8Array(4), format: "png" as const, url };
  const wishes = { sources: [source], seed: 7, steps: 9, guidance: 3, extras: { steps: 20 } };
  await provider.generate(anOrder(wishes, model), aContext());
  return bodies[0];
}

describe("exacg with a picture to edit", () => {
  test("sends the link to it, and leaves steps and guidance to the service", async () => {
    expect(await sent("https://draw.example/images/a.png")).toEqual({
      prompt: "a cat reading a book",
      width: 192,
      height: 128,
      image_source: "https://draw.example/images/a.png",
      model_index: 16,
      seed: 7,
    });
  });

  test("says what is missing where the service could not fetch it", async () => {
    await expect(sent(undefined)).rejects.toMatchObject({
      code: "invalid-request",
      message: expect.stringContaining("PUBLIC_URL"),
    });
  });
});
