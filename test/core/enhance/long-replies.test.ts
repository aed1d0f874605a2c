import { describe, expect, test } from "vitest";
import { readReply } from "../../../core/enhance/reply.ts";
import { completion } from "../../fakes/llm.ts";

/** A good answer, behind all that is not. */
const plain = `{"prompt": "A fluffy ginger cat reads a large book.", "aspect_ratio": "3:2"}`;

function saying(content: string): string {
  return JSON.stringify(completion(content));
}

describe("readReply against hostile text", () => {
  const size = 128 * 1024;
  const filled = (piece: string) => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);
  const pieces = [
    "{",
    "[",
    '{"a":',
    '"',
    "'",
    "`",
    "```",
    "```\n",
    "```json\n{",
    "\\",
    '\\"',
    "“",
    "‘’",
    " ",
    "\n",
    "\t\n ",
    "<think>",
    "</think>",
    "<think></think>",
    "<think>{",
    "<",
    "[think]",
    "<seed:think>",
    "<think ",
    "<a_a_a_",
    "<end_of_",
    "</reasoning>",
    "<|channel|>analysis<|message|>",
    "<|channel|>",
    "<|start|>assistant",
    "<|end|>",
    "assistantfinal",
    "analysis",
    "<answer>",
    "【思考】",
    "//",
    '"//',
    "/*",
    '"/*',
    "/**/",
    '"/**//*',
    "*/",
    '"prompt"',
    '"prompt":',
    '"prompt": "',
    '"prompt": "a" ',
    '"prompt": "a", ',
    '"prompt": ["a", ',
    '{"prompt": "a"}',
    "'prompt': '",
    "prompt:",
    "{prompt:",
    ',prompt: "',
    "enhanced_",
    "enhancedimagefinal",
    '"enhanced ',
    "prompt: a b c d e\n",
    '"prompt": [',
    '"a", ',
    "a, b",
    '", "',
    '"prompt": "a", "b',
    "aspect_ratio",
    "ratio: ",
    "ratio   ",
    "1:",
    "16:9 ",
    "1 ",
    "I'm sorry",
    "I am very ",
    "data:",
    "data: {}\n",
    'data: {"choices":[{"delta":{"content":"x"}}]}\n',
    "“a",
    "a’",
    "'a ",
    "一",
    "\ud83d",
    "\u0000",
    "*",
    "**",
    "#",
    "- ",
    "_ ",
    "word ",
    "a: ",
    "\\u0041",
    '\\\\"',
  ];

  test.each(pieces.map((piece) => [JSON.stringify(piece), piece]))(
    "takes no long time over 128 KiB of %s",
    (_name, piece) => {
      const begun = process.threadCpuUsage();
      readReply(filled(piece));
      readReply(saying(`${filled(piece)}\n${plain}`));
      readReply(saying(`{"prompt": "${filled(piece)}`));
      readReply(saying(`{"prompt": [${filled(piece)}`));
      const { user, system } = process.threadCpuUsage(begun);
      expect((user + system) / 1000).toBeLessThan(750);
    },
  );
});
