import { type Answer, htmlAnswer, jsonAnswer, type Sending } from "./stand-in.ts";

/** The two dialects that the stand-in speaks. */
export type Dialect = "exacg" | "openai";

/** What goes wrong with one answer: its content, or the way it is sent. */
export interface Disturbance {
  readonly answer?: (usual: Answer, dialect: Dialect) => Answer;
  readonly sending?: Sending;
}

/** One order gone wrong, in any of its steps. */
export interface Fault {
  /** The answer to the order. */
  readonly reply?: Disturbance;
  /** The painted file, wherever it is sent. */
  readonly bytes?: (painted: Buffer) => Buffer;
  readonly painted?: { readonly width: number; readonly height: number };
  /** What the service says who painted it. */
  readonly modelName?: string;
  /** The link in the answer, made of the true one. */
  readonly link?: (link: string) => string;
  /** The answer to who follows the link. */
  readonly picture?: Disturbance;
}

type Headers = Record<string, string>;

function replies(sending: Sending): Fault {
  return { reply: { sending } };
}

function pages(status: number, page: string, headers?: Headers): Fault {
  return { reply: { answer: () => htmlAnswer(status, page, headers) } };
}

/** The same JSON in both dialects. */
function says(status: number, body: unknown, headers?: Headers): Fault {
  return { reply: { answer: () => jsonAnswer(status, body, headers) } };
}

/** Each dialect in its own words: exacg's message, OpenAI's error object. */
function refuses(
  status: number,
  message: string,
  error: { readonly message: string; readonly type: string; readonly code: string | null },
  headers?: Headers,
): Fault {
  const bodies = {
    exacg: { success: false, message },
    openai: { error: { ...error, param: null } },
  };
  return { reply: { answer: (_, dialect) => jsonAnswer(status, bodies[dialect], headers) } };
}

function text(status: number, body: string): Fault {
  const headers = { "content-type": "application/json" };
  return { reply: { answer: () => ({ status, headers, body }) } };
}

/** A good answer of which one value is another. */
function answersWith(change: (data: Record<string, unknown>) => unknown): Fault {
  const answer = (usual: Answer): Answer => {
    const body = JSON.parse(String(usual.body)) as Record<string, unknown>;
    const data = Array.isArray(body.data) ? (body.data[0] as object) : (body.data as object);
    const changed = change({ ...data });
    return jsonAnswer(200, { ...body, data: Array.isArray(body.data) ? [changed] : changed });
  };
  return { reply: { answer } };
}

function showsPicture(answer: (usual: Answer) => Answer, sending: Sending = "whole"): Fault {
  return { picture: { answer, sending } };
}

const mp4 = Buffer.from(
  "0000001c66747970697 36f6d0000020069736f6d69736f32".replaceAll(" ", ""),
  "hex",
);
const fiveGigabytes = 5 * 1024 ** 3;
const challengePage = `<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title></head>
<body>Enable JavaScript and cookies to continue <script src="/cdn-cgi/challenge-platform/x.js"></script></body></html>`;

const rateLimit = { message: "Rate limit reached", type: "requests", code: "rate_limit_exceeded" };
const overload = { message: "The server is overloaded", type: "server_error", code: null };

/** Everything that an image service is known, or can be imagined, to do to its caller. */
export const imageFaults = {
  // === Refusals
  challenge: pages(403, challengePage, { server: "cloudflare" }),
  unauthorized: refuses(401, "密钥无效", {
    message: "Incorrect API key provided",
    type: "invalid_request_error",
    code: "invalid_api_key",
  }),
  forbidden: refuses(403, "无权访问", {
    message: "You are not allowed to use this model",
    type: "invalid_request_error",
    code: null,
  }),
  "bad-key-in-words": says(200, { success: false, message: "API密钥不存在" }),
  "no-points": refuses(400, "积分不足，请充值", {
    message: "You exceeded your current quota",
    type: "insufficient_quota",
    code: "insufficient_quota",
  }),
  "refused-words": refuses(400, "提示词包含违规内容", {
    message: "Your request was rejected by the safety system.",
    type: "image_generation_user_error",
    code: "moderation_blocked",
  }),
  "rate-limited": refuses(429, "请求过于频繁", rateLimit, { "retry-after": "1" }),
  "rate-limited-silently": refuses(429, "请求过于频繁", rateLimit),
  "rate-limited-in-words": says(200, { success: false, message: "请求过于频繁，请稍后再试" }),
  busy: refuses(503, "服务器繁忙", overload, { "retry-after": "1" }),
  "busy-silently": refuses(503, "服务器繁忙", overload),
  rejected: refuses(400, "参数错误", {
    message: "Invalid size",
    type: "invalid_request_error",
    code: null,
  }),
  "error-string": says(200, { error: "生成失败" }),
  "error-object": says(500, { error: { message: "生成失败" } }),
  "failure-without-words": says(200, { success: false }),
  redirected: {
    reply: {
      answer: () => htmlAnswer(307, "moved", { location: "http://127.0.0.1:9/elsewhere" }),
    },
  },

  // === Answers that are none
  "html-page": pages(200, "<html><body>Welcome to nginx!</body></html>"),
  "html-error": pages(500, "<html><body>Internal Server Error</body></html>"),
  "gateway-timeout": pages(504, "<html><head><title>504 Gateway Time-out</title></head></html>"),
  "not-json": text(200, '{"success":true,"data":{"image_url":"https://exam'),
  "empty-reply": text(200, ""),
  "null-reply": text(200, "null"),
  "list-reply": text(200, "[1,2,3]"),
  "deep-reply": text(200, "[".repeat(200_000)),
  "wrong-types": says(200, { success: "yes", data: "https://example.com/a.png", error: 0 }),
  "without-picture": answersWith((data) => ({
    ...data,
    image_url: undefined,
    b64_json: undefined,
    url: undefined,
  })),
  "null-picture": answersWith((data) => ({ ...data, image_url: null, b64_json: null, url: null })),
  "number-for-picture": answersWith((data) => ({ ...data, image_url: 7, b64_json: 7, url: 7 })),
  "reply-of-5-gb": {
    reply: {
      answer: (usual) => ({ ...usual, headers: { "content-length": String(fiveGigabytes) } }),
      sending: "endless",
    },
  },
  "endless-reply": {
    reply: { answer: (usual) => ({ ...usual, body: "x".repeat(1 << 20) }), sending: "endless" },
  },
  "wrong-content-type": {
    reply: { answer: (usual) => ({ ...usual, headers: { "content-type": "text/html" } }) },
  },

  // === Broken connections
  hang: replies("never"),
  "hang-after-headers": replies("headers-only"),
  "cut-before-headers": replies("cut-before-headers"),
  "cut-after-headers": replies("cut-in-body"),
  "trickling-reply": replies("trickling"),

  // === Not what was ordered
  "other-model": { modelName: "one_obsession" },
  "wrong-size": { painted: { width: 96, height: 96 } },
  "truncated-picture": { bytes: (painted) => painted.subarray(0, painted.length * 0.6) },
  "empty-picture": { bytes: () => Buffer.alloc(0) },
  "html-for-picture": { bytes: () => Buffer.from("<html>404 Not Found</html>") },
  video: { bytes: () => Buffer.concat([mp4, Buffer.alloc(5_000)]) },

  // === Links that lead elsewhere
  "video-link": { link: (link) => link.replace(/\.\w+$/, ".mp4") },
  "relative-link": { link: (link) => new URL(link).pathname },
  "no-link": { link: () => "http://[not a link" },
  "file-link": { link: () => "file:///etc/passwd" },
  "script-link": { link: () => "javascript:alert(1)" },
  "credentials-in-link": { link: (link) => link.replace("://", "://user:password@") },
  "metadata-link": { link: () => "http://169.254.169.254/latest/meta-data/picture.png" },
  "private-link": { link: () => "http://10.0.0.1/picture.png" },
  "localhost-link": { link: () => "http://localhost:9/picture.png" },
  "redirect-to-metadata": showsPicture(() =>
    htmlAnswer(302, "", { location: "http://169.254.169.254/latest/meta-data/" }),
  ),
  "redirect-chain": { link: (link) => `${link}?hops=3` },
  "redirect-loop": { link: (link) => `${link}?hops=endless` },

  // === Downloads that fail
  "missing-picture": showsPicture(() => htmlAnswer(404, "Not Found")),
  "picture-error": showsPicture(() => htmlAnswer(500, "Internal Server Error")),
  "picture-hangs": showsPicture((usual) => usual, "never"),
  "picture-trickles": showsPicture((usual) => usual, "trickling"),
  "picture-cut": showsPicture((usual) => usual, "cut-in-body"),
  "picture-of-5-gb": showsPicture(
    (usual) => ({
      ...usual,
      headers: { ...usual.headers, "content-length": String(fiveGigabytes) },
    }),
    "endless",
  ),
  "endless-picture": showsPicture(
    (usual) => ({ ...usual, body: Buffer.alloc(1 << 20) }),
    "endless",
  ),
  "picture-as-text": showsPicture((usual) => ({
    ...usual,
    headers: { "content-type": "text/plain" },
  })),
} as const satisfies Record<string, Fault>;

export type ImageFaultName = keyof typeof imageFaults;
