import type { Locale } from "../i18n.ts";

/** The names and descriptions of the commands in Chinese. */
export const commands: Locale["commands"] = {
  draw: { name: "画图", description: "根据文字画一张图" },
  again: { name: "再来", description: "用新种子重画上一张或指定的图" },
  show: { name: "查看", description: "按编号显示图片和配方" },
  queue: { name: "队列", description: "你正在等待的任务，可取消" },
  history: { name: "历史", description: "你的图片，最新的在前" },
  presets: { name: "预设", description: "起名保存的文字和要求，可反复使用" },
  usage: { name: "用量", description: "已经用了多少，配额还剩多少" },
  link: { name: "关联", description: "在多个平台共用历史、预设和配额" },
  settings: { name: "设置", description: "你的图片默认是什么样" },
  help: { name: "帮助", description: "这个机器人能做什么" },
  privacy: { name: "隐私", description: "保存了你的哪些信息" },
  forgetme: { name: "忘记我", description: "清除你的任务、图片、预设和设置" },
};

/** The names and descriptions of their options in Chinese. */
export const options: Locale["options"] = {
  prompt: { name: "描述", description: "想画什么，任何语言都可以" },
  ratio: { name: "比例", description: "宽与高之比" },
  model: { name: "模型", description: "用哪个模型绘制" },
  seed: { name: "种子", description: "相同的种子和提示词得到相同的图" },
  negative: { name: "排除", description: "图中不应出现的内容" },
  steps: { name: "步数", description: "步数越多越慢，细节越多" },
  guidance: { name: "引导", description: "模型遵循文字的程度" },
  enhance: { name: "增强", description: "让语言模型丰富描述" },
  count: { name: "数量", description: "画几张" },
  quality: { name: "质量", description: "越小越快" },
  preset: { name: "预设", description: "以这个名字保存的文字和要求" },
  name: { name: "名字", description: "预设的名字" },
  words: { name: "文字", description: "围绕 {prompt} 的文字，图片编号也算" },
  share: { name: "代码", description: "预设的代码，例如 zp-7K3QF9X2WM" },
  linkCode: { name: "关联代码", description: "在另一处用 /link 得到的代码" },
  private: { name: "私密", description: "图片仅自己可见" },
  image: { name: "图片", description: "按描述修改这张图片" },
  image2: { name: "图片2", description: "再加一张图片" },
  image3: { name: "图片3", description: "再加一张图片" },
  image4: { name: "图片4", description: "再加一张图片" },
  code: { name: "编号", description: "图片的编号，例如 zi-7K3QF9X2WM" },
  originals: { name: "原图", description: "同时发送未压缩的文件" },
  language: { name: "语言", description: "机器人的语言" },
  scope: { name: "范围", description: "你自己的设置还是这里的设置" },
};

/** What is said about settings in Chinese. */
export const settings: Locale["settings"] = {
  own: "你的设置",
  place: "本群的设置，适用于没有个人设置的人",
  choose: "{{setting}}：请选择",
  unset: "默认",
  saved: "已保存。",
  row: "{{setting}}：{{value}}",
  names: {
    ratio: "比例",
    enhance: "增强我的描述",
    model: "模型",
    quality: "质量",
    originals: "同时发送原图文件",
    language: "语言",
    private: "图片仅自己可见",
  },
};

/** What is said about linked accounts in Chinese. */
export const link: Locale["link"] = {
  this: "当前账号是 {{name}}。",
  linked: "已关联：",
  keyName: "API 密钥 {{key}}",
  invitation:
    "要关联你在另一个平台的账号，请在十分钟内在那里向我发送 /link {{code}}。之后历史、预设和配额合而为一。",
  joined: "已关联。历史、预设和配额现已合而为一。",
  key: "你的 API 密钥：{{key}}\n只显示这一次。请以 Authorization: Bearer … 发送到这个服务器的地址；用 /link 可以收回。",
  unlinked: "已解除 {{name}}。",
};

/** What is said about presets in Chinese. */
export const presets: Locale["presets"] = {
  own: "你的预设：",
  place: "这里的预设：",
  builtIn: "内置：{{names}}。",
  and: "、",
  menu: "用「{{name}}」画",
  use: "在描述里加上 --preset 和名字即可使用。",
  saved: "已保存为 {{name}}。在描述里加上 --preset {{name}} 即可使用。",
  deleted: "已删除 {{name}}。",
  shared: "{{name}} 的代码是 {{code}}，别人可以用它保存一份自己的。",
  builtInShared: "{{name}} 是内置的，人人都有。",
  pictures_other: "{{count}} 张参考图",
  telegram:
    "/presets 保存 名字 文字 – 保存围绕 {prompt} 的文字，其中的指令、图片编号和一起发来的图片也算\n/presets 查看 名字 · 删除 名字 · 分享 名字\n/presets zp-… – 保存这个代码分享的预设\n管理员：/presets 保存 本群 名字 文字、删除 本群 名字，供全群使用",
};

/** The names and descriptions of what people do with presets, in Chinese. */
export const presetVerbs: Locale["presetVerbs"] = {
  list: { name: "列表", description: "你在这里可以使用的预设" },
  save: { name: "保存", description: "给一组文字和要求起名保存" },
  show: { name: "查看", description: "一个预设会加上什么" },
  delete: { name: "删除", description: "删除一个预设" },
  share: { name: "分享", description: "别人取得这个预设的代码" },
  take: { name: "取用", description: "保存别人用代码分享的预设" },
};
