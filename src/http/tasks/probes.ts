// What clients and people say to try whether anything answers, as sources of regular expressions for plain words.

// === In scripts that put spaces between words

const greetings = phrases(`
  hi, hello, hey, hiya, heya, howdy, greetings, yo, sup, wassup, what's up, good morning, good afternoon, good evening, good day, nice to meet you,
  how are you, how are you doing, how are you today, how are things, how's it going, how do you do,
  hola, hola qué tal, qué tal, cómo estás, buenos días, buenas tardes, bonjour, bonsoir, salut, coucou, allô, ça va, comment ça va,
  hallo, moin, servus, grüß gott, grüezi, wie geht's, wie geht es dir, guten tag, guten morgen, guten abend, hoi, goedemorgen, goedendag,
  ciao, salve, come stai, buongiorno, buonasera, olá, oi, tudo bem, bom dia, boa tarde, boa noite, hej, hei, hallå, god morgen,
  cześć, siema, dzień dobry, ahoj, dobrý den, szia, helló, bună, labas, sveiki, merhaba, selam, nasılsın, kamusta, kumusta, apa kabar, selamat pagi,
  привет, приветик, здравствуй, здравствуйте, добрый день, доброе утро, добрый вечер, алло, как дела, кто ты, ты тут, ты здесь, ты работаешь, привіт, здравей, здраво,
  γειά, γεια, γειά σου, γεια σας, καλημέρα, chào, xin chào, chào bạn, xin chào bạn, გამარჯობა, բարեւ,
  안녕, 안녕하세요, 안녕하십니까, 여보세요, 하이, 헬로, 반가워요, 누구세요, שלום, היי, مرحبا, أهلا, اهلا, سلام, السلام عليكم, صباح الخير, كيف حالك,
  नमस्ते, नमस्कार, हैलो, हेलो, হ্যালো, নমস্কার, வணக்கம், namaste, shalom
`);

const testsElsewhere = phrases(`
  prueba, esto es una prueba, essai, ceci est un test, das ist ein test, nur ein test, teste, isto é um teste, prova, questa è una prova, deneme,
  тест, тестирование, это тест, проверка, проверка связи, тест связи, тестування, перевірка, δοκιμή, 테스트, 테스트입니다, اختبار, تجربة, בדיקה, परीक्षण, टेस्ट
`);

const testOf = "api|connection|connectivity|health|chat|completion|model|llm|endpoint|server";
const tests = [
  `(?:this is )?(?:just |only )?(?:an? )?(?:(?:${testOf}|quick|simple|small|short) ){0,2}test(?:ing)?(?: (?:the |your )?(?:${testOf}|message|prompt|request|call))?(?: connection)?(?: from litellm)?(?: please ignore)?`,
  `(?:${testOf}|sanity) check|health-?check|connectivity-test|keep-?alive|ping(?:test)?`,
].join("|");

const questions = [
  "(?:are|r) (?:you|u) (?:there|ok|okay|up|on|alive|awake|working|online|ready|available)|(?:you|u) there",
  "(?:is )?(?:anyone|anybody) (?:there|here|home)|(?:can|do) you (?:hear|read|see) me|is (?:this|it) (?:working|on)|does (?:this|it) work",
  "who are you|what(?: kind of)?(?: ai| language| large language)?(?: model| llm| ai| version| chatbot)? (?:are you|is this)|which(?: ai| language| large language)? (?:model|llm|ai|version) (?:are you|is this)",
  "what(?:'s| is) your (?:(?:model )?name|model|version)|who (?:made|created|built|trained) you|(?:please )?introduce yourself|tell me about yourself|what can you do|how can you help(?: me)?",
  "(?:output|return|reply with|print) only your (?:specific )?model name(?: with no additional text)?",
].join("|");

const fellow = "(?: (?:there|bot|ai|gpt|chatgpt|you|again|all|everyone|everybody|guys))?";
const spaced = `(?:${greetings})${fellow}|${testsElsewhere}|${tests}|${questions}`;

/** An answer that is dictated: "Reply with OK". */
const dictated = `(?:if you (?:can )?(?:read|see|hear|receive|get) this(?: message)? )?(?:please )?(?:just |only |simply )?(?:say|reply|respond|answer|return|output)(?: back| to me| to this)?(?: with| in)?(?: only| just| exactly| simply)?(?: with)?(?: the| a| one)?(?: single| exact)?(?: word| letter| number| text)? (?:ok|okay|yes|ping|pong|1|connected|ready|success|working|alive|received|${spaced})(?: only| back| please| and nothing else| nothing else| in one word| to confirm| if you (?:can )?(?:are|work|read|see|hear|receive|get|understand)(?: \\p{L}+){0,3})?`;

// === In scripts without them

const testing = "(?:测试|測試)";
const testedThing =
  "(?:连接|連接|连通性?|联通性?|接口|介面|网络|網絡|网路|模型|通道|渠道|api|系统|系統|对话|聊天)";
const modelOrWho =
  "(?:谁|誰|啥|(?:什么|什麼|哪个|哪個|哪款|哪种|哪一个|何)(?:大|ai|语言|大语言)?(?:模型|名字|ai|版本)?)";

const unspaced = [
  `(?:${phrases("你好, 您好, 妳好, 你们好, 大家好, 嗨, 嘿, 哈喽, 哈啰, 哈罗, 哈囉, 喂, 雷好, 早, 早安, 早上好, 上午好, 中午好, 下午好, 晚上好, 你好吗, 你好嗎, hi, hello")})[啊呀哟喲哦哈]?`,
  "在(?:吗|么|嗎|不在|线吗)?|有人(?:吗|在吗|嗎)|(?:你|还|现在)?(?:能|可以)(?:用|收到|听到|看到|听见)(?:我|了)?[吗么嗎嘛]|(?:收到|连上|通)了?[吗么嗎]|收到请回复",
  `(?:请问|請問)?[你您](?:是|叫|属于)${modelOrWho}?|[你您](?:能|会|會|可以|能够)(?:帮我)?(?:做|干|幹)(?:些|点)?(?:什么|什麼|啥)`,
  "请?(?:简单)?(?:做个|做一个|来个)?自我介绍(?:一下)?|请?(?:简单)?介绍(?:一下|下)?[你您]自己",
  `(?:这|這)?(?:只|就)?(?:是)?(?:一?[个個条條次])?${testedThing}?${testing}(?:一?下|中|成功)?(?:${testedThing}|消息|信息|訊息)?|[试試](?:一?下|[试試]|一[试試])看?`,
  phrases(
    "こんにちは, こんばんは, おはよう, おはようございます, もしもし, ハロー, やあ, どうも, はじめまして, お元気ですか, 元気ですか, 聞こえますか, あなたは誰, あなたは誰ですか, テスト, テストです, テスト中",
  ),
  phrases("สวัสดี, สวัสดีครับ, สวัสดีค่ะ, สวัสดีคะ, หวัดดี, ฮัลโหล, ทดสอบ, ทดสอบระบบ"),
].join("|");

/** "请只回复一个字：好" */
const dictatedUnspaced = `(?:请|請|麻烦)?你?(?:只|仅|直接|就)?(?:需要?|用|要)?(?:回复|回覆|回答|说|說|输出|返回)(?:我|一?句|一?[个個](?:字|词|数字)|单词|数字)? ?(?:ok|1|好|好的|是|收到|成功|pong|${unspaced}) ?(?:即可|就行了?|就可以了?|就好了?|吧)?`;

/** So many of them at most: each more may be read in more ways. */
const probe = new RegExp(
  `^(?:(?:${dictated}|${spaced})(?: |$)|(?:${dictatedUnspaced}|${unspaced}) ?){1,5}$`,
  "u",
);

const count = "[\\d一二两三四五六七八九十]{1,3}";
/** "What's 1 + 1?", "1+1=?" and "一加一等于几". */
const sum = new RegExp(
  String.raw`^(?:(?:what(?:['’]s| is)|how much is|calculate|compute) \d{1,3} ?[-+*x×÷/] ?\d{1,3} ?=?|\d{1,3} ?\+ ?\d{1,3} ?=?|\d{1,3} ?[-+*x×÷/] ?\d{1,3} ?=|${count} ?[-+*x×÷/加减乘除]以? ?${count} ?(?:=|是|等于|得)[几幾多]少?)[\s?？!.。]*(?:(?:reply|respond|answer)\b[^.]{0,40}\.?)?$`,
  "i",
);

/** No probe is longer, with its punctuation. */
const longest = 80;

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

/** The phrases of one word, the first two words of the others, and the words that begin more than a phrase. */
const beginnings: ReadonlySet<string> = new Set([
  ..."please just only simply if say reply respond answer return output calculate compute".split(
    " ",
  ),
  ..."are r you u is anyone anybody can do does who what which introduce tell how this test testing api ping sanity health healthcheck".split(
    " ",
  ),
  ..."a test,a quick,a simple,a small,a short,an api,connection test,connection check,chat test".split(
    ",",
  ),
  ...`${greetings}|${testsElsewhere}`
    .split("|")
    .map((phrase) => phrase.split(" ").slice(0, 2).join(" ")),
]);

/** The words alone, as the phrases above are written. */
function plain(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll("’", "'")
    .replace(/[\p{Cf}\p{M}]/gu, "")
    .replace(
      /(?<=^|[\s\p{L}\p{N}])[\p{P}\p{S}]+(?=\s|$|\p{scx=Han})|(?<=^|\s|\p{scx=Han})[\p{P}\p{S}]+/gu,
      " ",
    )
    .replace(
      /(?<=test|testing|ping|тест|测试|測試|连接|テスト|테스트)(?:[ -]*\d{1,4})+(?=\s|$)/gu,
      "",
    )
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
