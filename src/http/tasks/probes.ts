/** Words with which clients and people try whether anything answers, without their punctuation. */
const probes = new Set([
  ..."hi,hello,hey,hiya,howdy,greetings,hi there,hello there,hey there,good morning,good afternoon,good evening".split(
    ",",
  ),
  ..."ping,test,testing,test test,testing testing,test message,just testing,just a test,this is a test,say hi,say hello,are you there".split(
    ",",
  ),
  ..."你好,您好,你好啊,你好呀,您好啊,嗨,哈喽,哈啰,哈罗,喂,在吗,在么,在嗎,测试,测试一下,测试测试,测试消息,这是一个测试,測試,測試一下,早上好,下午好,晚上好".split(
    ",",
  ),
  ..."hola,bonjour,salut,hallo,ciao,olá,привет,здравствуйте,тест,проверка,こんにちは,もしもし,テスト,안녕,안녕하세요,테스트,xin chào,merhaba,مرحبا".split(
    ",",
  ),
]);

/** No probe is longer, with its punctuation. */
const longest = 40;

/** Whether these words only try whether anything answers; case, punctuation, emoji and numbers behind them aside. */
export function isProbe(text: string): boolean {
  if (text.length > longest) return false;
  const words = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/(?<=^|[\s\p{L}])[\p{P}\p{S}\p{Cf}\p{M}]+(?=\s|$)|^[\p{P}\p{S}\s]+/gu, "")
    .replace(/\s+/g, " ")
    .replace(/^(test|testing|ping|测试)(?: ?\d{1,4})+$/, "$1")
    .trim();
  return probes.has(words);
}

/** An answer that may be no longer than this, in tokens, shows no picture: its client tries the connection. */
const fewTokens = 16;

/** Whether an answer of so many tokens is wanted to try the connection; 0 and less stand for no limit. */
export function isProbeLimit(tokens: unknown): boolean {
  return typeof tokens === "number" && tokens >= 1 && tokens <= fewTokens;
}
