import type { TokenUsage } from "../enhance.ts";
import {
  type Answer,
  answerInText,
  answerInValue,
  isDeclined,
  parsed,
  type TextOptions,
} from "./answer.ts";
import { concludes } from "./thoughts.ts";

/** Why a reply with a good HTTP status holds nothing to paint. */
export type ReplyFailure =
  /** An error object instead of a completion. */
  | "refused"
  /** Not a readable completion: HTML, broken JSON, no choices. */
  | "bad-reply"
  /** The LLM ran out of tokens before its prompt was complete. */
  | "cut-off"
  /** The LLM declines. */
  | "unwilling"
  /** A completion without a prompt that could be painted. */
  | "no-prompt";

/** What the body of a completion holds: a prompt, or the reason why it has none. */
export type Reply =
  | { readonly answer: Answer; readonly usage: TokenUsage }
  | { readonly failure: ReplyFailure };

/**
 * Reads the body of a chat completion as JSON or as a stream of events, independent of its content type. Finds the
 * prompt in every shape of reply that is known to hold one. Never throws. Takes time linear in the body.
 */
export function readReply(body: string): Reply {
  const value = parsed(body) ?? completionFromEvents(body);
  // Some services put the completion into a list, or under a name beside a status of their own.
  const wrapped = [0, "data", "result", "response"].map((key) => pick(value, key));
  const choices = [value, ...wrapped].map((place) => listOf(pick(place, "choices")));
  const usage = [value, ...wrapped].map((place) => pick(place, "usage")).find(isRecord);
  const [found = []] = choices.filter(({ length }) => length > 0);
  if (found.length > 0) return readChoices(found, usage);
  if (pick(value, "error") || pick(value, 0, "error")) return { failure: "refused" };
  const answer = answerInValue(value);
  return answer ? { answer, usage: usageOf(undefined) } : { failure: "bad-reply" };
}

// === Unknown values: a field of a wrong type counts as absent

/** What lies behind these keys, one in the other. */
function pick(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);
}

function isRecord(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === "object" && value !== null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A string, or the text parts of a list of content parts; undefined for a value of another kind. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const texts = listOf(value).map((part) => (isRecord(part) ? part["text"] : part));
  const strings = texts.filter((part) => typeof part === "string");
  return strings.length > 0 ? strings.join("") : undefined;
}

function usageOf(usage: unknown): TokenUsage {
  const count = (key: string) => {
    const value = pick(usage, key);
    return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : 0;
  };
  return { promptTokens: count("prompt_tokens"), completionTokens: count("completion_tokens") };
}

// === The answer in a completion

function readChoices(choices: readonly unknown[], usage: unknown): Reply {
  for (const choice of choices) {
    const answer = answerInChoice(choice);
    if (answer) return { answer, usage: usageOf(usage) };
  }
  return { failure: failureOf(choices[0]) };
}

/** Looks for an answer in each place, best place first. Only the message text may be a prompt without JSON. */
function answerInChoice(choice: unknown): Answer | undefined {
  const message = pick(choice, "message");
  const cutOff = pick(choice, "finish_reason") === "length";
  const said = [pick(message, "content"), textOf(pick(choice, "text"))];
  const called = [
    ...listOf(pick(message, "tool_calls")),
    { function: pick(message, "function_call") },
  ];
  const silent = !cutOff && said.every((value) => !textOf(value)?.trim());
  const thoughts = silent ? ["reasoning_content", "reasoning"] : [];
  const thought = thoughts.map((key) => textOf(pick(message, key)) ?? "").filter(concludes);
  const hidden = [...called.map((call) => pick(call, "function", "arguments")), ...thought];
  return firstAnswer(said, { cutOff, bare: true }) ?? firstAnswer(hidden, { cutOff, bare: false });
}

function firstAnswer(values: readonly unknown[], options: TextOptions): Answer | undefined {
  for (const value of values) {
    const text = textOf(value);
    const answer = text === undefined ? answerInValue(value) : answerInText(text, options);
    if (answer) return answer;
  }
  return undefined;
}

function failureOf(choice: unknown): ReplyFailure {
  const reason = pick(choice, "finish_reason");
  const said = textOf(pick(choice, "message", "content")) ?? textOf(pick(choice, "text")) ?? "";
  const isRefused = Boolean(pick(choice, "message", "refusal")) || reason === "content_filter";
  if (isRefused || isDeclined(said)) return "unwilling";
  return reason === "length" ? "cut-off" : "no-prompt";
}

// === A stream

/** Joins the deltas of a stream into one completion; some services stream although we did not ask for it. */
function completionFromEvents(body: string): unknown {
  const lines = body.split(/\r\n|\n|\r/).filter((line) => line.startsWith("data:"));
  const events = lines.map((line) => parsed(line.slice(5))).filter(isRecord);
  const choices = events.map((event) => pick(event, "choices", 0));
  const whole = choices.map((choice) => pick(choice, "message")).findLast(isRecord);
  const deltas = choices.map((choice) => pick(choice, "delta")).filter(isRecord);
  if (!whole && deltas.length === 0) return events.at(-1);
  const join = (...paths: readonly (readonly (string | number)[])[]) =>
    deltas
      .map((delta) => paths.map((path) => textOf(pick(delta, ...path))).find(Boolean) ?? "")
      .join("");
  const called = [
    ["tool_calls", 0, "function", "arguments"],
    ["function_call", "arguments"],
  ];
  const message = whole ?? {
    content: join(["content"]),
    reasoning_content: join(["reasoning_content"], ["reasoning"]),
    refusal: join(["refusal"]),
    function_call: { arguments: join(...called) },
  };
  const finish_reason = choices.map((choice) => pick(choice, "finish_reason")).findLast(Boolean);
  const usage = events.map((event) => event["usage"]).findLast(Boolean);
  return { choices: [{ message, finish_reason }], usage };
}
