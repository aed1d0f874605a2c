/** A reply, divided. */
export interface Spoken {
  readonly said: string;
  readonly thought: string;
  /** The last thought has no end. */
  readonly open: boolean;
}

const kinds =
  "think(?:ing)?|thoughts?|reason(?:ing)?|reflect(?:ions?)?|analysis|scratch_?pad|思考|思维链|推理|分析|反思";
const kindsInTags = `${kinds}|drafts?|drafting|plan(?:ning)?|deliberation|monologue|brainstorm(?:ing)?|cot|草稿|构思`;

function nameOf(names: string): string {
  return `(?:[a-z][\\w.-]{0,20}[:：])?(?:[a-z]{1,20}[_-]){0,3}(?:${names})(?:[_-][a-z]{1,20}){0,2}(?:过程|内容)?`;
}

/** <think>, </seed:think>, <reasoning effort="high">, <|begin_of_thought|>, <|END_THINKING|>, in any case. */
const tag = String.raw`[<＜](?:\|{1,2})?\s{0,3}(?<tag>[/／]?\s{0,3}${nameOf(kindsInTags)})(?:\s[^<>]{0,200}?)?\s{0,3}(?<empty>[/／]?)(?:\|{1,2})?[>＞]`;

/** [THINK], ◁/think▷, 【思考】. */
const bracket = String.raw`[[［◁〈《【](?<bracket>[/／]?${nameOf(kinds)})[\]］▷〉》】]`;

/** OpenAI's harmony format (https://cookbook.openai.com/articles/openai-harmony), with its markers or without. */
const header = String.raw`(?:<\|start\|>\s{0,3}\w{1,20}\s{0,3})?`;
const option = String.raw`(?:\s{0,3}to=[\w.]{1,60})?\s{0,3}(?:<\|constrain\|>\s{0,3}\w{1,20}\s{0,3})?(?:<\|message\|>)?`;
const channel = String.raw`${header}<\|channel\|?>\s{0,3}(?<channel>\w{1,20})${option}`;
const bareChannel = String.raw`^\s{0,20}(?:analysis|commentary)(?=[\p{L}{"])|assistantfinal`;
const ending = String.raw`<\|(?:end|return|call|im_end|eot_id)\|>|<channel\|>`;

const thoughtMark = new RegExp(
  `${tag}|${bracket}|${channel}|(?<bare>${bareChannel})|(?<ending>${ending})`,
  "giu",
);

/** What only wraps that which is said. */
const wrapping =
  /<\|[a-z/][\w/]{0,30}\|>(?:(?<=<\|start\|>)\s{0,3}assistant)?|<\/?(?:final|answer|output|response|result|solution|reply)(?:[_-][a-z]{1,20})?>/gi;

type Mark = "begins" | "ends" | "ends if open" | "nothing";

/**
 * Tells what an LLM says from what it only thinks. An end without a beginning makes all before it a thought, because
 * some services cut the beginning off; a beginning without an end makes all after it one. What is said comes without
 * the markers of chat formats and without tags around an answer. Takes time linear in the text.
 */
export function withoutThoughts(text: string): Spoken {
  let said = "";
  let thought = "";
  let thinking = false;
  let from = 0;
  for (const match of text.matchAll(thoughtMark)) {
    const mark = meaningOf(match);
    const piece = text.slice(from, match.index);
    from = match.index + match[0].length;
    if (thinking) thought += piece;
    else said += piece;
    if (mark === "ends" && !thinking) {
      thought += said;
      said = "";
    }
    if (mark !== "nothing") thinking = mark === "begins";
  }
  const rest = text.slice(from);
  return thinking
    ? { said: unwrapped(said), thought: thought + rest, open: true }
    : { said: unwrapped(said + rest), thought, open: false };
}

const notSaid = /^\s*(?:analy|comment|think|thought|reason|plan|draft)/i;

function meaningOf({ groups = {} }: RegExpExecArray): Mark {
  const { ending, channel, bare, empty, tag, bracket } = groups;
  if (ending !== undefined) return "ends if open";
  if (empty) return "nothing";
  const name = channel ?? bare;
  if (name !== undefined) return notSaid.test(name) ? "begins" : "ends";
  return /^(?:[/／]|end[_-])/i.test(tag ?? bracket ?? "") ? "ends" : "begins";
}

function unwrapped(text: string): string {
  return text.replace(wrapping, "");
}

/** Whether a thought ends with JSON, and so may hold the answer that was meant to be said. */
export function concludes(thought: string): boolean {
  return /[}\]`]\s*$/.test(thought.slice(-200));
}
