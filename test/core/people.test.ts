import { describe, expect, test } from "vitest";
import { invitationMs } from "../../core/people.ts";
import { aStudio, easel, submission } from "../fakes/studio.ts";

const [anna, annaThere] = ["telegram:1", "discord:1"];

/** A studio whose clock stands until it is moved. */
function aHouse() {
  let time = 1_800_000_000_000;
  const house = aStudio({ easel: easel({ auto: true }), perDay: 9, now: () => time });
  const paint = async (id: string, prompt: string) => {
    const requester = await house.people.of(id);
    const { code } = await house.studio.submit({ prompt }, { ...submission(), requester });
    time += 1000;
    return house.studio.finished(code);
  };
  const link = async () => house.people.join(annaThere, await house.people.invite(anna));
  return { ...house, paint, link, pass: (ms: number) => void (time += ms) };
}

describe("A person with several accounts", () => {
  test("has one history of what was asked for before and after they were linked", async () => {
    const { studio, people, paint, link } = aHouse();
    const first = await paint(annaThere, "a");
    const second = await paint(anna, "b");
    await link();
    const third = await paint(annaThere, "c");
    const codes = [third.code, second.code, first.code];
    for (const id of [anna, annaThere]) {
      const history = await studio.history(await people.of(id), { limit: 9 });
      expect(history.map(({ code }) => code)).toEqual(codes);
      const page = await studio.history(await people.of(id), { limit: 2 });
      expect(page.map(({ code }) => code)).toEqual(codes.slice(0, 2));
    }
    expect(third.requester).toEqual({ id: anna });
  });

  test("may do with each job what its owner may", async () => {
    const { studio, people, paint, link } = aHouse();
    const { code } = await paint(annaThere, "a");
    const before = studio.erasePictures(code, await people.of(anna));
    await expect(before).rejects.toMatchObject({ code: "not-yours" });
    await link();
    await studio.erasePictures(code, await people.of(anna));
    expect((await studio.find(code, { id: anna })).pictures).toEqual([]);
  });

  test("has one quota and the presets of both", async () => {
    const { studio, people, paint, link } = aHouse();
    await studio.presets.save(anna, { name: "ink", words: "mine" });
    await studio.presets.save(annaThere, { name: "ink", words: "mine, too" });
    await link();
    await paint(anna, "a");
    await paint(annaThere, "b --preset ink-2");
    expect(await studio.quotaOf(await people.of(annaThere))).toMatchObject([{ left: 7 }]);
    expect(await studio.presets.of(anna)).toMatchObject([{ name: "ink" }, { name: "ink-2" }]);
    expect(await studio.presets.of(annaThere)).toEqual([]);
  });

  test("is who they were again once unlinked, with what they asked for there", async () => {
    const { studio, people, paint, link } = aHouse();
    const { code } = await paint(annaThere, "a");
    await link();
    await people.unlink(anna, annaThere);
    const there = await people.of(annaThere);
    expect(there).toEqual({ id: annaThere });
    expect(await studio.history(there, { limit: 9 })).toMatchObject([{ code }]);
    expect(await studio.history(await people.of(anna), { limit: 9 })).toEqual([]);
  });

  test("brings along those who had joined them", async () => {
    const { people, link } = aHouse();
    await link();
    await people.join(anna, await people.invite("telegram:9"));
    expect(await people.of(annaThere)).toMatchObject({ id: "telegram:9" });
    expect(await people.links("telegram:9")).toEqual([annaThere, anna]);
  });

  test("is joined by one account with each code, within ten minutes", async () => {
    const { people, pass } = aHouse();
    const code = await people.invite(anna);
    await people.join(annaThere, code.toLowerCase());
    const second = people.join("discord:2", code);
    await expect(second).rejects.toMatchObject({ code: "not-found" });
    const late = await people.invite(anna);
    pass(invitationMs);
    await expect(people.join("discord:2", late)).rejects.toMatchObject({ code: "not-found" });
  });

  test("cannot be found by guessing codes", async () => {
    const { people } = aHouse();
    const guess = () => people.join("discord:2", "zl-0000000000");
    for (let count = 0; count < 10; count++) {
      await expect(guess()).rejects.toMatchObject({ code: "not-found" });
    }
    await expect(guess()).rejects.toMatchObject({ code: "too-many-lookups" });
  });
});

describe("A personal key", () => {
  test("stands for its person until it is revoked, and is not kept itself", async () => {
    const { people } = aHouse();
    const key = await people.makeKey(anna);
    expect(key).toMatch(/^zk-[0-9A-Z]{26}$/);
    expect(await people.ofKey(key)).toEqual({ id: anna });
    const [kept = ""] = await people.links(anna);
    expect(kept).not.toContain(key);
    expect(await people.ofKey(kept)).toBeUndefined();
    await people.unlink(anna, kept.slice(0, 11));
    expect(await people.ofKey(key)).toBeUndefined();
    await expect(people.unlink(anna, "key:")).rejects.toMatchObject({ code: "not-found" });
  });

  test("goes with its person to whom they join, and with all that is forgotten", async () => {
    const { people } = aHouse();
    const key = await people.makeKey(annaThere);
    await people.join(annaThere, await people.invite(anna));
    expect(await people.ofKey(key)).toEqual({ id: anna, aliases: [annaThere] });
    await people.forget(anna);
    expect(await people.ofKey(key)).toBeUndefined();
    expect(await people.of(annaThere)).toEqual({ id: annaThere });
  });

  test("is one of ten at most", async () => {
    const { people } = aHouse();
    for (let count = 0; count < 10; count++) await people.makeKey(anna);
    await expect(people.makeKey(anna)).rejects.toMatchObject({ code: "invalid-request" });
  });
});
