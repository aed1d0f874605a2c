import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import type { ImageProvider } from "../../core/provider.ts";
import { aDoor } from "../fakes/door.ts";
import { errorEnvelope } from "../fakes/openai-schemas.ts";
import { easel } from "../fakes/studio.ts";

/** Paints the same few pixels whatever is ordered, so that a body that is good after all costs little. */
async function quickPainter(): Promise<ImageProvider> {
  const create = { width: 8, height: 8, channels: 3, background: "teal" } as const;
  const image = await sharp({ create }).png().toBuffer();
  return { ...easel({ auto: true }), generate: async () => ({ image, notices: [], facts: {} }) };
}

// === Values that nobody should send

const oddStrings = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom(
    "",
    " ",
    "\u0000",
    "\ud800",
    "\udc00 a cat \ud800",
    "__proto__",
    "constructor",
    "auto",
    "1024x1024",
    "1024X1024",
    "99999x1",
    "0x0",
    "-1x-1",
    "NaN",
    "16:9",
    "0:0",
    "1:0",
    "1e9:1",
    "../../etc/passwd",
    "${7*7}",
    "'; DROP TABLE jobs; --",
    "<script>alert(1)</script>",
    "![x](javascript:alert(1))",
    "\r\nx-injected: 1",
    "--seed --ar --no --steps 9e9",
    "﻿",
    "a".repeat(30_000),
    "比例".repeat(5_000),
  ),
);

const oddNumbers = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -0, -1, 0.5, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 53, 2 ** 64),
);

function nested(depth: number, inner: unknown): unknown {
  return depth === 0 ? inner : [nested(depth - 1, inner)];
}

const deepValues = fc.integer({ min: 10, max: 500 }).map((depth) => nested(depth, { a: 1 }));

const oddValues = fc.oneof(
  { weight: 4, arbitrary: oddStrings },
  { weight: 4, arbitrary: oddNumbers },
  { weight: 2, arbitrary: fc.constantFrom(null, true, false) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: deepValues },
);

const oddMessages = fc.oneof(
  oddValues,
  fc.array(
    fc.oneof(
      oddValues,
      fc.record({
        role: fc.oneof(fc.constantFrom("user", "system", "assistant"), oddValues),
        content: fc.oneof(
          oddValues,
          fc.array(
            fc.oneof(
              oddValues,
              fc.record({ type: fc.oneof(fc.constant("text"), oddValues), text: oddValues }),
              fc.record({ type: fc.constant("image_url"), image_url: oddValues }),
            ),
            { maxLength: 4 },
          ),
        ),
      }),
    ),
    { maxLength: 4 },
  ),
);

// === Bodies

/** Everything that some endpoint reads, and some that none does. */
const fieldNames = [
  "model",
  "prompt",
  "messages",
  "n",
  "batch_size",
  "width",
  "height",
  "size",
  "image_size",
  "aspect_ratio",
  "aspectRatio",
  "cfg",
  "guidance_scale",
  "seed",
  "steps",
  "num_inference_steps",
  "negative_prompt",
  "quality",
  "enhance",
  "prompt_enhancement",
  "stream",
  "stream_options",
  "response_format",
  "output_format",
  "output_compression",
  "partial_images",
  "background",
  "moderation",
  "modalities",
  "reasoning",
  "tools",
  "tool_choice",
  "max_tokens",
  "image",
  "images",
  "mask",
  "input",
  "sampler",
  "style",
  "tiling",
  "wording",
  "user",
  "__proto__",
  "constructor",
  "toString",
] as const;

const good = { prompt: "a cat", messages: [{ role: "user", content: "a cat" }] };

/** A good body of which some fields are odd; built as text, since `__proto__` is no usual key of an object. */
const oddObjects = fc
  .array(
    fc
      .constantFrom(...fieldNames)
      .chain((name) => fc.tuple(fc.constant(name), name === "messages" ? oddMessages : oddValues)),
    { minLength: 1, maxLength: 6 },
  )
  .map((fields) => {
    const parts = Object.entries(good).concat(fields as never);
    return `{${parts.map(([name, value]) => `${JSON.stringify(name)}:${textOf(value)}`).join(",")}}`;
  });

/** JSON has no word for what JavaScript calls undefined, NaN or Infinity; a body may still say so. */
function textOf(value: unknown): string {
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}

const bare = fc.oneof(
  oddValues.map(textOf),
  fc.constantFrom("", " ", "{}", "[]", "null", '"a cat"', "1e999", "{", "}", "undefined", "{,}"),
  fc.string({ maxLength: 50 }),
);

const cut = fc
  .tuple(oddObjects, fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([text, share]) => text.slice(0, Math.floor(text.length * share)));

const doubled = fc
  .tuple(oddObjects, oddObjects)
  .map(([one, other]) => `${one.slice(0, -1)},${other.slice(1)}`);

const deep = fc
  .tuple(fc.constantFrom(["[", "]"], ['{"a":', "}"]), fc.constantFrom(1_000, 50_000, 150_000))
  .map(([[open = "", close = ""], depth]) => open.repeat(depth) + close.repeat(depth));

/** Bytes of which some are wrong: invalid UTF-8, control characters, other encodings. */
const broken = fc
  .tuple(
    oddObjects,
    fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 5 }),
  )
  .map(([text, changes]) => {
    const bytes = Buffer.from(text);
    for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
    return bytes;
  });

const sixteenBit = oddObjects.map((text) => Buffer.from(`\ufeff${text}`, "utf16le"));

const multipart = oddObjects.map((text) =>
  [
    "--boundary",
    'Content-Disposition: form-data; name="prompt"',
    "",
    text,
    "--boundary",
    'Content-Disposition: form-data; name="image"; filename="a.png"',
    "Content-Type: image/png",
    "",
    "\u0089PNG",
    "--boundary--",
    "",
  ].join("\r\n"),
);

const large = fc.constant(JSON.stringify({ ...good, more: "x".repeat(1024 * 1024) }));

const bodies: fc.Arbitrary<string | Buffer> = fc.oneof(
  { weight: 400, arbitrary: oddObjects },
  { weight: 60, arbitrary: bare },
  { weight: 60, arbitrary: cut },
  { weight: 60, arbitrary: doubled },
  { weight: 60, arbitrary: broken },
  { weight: 20, arbitrary: sixteenBit },
  { weight: 40, arbitrary: multipart },
  { weight: 3, arbitrary: deep },
  { weight: 3, arbitrary: large },
);

/** CODE is that of a picture that there is. */
const paths = fc.constantFrom(
  "/v1/chat/completions",
  "/chat/completions",
  "/v1/images/generations",
  "/images/generations",
  "/v1/images/edits",
  "/v1/images/variations",
  "/v1/images/CODE/again",
  "/v1/responses",
);

const contentTypes = fc.constantFrom(
  "application/json",
  "application/json; charset=utf-16",
  "text/plain",
  "text/html",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=boundary",
  "multipart/form-data",
  "image/png",
  "",
);

const moreHeaders = fc.record(
  {
    "idempotency-key": fc.constantFrom("k", "", " ", "x".repeat(300)),
    "x-stainless-retry-count": fc.constantFrom("0", "1", "-1", "NaN", "9".repeat(50)),
    "content-encoding": fc.constantFrom("gzip", "br"),
    "x-forwarded-host": fc.constantFrom("evil.example", "a b", "[", ""),
  },
  { requiredKeys: [] },
);

const requests = fc.record({
  path: paths,
  body: bodies,
  contentType: contentTypes,
  headers: moreHeaders,
});

/** What chance may leave out among so few. */
function rare(kind: "no such model" | "large") {
  const more =
    kind === "large" ? { more: "x".repeat(5 * 1024 * 1024) } : { model: "no-such-model" };
  const body = JSON.stringify({ ...good, ...more });
  const path = "/v1/images/generations" as const;
  return { path, body, contentType: "application/json" as const, headers: {} };
}

/** More are worth their time now and then; a run of all tests has no time for them. */
const count = Number(process.env.BAD_BODIES ?? 4_000);

describe(`the HTTP door, sent ${count} bad bodies,`, () => {
  test("answers each within a second, with what went wrong, and lives on", {
    timeout: 60_000 + count * 30,
  }, async () => {
    const painter = await quickPainter();
    const { app, post } = aDoor({ painter, trustProxy: true });
    const first = await post("/v1/images/generations", good);
    const code = first.headers.get("x-drawbridge-code") ?? "";
    const statuses = new Map<number, number>();

    await fc.assert(
      fc.asyncProperty(requests, async ({ path, body, contentType, headers }) => {
        const startedAt = process.cpuUsage();
        const response = await app.request(path.replace("CODE", code), {
          method: "POST",
          headers: { ...headers, authorization: "Bearer key", "content-type": contentType },
          body,
        });
        const text = await response.text();
        // Processor time: what others take of the machine is not the door's.
        const { user, system } = process.cpuUsage(startedAt);
        expect((user + system) / 1000).toBeLessThan(1000);
        const { status } = response;
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status >= 400) errorEnvelope.parse(JSON.parse(text));
        expect(status < 500 || [502, 503, 504].includes(status), `${status} ${text}`).toBe(true);
        expect(response.headers.get("x-request-id")).toBeTruthy();
        expect(response.headers.get("access-control-allow-origin")).toBe("*");
      }),
      { numRuns: count, examples: [[rare("no such model")], [rare("large")]] },
    );

    // Bodies of all kinds were among them: good ones, too.
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 404, 413]));
    expect((await post("/v1/images/generations", good)).status).toBe(200);
  });
});
