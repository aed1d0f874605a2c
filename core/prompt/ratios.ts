import type { Notice } from "../notices.ts";
import { parseRatio, plainRatio, ratioSource } from "../ratio.ts";
import type { Found } from "./flags.ts";
import { type Core, phraseAround } from "./phrase.ts";
import { matchAt, wordCharacter } from "./quotes.ts";
import { type Span, spanOf } from "./tidy.ts";

/** What a text says about the shape of its picture. All spans are in order. */
export interface Ratios {
  readonly taken: readonly Found[];
  /** Phrases that ask for a shape beyond 3:1, which the words can do without. */
  readonly left: readonly Span[];
  /** `ratio-out-of-range`, once for each ratio, and `flag-not-understood` for two numbers that are no ratio. */
  readonly notices: readonly Notice[];
}

/** A trigger word, or a ratio. */
interface Token extends Span {
  readonly text: string;
  readonly kind: "trigger" | "ratio" | "beyond";
  /** Reduced; of a ratio beyond 3:1 as it is written. */
  readonly ratio: string | undefined;
  /** A part of something, as in "1/4 比例", where a trigger word follows. */
  readonly fraction: boolean;
  /** Only connecting words lie between it and the token before. */
  readonly linked: boolean;
  /** A ratio behind its trigger word. */
  readonly mated: boolean;
}

const letter = String.raw`(?!\d)${wordCharacter}`;
const blank = String.raw`[^\S\r\n\u2028\u2029]`;

// Ratios of other things than pictures.
const otherEnglish = `(?<!(?:golden|contrast|gear|compression|mixing|sex|gender|noise|hip)${blank})`;
const otherChinese = String.raw`(?<!黄金|黃金|身材|身体|头身|人体|男女|性别|混合|[和与跟同][^\s,;.。]{1,8}的)`;
const trigger = [
  String.raw`(?<!${letter}|${letter}-|--)${otherEnglish}(?:w(?:idth)?[ -]?(?:to|by|[:/x])[ -]?h(?:eight)?[ -])?(?:aspect(?:[_-]|${blank}+)?)?ratio(?:${blank}d['’]aspect)?(?!-|${letter})`,
  `${otherChinese}(?:比例(?!尺)|比率)`,
  "(?:宽高|长宽|纵横|横纵|寬高|長寬|縱橫|橫縱)比(?:例|率)?|アスペクト比|縦横比",
  "(?<![大中全半小])[画畫图圖]幅(?:比例|比)?",
].join("|");
const aspect = String.raw`(?<!${letter}|${letter}-|--)aspect(?!-|${wordCharacter}|${blank}+ratio)`;
// No part of something longer, such as 16:9:1 or v2:1, and no clock time such as 10:30am.
const beforeRatio = String.raw`(?:(?<=ratio|aspect)|(?<!${letter}|[\d.]|\d[:×*比]|${wordCharacter}[/-]))`;
const afterRatio = String.raw`(?!\d|[.:x×*比]\d|${blank}{1,3}:${blank}{0,3}\d|[/-]${wordCharacter}|--|[ap]\.?m\b)`;
const opening = String.raw`[([]${blank}{0,3}`;
const closing = String.raw`${blank}{0,3}[)\]]`;
// Of two numbers with another mark between them only what is well known.
const slip = "(?:16[-–—_;]9|9[-–—_;]16|21[-–—_;]9|16[-–—_;]10|[1-5][-–—_;][1-5])";
const tokenPattern = new RegExp(
  `(?<trigger>${trigger}|${aspect})|${opening}(?<inner>${ratioSource}|${slip})${closing}|${beforeRatio}(?:${ratioSource}|${slip})${afterRatio}`,
  "giu",
);

// One character or word at a time, so that no text can be read in two ways.
const toRatio = new RegExp(
  String.raw`^(?:${blank}|[:=*→~>|@]|-(?=>)|\(w[:/x]h\)|[为是為成到在设設置定修改更换換调調整变變做弄保持控制统統一选選择擇采採用使按照以需想要求请請应應该該必须須大约約概建议議推荐薦就最好尽盡量横竖橫豎版屏はが]|的话|\b(?:of(?:${blank}width${blank}to${blank}height)?|is|to|be|should|must|will|set|changed|equals?|approximately|about)\b)*$`,
  "iu",
);
const toTrigger = new RegExp(
  String.raw`^(?:${blank}|[:=*为是為的の横竖宽橫豎寬向版屏画面图片像照相布幕视频尺寸输出构成整体影畫圖]|\b(?:of|is|wide|widescreen|landscape|portrait|vertical|horizontal|cinematic|image|picture|screen|display|format)\b)*$`,
  "iu",
);
const connector = new RegExp(String.raw`^(?:${blank}|[:=为是為]|\b(?:of|is)\b)*$`, "iu");
const dash = new RegExp(`^(?:${blank}|\\*)*[-–—](?:${blank}|\\*)*$`, "u");

// A clock time, a date, a score or a measure: where another ratio is at hand, that is meant.
const otherwise = /^(?:[01]?\d|2[0-3]):[0-5]\d$|[x×*/–—_;-]/i;

/**
 * The ratios that stand next to a trigger word, each with the phrase around it, in a text whose quotes are masked and
 * whose full-width forms are ASCII.
 */
export function ratiosIn(prose: string): Ratios {
  const tokens = tokensIn(prose);
  const claimed = claim(tokens);
  const taken = groupsOf(tokens, claimed).map((group) => phraseOf(prose, group));
  const beyond = beyondIn(prose, tokens, claimed);
  const asked = Array.from(new Set(beyond.map(({ ratio }) => ratio)));
  return {
    taken: [...taken, ...bareIn(prose, tokens, claimed)].toSorted(byStart),
    left: beyond.flatMap(({ isScale, spans }) => (isScale ? [] : spans)).toSorted(byStart),
    notices: [...asked.map(outOfRange), ...unreadIn(prose, tokens, claimed)],
  };
}

function byStart(a: Span, b: Span): number {
  return a.start - b.start;
}

// === Reading

function tokensIn(prose: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of prose.matchAll(tokenPattern)) {
    const [text] = match;
    const token = { ...spanOf(match), text, ...readingOf(prose, match) };
    if (token.kind === undefined) continue;
    const { kind } = token;
    const previous = tokens.at(-1);
    const between = prose.slice(previous?.end ?? 0, token.start);
    const linked = previous !== undefined && isLinked(previous, { kind, text }, between);
    const mated = linked && previous.kind === "trigger" && kind === "ratio";
    tokens.push({ ...token, kind, linked, mated });
  }
  return tokens;
}

function readingOf(prose: string, { 0: text, index, groups }: RegExpExecArray) {
  if (groups?.["trigger"] !== undefined) {
    return { kind: "trigger", ratio: undefined, fraction: false } as const;
  }
  const plain = plainRatio(groups?.["inner"] ?? text) ?? "";
  const ratio = parseRatio(plain);
  const isShare = text.includes("/") && matchAt(share, prose, index) !== null;
  const fraction = isShare || /^1\s*\//.test(text);
  if (ratio !== undefined) return { kind: "ratio", ratio, fraction } as const;
  const kind = /^0(?::|$)|:0$/.test(plain) ? undefined : "beyond";
  return { kind, ratio: plain, fraction } as const;
}

const share = /(?<=占[^,;。\n]{0,8})/y;

function isLinked(before: Token, after: Pick<Token, "kind" | "text">, between: string): boolean {
  if (before.kind === "trigger" && after.kind !== "trigger") {
    return toRatio.test(between) || (!before.linked && dash.test(between));
  }
  if (before.kind !== "trigger" && after.kind === "trigger") {
    return toTrigger.test(between) && !(before.mated && after.text.toLowerCase() === "aspect");
  }
  return connector.test(between);
}

// === Pairing

/** Tokens that belong together. */
interface Group extends Core {
  readonly ratio: string | undefined;
}

/**
 * The indexes of the trigger words and ratios that belong together: all that stand side by side, and then those that
 * would come to stand so, as brackets do, lest a directive remain. A trigger word between two ratios takes both,
 * unless the one before it may be something else: in "16:30 ratio 3:4" only the last is meant.
 */
function claim(tokens: readonly Token[]): ReadonlySet<number> {
  const others = othersBefore(tokens);
  const claimed = new Set<number>();
  for (const [at, token] of tokens.entries()) {
    const pair = token.linked && areMates(tokens[at - 1], token);
    if (pair && !others[at]) claimed.add(at - 1).add(at);
  }
  return new Set([...claimed, ...nested(tokens, claimed, "ratio").flat()]);
}

/** The pairs of trigger words and ratios of a kind that would stand side by side without what was claimed and paired. */
function nested(tokens: readonly Token[], claimed: ReadonlySet<number>, kind: "ratio" | "beyond") {
  const pairs: [before: number, after: number][] = [];
  let open: number[] = [];
  for (const [at, token] of tokens.entries()) {
    if (!token.linked) open = [];
    if (claimed.has(at)) continue;
    const last = open.at(-1);
    if (last !== undefined && areMates(tokens[last], token, kind)) {
      open.pop();
      pairs.push([last, at]);
    } else open.push(at);
  }
  return pairs;
}

function areMates(before: Token | undefined, after: Token, kind: Token["kind"] = "ratio"): boolean {
  if (before?.kind === "trigger") return after.kind === kind;
  return before?.kind === kind && after.kind === "trigger" && !before.fraction;
}

/**
 * For each trigger word, whether it stands behind a ratio that is not meant: where trigger words and ratios take turns
 * from there on and a ratio comes last, every trigger word has one of its own behind it.
 */
function othersBefore(tokens: readonly Token[]): readonly boolean[] {
  let ratioLast = false;
  const others = tokens.toReversed().map((token, back) => {
    const at = tokens.length - 1 - back;
    const next = tokens[at + 1];
    if (!next?.linked || !areMates(token, next)) ratioLast = token.kind === "ratio";
    return ratioLast && token.kind === "trigger" && otherwise.test(tokens[at - 1]?.text ?? "");
  });
  return others.reverse();
}

function groupsOf(tokens: readonly Token[], claimed: ReadonlySet<number>): readonly Group[] {
  const groups: Group[] = [];
  tokens.forEach(({ start, end, kind, ratio, linked }, at) => {
    if (!claimed.has(at)) return;
    const before = linked && claimed.has(at - 1) ? groups.pop() : undefined;
    groups.push({
      start: before?.start ?? start,
      end,
      ratio: before?.ratio ?? ratio,
      triggerFirst: before?.triggerFirst ?? kind === "trigger",
    });
  });
  return groups;
}

function phraseOf(prose: string, group: Group): Found {
  const { ratio } = group;
  return { ...phraseAround(prose, group), wishes: ratio === undefined ? {} : { ratio } };
}

// === Beyond 3:1

/** The trigger words with ratios beyond 3:1; what was claimed may lie between them. */
function beyondIn(prose: string, tokens: readonly Token[], claimed: ReadonlySet<number>) {
  const found = nested(tokens, claimed, "beyond").flatMap(([first, last]) => {
    const [before, after] = [tokens[first], tokens[last]];
    return before && after ? [beyondOf(prose, before, after, last - first === 1)] : [];
  });
  return found.toSorted((a, b) => (a.spans[0]?.start ?? 0) - (b.spans[0]?.start ?? 0));
}

function beyondOf(prose: string, before: Token, after: Token, adjacent: boolean) {
  const triggerFirst = before.kind === "trigger";
  const ratio = (triggerFirst ? after : before).ratio ?? "";
  const core = { start: before.start, end: after.end, triggerFirst };
  return {
    ratio,
    spans: adjacent ? [phraseAround(prose, core)] : [before, after],
    // Of a model.
    isScale: triggerFirst ? /^1:(?:[2-9]\d|\d{3,})/.test(ratio) : ratio.startsWith("1:"),
  };
}

// === Without a trigger word

const unmistakable = ["16:9", "9:16", "21:9"];
const wellKnown = [...unmistakable, "4:3", "3:4", "1:1", "3:2", "2:3"];
const contest = /比分|得分|领先|落后|[球赛胜赢输负局]|score|match|game/i;
const mixture = /[和与跟兑配混队战]|稀释/;
const aloneBefore = /(?<=(?:^|[\s,;:.!?。、(])(?:[采使]?用|按照?|以)?)/y;
const aloneAfter = /[^\S\n]*(?:$|[\n,;.!?。、)])/y;

/** "16比9" in a clause of its own, as people write a shape, unless the text may be about a score or a mixture. */
function bareIn(
  prose: string,
  tokens: readonly Token[],
  claimed: ReadonlySet<number>,
): readonly Found[] {
  const found = tokens.filter(({ start, end, kind, ratio = "", text }, at) => {
    const known = kind === "ratio" && text.includes("比") && wellKnown.includes(ratio);
    const alone = matchAt(aloneBefore, prose, start) && matchAt(aloneAfter, prose, end);
    return known && alone && !claimed.has(at);
  });
  if (found.length === 0 || contest.test(prose)) return [];
  const mixed = mixture.test(prose);
  return found
    .filter(({ ratio = "" }) => !mixed || unmistakable.includes(ratio))
    .map(({ start, end, ratio }) => phraseOf(prose, { start, end, ratio, triggerFirst: false }));
}

const outOfRange = (ratio: string): Notice => ({ code: "ratio-out-of-range", ratio });
const numbers = new RegExp(
  String.raw`${blank}{0,3}(?:[:=为是]|\b(?:of|is)\b)?${blank}{0,3}(\d{1,5}(?: |[^\p{L}\p{N}\s:]|\\:|&#58;)\d{1,5})(?![\p{L}\p{N}:/-]|\.\d)`,
  "iuy",
);

/** What stands behind a trigger word as two numbers and is no ratio: it stays in the words. */
function unreadIn(prose: string, tokens: readonly Token[], claimed: ReadonlySet<number>) {
  return tokens.flatMap(({ kind, end, text }, at): Notice[] => {
    const unread = kind === "trigger" && !claimed.has(at) && !tokens[at + 1]?.linked;
    const value = unread ? matchAt(numbers, prose, end)?.[1] : undefined;
    return value === undefined ? [] : [{ code: "flag-not-understood", flag: text, value }];
  });
}
