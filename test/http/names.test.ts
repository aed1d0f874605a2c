import { describe, expect, test } from "vitest";
import { canonicalPath } from "../../src/http/paths.ts";
import { aDoor } from "../fakes/door.ts";
import { errorEnvelope, modelList } from "../fakes/openai-schemas.ts";
import { processorMs } from "../builders.ts";

describe("a path", () => {
  test.each([
    ["/v1/chat/completions", "/chat/completions"],
    ["/chat/completions/", "/chat/completions"],
    ["/v1/v1/chat/completions", "/chat/completions"],
    ["/v1/v1/v1/models", "/models"],
    ["/v1/chat/completions/chat/completions", "/chat/completions"],
    ["/v1/chat/completions/v1/chat/completions", "/chat/completions"],
    ["/v1/models/chat/completions", "/chat/completions"],
    ["/v1/images/generations/v1/models", "/models"],
    ["/https://draw.example/v1/chat/completions", "/chat/completions"],
    ["/v1/https://draw.example:8787/v1/images/generations", "/images/generations"],
    ["/v1/chat/completions/https://draw.example/v1/models", "/models"],
    ["/http:/draw.example/models", "/models"],
    ["/api/v1/chat/completions", "/chat/completions"],
    ["/openai/v1/models/", "/models"],
    ["/openai/chat/completions", "/chat/completions"],
    ["/api/openai/v1/chat/completions", "/chat/completions"],
    ["/v1/dashboard/billing/usage", "/dashboard/billing/usage"],
    ["/v1/chat/completions/dashboard/billing/usage", "/dashboard/billing/usage"],
    ["//v1//responses//", "/responses"],
    ["/v1/models/black-forest-labs/FLUX.1", "/models/black-forest-labs/FLUX.1"],
    ["/v1/images/zi-0000000000/again", "/images/zi-0000000000/again"],
    ["/images/abc.png", "/images/abc.png"],
    ["/v1/images/edits", "/images/edits"],
    ["/V1/chat/completions", "/chat/completions"],
    ["/openai/deployments/Z-Image/chat/completions", "/chat/completions"],
    ["/openai/deployments/org%2Fpixel%20art/images/generations", "/images/generations"],
    ["/v1/deployments/dall-e-3/images/edits", "/images/edits"],
    ["/openai/deployments/dall-e-3", "/openai/deployments/dall-e-3"],
    ["/api/other", "/api/other"],
    ["/v1", "/v1"],
    ["/", "/"],
  ])("%s means %s", (path, meant) => {
    expect(canonicalPath(path)).toBe(meant);
  });

  test("is understood in no time, however often a prefix stands in it", () => {
    const taken = processorMs(() => {
      canonicalPath(`${"/v1/chat/completions/https://x".repeat(600)}/models`);
      canonicalPath("/v1".repeat(5000));
      canonicalPath("/https:".repeat(2000));
    });
    expect(taken).toBeLessThan(100);
  });
});

describe("a deployment in the path, as Azure has them,", () => {
  const models = [{ id: "org/pixel art", provider: "easel" }];
  const generations = (name: string) =>
    `/openai/deployments/${name}/images/generations?api-version=1`;

  test("names the model where the body does not", async () => {
    const { post, easel: painter } = aDoor({ models });
    await post(generations("org%2Fpixel%20art"), { prompt: "a" });
    await post(generations("org%2Fpixel%20art"), { prompt: "a", model: "dall-e-3" });
    expect(painter.orders.map(({ model }) => model.id)).toEqual(["org/pixel art", "Z-Image"]);
  });

  test.each(["gpt-9", "%E0%A4%A"])("is refused where nothing has its name: %s", async (name) => {
    const { post } = aDoor();
    expect((await post(generations(name), { prompt: "a" })).status).toBe(404);
  });

  test("goes with a key in the header api-key, which counts only without another", async () => {
    const { app } = aDoor();
    const status = async (headers: Record<string, string>) =>
      (await app.request("/openai/models?api-version=1", { headers })).status;
    expect(await status({ "api-key": "key" })).toBe(200);
    expect(await status({ "api-key": "wrong" })).toBe(401);
    expect(await status({ "api-key": "key", authorization: "Bearer wrong" })).toBe(401);
  });
});

describe("the list of models", () => {
  const list = async (path: string, models: Parameters<typeof aDoor>[0] = {}) => {
    const { get } = aDoor(models);
    const answer: unknown = await (await get(path)).json();
    return modelList.loose().parse(answer).data as readonly Record<string, unknown>[];
  };

  test("shows aliases only where they are asked for", async () => {
    const ids = async (path: string) => (await list(path)).map(({ id }) => id);
    expect(await ids("/v1/models")).toEqual(["Z-Image"]);
    expect(await ids("/v1/models?aliases=true")).toEqual(["Z-Image", "dall-e-3"]);
    expect(await ids("/v1/models?aliases=no&type=image&sub_type=text-to-image")).toEqual([
      "Z-Image",
    ]);
  });

  test("shows the aliases of a model whose catalogue says so", async () => {
    const models = [{ id: "x", provider: "easel", aliases: ["flux"], listAliases: true }];
    expect((await list("/v1/models", { models })).map(({ id }) => id)).toEqual([
      "Z-Image",
      "x",
      "flux",
    ]);
  });

  test("says more of each where that is asked for", async () => {
    const { get } = aDoor();
    const response = await get("/v1/models/dall-e-3?details=true");
    expect(await response.json()).toEqual({
      id: "dall-e-3",
      object: "model",
      created: 1_730_800_000,
      owned_by: "sd-exacg-gateway",
      name: "Z-Image",
      aliases: ["dall-e-3"],
      architecture: { input_modalities: ["text"], output_modalities: ["image"] },
      context_length: null,
    });
  });

  test("answers in OpenAI's envelope when a model is not in it", async () => {
    const { get } = aDoor();
    const response = await get("/v1/models/gpt-4o");
    expect(response.status).toBe(404);
    errorEnvelope.parse(await response.json());
  });
});

describe("NextChat's look at the bill", () => {
  test.each([
    ["/dashboard/billing/usage?start_date=2026-01-01&end_date=2026-01-31", { total_usage: 0 }],
    ["/dashboard/billing/subscription", { hard_limit_usd: 0 }],
    ["/v1/dashboard/billing/subscription", { object: "billing_subscription" }],
    ["/dashboard/billing/credit_grants", { object: "credit_summary", total_available: 0 }],
    ["/v1/dashboard/billing/whatever/else", { total_usage: 0 }],
  ])("finds nothing at %s", async (path, expected) => {
    const { get } = aDoor();
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject(expected);
  });
});
