/** Every word of the page, in the languages it speaks. */

/** @typedef {typeof english} Words */
/** @typedef {"en" | "zh"} Language */

/**
 * @param {string} locale
 * @returns {(ms: number) => string} "20 seconds", "3 minutes"; rounded up, so that nobody comes too early
 */
function spelledDuration(locale) {
  return (ms) => {
    const seconds = Math.max(1, Math.ceil(ms / 1000));
    const [value, unit] =
      seconds < 120
        ? [seconds, "second"]
        : seconds < 7200
          ? [Math.ceil(seconds / 60), "minute"]
          : [Math.ceil(seconds / 3600), "hour"];
    return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(
      value,
    );
  };
}

const english = {
  locale: "en",
  title: "Drawbridge",
  titleDrawing: "Drawing… · Drawbridge",
  page: {
    tagline: "pictures from words",
    language: "Language",
    composer: "New picture",
    prompt: "What would you like to see?",
    promptPlaceholder: "A lighthouse in a storm, seen from the sea",
    promptHint:
      "Enter draws, Shift + Enter starts a new line. A ratio or a --seed written in the words counts too.",
    ratio: "Ratio",
    ratioAuto: "Auto",
    seed: "Seed",
    seedPlaceholder: "random",
    seedClear: "Random again",
    asTyped: "Paint my words as they are",
    asTypedHint: "Otherwise they may be enriched before painting.",
    advanced: "More settings",
    negative: "Leave out",
    negativePlaceholder: "text, watermark",
    quality: "Quality",
    qualityDefault: "Usual",
    qualityLow: "Low, quick",
    qualityMedium: "Medium",
    qualityHigh: "High, slow",
    model: "Model",
    draw: "Draw",
    drawing: "Drawing…",
    keyHeading: "First, the key",
    keyLabel: "Key of this server",
    keyHint:
      "The address that the server prints at its start brings it along; otherwise ask whoever runs it. It stays in this browser.",
    keySave: "Use this key",
    keyOther:
      "This link brings another key than the one that this browser remembers. Both work here.",
    keyTake: "Use the link's key",
    keyStay: "Keep mine",
    keyRemembered: "The key is remembered in this browser.",
    keyForget: "Forget it",
    results: "Pictures",
    emptyHeading: "The bridge is down.",
    emptyText: "Write a few words and it opens for your picture. For example:",
  },
  examples: [
    "A fox asleep in a snowy forest, first light",
    "A harbour town at night seen from the hill, ratio 16:9",
    "A bookshop sign that says “Open late”, rain on the window",
  ],
  card: {
    waiting: "Drawing your picture",
    restarting: "The server is restarting; the picture goes on.",
    cancel: "Cancel",
    retry: "Try again",
    own: "Your words",
    enhanced: "As enhanced",
    ratio: "Ratio",
    customRatio: "Custom",
    size: "Size",
    seed: "Seed",
    code: "Code",
    model: "Model",
    time: "Took",
    open: "Open",
    download: "Download",
    keepSeed: "Keep seed",
    seedKept: "Seed kept",
    notices: "Notices",
    copied: "Copied",
    selected: "Press Ctrl + C",
    pictureLost: "The picture could not be loaded here. Its link may still open.",
    /** @param {string} what @param {string} value */
    copy: (what, value) => `Copy ${what}: ${value}`,
    /** @param {string} words */
    alt: (words) => `Picture: ${words}`,
  },
  said: {
    started: "Drawing has started.",
    /** @param {string} time */
    done: (time) => `The picture is ready. It took ${time}.`,
    /** @param {string | number} seed */
    seedKept: (seed) => `Seed ${seed} is kept for the next picture.`,
    copied: "Copied.",
    keyForgotten: "The key is forgotten.",
  },
  problem: {
    prompt: "Write first what you would like to see.",
    seed: "A seed is a whole number from 1 to 2147483647. Leave it empty for a random one.",
    keyRefused: "The server does not know the key that this browser remembers.",
    keyOfLink: "The server does not know the key in this link. The one that you had stays.",
    key: "A key is one piece of letters, digits and signs. Please copy it again, whole.",
  },
  failure: {
    network: "The server cannot be reached. See whether it still runs, and whether you are online.",
    cancelled: "Cancelled. Your words are still here.",
    keyMissing: "The server wants its key first. Enter it in the key field.",
    keyRefused:
      "The server does not know this key. Enter the right one in the key field, then it goes on.",
    forbidden: "This key may not do that.",
    notFound: "The server does not know this model, or this address.",
    invalid: "The server cannot draw this as it is.",
    tooLong: "These words are too long. Make them shorter.",
    tooMany: "That was a little too much at once.",
    failed: "The image service could not make the picture.",
    busy: "Too many pictures are waiting right now.",
    serviceBusy: "The image service is busy.",
    restarting: "The server is restarting. The picture goes on: ask for it again in a moment.",
    calledOff: "The picture was cancelled on the server.",
    notKept: "The server’s disk is full or out of order, so the picture could not be kept.",
    timedOut: "The picture took too long and was given up.",
    internal: "Something broke in the server.",
    notUnderstood: "Something answered that is not Drawbridge. Is a proxy in between?",
  },
  /** @param {string} wait */
  waitFor: (wait) => `Please wait ${wait}.`,
  /** @param {string} detail */
  serverSays: (detail) => `The server says: ${detail}`,
  maybePaid: "This try may have been charged; another one would be charged again.",
  /** @param {string} id */
  requestId: (id) => `For whoever runs the server: request ${id}`,
  spelledDuration: spelledDuration("en"),
  /** @param {number} seconds */
  seconds: (seconds) => `${seconds} s`,
};

/** @type {Words} */
const chinese = {
  locale: "zh-CN",
  title: "Drawbridge 吊桥",
  titleDrawing: "绘制中… · Drawbridge",
  page: {
    tagline: "以文字作画",
    language: "语言",
    composer: "新的画",
    prompt: "想看到什么画面？",
    promptPlaceholder: "暴风雨中的灯塔，从海上望去",
    promptHint: "回车开始绘制，Shift + 回车换行。写在文字里的“比例 16:9”或 --seed 同样有效。",
    ratio: "比例",
    ratioAuto: "自动",
    seed: "种子",
    seedPlaceholder: "随机",
    seedClear: "恢复随机",
    asTyped: "按我的原话来画",
    asTypedHint: "不勾选时，绘制前可能会润色您的文字。",
    advanced: "更多设置",
    negative: "不要出现",
    negativePlaceholder: "文字，水印",
    quality: "质量",
    qualityDefault: "默认",
    qualityLow: "低，较快",
    qualityMedium: "中",
    qualityHigh: "高，较慢",
    model: "模型",
    draw: "开始绘制",
    drawing: "绘制中…",
    keyHeading: "请先填写密钥",
    keyLabel: "本服务器的密钥",
    keyHint:
      "服务器启动时显示的网址里带有密钥；没有的话，请向管理员索取。密钥只保存在这个浏览器里。",
    keySave: "使用此密钥",
    keyOther: "这个链接带来的密钥与浏览器保存的不同，两个都可用。",
    keyTake: "使用链接里的密钥",
    keyStay: "保留原来的",
    keyRemembered: "密钥已保存在这个浏览器里。",
    keyForget: "清除密钥",
    results: "画作",
    emptyHeading: "吊桥已放下。",
    emptyText: "写几句话，它就会为您的画打开。例如：",
  },
  examples: [
    "一只狐狸睡在雪林里，晨光初现",
    "从山上俯瞰夜色中的港口小城，比例 16:9",
    "书店门口的招牌写着“深夜营业”，窗上有雨",
  ],
  card: {
    waiting: "正在绘制",
    restarting: "服务器正在重启，这幅画会继续。",
    cancel: "取消",
    retry: "再试一次",
    own: "您的原话",
    enhanced: "润色之后",
    ratio: "比例",
    customRatio: "自定",
    size: "尺寸",
    seed: "种子",
    code: "编号",
    model: "模型",
    time: "用时",
    open: "打开",
    download: "下载",
    keepSeed: "沿用此种子",
    seedKept: "已沿用",
    notices: "提示",
    copied: "已复制",
    selected: "请按 Ctrl + C",
    pictureLost: "图片无法在此显示，链接或许仍可打开。",
    copy: (what, value) => `复制${what}：${value}`,
    alt: (words) => `画作：${words}`,
  },
  said: {
    started: "开始绘制。",
    done: (time) => `画好了，用时 ${time}。`,
    seedKept: (seed) => `下一幅画将沿用种子 ${seed}。`,
    copied: "已复制。",
    keyForgotten: "密钥已清除。",
  },
  problem: {
    prompt: "请先写下想看到的画面。",
    seed: "种子是 1 到 2147483647 之间的整数，留空则随机。",
    keyRefused: "服务器不认识这个浏览器保存的密钥。",
    keyOfLink: "服务器不认识这个链接里的密钥，原来的密钥仍然有效。",
    key: "密钥是一串字母、数字和符号。请重新完整复制一次。",
  },
  failure: {
    network: "连不上服务器。请看看它是否还在运行，以及网络是否正常。",
    cancelled: "已取消，您写的文字还在。",
    keyMissing: "服务器需要密钥，请先填写。",
    keyRefused: "服务器不认识这个密钥。请填写正确的密钥，随后会自动继续。",
    forbidden: "这个密钥没有此项权限。",
    notFound: "服务器没有这个模型或地址。",
    invalid: "服务器无法照这样绘制。",
    tooLong: "文字太长了，请缩短一些。",
    tooMany: "请求有点太多了。",
    failed: "图像服务没能画出这幅画。",
    busy: "现在排队的画太多了。",
    serviceBusy: "图像服务正忙。",
    restarting: "服务器正在重启，这幅画会继续，请稍后再试。",
    calledOff: "这幅画已在服务器上取消。",
    notKept: "服务器的磁盘已满或无法写入，图片未能保存。",
    timedOut: "等待太久，这幅画已放弃。",
    internal: "服务器内部出错了。",
    notUnderstood: "收到的回答不是 Drawbridge 的。中间是否隔着代理？",
  },
  waitFor: (wait) => `请等待${wait}。`,
  serverSays: (detail) => `服务器说：${detail}`,
  maybePaid: "这一次可能已经计费，再试会再次计费。",
  requestId: (id) => `可告知管理员的请求编号：${id}`,
  spelledDuration: spelledDuration("zh-CN"),
  seconds: (seconds) => `${seconds} 秒`,
};

/** @type {Readonly<Record<Language, Words>>} */
export const languages = { en: english, zh: chinese };

/**
 * The first language in the list that the page speaks; English if it speaks none of them.
 * @param {readonly string[]} tags BCP 47 tags, the best first
 * @returns {Language}
 */
export function pickLanguage(tags) {
  for (const tag of tags) {
    const primary = tag.toLowerCase().split("-")[0];
    if (primary === "zh" || primary === "en") return primary;
  }
  return "en";
}

/**
 * "12 s" below a minute, then "1:05"; whole seconds that have passed.
 * @param {number} ms
 * @param {Words} words
 */
export function elapsedTime(ms, words) {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  if (seconds < 60) return words.seconds(seconds);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
