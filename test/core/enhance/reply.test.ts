import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Reply, readReply } from "../../../core/enhance/reply.ts";
import { type CompletionDetails, completion } from "../../fakes/llm.ts";

const prompt = "A fluffy ginger cat reads a large book in a sunlit library.";
const plain = `{"prompt": "${prompt}", "aspect_ratio": "3:2"}`;
const draft = `{"prompt": "A draft of a dog {very} rough", "aspect_ratio": "1:1"}`;

/** What came of it in one line: the ratio and the prompt, or the failure. */
function outcome(reply: Reply): string {
  if ("failure" in reply) return reply.failure;
  return `${reply.answer.ratio ?? "none"} ${reply.answer.prompt}`;
}

function saying(content: string, more?: CompletionDetails): string {
  return JSON.stringify(completion(content, more));
}

const good = `3:2 ${prompt}`;
const noRatio = `none ${prompt}`;

type Row = readonly [kind: string, content: string, expected: string];

const asJson: readonly Row[] = [
  ["plain JSON", plain, good],
  ["JSON over many lines", JSON.stringify(JSON.parse(plain), null, 2), good],
  ["a fence with a language", "```json\n" + plain + "\n```", good],
  ["a fence without a language", "```\n" + plain + "\n```", good],
  ["a fence on one line", "```json " + plain + " ```", good],
  ["a fence that never ends", "```json\n" + plain, good],
  ["prose before it", `Sure! Here is your prompt:\n\n${plain}`, good],
  ["prose after it", `${plain}\n\nLet me know if you'd like {another} one!`, good],
  ["prose with braces before it", `I use {subject} and {style}:\n${plain}`, good],
  ["a fence between prose", "Here:\n```json\n" + plain + "\n```\nEnjoy { it }!", good],
  ["a byte order mark", `\uFEFF${plain}`, good],
  [
    "a URL in a string",
    plain.replace("library.", "library, see https://a.b/c."),
    `3:2 ${prompt.slice(0, -1)}, see https://a.b/c.`,
  ],
  [
    "a comment behind a value",
    `{"prompt": "${prompt}", // the cat\n"aspect_ratio": "3:2" /* wide */}`,
    good,
  ],
  [
    "a comment between key and value's comma",
    `{"prompt": "${prompt}" /* cat, mostly */, "aspect_ratio": "3:2"}`,
    good,
  ],
  ["trailing commas", `{"prompt": "${prompt}", "aspect_ratio": "3:2",}`, good],
  ["a missing comma", `{"prompt": "${prompt}"\n"aspect_ratio": "3:2"}`, good],
  ["a missing brace at its end", `{"prompt": "${prompt}", "aspect_ratio": "3:2"`, good],
  ["a second opening brace", `{${plain}}`, good],
  ["single quotes", `{'prompt': '${prompt}', 'aspect_ratio': '3:2'}`, good],
  [
    "single quotes around apostrophes",
    `{'prompt': 'A cat's tail, and the dogs' bowl', 'aspect_ratio': '3:2'}`,
    "3:2 A cat's tail, and the dogs' bowl",
  ],
  ["smart quotes as marks", `{“prompt”: “${prompt}”, “aspect_ratio”: “3:2”}`, good],
  [
    "smart quotes inside smart quotes",
    `{“prompt”: “A sign reading “OPEN”, in red”, “aspect_ratio”: “3:2”}`,
    "3:2 A sign reading “OPEN”, in red",
  ],
  ["backticks as marks", '{"prompt": `' + prompt + '`, "aspect_ratio": `3:2`}', good],
  ["Python's None", `{'prompt': '${prompt}', 'aspect_ratio': None}`, noRatio],
  [
    "Python's long string",
    `{"prompt": """A "big" cat,\nreading""", "aspect_ratio": "3:2"}`,
    '3:2 A "big" cat, reading',
  ],
  ["JavaScript's bare keys", `{prompt: "${prompt}", aspect_ratio: "3:2"}`, good],
  ["full-width punctuation", `{"prompt"："${prompt}"，"aspect_ratio"："3:2"}`, good],
  [
    "line breaks inside a string",
    `{"prompt": "A cat\nreads\r\n\ta book", "aspect_ratio": "3:2"}`,
    "3:2 A cat reads a book",
  ],
  [
    "escaped quotes",
    `{"prompt": "A sign reading \\"OPEN\\", in red", "aspect_ratio": "3:2"}`,
    '3:2 A sign reading "OPEN", in red',
  ],
  [
    "unescaped quotes",
    `{"prompt": "A sign reading "OPEN" in red", "aspect_ratio": "3:2"}`,
    '3:2 A sign reading "OPEN" in red',
  ],
  [
    "unescaped quotes before a comma",
    `{"prompt": "A sign reading "OPEN", in red", "aspect_ratio": "3:2"}`,
    '3:2 A sign reading "OPEN", in red',
  ],
  [
    "unescaped quotes at the end",
    `{"prompt": "A sign reading "欢迎"", "aspect_ratio": "3:2"}`,
    '3:2 A sign reading "欢迎"',
  ],
  [
    "wrong escapes",
    `{"prompt": "A cat\\'s \\book \\u732b \\x41 \\uZZ", "aspect_ratio": "3:2"}`,
    "3:2 A cat's ook 猫 A uZZ",
  ],
  ["an object that is escaped as in a string", plain.replaceAll('"', '\\"'), good],
  [
    "an escaped object over many lines",
    JSON.stringify(JSON.stringify(JSON.parse(plain), null, 2)).slice(1, -1),
    good,
  ],
  ["Python's or TOML's assignments", `prompt = "${prompt}"\naspect_ratio = "3:2"`, good],
  ["fields without braces", plain.slice(1, -1), good],
  [
    "a dictionary with two kinds of marks",
    `{'prompt': "A cat's tail", 'aspect_ratio': '3:2'}`,
    "3:2 A cat's tail",
  ],
  ["the mark of an end of turn", `${plain}<|im_end|>`, good],
  ["a tag around it", `<answer>${plain}</answer>`, good],
  [
    "the instruction's own form before it",
    `{"prompt": "…", "aspect_ratio": "…" or null}\n${plain}`,
    good,
  ],
  ["a string that holds JSON", JSON.stringify(plain), good],
  ["a prompt that holds JSON", JSON.stringify({ prompt: plain }), good],
  ["keys in another case", `{"Prompt": "${prompt}", "Aspect_Ratio": "3:2"}`, good],
  ["keys of other names", `{"enhancedPrompt": "${prompt}", "aspectRatio": "3:2"}`, good],
  ["keys with spaces", `{"Enhanced Prompt": "${prompt}", "Aspect Ratio": "3:2"}`, good],
  [
    "the request beside the answer",
    `{"prompt": "一只猫", "enhanced_prompt": "${prompt}", "ratio": "3:2"}`,
    good,
  ],
  [
    "other prompts beside it",
    `{"original_prompt": "cat", "prompt": "${prompt}", "negative_prompt": "dogs", "aspect_ratio": "3:2"}`,
    good,
  ],
  [
    "other prompts beside it, and an error",
    `{"original_prompt": "cat", "prompt": "${prompt}", "negative_prompt": "dogs", "aspect_ratio": "3:2",,}`,
    good,
  ],
  ["a wrapper", `{"result": ${plain}}`, good],
  ["wrappers in wrappers", `{"output": {"data": [${plain}]}}`, good],
  ["a broken wrapper", `{"result": ${plain},`, good],
  ["a list", `[${plain}]`, good],
  [
    "a list of strings",
    `{"prompt": ["A cat", "on a mat.", "Warm light"], "aspect_ratio": "3:2"}`,
    "3:2 A cat, on a mat. Warm light",
  ],
  [
    "a list of strings with an error",
    `{"prompt": ["A cat", "on a mat.",], "aspect_ratio": "3:2"}`,
    "3:2 A cat, on a mat.",
  ],
  ["an object as the prompt", `{"prompt": {"prompt": "${prompt}", "ratio": "3:2"}}`, good],
  ["the ratio first", `{"aspect_ratio": "3:2", "prompt": "${prompt}"}`, good],
  ["the ratio first, and an error", `{"aspect_ratio": "3:2", "prompt": "${prompt}",}`, good],
  ["two answers", `${draft}\nBetter:\n${plain}`, good],
  ["two answers, line by line", `${draft}\n${plain}`, good],
  [
    "a mention of the key after it",
    `${plain}\nThe "prompt" is written for {"prompt"} readers.`,
    good,
  ],
  ["a placeholder after it", `${plain}\nForm: {"prompt": "…", "aspect_ratio": "…"}`, good],
  [
    "control characters",
    JSON.stringify({ prompt: "A\u0000cat\u001b[31m \u0085 on\u2028a \t mat" }),
    "none A cat [31m on a mat",
  ],
  [
    "half a character",
    JSON.stringify({ prompt: "A cat \ud83d on a mat" }),
    "none A cat \ufffd on a mat",
  ],
  [
    "markup in the prompt",
    JSON.stringify({ prompt: "A <b>cat</b> & ![x](y)" }),
    "none A <b>cat</b> & ![x](y)",
  ],
  [
    "a prompt of 2,000 characters",
    JSON.stringify({ prompt: "a".repeat(2000) }),
    `none ${"a".repeat(2000)}`,
  ],
  ["thoughts first", `<think>A cat, hm.</think>\n${plain}`, good],
  ["thoughts with a draft", `<think>Maybe ${draft}? No.</think>${plain}`, good],
  ["thoughts with broken braces", `<think>{ { "prompt": </think>${plain}`, good],
  [
    "thoughts in other tags",
    `<THINKING>${draft}</THINKING>\n[THINK]x[/THINK]◁think▷y◁/think▷${plain}`,
    good,
  ],
  ["thoughts in thoughts", `<think>a<think>${draft}</think>b</think>${plain}`, good],
  ["thoughts without their beginning", `So ${draft}.\n</think>\n${plain}`, good],
  ["thoughts without their end", `<think>Maybe ${draft}?\n\n${plain}`, good],
  ["words before thoughts without their end", `Sure.\n<think>Maybe ${draft}?\n${plain}`, good],
  ["thoughts around the answer", `<think>${plain}</think>`, good],
  ["thoughts after it", `${plain}<think>Was ${draft} better?</think>`, good],
  [
    "a thought tag in a string",
    JSON.stringify({ prompt: "A board that says <think>", aspect_ratio: "3:2" }),
    "3:2 A board that says <think>",
  ],
];

const asWords: readonly Row[] = [
  ["one paragraph", prompt, noRatio],
  ["one paragraph in a fence", "```text\n" + prompt + "\n```", noRatio],
  ["a quoted paragraph", `"${prompt}"`, noRatio],
  ["a smartly quoted paragraph", `“${prompt}”`, noRatio],
  ["a label", `Prompt: ${prompt}`, noRatio],
  ["a bold label and a ratio", `**Enhanced Prompt:** ${prompt}\n\n**Aspect Ratio:** 3:2`, good],
  ["lines of YAML", `prompt: ${prompt}\naspect_ratio: 3:2`, good],
  [
    "conversation around it",
    `Here's an enhanced prompt for you:\n\n${prompt}\n\nLet me know if you like it!`,
    noRatio,
  ],
  ["a heading above it", `### Prompt\n${prompt}`, noRatio],
  ["after thoughts", `<think>The user wants a cat.</think>\n\n${prompt}`, noRatio],
  [
    "with words of conversation in quotes",
    'A boy holds up a sign reading "I love you, please" in a park',
    'none A boy holds up a sign reading "I love you, please" in a park',
  ],
  [
    "in Chinese",
    "一只橘猫坐在阳光明媚的图书馆里看书，木质书架，柔和的光线。",
    "none 一只橘猫坐在阳光明媚的图书馆里看书，木质书架，柔和的光线。",
  ],
  [
    "with a refusal in quotes",
    'A red sign on a door reads "I\'m sorry, closed" in white letters',
    'none A red sign on a door reads "I\'m sorry, closed" in white letters',
  ],
  ["a question", "Which colour would the cat have in this picture?", "no-prompt"],
  ["two descriptions", `${prompt}\n\nA black dog sleeps on a red sofa near a fire.`, "no-prompt"],
  ["a list of descriptions", `1. ${prompt}\n2. ${prompt}`, "no-prompt"],
  ["a few words", "A ginger cat", "no-prompt"],
  ["an essay", `${"word ".repeat(200)}.`, "no-prompt"],
  ["talk about itself", "I have written a lovely picture of a cat for the library", "no-prompt"],
  ["a report of an error", "Error: the upstream service is overloaded right now", "no-prompt"],
  [
    "a negative prompt",
    "Negative prompt: blurry, low quality, extra fingers, bad hands",
    "no-prompt",
  ],
  ["a page", "<html><body>A fluffy cat reads a large book</body></html>", "no-prompt"],
  ["a thought alone", "<think>A cat sits on a mat in the sun", "no-prompt"],
];

const hopeless: readonly Row[] = [
  ["an empty answer", "", "no-prompt"],
  ["space", " \n\t ", "no-prompt"],
  ["null as text", "null", "no-prompt"],
  ["an empty object", "{}", "no-prompt"],
  ["an empty prompt", `{"prompt": "", "aspect_ratio": "3:2"}`, "no-prompt"],
  ["a blank prompt", `{"prompt": " \\n ", "aspect_ratio": "3:2"}`, "no-prompt"],
  ["a prompt without a letter", `{"prompt": "… 16:9 !", "aspect_ratio": "3:2"}`, "no-prompt"],
  ["a number as the prompt", `{"prompt": 42, "aspect_ratio": "3:2"}`, "no-prompt"],
  ["a number as the prompt, and an error", `{"prompt": 42, "aspect_ratio": "3:2",}`, "no-prompt"],
  ["null as the prompt", `{"prompt": null, "aspect_ratio": "3:2"}`, "no-prompt"],
  ["a list of numbers as the prompt", `{"prompt": [1, 2]}`, "no-prompt"],
  ["a prompt of 2,001 characters", JSON.stringify({ prompt: "a".repeat(2001) }), "no-prompt"],
  ["a prompt of 50 KB", JSON.stringify({ prompt: "word ".repeat(10_000) }), "no-prompt"],
  ["another object", `{"caption": "${prompt}"}`, "no-prompt"],
  ["a refusal", "I'm sorry, but I can't help with that request.", "unwilling"],
  ["a refusal with a smart apostrophe", "I’m really sorry, I can’t create this.", "unwilling"],
  ["a refusal in Chinese", "抱歉，我无法为此生成图片描述。", "unwilling"],
  [
    "a refusal as the prompt",
    `{"prompt": "I'm sorry, I can't help with that.", "aspect_ratio": null}`,
    "unwilling",
  ],
  ["a refusal after a draft", `<think>${draft}</think>I cannot help with this.`, "unwilling"],
];

describe("readReply", () => {
  test.each(asJson)("finds the prompt in %s", (_kind, content, expected) => {
    expect(outcome(readReply(saying(content)))).toBe(expected);
  });

  test.each(asWords)(
    "takes words without JSON for what they are: %s",
    (_kind, content, expected) => {
      expect(outcome(readReply(saying(content)))).toBe(expected);
    },
  );

  test.each(hopeless)("finds no prompt in %s", (_kind, content, expected) => {
    expect(outcome(readReply(saying(content)))).toBe(expected);
  });

  test.each([
    ['"16:9"', "16:9"],
    ['"16x9"', "16:9"],
    ['"16×9"', "16:9"],
    ['"16/9"', "16:9"],
    ['"16 : 9"', "16:9"],
    ['"16*9"', "16:9"],
    ['"16比9"', "16:9"],
    ['"１６：９"', "16:9"],
    ['"16:9 (wide)"', "16:9"],
    ['"landscape 16:9"', "16:9"],
    ['"2:1"', "none"],
    ['"116:9"', "none"],
    ['"16:90"', "none"],
    ['"1:1:2"', "none"],
    ['"1920x1080"', "none"],
    ['"widescreen"', "none"],
    ['"null"', "none"],
    ['""', "none"],
    ["null", "none"],
    ["1.7778", "none"],
    ["16", "none"],
    ["true", "none"],
    ['["16:9"]', "none"],
    ['{"w": 16, "h": 9}', "none"],
  ])("reads the ratio %s as %s", (ratio, expected) => {
    const strict = `{"prompt": "${prompt}", "aspect_ratio": ${ratio}}`;
    expect(outcome(readReply(saying(strict)))).toBe(`${expected} ${prompt}`);
  });

  test.each([
    ["16:9", "16:9"],
    ["16 / 9", "16:9"],
    ["'16:9'", "16:9"],
    ["None", "none"],
    ['null, "note": "16:9 would do, too"', "none"],
  ])("reads the ratio %s as %s in a broken object", (ratio, expected) => {
    const broken = `{"prompt": "${prompt}", "aspect_ratio": ${ratio},,}`;
    expect(outcome(readReply(saying(broken)))).toBe(`${expected} ${prompt}`);
  });

  const called = { function: { name: "paint", arguments: plain } };
  const bodies: readonly (readonly [kind: string, body: unknown, expected: string])[] = [
    [
      "a list of content parts",
      completion("", { message: { content: [{ type: "text", text: plain }] } }),
      good,
    ],
    [
      "JSON split over content parts",
      completion("", {
        message: {
          content: [
            { type: "text", text: plain.slice(0, 30) },
            { type: "text", text: plain.slice(30) },
          ],
        },
      }),
      good,
    ],
    [
      "parts with thoughts",
      completion("", {
        message: {
          content: [
            { type: "thinking", thinking: [{ type: "text", text: draft }] },
            { type: "text", text: plain },
          ],
        },
      }),
      good,
    ],
    ["a list of strings as content", completion("", { message: { content: [plain] } }), good],
    ["an object as content", completion("", { message: { content: JSON.parse(plain) } }), good],
    ["a tool call", completion("", { message: { content: null, tool_calls: [called] } }), good],
    [
      "a tool call without content",
      { choices: [{ message: { role: "assistant", tool_calls: [called] } }] },
      good,
    ],
    [
      "a tool call with an object",
      completion("", {
        message: { content: null, tool_calls: [{ function: { arguments: JSON.parse(plain) } }] },
      }),
      good,
    ],
    [
      "tool calls of which some are broken",
      completion("", { message: { content: null, tool_calls: [null, 1, called] } }),
      good,
    ],
    [
      "an old function call",
      completion("", { message: { content: null, function_call: called.function } }),
      good,
    ],
    [
      "the text of an old completion",
      { choices: [{ text: plain, index: 0, finish_reason: "stop" }] },
      good,
    ],
    [
      "thoughts beside the content",
      completion(plain, { message: { reasoning_content: draft } }),
      good,
    ],
    [
      "an answer among the thoughts",
      completion("", { message: { reasoning_content: `Hm. ${plain}` } }),
      good,
    ],
    [
      "an answer among thoughts of another name",
      completion("", { message: { content: null, reasoning: plain } }),
      good,
    ],
    [
      "thoughts beside a refusal",
      completion("I cannot help with this.", { message: { reasoning_content: draft } }),
      "unwilling",
    ],
    [
      "thoughts without JSON",
      completion("", { message: { reasoning_content: prompt } }),
      "no-prompt",
    ],
    [
      "thoughts that were cut off",
      completion("", {
        message: { reasoning_content: draft },
        choice: { finish_reason: "length" },
      }),
      "cut-off",
    ],
    [
      "a second choice",
      { choices: [{ message: { content: "" } }, { message: { content: plain } }] },
      good,
    ],
    [
      "a wrong finish_reason and no usage",
      completion(plain, { choice: { finish_reason: 7 }, body: { usage: null } }),
      good,
    ],
    ["a completion in a wrapper", { code: 0, data: completion(plain) }, good],
    ["a completion in a list", [completion(plain)], good],
    ["the bare answer", JSON.parse(plain), good],
    [
      "another dialect",
      { model: "x", message: { role: "assistant", content: plain }, done: true },
      good,
    ],
    [
      "a refusal field",
      completion("", { message: { content: null, refusal: "No." } }),
      "unwilling",
    ],
    [
      "a filtered answer",
      completion("", { choice: { finish_reason: "content_filter" } }),
      "unwilling",
    ],
    ["no choices", completion("", { body: { choices: [] } }), "bad-reply"],
    ["null as choices", completion("", { body: { choices: null } }), "bad-reply"],
    ["a choice without a message", { choices: [{}] }, "no-prompt"],
    ["null as content", completion("", { message: { content: null } }), "no-prompt"],
    ["a number as content", completion("", { message: { content: 42 } }), "no-prompt"],
    ["an error with status 200", { error: { message: "insufficient quota" } }, "refused"],
    ["an error as text", { error: `Bad. ${plain}`, request: JSON.parse(plain) }, "refused"],
    ["an error in a list", [{ error: { code: 429 } }], "refused"],
    ["an error beside empty choices", { choices: [], error: { message: "x" } }, "refused"],
    ["null", null, "bad-reply"],
    ["a number", 42, "bad-reply"],
    ["an empty list", [], "bad-reply"],
  ];

  test.each(bodies)("reads %s", (_kind, body, expected) => {
    expect(outcome(readReply(JSON.stringify(body)))).toBe(expected);
  });

  test.each([
    ["nothing", ""],
    ["an HTML page", "<!DOCTYPE html><html><body>Welcome { to } nginx!</body></html>"],
    ["half of a body", saying(plain).slice(0, 150)],
    ["words", "upstream connect error"],
    ["binary data", String.fromCharCode(...Array.from({ length: 256 }, (_, code) => code))],
    ["events without data", ": ping\n\nevent: message\n\n"],
  ])("calls %s a bad reply", (_kind, body) => {
    expect(readReply(body)).toEqual({ failure: "bad-reply" });
  });

  describe("where the LLM ran out of tokens", () => {
    const cut = { choice: { finish_reason: "length" } };
    test.each([
      ["keeps a complete prompt", `{"prompt": "${prompt}", "aspect_ra`, noRatio],
      ["keeps a prompt that ends with the text", `{"prompt": "${prompt}"`, noRatio],
      ["keeps a prompt before its comma", `{"prompt": "${prompt}",`, noRatio],
      ["takes half a ratio for none", `{"prompt": "${prompt}", "aspect_ratio": "1`, noRatio],
      ["drops half a prompt", `{"prompt": "A fluffy ginger cat rea`, "cut-off"],
      ["drops half a prompt after quotes", `{"prompt": "A sign with "OPEN" in red and`, "cut-off"],
      ["drops half a list", `{"prompt": ["A cat", "on a m`, "cut-off"],
      ["drops a prompt without JSON", "A fluffy ginger cat reads a large book in", "cut-off"],
      ["drops a draft among open thoughts", `<think>Perhaps ${draft} or`, "cut-off"],
      ["drops a draft among closed thoughts", `<think>${draft}</think>{"pro`, "cut-off"],
    ])("%s", (_title, content, expected) => {
      expect(outcome(readReply(saying(content, cut)))).toBe(expected);
    });
  });

  describe("with a stream that nobody asked for", () => {
    const events = (...data: unknown[]) =>
      data.map((one) => `data: ${JSON.stringify(one)}\r\n\r\n`).join("");
    const delta = (delta: object, finish_reason: string | null = null) => ({
      choices: [{ index: 0, delta, finish_reason }],
    });
    const half = plain.length / 2;

    test("joins the deltas and finds the tokens", () => {
      const body = events(
        delta({ role: "assistant", content: "" }),
        delta({ content: plain.slice(0, half) }),
        delta({ content: plain.slice(half) }),
        delta({}, "stop"),
        { choices: [], usage: { prompt_tokens: 5, completion_tokens: 7 } },
      );
      const reply = readReply(`: comment\n\n${body}data: [DONE]\n\n`);
      expect(outcome(reply)).toBe(good);
      expect(reply).toMatchObject({ usage: { promptTokens: 5, completionTokens: 7 } });
    });

    test.each([
      [
        "thoughts and content",
        events(delta({ reasoning_content: draft }), delta({ content: plain })),
        good,
      ],
      [
        "a call in pieces",
        events(
          delta({ tool_calls: [{ function: { name: "x", arguments: plain.slice(0, half) } }] }),
          delta({ tool_calls: [{ function: { arguments: plain.slice(half) } }] }),
        ),
        good,
      ],
      ["one whole completion", events(completion(plain)), good],
      ["a broken event", `data: {"cho\n${events(delta({ content: plain }))}`, good],
      ["a cut", events(delta({ content: plain.slice(0, half) }), delta({}, "length")), "cut-off"],
      ["an error", events({ error: { message: "overloaded" } }), "refused"],
    ])("reads %s", (_kind, body, expected) => {
      expect(outcome(readReply(body))).toBe(expected);
    });
  });

  test.each([
    [
      { prompt_tokens: 12, completion_tokens: 34 },
      { promptTokens: 12, completionTokens: 34 },
    ],
    [
      { prompt_tokens: -1, completion_tokens: 1.5 },
      { promptTokens: 0, completionTokens: 0 },
    ],
    [{ prompt_tokens: "12" }, { promptTokens: 0, completionTokens: 0 }],
    ["many", { promptTokens: 0, completionTokens: 0 }],
    [undefined, { promptTokens: 0, completionTokens: 0 }],
  ])("counts the tokens of %j as %j", (usage, expected) => {
    expect(readReply(saying(plain, { body: { usage } }))).toMatchObject({ usage: expected });
  });
});

describe("readReply of a reply with a draft in it", () => {
  const described = "A rough grey dog sleeps on a red sofa near a fire.";
  const final = "<|end|><|start|>assistant<|channel|>final";
  const forms: readonly (readonly [name: string, form: string])[] = [
    ["a tag with a name space", "<seed:think>DRAFT</seed:think>SAID"],
    ["a tag of another name space", "<x:thinking>\nDRAFT\n</x:thinking>\n\nSAID"],
    ["reasoning", "<reasoning>DRAFT</reasoning>\nSAID"],
    ["thinking", "<thinking>DRAFT</thinking>SAID"],
    ["a thought in capitals", "<THOUGHT>\nDRAFT\n</THOUGHT>\nSAID"],
    ["attributes", '<think budget="100" mode=deep>DRAFT</think>SAID'],
    ["spaces in the tag", "< think >DRAFT</ think >SAID"],
    ["a longer name", "<chain_of_thought>DRAFT</chain_of_thought>SAID"],
    ["another longer name", "<inner-monologue>DRAFT</inner-monologue>SAID"],
    ["full-width brackets", "＜think＞DRAFT＜／think＞SAID"],
    ["square brackets", "[REASONING]DRAFT[/REASONING]SAID"],
    ["Chinese brackets", "【思考】DRAFT【/思考】SAID"],
    ["a Chinese tag", "<思考过程>DRAFT</思考过程>\nSAID"],
    ["special tokens", "<|begin_of_thought|>DRAFT<|end_of_thought|>\nSAID"],
    [
      "special tokens around both",
      "<|START_THINKING|>DRAFT<|END_THINKING|><|START_RESPONSE|>SAID<|END_RESPONSE|>",
    ],
    ["a tag around the answer", "<reasoning>DRAFT</reasoning><answer>SAID</answer>"],
    ["one tag in another", "<think>DRAFT<think>DRAFT</think>DRAFT</think>SAID"],
    [
      "another tag in a tag",
      "<seed:think>DRAFT<seed:cot_budget_reflect>DRAFT</seed:cot_budget_reflect>DRAFT</seed:think>SAID",
    ],
    ["no beginning", "DRAFT</reasoning>SAID"],
    ["an empty tag", "<think/>SAID"],
    ["channels", `<|channel|>analysis<|message|>DRAFT${final}<|message|>SAID<|return|>`],
    [
      "channels and a format",
      `<|start|>assistant<|channel|>analysis<|message|>DRAFT${final} <|constrain|>json<|message|>SAID`,
    ],
    [
      "three channels",
      `<|channel|>analysis<|message|>DRAFT<|end|><|start|>assistant<|channel|>commentary<|message|>DRAFT${final}<|message|>SAID`,
    ],
    ["channels without the first marker", `DRAFT${final}<|message|>SAID`],
    ["channels without markers", "analysisDRAFTassistantfinalSAID"],
    ["channels of another kind", "<|channel>thought\nDRAFT<channel|>SAID"],
  ];

  test.each(forms)("takes what stands after it: %s", (_name, form) => {
    for (const before of [draft, described]) {
      for (const [after, expected] of [
        [plain, good],
        [prompt, noRatio],
      ] as const) {
        const content = form.replaceAll("DRAFT", () => before).replace("SAID", () => after);
        expect(outcome(readReply(saying(content)))).toBe(expected);
      }
    }
  });

  test.each(forms)("fails where there is nothing after it: %s", (_name, form) => {
    for (const before of [described, `Maybe ${draft}? Not yet.`]) {
      const content = form.replaceAll("DRAFT", () => before).replace("SAID", "");
      expect(outcome(readReply(saying(content)))).toBe("no-prompt");
    }
  });

  test.each(["<seed:think>", "<reasoning>", "<THINKING>", "<|channel|>analysis<|message|>"])(
    "takes an answer at the end of a draft without end, and nothing else of it: %s",
    (beginning) => {
      const said = (text: string) => outcome(readReply(saying(`${beginning}${text}`)));
      expect(said(`Maybe ${draft}?\n\n${plain}`)).toBe(good);
      expect(said(`Maybe ${draft}? Not yet.`)).toBe("no-prompt");
      expect(said(described)).toBe("no-prompt");
    },
  );

  test("fails where a draft beside it is all there is", () => {
    const message = { reasoning_content: `Maybe ${draft}? Not yet.` };
    expect(outcome(readReply(saying("", { message })))).toBe("no-prompt");
  });

  test.each([
    "A stamp that reads [DRAFT] lies on a wooden desk",
    "Rodin's Thinker sits on a rock, a plan <b>in</b> hand",
    "An analysis of light on a quiet lake at dawn",
  ])("takes no other words for a draft: %s", (words) => {
    const content = `Here you are:\n${JSON.stringify({ prompt: words, aspect_ratio: "3:2" })}`;
    expect(outcome(readReply(saying(content)))).toBe(`3:2 ${words}`);
  });
});

describe("readReply of any text", () => {
  const anyPrompt = fc.string({
    unit: fc.constantFrom(
      "a",
      "Z",
      " ",
      '"',
      "'",
      ",",
      ".",
      ":",
      "\\",
      "\n",
      "{",
      "}",
      "’",
      "“",
      "猫",
      "😀",
    ),
    minLength: 1,
    maxLength: 60,
  });

  test("gives every prompt back that an LLM writes as proper JSON, wherever it stands", () => {
    const around = fc.constantFrom(
      "%",
      "```json\n%\n```",
      "Here you are:\n%\nEnjoy!",
      '{"result": [%]}',
    );
    fc.assert(
      fc.property(anyPrompt, around, (words, form) => {
        const said = `A ${words} b`;
        const object = JSON.stringify({ aspect_ratio: "3:2", prompt: said });
        const reply = readReply(saying(form.replace("%", () => object)));
        expect(outcome(reply)).toBe(`3:2 ${said.replace(/\s+/g, " ")}`);
      }),
    );
  });

  test("never throws, and never gives a prompt that could not be painted", () => {
    const scraps = fc.constantFrom(
      ...plain.split(/\b/),
      "'",
      "```",
      "<think>",
      "</think>",
      "[",
      "//",
    );
    const content = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.array(scraps, { maxLength: 40 }).map((parts) => parts.join("")),
    );
    const body = fc.oneof(
      content,
      content.map((text) => saying(text)),
      fc.json(),
    );
    fc.assert(
      fc.property(body, (text) => {
        const reply = readReply(text);
        if ("failure" in reply) return;
        expect(reply.answer.prompt).toMatch(/^(?!\s)[^\p{Cc}\p{Cs}]{1,2000}(?<!\s)$/u);
      }),
      { numRuns: 300 },
    );
  });
});
