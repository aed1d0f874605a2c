import { describe, expect, test } from "vitest";
import { aDoor } from "../fakes/door.ts";
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
    ["Token key", "anna"],
    ["Key ben-key", "ben"],
    ["Api-Key key", "anna"],
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
    [{ authorization: "Bearer undefined", "x-api-key": "key" }, "anna"],
    [{ authorization: "Bearer null", "api-key": "ben-key" }, "ben"],
    [{ authorization: "Basic dTpw", "x-api-key": "key" }, "anna"],
    [{ authorization: "Bearer", "api-key": "", "x-api-key": "key" }, "anna"],
    [{ authorization: "ben-key", "api-key": "key" }, "ben"],
  ])("is found in the first header that holds one: %j", (headers, name) => {
    expect(check(keyHeader(new Headers(Object.entries(headers))))).toMatchObject({ name });
  });
});

describe("a personal key", () => {
  test("lets its person in, with what they made elsewhere, until it is revoked", async () => {
    const { people, studio, get, post } = aDoor();
    const key = await people.makeKey("telegram:7");
    const own = { authorization: `Bearer ${key}` };
    const made = await post("/v1/images/generations", { prompt: "a fox" }, own);
    expect(made.status).toBe(200);
    expect(await studio.history({ id: "telegram:7" }, { limit: 9 })).toHaveLength(1);
    expect((await get("/v1/models", { "x-api-key": key })).status).toBe(200);
    await people.unlink("telegram:7", "key:");
    expect((await get("/v1/models", own)).status).toBe(401);
    expect((await get("/v1/models", { authorization: "Bearer zk-0" })).status).toBe(401);
  });
});
