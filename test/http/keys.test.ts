import { describe, expect, test } from "vitest";
import { createKeyCheck, keyHeader } from "../../src/http/keys.ts";

const check = createKeyCheck([
  { name: "anna", key: "key" },
  { name: "ben", key: "ben-key" },
]);

describe("a key", () => {
  test.each([
    ["Bearer key", "anna"],
    ["bearer   key ", "anna"],
    ["Bearer ben-key", "ben"],
    ["key", "anna"],
    [" ben-key ", "ben"],
    ["Bearer Bearer key", "anna"],
    ["bearer BEARER  Bearer key", "anna"],
    ["Bearer: key", "anna"],
    ['Bearer "key"', "anna"],
    ["'ben-key'", "ben"],
    ["Bearer\tkey", "anna"],
  ])("is known by its name, the second time as well: %j", (header, name) => {
    for (const time of ["first", "second"]) expect(check(header), time).toMatchObject({ name });
  });

  test.each([
    ["Bearer KEY", "unknown"],
    ["Bearer key2", "unknown"],
    ["Bearer ", "none"],
    ["Basic key", "none"],
    ["Bearer", "none"],
    ["Bearer Bearer ", "none"],
    ["Bearer key ben-key", "none"],
    ["kEY", "unknown"],
    ["", "none"],
    [undefined, "none"],
  ])("is refused, the second time as well: %j", (header, missing) => {
    for (const time of ["first", "second"]) expect(check(header), time).toEqual({ missing });
  });

  test("may come as api-key, which counts only without another", () => {
    expect(keyHeader(new Headers({ "api-key": "key" }))).toBe("Bearer key");
    const both = new Headers({ "api-key": "key", authorization: "Bearer other" });
    expect(keyHeader(both)).toBe("Bearer other");
    expect(keyHeader(new Headers())).toBeUndefined();
  });

  test.each([
    [{ "api-key": "key" }, "anna"],
    [{ "x-api-key": "ben-key" }, "ben"],
    [{ "X-API-Key": "Bearer key" }, "anna"],
    [{ authorization: "", "api-key": "key" }, "anna"],
    [{ authorization: "Bearer ", "x-api-key": "key" }, "anna"],
    [{ authorization: "Basic dTpw", "x-api-key": "key" }, "anna"],
    [{ authorization: "Bearer", "api-key": "", "x-api-key": "key" }, "anna"],
    [{ authorization: "ben-key", "api-key": "key" }, "ben"],
  ])("is found in the first header that holds one: %j", (headers, name) => {
    expect(check(keyHeader(new Headers(Object.entries(headers))))).toMatchObject({ name });
  });
});
