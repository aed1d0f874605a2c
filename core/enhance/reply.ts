import { z } from "zod";
import type { TokenUsage } from "../enhance.ts";
import { type Answer, answerInText, answerInValue, isDeclined } from "./answer.ts";
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
  const value = parseBody(body);
  const found = completionIn(value);
  if (found) return readCompletion(found);
  if (hasError(value)) return { failure: "refused" };
  const answer = answerInValue(value);
  return answer ? { answer, usage: noUsage } : { failure: "bad-reply" };
}

// === The envelope: only the fields that are read; a field of a wrong type counts as absent.

const someText = z.string().nullish().catch(null);
const call = z
  .object({ function: z.object({ arguments: z.unknown().optional() }) })
  .nullish()
  .catch(null);
const message = z
  .object({
    content: z.unknown().optional(),
    tool_calls: z.array(call).nullish().catch(null),
    function_call: z.object({ arguments: z.unknown().optional() }).nullish().catch(null),
    refusal: someText,
    reasoning_content: someText,
    reasoning: someText,
  })
  .nullish()
  .catch(null);
const choice = z.object({ message, text: someText, finish_reason: someText });
const count = z.int().min(0).catch(0);
const tokens = z.object({ prompt_tokens: count, completion_tokens: count }).nullish().catch(null);
const completion = z.object({ choices: z.array(choice).min(1), usage: tokens });

type Completion = z.output<typeof completion>;
type Choice = z.output<typeof choice>;

const noUsage: TokenUsage = { promptTokens: 0, completionTokens: 0 };

/** Some services put the completion into a list, or under a name beside a status of their own. */
function completionIn(body: unknown): Completion | undefined {
  const wrapped = isRecord(body) ? [body["data"], body["result"], body["response"]] : [];
  const places = Array.isArray(body) ? body.slice(0, 1) : [body, ...wrapped];
  return places.map((place) => completion.safeParse(place)).find(({ success }) => success)?.data;
}

function hasError(body: unknown): boolean {
  const value: unknown = Array.isArray(body) ? body[0] : body;
  return isRecord(value) && Boolean(value["error"]);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

// === The answer in it

function readCompletion({ choices, usage }: Completion): Reply {
  for (const one of choices) {
    const answer = answerInChoice(one);
    if (!answer) continue;
    return {
      answer,
      usage: usage
        ? { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens }
        : noUsage,
    };
  }
  return { failure: choices[0] ? failureOf(choices[0]) : "bad-reply" };
}

/** Looks for an answer in each place, best place first. Only the message text may be a prompt without JSON. */
function answerInChoice({ message, text, finish_reason }: Choice): Answer | undefined {
  const cutOff = finish_reason === "length";
  const said = [message?.content, text];
  const called = [...(message?.tool_calls ?? []), { function: message?.function_call }].map(
    (one) => one?.function?.arguments,
  );
  const silent = !cutOff && said.every((value) => !textOf(value)?.trim());
  const thoughts = silent ? [message?.reasoning_content, message?.reasoning] : [];
  const thought = thoughts.filter((text) => concludes(text ?? ""));
  return (
    firstAnswer(said, { cutOff, bare: true }) ??
    firstAnswer([...called, ...thought], { cutOff, bare: false })
  );
}

function firstAnswer(
  values: readonly unknown[],
  options: { cutOff: boolean; bare: boolean },
): Answer | undefined {
  for (const value of values) {
    const text = textOf(value);
    const answer = text === undefined ? answerInValue(value) : answerInText(text, options);
    if (answer) return answer;
  }
  return undefined;
}

/** A string, or the text parts of a list of content parts; undefined for a value of another kind. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return undefined;
  const texts = value.map((part: unknown) => (isRecord(part) ? part["text"] : part));
  const strings = texts.filter((part) => typeof part === "string");
  return strings.length > 0 ? strings.join("") : undefined;
}

function failureOf({ message, text, finish_reason }: Choice): ReplyFailure {
  const said = textOf(message?.content) ?? text ?? "";
  if (message?.refusal || finish_reason === "content_filter" || isDeclined(said)) {
    return "unwilling";
  }
  return finish_reason === "length" ? "cut-off" : "no-prompt";
}

// === The body

function parseBody(body: string): unknown {
  try {
    return JSON.parse(body.trim());
  } catch {
    return completionFromEvents(body);
  }
}

/** Joins the deltas of a stream into one completion; some services stream although we did not ask for it. */
function completionFromEvents(body: string): unknown {
  const events = eventsIn(body);
  const choices = events.map(firstChoice);
  const whole = choices.findLast((choice) => isRecord(choice?.["message"]));
  const deltas = choices.map((choice) => choice?.["delta"]).filter(isRecord);
  const last = <Value>(values: readonly Value[]) => values.findLast(Boolean);
  const join = (pick: (delta: Readonly<Record<string, unknown>>) => unknown) =>
    deltas.map((delta) => textOf(pick(delta)) ?? "").join("");
  if (!whole && deltas.length === 0) return last(events);
  const merged = {
    content: join((delta) => delta["content"]),
    reasoning_content: join((delta) => delta["reasoning_content"] ?? delta["reasoning"]),
    refusal: join((delta) => delta["refusal"]),
    function_call: { arguments: join(argumentsOf) },
  };
  const finish_reason = last(choices.map((choice) => choice?.["finish_reason"]));
  return {
    choices: [{ message: whole?.["message"] ?? merged, finish_reason }],
    usage: last(events.map((event) => event["usage"])),
  };
}

function eventsIn(body: string): readonly Readonly<Record<string, unknown>>[] {
  return body
    .split(/\r\n|\n|\r/)
    .filter((line) => line.startsWith("data:"))
    .map((line): unknown => {
      try {
        return JSON.parse(line.slice(5));
      } catch {
        return undefined;
      }
    })
    .filter(isRecord);
}

function firstChoice(event: Readonly<Record<string, unknown>>) {
  const choices = event["choices"];
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  return isRecord(choice) ? choice : undefined;
}

function argumentsOf(delta: Readonly<Record<string, unknown>>): unknown {
  const calls = delta["tool_calls"];
  const call: unknown = Array.isArray(calls) ? calls[0] : undefined;
  const called = isRecord(call) ? call["function"] : delta["function_call"];
  return isRecord(called) ? called["arguments"] : undefined;
}
