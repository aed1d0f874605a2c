import { describe, expect, test } from "vitest";
import { aDoor, type TestDoorOptions } from "../fakes/door.ts";
import { easel } from "../fakes/studio.ts";

const me = "telegram:7";
const path = "/v1/images/generations";

function aLinkedHouse(options: TestDoorOptions = {}) {
  const door = aDoor({ easel: easel({ auto: true }), ...options });
  const link = async () => door.post("/v1/link", { code: await door.people.invite(me) });
  const whose = async () => (await door.get("/v1/link")).json() as Promise<object>;
  return { ...door, link, whose };
}

describe("a key of the server", () => {
  test("is its own person until it is linked to another one, and again after that", async () => {
    const { link, whose, send } = aLinkedHouse();
    const alone = { object: "link", person: "http:anna", accounts: ["http:anna"] };
    const linked = { object: "link", person: me, accounts: [me, "http:anna"] };
    expect(await whose()).toEqual(alone);
    const answer = await link();
    expect([answer.status, await answer.json()]).toEqual([200, linked]);
    expect(await whose()).toEqual(linked);
    expect(await (await send("DELETE", "/v1/link")).json()).toEqual(alone);
    expect(await whose()).toEqual(alone);
    expect(await (await send("DELETE", "/v1/link")).json()).toEqual(alone);
  });

  test("shares history, presets and quota with its person", async () => {
    const { link, post, get, send, people, studio } = aLinkedHouse({ perDay: 5 });
    await post(path, { prompt: "before" });
    await send("PUT", "/v1/presets/ink", { words: "in ink" });
    await link();
    const made = await post(path, { prompt: "after --preset ink" });
    expect(made.headers.get("x-ratelimit-remaining")).toBe("4");
    const person = await people.of(me);
    const words = (await studio.history(person, { limit: 9 })).map(({ brief }) => brief.words);
    expect(words).toEqual(["after --preset ink", "before"]);
    expect(await (await get("/v1/images")).json()).toMatchObject({ data: [{}, {}] });
    expect(await studio.presets.of(me)).toMatchObject([{ name: "ink" }]);
    expect(await studio.quotaOf(person)).toMatchObject([{ left: 4 }]);
  });

  test("gives the picture that it was asked for before it was linked to who asks again", async () => {
    const { link, post } = aLinkedHouse();
    const once = { "idempotency-key": "one" };
    const before = await post(path, { prompt: "a fox" }, once);
    await link();
    const after = await post(path, { prompt: "a fox" }, once);
    const codes = [before, after].map(({ headers }) => headers.get("x-drawbridge-code"));
    expect(codes[1]).toBe(codes[0]);
  });

  test("is told at once by its code that it is linked to nobody", async () => {
    const { post } = aLinkedHouse();
    const refused = await post("/v1/link", { code: "zl-0000000000" });
    expect(refused.status).toBe(404);
    expect(await refused.text()).toContain("/link in a chat shows a new one");
    expect((await post("/v1/link", {})).status).toBe(400);
  });

  test("is refused in words where it is several people's, or a person's own", async () => {
    const { post, people, whose } = aLinkedHouse();
    const code = await people.invite(me);
    const shared = { authorization: "Bearer team-key" };
    const own = { authorization: `Bearer ${await people.makeKey("discord:1")}` };
    for (const [headers, why] of [
      [shared, /Several people share this key/],
      [own, /This is a personal key/],
    ] as const) {
      const refused = await post("/v1/link", { code }, headers);
      expect(refused.status).toBe(400);
      expect(await refused.text()).toMatch(why);
    }
    expect(await whose()).toMatchObject({ person: "http:anna" });
    expect(await people.links(me)).toEqual([]);
  });
});

describe("an operator whose key is linked", () => {
  test("is one under every account, and nothing is counted or given back", async () => {
    const { studio, people } = aLinkedHouse({ perDay: 1 });
    await people.join("http:boss", await people.invite(me));
    const operator = await people.of(me);
    for (const prompt of ["one", "two"]) {
      const delivery = { door: "http", place: null, direct: true };
      const job = await studio.submit({ prompt }, { requester: operator, delivery });
      expect(await studio.finished(job.code)).toMatchObject({ state: "done", uncounted: true });
    }
    expect(await studio.quotaOf(operator)).toEqual([]);
    expect(await studio.quotaOf({ id: me })).toMatchObject([{ left: 1 }]);
  });
});
