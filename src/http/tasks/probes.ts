/** What clients and people say to try whether anything answers, in scripts that put spaces between words. */
const spaced = phrases(`
  hi, hello, hey, hiya, howdy, greetings, yo, good morning, good afternoon, good evening, good day,
  hi there, hello there, hey there, hi bot, hello bot, hi ai, hello ai, hi chatgpt, hello chatgpt,
  how are you, how are you doing, how are you today, how's it going, what's up, how do you do, nice to meet you,
  are you there, are you ok, are you working, are you online, anyone there, can you hear me, is this working, does this work,
  who are you, what are you, what model are you, which model are you, what is your name, what's your name, what can you do,
  test, testing, a test, just testing, just a test, this is a test, test message, test prompt, test request,
  ping, test connection, connection test, connectivity test, connection check, api test, health check, healthcheck,
  hola, bonjour, salut, hallo, ciao, olá, hej, guten tag, guten morgen, buongiorno, bom dia, buenos días, cześć, dzień dobry,
  привет, здравствуйте, здравствуй, добрый день, тест, проверка, γειά σου, γεια σου, chào, xin chào, merhaba, selam,
  안녕, 안녕하세요, 테스트, שלום, مرحبا, السلام عليكم, नमस्ते
`);

/** The same in scripts without them. */
const unspaced = phrases(`
  你好, 您好, 你好啊, 你好呀, 您好啊, 你好吗, 你好嗎, 嗨, 嘿, 哈喽, 哈啰, 哈罗, 哈囉, 喂, 在, 在吗, 在么, 在嗎, 在不在, 有人吗,
  早, 早安, 早上好, 上午好, 中午好, 下午好, 晚上好, 你是谁, 你是誰, 你是什么模型, 你是哪个模型, 你叫什么, 你叫什么名字, 你能做什么,
  测试, 測試, 测试一下, 測試一下, 测试消息, 这是测试, 这是一个测试, 这是一条测试消息, 测试连接, 连接测试, 连通性测试, 接口测试, api测试,
  こんにちは, こんばんは, おはよう, もしもし, テスト, สวัสดี
`);

/** An answer that is dictated: "Reply with OK", "请回复 ok". */
const dictated = String.raw`(?:please )?(?:just |only )?(?:say|reply|respond|answer)(?: with)?(?: only| just)? (?:hi|hello|ok|okay|yes|pong|${spaced})|请?(?:回复|回答|说) ?(?:ok|好|好的|收到|${unspaced})`;

const probe = new RegExp(`^(?:(?:${dictated}|${spaced})(?: |$)|(?:${unspaced}) ?)+$`, "u");

/** "What's 1 + 1?" and "1+1=?". */
const sum = /^(?:what(?:['’]s| is) )?\d{1,3} ?\+ ?\d{1,3} ?=?(?: ?等于(?:几|多少))?[\s?？!.。]*$/i;

/** No probe is longer, with its punctuation. */
const longest = 60;

/**
 * Whether these words do nothing but try whether anything answers, once or more often; case, punctuation, emoji and
 * numbers behind a test aside.
 */
export function isProbe(text: string): boolean {
  if (text.length > longest || isOfOtherWords(text)) return false;
  return probe.test(plain(text)) || sum.test(text.trim());
}

/** Whether the text begins with two plain words that begin no phrase above, as most wishes do. */
function isOfOtherWords(text: string): boolean {
  const [both = "", first = ""] = twoWords.exec(text)?.map((part) => part.toLowerCase()) ?? [];
  return both !== "" && !beginnings.has(first) && !beginnings.has(both);
}

const twoWords = /^([A-Za-z]+) [A-Za-z]+(?=[ .,!?]|$)/;

/** The phrases of one word, and the first two words of the others. */
const beginnings: ReadonlySet<string> = new Set([
  ..."please just only say reply respond answer".split(" "),
  ...spaced.split("|").map((phrase) => phrase.split(" ").slice(0, 2).join(" ")),
]);

/** The words alone, as the phrases above are written. */
function plain(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll("’", "'")
    .replace(/[\p{Cf}\p{M}]/gu, "")
    .replace(/(?<=^|[\s\p{L}\p{N}])[\p{P}\p{S}]+(?=\s|$)|(?<=^|\s|\p{scx=Han})[\p{P}\p{S}]+/gu, " ")
    .replace(/(?<=^|\s)(test|testing|ping|测试)(?:[ -]*\d{1,4})+(?=\s|$)/gu, "$1")
    .replace(/\s+/g, " ")
    .trim();
}

/** A list of phrases as a regular expression's source. */
function phrases(list: string): string {
  return list.split(",").map(plain).join("|");
}

/** An answer that may be no longer than this, in tokens, shows no picture: its client tries the connection. */
const fewTokens = 16;

/** Whether an answer of so many tokens is wanted to try the connection; 0 and less stand for no limit. */
export function isProbeLimit(tokens: unknown): boolean {
  return typeof tokens === "number" && tokens >= 1 && tokens <= fewTokens;
}
