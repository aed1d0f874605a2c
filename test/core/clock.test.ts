import { describe, expect, test } from "vitest";
import { noObserver } from "../builders.ts";
import { aDoor } from "../fakes/door.ts";
import { easel, submission } from "../fakes/studio.ts";

const dayMs = 86_400_000;

/** A door whose clock can be moved, and the durations that it counts. */
function aScene() {
  let moved = 0;
  const counted: number[] = [];
  const observe = {
    ...noObserver,
    turnBegan: (_: string, waitedMs: number) => void counted.push(waitedMs),
    pictureMade: (_: string, tookMs: number) => void counted.push(tookMs),
  };
  const painter = easel();
  const now = () => Date.now() + moved;
  const door = aDoor({ easel: painter, now, observe, slots: 1, perUser: 1 });
  const move = (ms: number) => void (moved += ms);
  return { ...door, painter, now, counted, move };
}

describe.each([
  ["forward", dayMs],
  ["back", -dayMs],
])("a clock that moves a day %s while a picture is under way", (_, ms) => {
  test("changes no duration: not what is counted, and not how long others are asked to wait", async () => {
    const { studio, post, painter, counted, move } = aScene();
    const first = await studio.submit({ prompt: "a cat" }, submission());
    await painter.begun(1);
    const waiting = await studio.submit({ prompt: "another" }, submission());
    move(ms);
    painter.finish();
    const { createdAt, finishedAt } = await studio.finished(first.code);
    expect(finishedAt).toBeGreaterThanOrEqual(createdAt);
    await painter.begun(2);
    move(-ms);
    painter.finish();
    await studio.finished(waiting.code);
    expect(counted).toHaveLength(4);
    for (const duration of counted) {
      expect(duration).toBeGreaterThanOrEqual(0);
      expect(duration).toBeLessThan(60_000);
    }
    for (let n = 0; n < 2; n++) await studio.submit({ prompt: `${n}` }, submission());
    const refused = await post("/v1/images/generations", { prompt: "one too many" });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeLessThanOrEqual(60);
  });

  test("changes nothing about how long it has been painted", async () => {
    const { studio, painter, now, move } = aScene();
    const { code } = await studio.submit({ prompt: "a cat" }, submission());
    await painter.begun(1);
    move(ms);
    const { startedAt = 0 } = studio.view(code) ?? {};
    expect(Math.abs(now() - startedAt)).toBeLessThan(60_000);
  });

  test("lets nobody who guessed codes wait for longer than before", async () => {
    const { studio, move } = aScene();
    const find = () =>
      studio.find("zi-0000000000", { id: "http:eve" }).catch((error: unknown) => error);
    for (let n = 0; n < 10; n++) expect(await find()).toMatchObject({ code: "not-found" });
    move(ms);
    const refused = (await find()) as { details: { retryAfterMs: number } };
    expect(refused).toMatchObject({ code: "too-many-lookups" });
    expect(refused.details.retryAfterMs).toBeLessThanOrEqual(60_000);
  });
});

test("No client is told to wait for more than ten minutes", async () => {
  const { post } = aDoor({ perDay: 1 });
  await post("/v1/images/generations", { prompt: "a cat" });
  const refused = await post("/v1/images/generations", { prompt: "another" });
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get("retry-after"))).toBeLessThanOrEqual(600);
});
