import { type Message, quotesConversation } from "./conversation.ts";

/** How the client wants its answer, where that helps to recognise a task. */
export interface Style {
  readonly streamed: boolean;
  /** Infinity where no limit was set. */
  readonly maxTokens: number;
}

/**
 * The message that asks to name, tag or summarise a conversation, recognised by its words. People use these words too,
 * so they count only together and only with a conversation: a conversation quoted in the message needs fewer
 * further signals than one above the last message.
 */
export function findTextTask(messages: readonly Message[], style: Style): Message | undefined {
  const last = messages.at(-1);
  if (!last) return undefined;
  // A system message that ends a longer chat may quote a conversation as an example.
  const quotes = (last.role === "user" || messages.length === 1) && quotesConversation(last.text);
  if (quotes) {
    const instructions = [last, ...messages.filter(({ role }) => role === "system")];
    return instructions.find((message) => asksAboutQuote(message, style));
  }
  const isAnswered = messages.some(({ role }) => role === "assistant");
  return isAnswered && !style.streamed && asksForNothingElse(last) ? last : undefined;
}

function asksAboutQuote({ text }: Message, { streamed, maxTokens }: Style): boolean {
  const sentences = sentencesOf(text);
  const evidence = constraintsIn(sentences) + (maxTokens <= smallAnswer ? 1 : 0);
  return sentences.some(isTask) && evidence >= (streamed ? 2 : 1);
}

function asksForNothingElse({ text }: Message): boolean {
  const sentences = sentencesOf(text);
  const [first = ""] = sentences;
  return isTask(first) && !sentences.some(isOfPicture) && constraintsIn(sentences) >= 3;
}

const conversation = /\b(?:conversation|chat|dialog(?:ue)?|discussion)\b|对话|会话|聊天|對話|會話/i;

const textTask =
  /\b(?:generate|create|write|provide|give|suggest|reply with|come up with|extract)\b.{0,80}?\b(?:title(?! *(?:page|card|screen|sequence|bar|art))|name|topic|subject line|summary|tags|keywords|follow-?ups?)\b|\bsummari[sz]e\b|\bname (?:this|the|our)\b|(?:生成|提取|给出|起|写|想|用).{0,30}?(?:标题|主题|题目|名称|名字|摘要|标签)|总结|概括/i;

/** A sentence with one of these words is about a picture. */
const pictureWord =
  /\b(?:pictures?|images?|photos?|photographs?|illustrations?|paintings?|drawings?|draw|paint|posters?|banners?|covers?|logos?|icons?|comics?|panels?|cartoons?|wallpapers?|infographics?|scenes?|murals?|sketch|render|t-?shirts?|cakes?|signs?|neon|stickers?|lettering|calligraphy|typography|graffiti|street art|tattoos?|mugs?|postcards?|flags?|\w*boards?|word cloud|mind map|engraved|carved|embroidered|printed)\b|[图画刻绣雕碑旗牌]|海报|照片|封面|壁纸|插|漫|横幅|招牌|标志|绘|书法|霓虹|写在|印在/i;

const constraints: readonly RegExp[] = [
  /\b(?:\d+|two|three|four|five|ten)(?:-\d+|(?: to |-)\w+)?[- ](?:words?|characters?)\b|个?字(?:以内|之内|左右)|\d+ ?个?字/i,
  /\b(?:only|just) (?:return|output|reply|respond|answer|provide|give|the (?:title|name|topic|summary))\b|\b(?:return|output|reply with|respond with) only\b|nothing else|只(?:返回|输出|回复|给出)|直接(?:返回|输出|给出)/i,
  /\b(?:no|without|don't use|do not use|avoid)(?: any)? (?:punctuation|quotes|quotation|explanations?|lead-in|additional text|markdown)\b|不要(?:使用)?(?:解释|标点|引号|多余)/i,
  /\bin (?:the same language|the language of|the user's language)|(?:相同|同样)的?语言/i,
];

const smallAnswer = 64;

function constraintsIn(sentences: readonly string[]): number {
  const spoken = sentences.join(" ");
  return constraints.filter((constraint) => constraint.test(spoken)).length;
}

function isTask(sentence: string): boolean {
  return conversation.test(sentence) && textTask.test(sentence) && !isOfPicture(sentence);
}

function isOfPicture(sentence: string): boolean {
  return pictureWord.test(sentence);
}

/** The sentences where instructions usually are: at the beginning and the end of a text. */
function sentencesOf(text: string): string[] {
  const ends = text.length > 2000 ? `${text.slice(0, 1000)}\n${text.slice(-1000)}` : text;
  return ends.split(/(?<=[.!?])\s|[。！？\n]/);
}
