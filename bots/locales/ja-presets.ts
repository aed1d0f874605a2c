import type { Locale } from "../i18n.ts";

/** What is said about linked accounts in Japanese. */
export const link: Locale["link"] = {
  this: "あなたは {{name}} です。",
  linked: "連携しているもの：",
  keyName: "API キー {{key}}…",
  invitation:
    "別のプラットフォームの自分のアカウントと連携するには、十分以内にそこで私に /link {{code}} と送ってください。それ以降、履歴、プリセット、割り当ては一つになります。",
  joined: "連携しました。履歴、プリセット、割り当ては一つになりました。",
  key: "あなたの API キー：{{key}}\n表示されるのは今回だけです。Authorization: Bearer … としてこのサーバーのアドレスに送ってください。/link で取り消せます。",
  unlinked: "{{name}} との連携を解除しました。",
};

/** What is said about presets in Japanese. */
export const presets: Locale["presets"] = {
  own: "あなたのプリセット：",
  place: "ここのプリセット：",
  builtIn: "内蔵：{{names}}。",
  and: "、",
  menu: "これを{{name}}に",
  use: "言葉に --preset と名前を付けると使えます。",
  saved: "{{name}} として保存しました。言葉に --preset {{name}} を付けると使えます。",
  deleted: "{{name}} を削除しました。",
  shared: "{{name}} のコードは {{code}} です。これでほかの人も自分用に保存できます。",
  builtInShared: "{{name}} は内蔵なので、誰でも使えます。",
  pictures_other: "参考画像 {{count}} 枚",
  telegram:
    "/presets save 名前 言葉 – {prompt} の前後の言葉を保存します。その中の指示、画像のコード、一緒に送った画像も使われます\n/presets show 名前 · delete 名前 · share 名前\n/presets zp-… – このコードで共有されたものを保存します\n管理者：/presets save here 名前 言葉、delete here 名前 でグループ全体のもの",
};

/** The names and descriptions of what people do with presets, in Japanese. */
export const presetVerbs: Locale["presetVerbs"] = {
  list: { name: "一覧", description: "ここで使えるプリセット" },
  save: { name: "保存", description: "言葉と希望に名前を付けて保存します" },
  show: { name: "表示", description: "プリセットが言葉に加えるもの" },
  delete: { name: "削除", description: "プリセットを削除します" },
  share: { name: "共有", description: "ほかの人がプリセットを受け取るためのコード" },
  take: { name: "取得", description: "コードで共有されたものを保存します" },
};
