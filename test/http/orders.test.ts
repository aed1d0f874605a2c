import { describe, expect, test } from "vitest";
import { ImageError } from "../../core/errors.ts";
import { aDoor } from "../fakes/door.ts";
import { easel } from "../fakes/studio.ts";

const async = { prefer: "respond-async" };

interface Overview {
  readonly people: readonly object[];
  readonly presets: readonly object[];
}

interface Order {
  readonly code: string;
  readonly state: string;
}

/** An order that was accepted, at a service that is finished by hand. */
async function anOrder(options: Parameters<typeof aDoor>[0] = {}) {
  const painter = easel();
  const door = aDoor({ easel: painter, ...options });
  const answer = await door.post("/v1/images/generations", { prompt: "a fox" }, async);
  const order = (await answer.json()) as Order;
  const events = async () => {
    const { body } = await door.get(`/v1/images/${order.code}/events`);
    return eventsIn(body);
  };
  return { ...door, painter, answer, order, events };
}

/** The events of a stream, one after the other. */
async function* eventsIn(body: ReadableStream<Uint8Array> | null) {
  let text = "";
  const decoder = new TextDecoder();
  for await (const piece of body ?? []) {
    text += decoder.decode(piece, { stream: true });
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const [, event, data] = /event: (\w+)\ndata: (.*)/.exec(text.slice(0, end)) ?? [];
      text = text.slice(end + 2);
      if (event) yield { event, data: JSON.parse(data ?? "null") as Record<string, unknown> };
    }
  }
}

describe("an order whose client does not wait", () => {
  test("is answered at once with its code, and goes on without its client", async () => {
    const { answer, order, painter, get, studio } = await anOrder();
    expect(answer.status).toBe(202);
    expect(answer.headers.get("location")).toBe(`/v1/images/${order.code}`);
    await painter.begun(1);
    painter.finish();
    await studio.finished(order.code);
    const recipe = (await (await get(`/v1/images/${order.code}`)).json()) as Order;
    expect(recipe.state).toBe("done");
  });

  test("is one order however often it is sent with its key", async () => {
    const { post, painter } = await anOrder();
    const send = async () =>
      (await (
        await post(
          "/v1/images/generations",
          { prompt: "an owl" },
          { ...async, "idempotency-key": "k" },
        )
      ).json()) as Order;
    expect((await send()).code).toBe((await send()).code);
    await painter.begun(2);
    painter.finish();
    painter.finish();
  });

  test("tells of its stages to its end", async () => {
    const { events, painter } = await anOrder();
    await painter.begun(1);
    const stream = await events();
    expect((await stream.next()).value).toMatchObject({
      event: "status",
      data: { stage: "painting", place: null },
    });
    painter.contexts[0]?.onProgress({ fraction: 0.4 });
    expect((await stream.next()).value).toMatchObject({ data: { fraction: 0.4 } });
    painter.finish();
    let last: unknown;
    for await (const event of stream) last = event;
    expect(last).toMatchObject({ event: "ended", data: { state: "done" } });
  });

  test("is told of in one stream with others, each under its code, to the end of all", async () => {
    const { post, get, order, painter } = await anOrder();
    const other = await post("/v1/images/generations", { prompt: "an owl" }, async);
    const { code } = (await other.json()) as Order;
    await painter.begun(2);
    const unknown = "zi-0000000000";
    const { body } = await get(`/v1/images/${order.code},${code},${unknown}/events`);
    painter.finish();
    painter.finish(new ImageError("timed-out", { afterMs: 1 }));
    const ends = [];
    for await (const { event, data } of eventsIn(body)) {
      if (event !== "status")
        ends.push(`${event} ${String(data["code"])} ${String(data["state"])}`);
    }
    expect(ends.toSorted()).toEqual(
      [`error ${unknown} undefined`, `ended ${order.code} done`, `ended ${code} failed`].toSorted(),
    );
  });

  test("says that the enhancer is at work, and its place in line", async () => {
    const writing = Promise.withResolvers<undefined>();
    const enhance = async ({ words }: { words: string }) => {
      await writing.promise;
      return { prompt: words, enhancement: { status: "off" } } as const;
    };
    const { events, painter } = await anOrder({ enhance });
    const stream = await events();
    const { value } = await stream.next();
    expect(value).toMatchObject({ data: { stage: "enhancing", place: 1 } });
    writing.resolve(undefined);
    await painter.begun(1);
    painter.finish();
    await stream.return(undefined);
  });

  test("ends with what went wrong, in its own terms", async () => {
    const { events, painter } = await anOrder();
    await painter.begun(1);
    painter.finish(new ImageError("content-refused", { by: "provider", reason: "no" }));
    let last: unknown;
    for await (const event of await events()) last = event;
    expect(last).toMatchObject({
      event: "ended",
      data: { state: "failed", error_details: { kind: "content-refused", reason: "no" } },
    });
  });

  test("is cancelled by its code, by its owner alone", async () => {
    const { order, post, painter } = await anOrder({ slots: 1 });
    await painter.begun(1);
    const path = `/v1/images/${order.code}/cancel`;
    expect((await post(path, {}, { authorization: "Bearer ben-key" })).status).toBe(403);
    expect((await (await post(path, {})).json()) as Order).toMatchObject({ state: "cancelled" });
    painter.finish();
  });
});

describe("a prompt that is only looked at", () => {
  test("is written by the enhancer, and nothing is painted", async () => {
    const painter = easel();
    const { post } = aDoor({
      easel: painter,
      enhance: async ({ words }) => ({
        prompt: `${words}, at dawn`,
        suggestedRatio: "16:9",
        enhancement: {
          status: "enhanced",
          model: "m",
          usage: { promptTokens: 1, completionTokens: 1 },
        },
      }),
    });
    const answer = await post("/v1/prompts", { prompt: "a fox --seed 5" });
    expect(await answer.json()).toEqual({
      object: "prompt",
      prompt: "a fox, at dawn",
      aspect_ratio: "16:9",
      enhancement: "enhanced",
    });
    expect(painter.orders).toEqual([]);
  });

  test("is refused like one that is painted", async () => {
    expect((await aDoor().post("/v1/prompts", { prompt: " " })).status).toBe(400);
  });
});

describe("what failed", () => {
  test("is told in the core's own terms in a header, in ASCII", async () => {
    const answer = await aDoor().post("/v1/images/generations", { prompt: "a", model: "狐" });
    const problem = answer.headers.get("x-drawbridge-problem") ?? "";
    expect(problem).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(problem)).toEqual({ kind: "unknown-model", model: "狐" });
  });
});

describe("the overview", () => {
  test("is for operators alone", async () => {
    expect((await aDoor().get("/v1/overview")).status).toBe(403);
  });

  test("has what is left to each person", async () => {
    const operators = new Set(["http:ben"]);
    const { app, post, studio } = aDoor({ operators, perDay: 5 });
    await post("/v1/images/generations", { prompt: "a fox", response_format: "url" });
    await studio.presets.save("discord:guild:1", { name: "noir", words: "{prompt}, film noir" });
    const headers = { authorization: "Bearer ben-key" };
    const overview = (await (await app.request("/v1/overview", { headers })).json()) as Overview;
    expect(overview.people[0]).toMatchObject({
      id: "http:anna",
      quotas: [{ window: "day", limit: 5, left: 4 }],
    });
    expect(overview.presets).toEqual([{ scope: "discord:guild:1", name: "noir" }]);
  });
});
