import { describe, expect, onTestFinished, test } from "vitest";
import { aDirectory } from "../builders.ts";
import { post, startStandIns } from "../fakes/drawbridge.ts";
import { houseIn } from "../fakes/house.ts";

describe("a house whose runtime is killed at work", () => {
  test("finishes the picture without being asked, and has it for who asks again", async () => {
    const standIns = await startStandIns({ enhancer: false });
    const { service } = standIns;
    onTestFinished(standIns.close);
    const environment = { ...standIns.environment, LOG_LEVEL: "silent" };
    const directory = aDirectory();
    const wish = { prompt: "a cat" };
    const key = { headers: { "idempotency-key": "k" } };
    const first = await houseIn(directory, environment);
    const release = service.hold();
    const given = post(first.url, "/v1/images/generations", wish, key).catch(() => undefined);
    await service.arrived(1);
    await first.kill();
    await given;
    release();

    const second = await houseIn(directory, environment);
    await service.arrived(2);
    await expect.poll(() => service.running).toBe(0);

    const answer = await post(second.url, "/v1/images/generations", wish, key);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain("b64_json");
    expect(service.requests).toHaveLength(2);
  });
});
