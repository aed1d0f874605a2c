import { describe, expect, test } from "vitest";
import { answerTask, findTask, type TaskHeaders } from "../../src/http/tasks.ts";
import { fingerprints } from "../../src/http/tasks/fingerprints.ts";
import { carries } from "../../src/http/tasks/match.ts";
import { clientTasks, openWebUiTask, translatedTasks } from "../fakes/chat-clients.ts";
import { misleadingWords } from "../core/misleading-words.ts";
import { ordinaryPrompts } from "./ordinary-prompts.ts";
import { processorMs } from "../builders.ts";

const noHeaders = new Headers();

/** Asks twice: telling plain wishes at first sight has to change no answer. */
function ask(body: object, headers: TaskHeaders = noHeaders) {
  const whole = { model: "Z-Image", ...body };
  const answer = answerTask(whole, headers);
  expect(answer).toEqual(findTask(whole, headers));
  return answer;
}

function contentOf(body: object): string {
  const reply = ask(body)?.reply;
  return reply?.shape === "text" ? reply.content : `no text: ${JSON.stringify(reply)}`;
}

describe("a client's own task", () => {
  const examples = [...clientTasks, ...translatedTasks];

  test.each(examples.map((example) => [example.name, example] as const))(
    "is recognised and answered from the user's words: %s",
    (_, { body, client, kind, expected }) => {
      const found = ask(body);
      expect(found).toMatchObject({ client, kind });
      const content = contentOf(body);
      expect(expected.json ? JSON.parse(content) : content).toEqual(expected.answer);
    },
  );

  test("has an example in these tests for each row of the table", () => {
    const matched = examples.map(({ body }) =>
      fingerprints.findIndex((row) => body.messages.some(({ content }) => carries(content, row))),
    );
    expect([...new Set(matched)].toSorted((a, b) => a - b).filter((at) => at >= 0)).toEqual(
      fingerprints.map((_, at) => at),
    );
  });

  test("is recognised by Open WebUI's own header, whatever its template says", () => {
    const body = { messages: [{ role: "user", content: "Betitle:\nUSER: a fox\nASSISTANT: …" }] };
    const headers = new Headers({ "x-openwebui-task": "tags_generation" });
    expect(ask(body, headers)).toMatchObject({
      kind: "tags",
      reply: { content: '{"tags":["Fox"]}' },
    });
    expect(ask(body)).toBeUndefined();
  });

  test("is painted when x-drawbridge-paint says so", () => {
    const headers = new Headers({ "x-drawbridge-paint": "always" });
    for (const { body } of clientTasks) expect(ask(body, headers)).toBeUndefined();
  });

  test("is answered with a call of the tool that is forced", () => {
    const parameters = {
      type: "object",
      properties: { title: { type: "string" }, language: { type: "string" } },
    };
    const body = {
      messages: [{ role: "user", content: "一只猫在看书，比例 16:9" }],
      tools: [
        { type: "function", function: { name: "other", parameters: {} } },
        { type: "function", function: { name: "submit", parameters } },
      ],
      tool_choice: { type: "function", function: { name: "submit" } },
    };
    const reply = ask(body)?.reply;
    expect(reply).toMatchObject({ shape: "tool", name: "submit" });
    expect(JSON.parse(reply?.shape === "tool" ? reply.arguments : "")).toEqual({
      title: "一只猫在看书",
      language: "Chinese",
    });
    expect(ask({ ...body, tool_choice: "required" })?.reply).toMatchObject({ name: "other" });
    expect(ask({ ...body, tool_choice: "auto" })).toBeUndefined();
  });

  test("is answered with an object of the schema that it names", () => {
    const schema = {
      type: "object",
      properties: {
        title: { $ref: "#/$defs/short" },
        tags: { type: "array", items: { type: "string" }, maxItems: 2 },
        mood: { enum: ["calm", "wild"] },
        sure: { type: "boolean" },
        rank: { type: "integer", minimum: 1 },
        note: { anyOf: [{ type: "null" }, { type: "string" }] },
      },
      $defs: { short: { type: "string", maxLength: 8 } },
    };
    const response_format = { type: "json_schema", json_schema: { name: "x", schema } };
    const messages = [{ role: "user", content: "a lighthouse in a heavy storm at night" }];
    expect(JSON.parse(contentOf({ messages, response_format }))).toEqual({
      title: "A lightho".slice(0, 8),
      tags: ["Lighthouse", "Heavy"],
      mood: "calm",
      sure: false,
      rank: 1,
      note: "A lighthouse in a heavy",
    });
  });

  test.each([
    ["refers to itself", { $ref: "#" }],
    ["is no object", "string"],
    ["is wide and deep", wide(9)],
  ])("survives a schema that %s", (_, schema) => {
    const response_format = { type: "json_schema", json_schema: { name: "x", schema } };
    const content = contentOf({ messages: [{ role: "user", content: "x" }], response_format });
    expect(() => JSON.parse(content) as unknown).not.toThrow();
    expect(content.length).toBeLessThan(100_000);
  });

  test.each([
    [
      "a title without known words",
      "Create a short title for this chat. 3 to 5 words. Reply with only the title.\n\nUser: a red fox\nAssistant: done",
    ],
    [
      "LibreChat's of early versions",
      'Detect user language and write in the same language an extremely concise title for this conversation. Title in 5 Words or Less. No Punctuation.\n\n||>User:\n"a red fox"\n||>Response:\n"done"\n\n||>Title:',
    ],
    [
      "one in Chinese",
      "请为这段对话生成一个标题，10个字以内，不要标点。\n用户：红色的狐狸\n助手：好的",
    ],
  ])("is recognised by signals: %s", (_, content) => {
    const body = { messages: [{ role: "user", content }], stream: false };
    expect(ask(body)).toMatchObject({ client: "unknown", kind: "title" });
    expect(contentOf(body)).toMatch(/A red fox|红色的狐狸/);
  });

  test.each([
    null,
    [],
    "x",
    { messages: 5 },
    { messages: [null, 5, { role: 1 }] },
    { messages: [] },
  ])("is not found in %j, and nothing is thrown", (body) => {
    expect(answerTask(body, noHeaders)).toBeUndefined();
  });

  test("is looked for in linear time", () => {
    const taken = processorMs(() => {
      for (const unit of [
        "Generate a title ",
        "[{",
        "user: ",
        "```\n",
        "<chat_history>",
        "标题 对话 ",
      ]) {
        const messages = [{ role: "user", content: unit.repeat(200_000 / unit.length) }];
        ask({ messages, stream: false });
        ask({ messages, response_format: { type: "json_object" } });
      }
    });
    expect(taken).toBeLessThan(3000);
  });
});

function wide(depth: number): object {
  if (depth === 0) return { type: "string" };
  const properties = Object.fromEntries(
    ["a", "b", "c"].map((name) => [name, wide(depth - 1)] as const),
  );
  return { type: "object", properties };
}

/** What tells that something answers, and nothing else. */
const probes = [
  ..."hi Hi! HELLO hello. Hey hey… ping Ping? PING! test Test. testing test123 你好 你好！ 您好 测试 测试。 测试1 嗨".split(
    " ",
  ),
  "hi there",
  "Hello there!",
  "  hello  ",
  "Hello 👋",
  "“test”",
  "test 1",
  "this is a test",
  "Say hi",
  "在吗？",
  "Привет!",
  "こんにちは",
  "Hello, how are you?",
  "你好，在吗？",
  "hello hello",
  "\u200bhi\u200b",
  "Test #3",
  "What’s up?",
  "Say this is a test!",
  "Reply with OK",
  "请回复 ok",
  "1+1=?",
  "你是谁？",
  "connection test",
  "连接测试",
  "Ola\u0301!",
  "Guten Tag!",
  "สวัสดี",
  "السلام عليكم",
  ..."Coucou|Grüß Gott|Привіт|გამარჯობა|여보세요|テスト中|สวัสดีครับ|¿Qué tal?|नमस्ते!".split("|"),
  "Output only your specific model name with no additional text.",
  "test from litellm",
  "Say 'ok' and nothing else",
  "If you can read this, reply OK",
  "Reply with the single word: pong",
  "Which AI model are you?",
  "Introduce yourself.",
  "health-check",
  "API connection test 2",
  "仅回复“OK”即可",
  "请问你是什么大模型？",
  "自我介绍一下",
  "能收到吗",
  "Hello，测试一下接口",
  "試試看",
  "一加一等于几？",
  "What is 2*3? Answer with the number only.",
];

describe("a probe of the connection", () => {
  const system = { role: "system", content: "You are a helpful assistant." };
  const said = (content: unknown) => ({ role: "user", content });

  test.each(probes)("is answered for nothing: %j", (content) => {
    const developer = { role: "developer", content: "" };
    for (const before of [[], [system], [developer]]) {
      for (const stream of [undefined, false, true]) {
        const found = ask({ messages: [...before, said(content)], stream });
        expect(found).toMatchObject({ kind: "greeting", reply: { shape: "text" } });
      }
    }
    expect(ask({ messages: [said([{ type: "text", text: content }])] })).toMatchObject({
      kind: "greeting",
    });
  });

  test("is answered in its own language", () => {
    expect(contentOf({ messages: [said("你好！")] })).toMatch(/^你好/);
    expect(contentOf({ messages: [said("hello")] })).toMatch(/^Hi!/);
  });

  test.each(["What's 1 + 1?", "a cat", "用一个词回答：天空是什么颜色？", "x".repeat(5000)])(
    "is any lone message whose answer may have no more than 16 tokens: %.30s",
    (content) => {
      for (const limit of [1, 5, 16]) {
        for (const before of [[], [system]]) {
          const messages = [...before, said(content)];
          expect(ask({ messages, max_tokens: limit })).toMatchObject({ kind: "greeting" });
          const newer = { max_completion_tokens: limit, max_tokens: 500, stream: true };
          expect(ask({ messages, ...newer })).toMatchObject({ kind: "greeting" });
          expect(ask({ messages, max_output_tokens: limit })).toMatchObject({ kind: "greeting" });
        }
      }
    },
  );

  test("is none in a conversation, beside a picture, or where its client wants all painted", () => {
    const messages = [said("a fox"), { role: "assistant", content: "…" }, said("test")];
    expect(ask({ messages })).toBeUndefined();
    expect(ask({ messages, max_tokens: 5 })).toBeUndefined();
    expect(ask({ messages: [system, system, said("hi")] })).toBeUndefined();
    const picture = { type: "image_url", image_url: { url: "data:image/png;base64,AA" } };
    expect(ask({ messages: [said([{ type: "text", text: "test" }, picture])] })).toBeUndefined();
    const headers = new Headers({ "x-drawbridge-paint": "always" });
    expect(ask({ messages: [said("hi")], max_tokens: 1 }, headers)).toBeUndefined();
  });
});

/** What people tell a model once and for all, that is itself no question. */
const instructions = [
  "You are a helpful chat assistant. Summarize the conversation when the user asks. Answer in the same language as the user. Do not use markdown. Keep to 50 words.",
  "Generate a title for this conversation in 5 words only when the user says /title. No punctuation.",
  "You paint. Provide a summary of the chat when asked. Only return what was asked for, in 20 words, with no explanations.\n\nUser: hello\nAssistant: hello",
  "你是绘画助手。请总结对话的主题，用10个字以内的标题，不要标点，使用相同的语言。",
];

describe("somebody's wish for a picture", () => {
  const history = [
    { role: "system", content: "You are a helpful assistant that paints." },
    { role: "user", content: "a fox in our conversation" },
    {
      role: "assistant",
      content: "![A fox](http://localhost/images/x.png)\n\n---\n**📝 Prompt:**\nA fox",
    },
  ];
  const variants: readonly (readonly [string, object, readonly object[]])[] = [
    ["as it is", {}, []],
    ["streamed", { stream: true }, []],
    ["not streamed", { stream: false }, []],
    ["with a max_tokens that is small", { max_tokens: 17 }, []],
    ["with a max_tokens that stands for no limit", { max_tokens: -1 }, []],
    ["in a long chat, with a small max_tokens", { stream: false, max_tokens: 16 }, history],
    ["not streamed, with a small max_tokens", { stream: false, max_completion_tokens: 64 }, []],
    ["in a long chat", { stream: false }, history],
    [
      "with tools to choose from",
      { tools: [{ type: "function", function: { name: "search" } }] },
      [],
    ],
    ["with a response_format of text", { response_format: { type: "text" } }, []],
  ];

  test("comes in at least 200 forms here", () => {
    expect(new Set(ordinaryPrompts).size).toBeGreaterThanOrEqual(200);
  });

  test.each(variants)("is never taken for a client's own task: %s", (_, more, before) => {
    const taken = [...ordinaryPrompts, ...misleadingWords].filter((content) => {
      const messages = [...before, { role: "user", content }];
      return ask({ messages, ...more }) !== undefined;
    });
    expect(taken).toEqual([]);
  });

  test.each(instructions)("is painted beside the instruction of a system: %s", (content) => {
    const wish = { role: "user", content: "a red fox" };
    const system = { role: "system", content };
    for (const stream of [true, false]) {
      expect(ask({ messages: [system, ...history, wish], stream })).toBeUndefined();
      expect(ask({ messages: [...history, wish, system], stream })).toBeUndefined();
    }
  });

  test("may quote a whole task in the middle of it", () => {
    for (const { body } of clientTasks) {
      const words = body.messages.at(-1)?.content ?? "";
      const content = `A poster on which somebody wrote: ${words.slice(0, 200)}`;
      expect(ask({ messages: [{ role: "user", content }], stream: true })).toBeUndefined();
    }
  });
});

describe("Open WebUI's tasks", () => {
  test("are three at once, each with its own answer", () => {
    const answers = (["title", "tags", "follow_ups"] as const).map(
      (task) => JSON.parse(contentOf(openWebUiTask(task, "a fox in the snow"))) as unknown,
    );
    expect(answers).toEqual([
      { title: "A fox in the snow" },
      { tags: ["Fox", "Snow"] },
      {
        follow_ups: [
          "a fox in the snow, ratio 16:9",
          "a fox in the snow, as a watercolour",
          "a fox in the snow, at night",
        ],
      },
    ]);
  });
});
