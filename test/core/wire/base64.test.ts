import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesFromBase64 } from "../../../core/wire/base64.ts";

const latin1 = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
const anyText = fc.string({ unit: latin1 });

/** What services and clients make of base64. */
const written = fc
  .tuple(fc.uint8Array({ maxLength: 100 }), fc.constantFrom("base64", "base64url"), anyText)
  .chain(([bytes, alphabet, strange]) => {
    const text = Buffer.from(bytes).toString(alphabet);
    return fc.constantFrom(
      text,
      text.replaceAll("=", ""),
      text.replace(/.{1,7}/g, "$&\r\n "),
      `${text}====`,
      text.slice(0, -1),
      text.slice(0, 5) + strange + text.slice(5),
    );
  });

function readsAsBuffersDo() {
  fc.assert(
    fc.property(fc.oneof(written, anyText), (text) => {
      expect(bytesFromBase64(text)).toEqual(Uint8Array.from(Buffer.from(text, "base64")));
    }),
    { numRuns: 1_000 },
  );
}

describe("bytesFromBase64", () => {
  test.for([
    ["YWJj", "abc"],
    ["YWI=", "ab"],
    ["YWI", "ab"],
    [" Y\nW I = ", "ab"],
    ["-_-_", "\xfb\xff\xbf"],
    ["+/-_", "\xfb\xff\xbf"],
    ["YWJj!YWJj", "abcabc"],
    ["YWI=YWI=", "ab"],
    ["Y", ""],
    ["", ""],
  ] as const)("reads %j", ([text, bytes]) => {
    expect(Buffer.from(bytesFromBase64(text)).toString("latin1")).toBe(bytes);
  });

  test("reads whatever comes as Node's buffers do", readsAsBuffersDo);

  test("reads the same where the runtime decodes to text alone", () => {
    const own = Object.getOwnPropertyDescriptor(Uint8Array, "fromBase64");
    Reflect.deleteProperty(Uint8Array, "fromBase64");
    try {
      readsAsBuffersDo();
    } finally {
      if (own) Object.defineProperty(Uint8Array, "fromBase64", own);
    }
  });
});
