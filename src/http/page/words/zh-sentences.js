/** What the server tells of in codes, in Chinese. */

/** What failed, by code and by the detail that tells cases apart. @satisfies {import("./say.js").FailureSentences} */
export const failures = {
  "key-missing": "服务器需要先填写密钥。",
  "key-refused": "服务器不认识这个密钥。",
  network: "连不上服务器。请看看它是否还在运行，以及网络是否正常。",
  "not-understood": "收到的回答不是 Drawbridge 的。中间是否隔着代理？",
  refused: "服务器拒绝了这个请求。",
  failed: "服务器内部出错了。",
  "invalid-request": "服务器无法照这样绘制。",
  "invalid-request prompt": "请写下画面的内容，最多 20,000 个字符。",
  "invalid-request aspectRatio": "比例写作 16:9 这样，范围在 1:3 到 3:1 之间。",
  "invalid-request size": "服务器画不了这个尺寸。",
  "invalid-request source": "您发来的图片无法使用。",
  "invalid-request image": "您发来的图片无法使用。",
  "invalid-request mask": "蒙版与第一张图片的大小不符。",
  "invalid-request seed": "种子是 1 到 2147483647 之间的整数。",
  "invalid-request count": "一个任务可画 1 到 10 张。",
  "invalid-request batch": "文字中的选项会画出 10 张以上。",
  "invalid-request negative": "“不要出现”的内容太长。",
  "unknown-model": "这里没有名为“{model}”的模型。",
  "unknown-preset": "这里没有名为“{preset}”的预设。",
  unsupported: "{model} 做不到这件事。",
  "unsupported edit": "{model} 不能从图片开始，只能按文字绘制。",
  "unsupported pictures": "{model} 最多接受 {limit} 张图片。",
  "unsupported mask": "{model} 不支持蒙版。",
  "content-refused": "这些文字在这里被拒绝。",
  "content-refused provider": "图像服务拒绝了这些文字。",
  "quota-exceeded": "今天的 {limit} 张已经用完。",
  "quota-exceeded minute": "已超过每分钟 {limit} 张。",
  "queue-full": "队列已满：有 {limit} 个任务在等待。",
  "queue-full requester": "您已有 {limit} 个任务在等待。",
  "provider-busy": "图像服务正忙。",
  "provider-failed": "图像服务失败了。",
  "provider-failed unreachable": "连不上图像服务。",
  "provider-failed challenge": "图像服务返回了浏览器验证页。",
  "provider-failed bad-key": "图像服务不接受本服务器的密钥。",
  "provider-failed no-points": "本服务器在图像服务的账户已用完。",
  "provider-failed rejected": "图像服务没有接受这个任务。",
  "provider-failed server-error": "图像服务自身出现故障。",
  "provider-failed bad-reply": "图像服务的回答无法理解。",
  "provider-failed bad-image": "图像服务发来的不是完整的图片。",
  "provider-failed other-format": "图像服务发来的图片格式在这里无法读取。",
  "provider-failed unsafe-link": "图像服务给出的链接不可信。",
  paid: "这一次可能已经计费，再试会再次计费。",
  "timed-out": "图像服务用时太久，这幅画已放弃。",
  cancelled: "这幅画已取消。",
  restarting: "服务器正在重启。",
  interrupted: "绘制这幅画时服务器中断了两次。",
  expired: "服务器离开太久，这幅画已放弃。",
  "not-found": "这里没有编号为 {code} 的画。",
  "not-yours": "这是别人的。",
  "key-reused": "这个任务已经提交过了。",
  "too-many-lookups": "查询了太多不存在的编号。",
  overloaded: "服务器一时太忙。",
  "storage-failed": "服务器无法写入磁盘。",
  "storage-failed full": "服务器的磁盘已满。",
  request_too_large: "一次发送的内容太大。",
  internal: "服务器内部出错了，日志中有详情。",
};

/** What is said beside a picture, by code. @satisfies {import("./say.js").NoticeSentences} */
export const notices = {
  "enhancement-failed": "润色失败，已按您的原话绘制。",
  "enhancement-skipped": "超过 {limit} 个字符，已按原话绘制。",
  "prompt-cut": "{model} 最多接受 {limit} 个字符，末尾已略去。",
  "size-adjusted": "尺寸 {asked} 已调整为 {made}。",
  "size-differs": "订的是 {ordered}，服务画成了 {made}。",
  "value-adjusted": "{hint} {asked} 已调整为 {made}。",
  "unknown-flag": "不认识 {flag}，它留在了描述里。",
  "flag-not-understood": "{flag} {value} 无法理解，它留在了描述里。",
  "ratio-out-of-range": "比例 {ratio} 超出 3:1，没有采用。",
  "hint-ignored": "{model} 不支持{hint}，已忽略。",
  "parameter-ignored": "{model} 不认识 {parameter}，已忽略。",
  "picture-ignored": "{model} 不能从图片开始，您的图片已忽略。",
  "picture-gone": "先前的图片已不在这里，只按文字绘制。",
  "pictures-left-out": "{model} 使用了 {of} 张图片中的 {used} 张。",
  "album-part": "机器人只看到这个相册中的一张图片，用的是那一张。",
  "mask-ignored": "{model} 不支持蒙版，已忽略。",
  "other-model":
    "服务用 {made} 绘制，而预期的是 {expected}。部署者可运行 npm run doctor -- --find-model 找到正确的编号，或设置 SD_MODEL_INDEX=auto。",
  "asked-twice": "期间服务器中断过，所以这幅画请求了两次。",
  "pictures-failed": "{of} 张中有 {failed} 张失败。",
  sketched: "简笔画：未配置图像服务。识别：{recognised}。",
  "sketched nothing": "简笔画：未配置图像服务。它认识动物、人物、食物、物品、地点和天气。",
};

/** What the details of a failure are called. */
export const facts = {
  kind: "代码",
  provider: "服务",
  reason: "给出的原因",
  field: "字段",
  model: "模型",
  code: "编号",
  requestId: "请求编号",
};

export const hints = {
  seed: "种子",
  negative: "负面提示词",
  steps: "步数",
  guidance: "引导强度",
  quality: "质量",
};

/** Why the server did not take settings, by code. @type {Readonly<Record<string, string>>} */
export const setupRefusals = {
  "setup-key": "这不是本次启动的一次性密钥，请看服务器的日志。",
  "settings-unreadable": "服务器读不懂这些设置。",
  "setting-unwritable": "{variable} 含有无法保存的字符，请重新复制。",
  "settings-unkept": "服务器无法写入数据目录，原因在它的日志里。",
  network: "连不上服务器，请看看它是否还在运行。",
};

/** What went wrong at an image service, in a few words. @type {Readonly<Record<string, string>>} */
export const faults = {
  unreachable: "无法连接",
  challenge: "返回了浏览器验证页",
  "bad-key": "密钥不被接受",
  "no-points": "账户已用完",
  rejected: "没有接受任务",
  "server-error": "自身出现故障",
  "bad-reply": "回应无法理解",
  "bad-image": "发来的不是完整图片",
  "other-format": "格式无法读取",
  "unsafe-link": "链接不可信",
  "timed-out": "用时太久",
  busy: "正忙",
};

/** @type {Readonly<Record<string, string>>} */
export const doorNames = { http: "HTTP 与本页", discord: "Discord", telegram: "Telegram" };

/** @type {Readonly<Record<string, string>>} */
export const doorStates = {
  connected: "已连接",
  connecting: "连接中",
  failed: "失败，原因见日志",
};
