import { describe, expect, test } from "vitest";
import { ImageError } from "../../core/errors.ts";
import { clientTasks, openWebUiTask } from "../fakes/chat-clients.ts";
import { aDoor, chat } from "../fakes/door.ts";
import { deltasIn, eventsIn, readerOf } from "../fakes/events.ts";
import { chatCompletion, chatCompletionChunk } from "../fakes/openai-schemas.ts";
import { easel } from "../fakes/studio.ts";

type Completion = {
  model: string;
  choices: { message: { content: string; images?: { image_url: { url: string } }[] } }[];
};

async function completion(response: Response | Promise<Response>): Promise<Completion> {
  const answer: unknown = await (await response).json();
  chatCompletion.parse(answer);
  return answer as Completion;
}

describe("a chat client's own task", () => {
  test.each([...new Set(clientTasks.map(({ client }) => client))])(
    "costs nothing and paints nothing: %s",
    async (from) => {
      const { post, easel: painter, tasks, door } = aDoor({ perDay: 1 });
      const asked = clientTasks.filter(({ client }) => client === from);
      for (const { body, kind } of asked) {
        const response = await post("/v1/chat/completions", { ...body, model: "gpt-4o-mini" });
        expect(response.status).toBe(200);
        expect(response.headers.get("x-drawbridge-auxiliary")).toBe(kind);
        if (body.stream) {
          const chunks = eventsIn(await response.text()).map(({ data }) => data);
          for (const chunk of chunks) chatCompletionChunk.parse(chunk);
          expect(chunks.at(-1)).toMatchObject({ choices: [{ finish_reason: "stop" }] });
        } else expect((await completion(response)).model).toBe("gpt-4o-mini");
      }
      expect(painter.orders).toEqual([]);
      expect(tasks).toEqual(asked.map(({ client, kind }) => `${client} ${kind}`));
      expect(await door.studio.quotaOf({ id: "http:anna" })).toMatchObject([{ left: 1 }]);
    },
  );

  test("needs a key like everything else", async () => {
    const { app, tasks } = aDoor();
    const body = JSON.stringify(openWebUiTask("title", "a fox"));
    const response = await app.request("/v1/chat/completions", { method: "POST", body });
    expect([response.status, tasks]).toEqual([401, []]);
  });

  test("is painted where the request or the owner says so", async () => {
    const body = openWebUiTask("title", "a fox");
    const asked = aDoor();
    await asked.post("/v1/chat/completions", body, { "x-drawbridge-paint": "always" });
    expect(asked.easel.orders).toHaveLength(1);
    const off = aDoor({ settings: { answerTasks: false } });
    await off.post("/v1/chat/completions", body);
    expect([off.easel.orders.length, off.tasks]).toEqual([1, []]);
  });

  test("is a tool call in a stream when a tool is forced", async () => {
    const { post } = aDoor();
    const tools = [{ type: "function", function: { name: "name_it", parameters: {} } }];
    const body = chat("a fox", { stream: true, tools, tool_choice: "required" });
    const response = await post("/v1/chat/completions", body);
    const events = eventsIn(await response.text()).map(({ data }) => data);
    for (const chunk of events) chatCompletionChunk.parse(chunk);
    expect(events[1]).toMatchObject({
      choices: [{ delta: { tool_calls: [{ index: 0, function: { name: "name_it" } }] } }],
    });
    expect(events.at(-1)).toMatchObject({ choices: [{ finish_reason: "tool_calls" }] });
  });
});

describe("a streamed chat", () => {
  test("tells how the work goes on where that is asked for, apart from the answer", async () => {
    const painter = easel();
    const settings = { progressEveryMs: 10 };
    const { post } = aDoor({ easel: painter, slots: 1, settings });
    const first = post("/v1/chat/completions", chat("one", { stream: true, reasoning: true }));
    const second = post("/v1/chat/completions", chat("two", { stream: true, reasoning: true }));
    await painter.begun(1);
    painter.contexts[0]?.onProgress({ fraction: 0.256 });
    const readers = [await first, await second].map(readerOf);
    await Promise.all([readers[0]?.("25 %"), readers[1]?.("place 1")]);
    painter.finish();
    await painter.begun(2);
    painter.finish();
    const texts = await Promise.all(readers.map((readTo) => readTo()));
    const [painting = "", waiting = ""] = texts;
    const thoughts = (text: string) =>
      deltasIn(text).flatMap(({ reasoning_content: said }) =>
        typeof said === "string" ? [said] : [],
      );
    expect(thoughts(painting)).toContainEqual(
      expect.stringMatching(/^Painting, 25 % done \(0 s so far\)\n$/),
    );
    expect(thoughts(waiting)[0]).toMatch(/^Waiting in line, place 1 \(0 s so far\)\n$/);
    const contents = deltasIn(painting).filter(({ content }) => content);
    expect(contents).toHaveLength(1);
    expect(contents[0]).toEqual({ content: expect.stringContaining("![one](") });
  });

  test("says nothing of its progress where it is not asked for", async () => {
    const { post } = aDoor();
    const text = await (
      await post("/v1/chat/completions", chat("a", { stream: true, reasoning: { effort: "low" } }))
    ).text();
    expect(text).not.toContain("reasoning_content");
  });

  test("tells everybody where the owner wants that", async () => {
    const { post } = aDoor({ settings: { streamProgress: true } });
    const text = await (await post("/v1/chat/completions", chat("a", { stream: true }))).text();
    expect(text).toContain("reasoning_content");
  });

  test("ends with an error chunk, the same in words, a finish_reason and [DONE] when it fails", async () => {
    const painter = easel();
    const { post } = aDoor({ easel: painter });
    const response = await post("/v1/chat/completions", chat("a", { stream: true }));
    await painter.begun(1);
    painter.finish(new ImageError("timed-out", { afterMs: 2000 }));
    const text = await response.text();
    const events = eventsIn(text).map(({ data }) => data);
    const message = "The image service did not finish within 2 seconds.";
    expect(deltasIn(text)).toContainEqual({ content: `**⚠️ ${message}**` });
    expect(events.filter((event) => "error" in event)).toMatchObject([{ error: { message } }]);
    expect(events.at(-1)).toMatchObject({ choices: [{ finish_reason: "stop" }] });
    expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
  });
});

describe("a chat whose modalities contain image", () => {
  const modalities = ["text", "image"];

  test("has the picture itself in message.images, and no link to it", async () => {
    const { post } = aDoor();
    const answer = await completion(post("/v1/chat/completions", chat("a fox", { modalities })));
    const [choice] = answer.choices;
    expect(choice?.message.images).toEqual([
      {
        type: "image_url",
        image_url: { url: expect.stringMatching(/^data:image\/png;base64,iVBOR/) },
        index: 0,
      },
    ]);
    expect(choice?.message.content).toMatch(/^\*\*📝 Prompt:\*\*\na fox/);
    expect(choice?.message.content).not.toContain("![");
  });

  test("has the shape that image_config asks for", async () => {
    const { post, easel: painter } = aDoor();
    for (const image_config of [{ aspect_ratio: "16:9", image_size: "2K" }, {}, null]) {
      await post("/v1/chat/completions", chat("a fox", { modalities, image_config }));
    }
    expect(painter.orders.map(({ width }) => width)).toEqual([128, 64, 64]);
    const wrong = { modalities, image_config: { aspect_ratio: "9:1" } };
    expect((await post("/v1/chat/completions", chat("a fox", wrong))).status).toBe(400);
  });

  test("has it in a delta of its own when it is streamed", async () => {
    const { post } = aDoor();
    const body = chat("a fox", { modalities, stream: true, n: 2 });
    const deltas = deltasIn(await (await post("/v1/chat/completions", body)).text());
    const withImages = deltas.filter((delta) => "images" in delta);
    expect(withImages).toMatchObject([{ images: [{ index: 0 }, { index: 1 }] }]);
    expect(withImages[0]).not.toHaveProperty("content");
  });
});
