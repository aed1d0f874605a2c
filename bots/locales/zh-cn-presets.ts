import type { Locale } from "../i18n.ts";

/** What is said about linked accounts in Chinese. */
export const link: Locale["link"] = {
  this: "当前账号是 {{name}}。",
  linked: "已关联：",
  keyName: "API 密钥 {{key}}…",
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
