import { describe, expect, test } from "vitest";
import { aDoor, chat } from "../fakes/door.ts";

const longest = "word ".repeat(4000).slice(0, 20_000).replace(/ $/, "s");
const tooLong = `${longest}!`;

describe("a prompt of more than 20,000 characters", () => {
  const tool = { tools: [{ type: "image_generation" }] };
  const said = { role: "user", content: [{ type: "input_text", text: tooLong }] };

  test.each([
    ["images", "/v1/images/generations", { prompt: tooLong }],
    ["a chat's message", "/v1/chat/completions", chat(tooLong)],
    ["a chat's prompt", "/v1/chat/completions", { ...chat("a cat"), prompt: tooLong }],
    ["a response's text", "/v1/responses", { input: tooLong, ...tool }],
    ["a response's message", "/v1/responses", { input: [said], ...tool }],
  ])("is refused in %s, with its limit", async (_, path, body) => {
    const response = await aDoor().post(path, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: {
        type: "invalid_request_error",
        param: "prompt",
        message: "prompt: ends at 20,000 characters, and this is longer.",
      },
    });
  });

  test("is refused where a picture is made again", async () => {
    const { studio, post } = aDoor();
    const job = await studio.submit(
      { prompt: "a cat" },
      { requester: { id: "http:anna" }, delivery: { door: "http", place: null, direct: true } },
    );
    await studio.finished(job.code);
    const response = await post(`/v1/images/${job.code}/again`, { prompt: tooLong });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("ends at 20,000 characters");
  });

  test("is refused in an edit's form", async () => {
    const form = new FormData();
    form.set("prompt", tooLong);
    form.set("image", new Blob(["no picture"]), "a.png");
    const models = [{ id: "Editor", provider: "easel", edits: true }];
    const response = await aDoor({ models }).post("/v1/images/edits", form);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("ends at 20,000 characters");
  });
});

test("A prompt of 20,000 characters is painted", async () => {
  const { post } = aDoor();
  const response = await post("/v1/images/generations", { prompt: longest, enhance: false });
  expect(response.status).toBe(200);
});
