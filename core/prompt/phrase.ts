import { matchAt } from "./quotes.ts";
import type { Span } from "./tidy.ts";

/** Where a ratio stands with its trigger word, and which of the two comes first. */
export interface Core extends Span {
  readonly triggerFirst: boolean;
}

/** How the clause goes on behind the phrase: it ends, it goes on with another phrase, or with anything. */
type Ending = "clause" | "phrase" | "any";

/** Words in front of a core that leave with it. */
interface Rule {
  /** Sticky, at the core's start; what it captures leaves. */
  readonly pattern: RegExp;
  /** What the core has to begin with, and how it has to end, where that matters. */
  readonly first?: "trigger" | "ratio";
  readonly endings?: readonly Ending[];
}

const blank = String.raw`[^\S\r\n\u2028\u2029]`;
const b = `${blank}{1,3}`;
const edge = String.raw`(?<![\p{L}\p{N}_-])`;
const clauseStart = String.raw`(?:^|[\r\n\u2028\u2029,.;:!?。、…()[\]—–|*])${blank}{0,3}`;

const clauseEnd = new RegExp(
  String.raw`${blank}*(?:$|[\r\n\u2028\u2029,.;:!?。、…()[\]{}—–|]|-{1,2}\s)`,
  "yu",
);
const phraseEnd = new RegExp(
  String.raw`${blank}*(?:with|on|at|in|of|by|under|near|and|or|but|for|from|to|as|above|behind|beside|where|while|that|which|who|during|like|\p{L}{1,20}ing)\b`,
  "iyu",
);

function rule(source: string, place: Omit<Rule, "pattern"> = {}, ahead = ""): Rule {
  return { pattern: new RegExp(`(?<=${source})${ahead}`, "iyu"), ...place };
}

const trigger = { first: "trigger" } as const;
const ratio = { first: "ratio" } as const;
const endsClause = { endings: ["clause"] } as const;

// === English

const article = `(?:an?|its|this|the(?!${b}ratio${b}of))`;
const anyArticle = "(?:an?|the|its|this)";
const frame = `(?:(?:overall|desired|final)${b})?(?:(?:image|picture|photo|canvas|frame|screen|output|display)${b})?`;
const nature = `(?:(?:image|picture|photo|canvas|frame|screen|output|display|video|overall|desired|final|wide|tall|widescreen|landscape|portrait|vertical|horizontal|cinematic|standard|classic)${b}){0,2}`;
const preposition = "(?:with|in|at|using|for|to|by|into)";
const also = `(?:(?:please|pls|also|then|and|but|plus|just|now)${b})`;
const picture = `(?:it|this|that|everything|(?:(?:the|this|my|your)${b})?(?:final${b})?(?:image|picture|photo|result|output))`;
const subject = `${picture}(?:${b}(?:should|must|will|has${b}to|needs${b}to))?(?:${b}(?:be|is|have|has|use|uses))?`;
const wish = `(?:I(?:${b}would|['’]d)?${b}(?:want|need|like|prefer)|give${b}(?:it|me)|go${b}with|let['’]s${b}use|use|using|set|make|keep|change|choose|select|apply|want|need|output|generate|render|crop|resize|format|ensure|prefer)(?:${b}${picture})?(?:${b}(?:to${b}be|to${b}have|is|be|has))?`;
const manner = `(?:shot|taken|filmed|rendered|painted|drawn|presented|displayed|framed|composed|formatted|cropped)`;
const clause = `(?:${wish}|${subject}|${manner})${b}(?:${preposition}${b})?`;
const clauseOrAnd = `(?:${clauseStart}|${blank}(?=and${b}))`;
// "With ratio is 16:9" is no phrase.
const noStatement = String.raw`(?!ratio${b}is\b)`;

const english: readonly Rule[] = [
  rule(`${clauseOrAnd}(${also}{0,3}${clause}(?:${anyArticle}${b})?${nature})`, endsClause),
  rule(
    `${edge}(${also}?${preposition}${b}(?:${anyArticle}${b})?${nature})`,
    endsClause,
    noStatement,
  ),
  rule(`${edge}(${preposition}${b}(?:${anyArticle}${b})?${nature})`, trigger, noStatement),
  rule(`${edge}(${preposition}${b}${anyArticle}${b}${nature})`, { ...ratio, endings: ["phrase"] }),
  rule(`${edge}(${preposition}${b}${nature})`, ratio),
  rule(`${edge}(of${b}(?:${anyArticle}${b})?)`, { endings: ["clause", "phrase"] }),
  rule(`${clauseOrAnd}(${also}{0,3}(?:${article}${b})?)`, endsClause),
  rule(`${edge}(${article}${b}${frame})`, { ...trigger, ...endsClause }),
  rule(
    `${edge}(${also}{0,2}(?:(?:use|set|keep|change|choose)${b}${anyArticle}|make${b}it(?:${b}${anyArticle})?|set(?=${b}(?:aspect${b})?ratio${b}to${b}))${b}${nature})`,
    endsClause,
  ),
  rule(`${clauseStart}((?:(?!an?${b})${article}${b})?${frame})`, trigger),
];

// === Chinese

const blankStart = String.raw`(?:^|[\s,.;:!?。、…()[\]—–|*])`;
const shape = "(?:画面|尺寸|成图|出图|畫面)";
const noun =
  "(?:画面|图片|图像|图|照片|相片|画布|屏幕|视频|尺寸|构图|分辨率|输出|成图|出图|成片|成品|整体|影像|版面|页面|畫面|圖片|圖像|螢幕)";
const ask = "请|請|麻烦|帮我|并且|并|且|同时|然后|另外|而且|还有|最后";

/** The preposition of "用 16:9 的比例". */
const means = rule(
  `(?<![专作运利应费可所难足])((?:[采採使选]?用|采取|选择|[按依]照?|以)(?:一[个种])?${blank}{0,3})`,
);

const chinese: readonly Rule[] = [
  rule(`(?<![张張幅个個份套这這该該此每两的])(${shape}的?${blank}{0,3})`, trigger),
  rule(`(?:${blankStart}|[把将將请請用按以])(${noun}的?(?:尺寸|大小)?${blank}{0,3})`, trigger),
  rule(`([把将將]${blank}{0,3})`, trigger),
  rule(
    `${blankStart}((?:(?:要求|参数|參數|设置|规格|备注|注意|说明):${blank}{0,3}|${ask}|希望|要求|设置|设定|调整|修改|更改|改变|保持|注意|指定|选择|使用|采用|用|按照|按|以|其|它的){1,4}${blank}{0,3})`,
    trigger,
  ),
  rule(
    `((?:[把将將](?:它|图片?|画面))?(?:设置|设定|设|改|换|调整|调|做|画|变|弄|設|換|調)[为成為](?:一[个种张])?${blank}{0,3})`,
    { ...ratio, ...endsClause },
  ),
  rule(
    `${blankStart}((?:${ask}|我|想要|需要|要|生成|输出|出图|${noun}|画幅|为|是|呈){1,4}${blank}{0,3})`,
    { ...ratio, ...endsClause },
  ),
];

const particle = new RegExp(`${blank}{0,3}(?:的(?![士确確])|の|で(?![きしす]))`, "y");
const aside = new RegExp(
  String.raw`${blank}{0,3}[横竖橫豎][版屏](?=${blank}*(?:$|[\r\n,.;!?。)]))|${blank}{0,3}\((?:[横竖宽橫豎寬方][\p{sc=Han}]{0,3}|widescreen|wide|tall|landscape|portrait|vertical|horizontal|square)\)`,
  "iyu",
);
const politeness = new RegExp(
  String.raw`${blank}{0,3}(?:就行了?|就好了?|就可以了?|即可|可以|吧|哦|喔|呢|啊|啦|谢谢|please|pls|thanks|thank you)(?=${blank}*(?:$|[\r\n,.;!?。)]))`,
  "iyu",
);
const making = new RegExp(
  String.raw`(?:来|进行|去)?(?:生成|呈现|展示|显示|输出|绘制|构图|制作|拍摄|出图|作画|表现|画)(?=${blank}*(?:$|[\r\n,.;!?。)]))|来(?=\p{sc=Han})`,
  "yu",
);

// === Growing

/** The core with all the words of the phrase that it is the core of, in a text like that of a `Reading`. */
export function phraseAround(prose: string, core: Core): Span {
  const first = core.triggerFirst ? "trigger" : "ratio";
  let { start, end } = withStress(prose, core);
  for (const pattern of [aside, particle, politeness]) end += lengthAt(pattern, prose, end);
  const by = first === "ratio" ? captured(means, prose, start) : 0;
  start -= by;
  if (by > 0) end += lengthAt(making, prose, end);
  const ending = endingAt(prose, end);
  const fits = (rule: Rule) =>
    (rule.first ?? first) === first && rule.endings?.includes(ending) !== false;
  start -= longestOf(english.filter(fits), prose, start);
  const rules = chinese.filter(fits);
  for (let turn = 0, by = 1; turn < maxTurns && by > 0; turn++) {
    by = longestOf(rules, prose, start);
    start -= by;
  }
  return withStress(prose, { start, end });
}

const maxTurns = 4;

/** With the asterisks around it: "**Ratio:** 16:9", "**ratio 16:9**". */
function withStress(prose: string, { start, end }: Span): Span {
  const opens = prose.startsWith("**", start - 2) && start >= 2;
  const closes = prose.startsWith("**", end);
  const isPaired = prose.slice(start, end).split("**").length % 2 === 1;
  // Of an odd number inside, one of those around it is the partner.
  const [left, right] = isPaired ? [opens && closes, opens && closes] : [opens, closes && !opens];
  return { start: left ? start - 2 : start, end: right ? end + 2 : end };
}

function endingAt(prose: string, at: number): Ending {
  if (matchAt(clauseEnd, prose, at)) return "clause";
  return matchAt(phraseEnd, prose, at) ? "phrase" : "any";
}

/** Every rule captures what ends in a space, a colon or Chinese, so most places need no second look. */
function longestOf(rules: readonly Rule[], prose: string, at: number): number {
  if (!/[\s:\p{sc=Han}]/u.test(prose.charAt(at - 1))) return 0;
  return Math.max(0, ...rules.map((rule) => captured(rule, prose, at)));
}

function captured({ pattern }: Rule, prose: string, at: number): number {
  return matchAt(pattern, prose, at)?.[1]?.length ?? 0;
}

function lengthAt(pattern: RegExp, prose: string, at: number): number {
  return matchAt(pattern, prose, at)?.[0].length ?? 0;
}
