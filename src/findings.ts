import type { EnhanceFailure } from "../core/enhance.ts";
import type {
  Finding,
  FindingCode,
  FindingDetails,
  UnreachableReason,
} from "../core/wire/probe.ts";

/** The languages in which findings are told. */
export type FindingLanguage = "en" | "zh";

/** A finding as the doctor prints it. */
export interface Line {
  readonly level: Finding["level"];
  /** A variable, or a name for several. */
  readonly about: string;
  readonly text: string;
}

/** The finding in English. */
export function toLine(finding: Finding): Line {
  const { level, about } = finding;
  return { level, about, text: sentencesOf(finding).en };
}

/** What is wrong with a variable's value, in each language; `problem` is the configuration's own word for it. */
export function settingSentences(problem: string): Readonly<Record<FindingLanguage, string>> {
  const [, needed] = /^is needed when (\w+) is set$/.exec(problem) ?? [];
  if (needed !== undefined) return { en: `${problem}.`, zh: `在设置了 ${needed} 时必须填写。` };
  const zh = "这样填写无法使用：地址应以 http:// 或 https:// 开头，密钥应完整、不含空格。";
  return { en: `${problem}.`, zh };
}

/** The sentence of a finding in each language; it reads on from the name of the variable that it is about. */
export function sentencesOf({ code, details }: Finding): Readonly<Record<FindingLanguage, string>> {
  const row = sentences[code] as Row<FindingCode>;
  return { en: row.en(details), zh: row.zh(details) };
}

type Row<Code extends FindingCode> = {
  readonly [Language in FindingLanguage]: (details: FindingDetails[Code]) => string;
};

/** A new code does not compile until it has a sentence in each language. */
const sentences: { readonly [Code in FindingCode]: Row<Code> } = {
  answers: { en: () => "answers.", zh: () => "有回应。" },
  "answers-error": {
    en: ({ status }) => `answers ${status}: the service may be down.`,
    zh: ({ status }) => `回应 ${status}，服务可能已停止。`,
  },
  "answers-wrongly": {
    en: ({ status }) => `cannot be tried: the platform answers ${status}.`,
    zh: ({ status }) => `无法验证：平台回应 ${status}。`,
  },
  redirects: {
    en: () => "answers with a redirect: set the address that it leads to.",
    zh: () => "返回了重定向，请填写它指向的地址。",
  },
  "not-openai": {
    en: () => "does not answer like OpenAI's API: does the address end in /v1?",
    zh: () => "的回应不像 OpenAI 接口，地址是否以 /v1 结尾？",
  },
  "key-accepted": {
    en: ({ model }) => `accepts the key and has the model ${model}.`,
    zh: ({ model }) => `接受密钥，并有模型 ${model}。`,
  },
  "model-unlisted": {
    en: ({ model, variable }) => `accepts the key but does not list ${model}: check ${variable}.`,
    zh: ({ model, variable }) => `接受密钥，但没有列出模型 ${model}，请检查 ${variable}。`,
  },
  "key-refused": {
    en: ({ variable }) => `does not accept ${variable}.`,
    zh: ({ variable }) => `不接受 ${variable}。`,
  },
  "key-untried": {
    en: () => "answers, but has no list of models to try the key on.",
    zh: () => "有回应，但没有模型列表可用来验证密钥。",
  },
  "key-costs": {
    en: () => "answers. Only a picture, which costs points, can tell whether it takes the key.",
    zh: () => "有回应。密钥是否可用，要画一张图（消耗点数）才知道。",
  },
  "browser-check": {
    en: () => "answers with a browser check, which may turn pictures away, too.",
    zh: () => "返回了浏览器验证页，绘图请求也可能被拦下。",
  },
  "no-service": {
    en: ({ path, status }) =>
      `has no image service: ${path} answers ${status}. Set the address without any path, such as https://sd.exacg.cc.`,
    zh: ({ path, status }) =>
      `那里没有图像服务：${path} 回应 ${status}。请只填写不带路径的地址，例如 https://sd.exacg.cc。`,
  },
  "no-path": {
    en: ({ path }) => `has no ${path}: set the base address that the service names for it.`,
    zh: ({ path }) => `那里没有 ${path}，请填写服务方给出的基础地址。`,
  },
  "token-refused": {
    en: ({ platform }) =>
      platform === "Discord"
        ? "is not accepted by Discord: make a new one and set it."
        : "is not accepted by Telegram: ask @BotFather for it.",
    zh: ({ platform }) =>
      platform === "Discord"
        ? "未被 Discord 接受，请重新生成一个再填写。"
        : "未被 Telegram 接受，请向 @BotFather 索取。",
  },
  "token-of": {
    en: ({ bot }) => `belongs to the bot ${bot}.`,
    zh: ({ bot }) => `属于机器人 ${bot}。`,
  },
  "leads-here": {
    en: () => "leads to a running Drawbridge.",
    zh: () => "通向正在运行的 Drawbridge。",
  },
  "leads-elsewhere": {
    en: ({ status }) => `does not lead to a running Drawbridge: it answers ${status}.`,
    zh: ({ status }) => `没有通向正在运行的 Drawbridge，回应 ${status}。`,
  },
  unreachable: {
    en: ({ reason, timeoutMs }) => `cannot be reached: ${unreachable[reason].en(timeoutMs)}.`,
    zh: ({ reason, timeoutMs }) => `无法连接：${unreachable[reason].zh(timeoutMs)}。`,
  },
  enhances: {
    en: ({ model }) => `${model} makes a prompt of two words.`,
    zh: ({ model }) => `${model} 能把两个词写成提示词。`,
  },
  "does-not-enhance": {
    en: ({ model, reason }) => `${model} ${enhancerFailures[reason].en}`,
    zh: ({ model, reason }) => `${model} ${enhancerFailures[reason].zh}`,
  },
};

type Told = Readonly<Record<FindingLanguage, string>>;

const unreachable: Readonly<
  Record<UnreachableReason, Readonly<Record<FindingLanguage, (timeoutMs: number) => string>>>
> = {
  "unknown-name": { en: () => "nobody knows its name", zh: () => "查不到这个域名" },
  "name-lookup": {
    en: () => "its name cannot be looked up now",
    zh: () => "暂时无法解析域名",
  },
  refused: { en: () => "nothing listens there", zh: () => "那里没有服务在监听" },
  broken: { en: () => "it broke the connection", zh: () => "连接被对方中断" },
  "no-way": { en: () => "there is no way to it", zh: () => "没有可达的网络路径" },
  proxy: { en: () => "the proxy does not lead there", zh: () => "代理不能通往那里" },
  silent: {
    en: (timeoutMs) => `no answer within ${timeoutMs / 1000} seconds`,
    zh: (timeoutMs) => `${timeoutMs / 1000} 秒内没有回应`,
  },
  certificate: { en: () => "its certificate is not trusted", zh: () => "证书不受信任" },
  other: { en: () => "the connection fails", zh: () => "连接失败" },
};

const enhancerFailures: Readonly<Record<EnhanceFailure, Told>> = {
  "timed-out": {
    en: "does not answer within ENHANCE_TIMEOUT_MS.",
    zh: "没有在 ENHANCE_TIMEOUT_MS 内回应。",
  },
  unreachable: { en: "breaks the connection.", zh: "中断了连接。" },
  "bad-key": {
    en: "may not be used with ENHANCE_OPENAI_API_KEY.",
    zh: "不能用 ENHANCE_OPENAI_API_KEY 调用。",
  },
  "rate-limited": {
    en: "is asked too often, or has nothing left to spend.",
    zh: "请求过于频繁，或额度已用完。",
  },
  refused: {
    en: "refuses what it is asked: check ENHANCE_OPENAI_BASE_URL and ENHANCE_OPENAI_MODEL.",
    zh: "拒绝了请求，请检查 ENHANCE_OPENAI_BASE_URL 和 ENHANCE_OPENAI_MODEL。",
  },
  oversized: { en: "answers without end.", zh: "的回应没有尽头。" },
  "bad-reply": {
    en: "does not answer like OpenAI's API: check that ENHANCE_OPENAI_BASE_URL is a chat service's.",
    zh: "的回应不像 OpenAI 接口，请检查 ENHANCE_OPENAI_BASE_URL 是否为聊天服务。",
  },
  "cut-off": {
    en: "runs out of tokens before its prompt is complete: choose another model.",
    zh: "还没写完提示词就用尽了 token，请换一个模型。",
  },
  unwilling: { en: "does not want to describe a picture.", zh: "不愿描述画面。" },
  "no-prompt": {
    en: "answers without a prompt: choose another model, or another instruction.",
    zh: "的回应里没有提示词，请换一个模型或另一份指令。",
  },
};
