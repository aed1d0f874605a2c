import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findTask, isPlainWish } from "../../src/http/tasks.ts";
import { fingerprints } from "../../src/http/tasks/fingerprints.ts";
import { clientTasks, translatedTasks } from "../fakes/chat-clients.ts";
import { ordinaryPrompts } from "./ordinary-prompts.ts";

const noHeaders = new Headers();

function asChat(content: string, more: object = {}) {
  return { model: "Z-Image", messages: [{ role: "user", content }], ...more };
}

/** Beginnings of tasks, and what they may hold, as words to build texts from. */
const pieces = [
  ...fingerprints.flatMap(({ begins, contains = [] }) => [
    typeof begins === "string" ? begins : begins.source.replace(/^\^/, ""),
    ...contains,
  ]),
  ...ordinaryPrompts.map((prompt) => prompt.slice(0, 60)),
  '[{"role":"user","content":"a fox"}]',
  "User: a fox",
  "\nAssistant: done",
  "Hi",
  "hi",
  "test",
  " ",
  "  ",
  "\t",
  "\u3000",
  "\ufeff",
  "Create a title for this conversation in 5 words, only return the title. ",
];

const texts = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 4 }).map((some) => some.join("")),
  fc.array(fc.constantFrom(...pieces), { maxLength: 3 }).map((some) => some.join(" ")),
  fc.string({ unit: "grapheme", maxLength: 220 }),
);

const styles = fc.record(
  {
    stream: fc.boolean(),
    max_tokens: fc.constantFrom(16, 1000),
    tools: fc.constant([{ type: "function", function: { name: "search" } }]),
    tool_choice: fc.constantFrom(null, "auto", "required", {
      type: "function",
      function: { name: "search" },
    }),
    response_format: fc.constantFrom(null, { type: "text" }, { type: "json_object" }),
  },
  { requiredKeys: [] },
);

const messages = fc.array(
  fc.record({ role: fc.constantFrom("user", "user", "system", "assistant"), content: texts }),
  { minLength: 1, maxLength: 3 },
);

describe("a wish that is plain at first sight", () => {
  test("is none of the tasks that clients ask for", () => {
    for (const { body } of [...clientTasks, ...translatedTasks]) {
      expect(isPlainWish(body, noHeaders), JSON.stringify(body)).toBe(false);
    }
  });

  test.each([
    "Create  a concise, 3-5 word title with an emoji as a title for the prompt: a fox",
    "Create a concise,\u00a03-5 word title with an emoji as a title for the prompt: a fox",
    " Create a concise, 3-5 word title with an emoji as a title for the prompt: a fox",
    "\tHi",
    "Hi ",
    '[{"role":"user","content":"a fox"}] Create a title for this conversation. Only return the title.',
    "<user>a fox</user> Create a title for this conversation. Only return the title.",
    "User: a fox\nAI: done\nCreate a title for this conversation. Only return the title.",
  ])("is no task with odd white space or with a quotation in it: %j", (content) => {
    expect(findTask(asChat(content), noHeaders)).toBeDefined();
    expect(isPlainWish(asChat(content), noHeaders)).toBe(false);
  });

  test("is most of what people ask for, and none of it is a task", () => {
    const short = ordinaryPrompts.filter((prompt) => prompt.length < 200);
    const plain = short.filter((prompt) => isPlainWish(asChat(prompt), noHeaders));
    expect(plain.length).toBeGreaterThan(short.length * 0.8);
    for (const prompt of ordinaryPrompts) {
      expect(findTask(asChat(prompt), noHeaders), prompt).toBeUndefined();
    }
  });

  test("is never a task when it is read in full", () => {
    fc.assert(
      fc.property(messages, styles, (all, style) => {
        const body = { messages: all, ...style };
        if (isPlainWish(body, noHeaders)) expect(findTask(body, noHeaders)).toBeUndefined();
      }),
      { numRuns: 5000 },
    );
    fc.assert(
      fc.property(texts, styles, (text, style) => {
        const body = asChat(text, style);
        if (isPlainWish(body, noHeaders)) expect(findTask(body, noHeaders)).toBeUndefined();
      }),
      { numRuns: 5000 },
    );
  });

  test("is none where Open WebUI's header names a task", () => {
    const headers = new Headers({ "x-openwebui-task": "tags_generation" });
    expect(isPlainWish(asChat("a fox"), headers)).toBe(false);
  });

  test.each([null, [], "x", {}, { messages: 5 }, { messages: [] }, { messages: [null] }])(
    "is not found in %j",
    (body) => {
      expect(isPlainWish(body, noHeaders)).toBe(false);
    },
  );

  test("may be told by a row's beginning alone, as rows without one need a tag", () => {
    for (const { begins, contains = [] } of fingerprints) {
      if (typeof begins === "string") continue;
      expect(begins.flags, begins.source).toBe("");
      const hasBeginning = begins.source.startsWith("^") && begins.source !== "^";
      const needsTag = contains.some((words) => words.includes("<"));
      expect(hasBeginning || needsTag, begins.source).toBe(true);
    }
  });
});
