import { describe, expect, test } from "vitest";
import { aDoor } from "../fakes/door.ts";
import { errorEnvelope } from "../fakes/openai-schemas.ts";

/** A door where one picture was made; its code and the way to it. */
async function afterOne() {
  const test = aDoor();
  const made = await test.post("/v1/images/generations", { prompt: "a fox, ratio 16:9", seed: 7 });
  const code = made.headers.get("x-drawbridge-code") ?? "";
  const again = (body: object, headers?: Record<string, string>) =>
    test.post(`/v1/images/${code}/again`, body, headers);
  return { ...test, code, again };
}

describe("a picture's recipe", () => {
  test("says how it was made, to whoever has its code and a key", async () => {
    const { get, code } = await afterOne();
    for (const path of [`/v1/images/${code}`, `/images/${code.toLowerCase()}`]) {
      expect(await (await get(path)).json()).toMatchObject({
        object: "image.recipe",
        code,
        state: "done",
        original_prompt: "a fox, ratio 16:9",
        prompt: "a fox",
        seed: 7,
        aspect_ratio: "16:9",
        data: [{ seed: 7, width: 128, height: 72 }],
      });
    }
    expect((await get(`/v1/images/${code}`, { authorization: "Bearer wrong" })).status).toBe(401);
  });

  test.each(["zi-0000000000", "nothing", "zi-"])("is not found under %s", async (code) => {
    const response = await aDoor().get(`/v1/images/${code}`);
    expect(response.status).toBe(404);
    errorEnvelope.parse(await response.json());
  });
});

describe("guessing codes", () => {
  /** How a guess from behind a proxy at this address is answered, made so many times. */
  async function guesses(send: () => Response | Promise<Response>, times: number) {
    const statuses: number[] = [];
    for (let n = 0; n < times; n++) statuses.push((await send()).status);
    return statuses.at(-1);
  }

  test("makes one address wait, and nobody else who has the same key", async () => {
    const { get, post } = aDoor({ trustProxy: true });
    const made = await post("/v1/images/generations", { prompt: "a fox" });
    const code = made.headers.get("x-drawbridge-code") ?? "";
    const from = (address: string) => ({ "x-forwarded-for": address });
    const look = (at: string, address: string) => get(`/v1/images/${at}`, from(address));
    const eve = "6.6.6.6, 10.0.0.1";
    expect(await guesses(() => look("zi-0000000000", eve), 11)).toBe(429);
    // What the client itself claims to have come from changes nothing.
    expect((await look("zi-0000000000", "1.2.3.4, 10.0.0.1")).status).toBe(429);
    expect((await look("zi-0000000000", "10.0.0.2")).status).toBe(404);
    expect((await look(code, "10.0.0.2")).status).toBe(200);
    const again = (address: string) =>
      post("/v1/images/zi-0000000000/again", { seed: 1 }, from(address));
    expect((await again(eve)).status).toBe(429);
    expect((await again("10.0.0.2")).status).toBe(404);
  });

  test("is not told apart by headers where no proxy is trusted", async () => {
    const { get } = aDoor();
    let address = 0;
    const guess = () =>
      get("/v1/images/zi-0000000000", { "x-forwarded-for": `10.0.0.${address++}` });
    expect(await guesses(guess, 11)).toBe(429);
  });
});

describe("a picture made again", () => {
  test("is the same where nothing is changed", async () => {
    const { again, easel } = await afterOne();
    expect(await (await again({})).json()).toMatchObject({ parent: expect.any(String), seed: 7 });
    expect(easel.orders[1]).toMatchObject({ prompt: "a fox", seed: 7, width: 128 });
  });

  test("is what the changes make of it, under any name that a field goes by", async () => {
    const { again, easel } = await afterOne();
    await again({ seed: "new", aspectRatio: "3:4", batch_size: 2, negative_prompt: "text" });
    expect(easel.orders.slice(1)).toMatchObject([
      { width: 96, height: 128, negative: "text" },
      { width: 96, height: 128 },
    ]);
    expect(easel.orders[1]?.seed).not.toBe(7);
    await again({ seed: -1e300 });
    expect(easel.orders[3]?.seed).toBeGreaterThan(0);
  });

  test("is one picture for one Idempotency-Key", async () => {
    const { again, easel } = await afterOne();
    const [first, second] = [
      await again({ seed: "new" }, { "idempotency-key": "k" }),
      await again({ seed: "new" }, { "idempotency-key": "k" }),
    ].map((response) => response.headers.get("x-drawbridge-code"));
    expect([first === second, easel.orders.length]).toEqual([true, 2]);
  });

  test.each([
    ["seed", { seed: "other" }],
    ["wording", { wording: "else" }],
    ["n", { n: 11 }],
  ])("is refused for a wrong %s", async (param, body) => {
    const { again } = await afterOne();
    const response = await again(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param } });
  });
});
