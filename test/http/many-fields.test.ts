import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { holds, placesOf } from "../../src/http/images/form-parts.ts";
import { aDoor, chat } from "../fakes/door.ts";
import { errorEnvelope } from "../fakes/openai-schemas.ts";
import { easel } from "../fakes/studio.ts";

const edits = "/v1/images/edits";
const everywhere = ["/v1/chat/completions", "/v1/images/generations", edits, "/v1/responses"];

function anEditor() {
  const models = [{ id: "Editor", provider: "easel", edits: true }];
  return aDoor({ easel: easel({ auto: true, edit: "bytes" }), models });
}

async function codeOf(answer: Response) {
  return [answer.status, errorEnvelope.parse(await answer.json()).error.code];
}

describe("a body with more fields than anyone has", () => {
  const fields = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`field${index}`, 1]));

  test.each(everywhere)("is refused before it is copied: %s", async (path) => {
    const { post, easel: painter } = anEditor();
    for (const count of [1_001, 250_000]) {
      const answer = await post(path, { ...chat("a cat"), prompt: "a cat", ...fields(count) });
      expect(await codeOf(answer)).toEqual([400, "too_many_fields"]);
    }
    expect(painter.orders).toEqual([]);
  });

  test("is taken with some hundreds", async () => {
    const { post } = anEditor();
    const answer = await post("/v1/images/generations", { prompt: "a cat", ...fields(900) });
    expect(answer.status).toBe(200);
  });
});

describe("a form", () => {
  const part = (name: string, rest = "") =>
    `--b\r\ncontent-disposition: form-data; name="${name}"${rest}\r\n\r\nx\r\n`;

  const send = (body: string, boundary = "b") => {
    const headers = {
      authorization: "Bearer key",
      "content-type": `multipart/form-data; boundary=${boundary}`,
    };
    return anEditor().app.request(edits, { method: "POST", headers, body });
  };

  test.each([
    ["fields", part("field")],
    ["pictures", part("image[]", '; filename="a.png"')],
  ])("with hundreds of thousands of %s is refused", async (_, one) => {
    const answer = await send(`${part("prompt")}${one.repeat(600_000)}--b--\r\n`);
    expect(await codeOf(answer)).toEqual([400, "too_many_fields"]);
  });

  test("whose boundary stands in quotation marks is counted as well", async () => {
    const answer = await send(`${part("field").repeat(2_000)}--b--\r\n`, '"b"; charset=utf-8');
    expect(await codeOf(answer)).toEqual([400, "too_many_fields"]);
  });

  test.each([
    ["a name of megabytes", part("a".repeat(30_000_000))],
    ["headers without end", part("a", "\r\nx-a: b".repeat(3_000_000))],
  ])("with %s is none", async (_, one) => {
    expect(await codeOf(await send(`${one}--b--\r\n`))).toEqual([400, "invalid_form"]);
  });
});

describe("bytes within bytes", () => {
  test("are found where they stand", () => {
    const few = fc.uint8Array({ max: 2, minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.uint8Array({ max: 2, maxLength: 60 }), few, (bytes, wanted) => {
        const whole = Buffer.from(bytes);
        const expected: number[] = [];
        for (
          let at = whole.indexOf(wanted);
          at >= 0;
          at = whole.indexOf(wanted, at + wanted.length)
        ) {
          expected.push(at);
        }
        expect([...placesOf(bytes, wanted)]).toEqual(expected);
        expect(holds(bytes, wanted)).toBe(expected.length > 0);
      }),
    );
  });

  test("are found in one pass, however often they begin", () => {
    const dashes = new Uint8Array(30_000_000).fill(0x2d);
    const wanted = new Uint8Array([...dashes.subarray(0, 70), 0x62]);
    expect(holds(dashes, wanted)).toBe(false);
  });
});
