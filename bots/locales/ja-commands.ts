import type { Locale } from "../i18n.ts";

/** The names and descriptions of the commands in Japanese. */
export const commands: Locale["commands"] = {
  draw: { name: "描く", description: "言葉から絵を描きます" },
  again: {
    name: "もう一枚",
    description: "最後の画像か指定した画像を、別のシードでもう一度作ります",
  },
  show: { name: "表示", description: "コードから画像とレシピを表示します" },
  queue: { name: "順番", description: "待っている依頼を見て、キャンセルできます" },
  history: { name: "履歴", description: "あなたの画像（新しい順）" },
  presets: { name: "プリセット", description: "名前を付けて繰り返し使う言葉と希望" },
  usage: { name: "使用量", description: "使った分と割り当ての残り" },
  link: {
    name: "連携",
    description: "複数のプラットフォームで履歴、プリセット、割り当てを一つにします",
  },
  settings: { name: "設定", description: "画像の標準の設定" },
  help: { name: "ヘルプ", description: "このボットにできること" },
  privacy: { name: "プライバシー", description: "あなたについて保存されるもの" },
  forgetme: { name: "忘れて", description: "依頼、画像、プリセット、設定を消します" },
};

/** The names and descriptions of their options in Japanese. */
export const options: Locale["options"] = {
  prompt: { name: "内容", description: "描きたいもの（どの言語でも）" },
  ratio: { name: "比率", description: "横と縦の比" },
  model: { name: "モデル", description: "どのモデルで描くか" },
  seed: { name: "シード", description: "同じシードと同じプロンプトなら同じ画像になります" },
  negative: { name: "除外", description: "画像に出てほしくないもの" },
  steps: { name: "ステップ", description: "多いほど時間がかかり、細かくなります" },
  guidance: { name: "ガイダンス", description: "どれだけ言葉に忠実に描くか" },
  enhance: { name: "補強", description: "言語モデルで言葉を豊かにします" },
  count: { name: "枚数", description: "何枚描くか" },
  quality: { name: "品質", description: "小さいほど速くなります" },
  preset: { name: "プリセット", description: "この名前で保存された言葉と希望" },
  name: { name: "名前", description: "プリセットの名前" },
  words: { name: "言葉", description: "{prompt} の前後に付く言葉（画像のコードも使えます）" },
  share: { name: "共有コード", description: "プリセットのコード（例：zp-7K3QF9X2WM）" },
  linkCode: { name: "連携コード", description: "別の所で /link が示したコード" },
  private: { name: "非公開", description: "画像を自分だけに表示します" },
  image: { name: "画像", description: "言葉のとおりに変える画像" },
  image2: { name: "画像2", description: "もう一枚の画像" },
  image3: { name: "画像3", description: "もう一枚の画像" },
  image4: { name: "画像4", description: "もう一枚の画像" },
  code: { name: "コード", description: "画像のコード（例：zi-7K3QF9X2WM）" },
  originals: { name: "元の画像", description: "手を加えていないファイルも送ります" },
  language: { name: "言語", description: "このボットの言語" },
  scope: { name: "対象", description: "自分の設定か、この場所の設定か" },
};

/** What is said about settings in Japanese. */
export const settings: Locale["settings"] = {
  own: "あなたの設定",
  place: "このチャットの設定（自分の設定がない人に使われます）",
  choose: "{{setting}}：選んでください",
  unset: "通常どおり",
  saved: "保存しました。",
  row: "{{setting}}：{{value}}",
  names: {
    ratio: "比率",
    enhance: "言葉を補強する",
    model: "モデル",
    quality: "品質",
    originals: "元のファイルも送る",
    language: "言語",
    private: "画像を自分だけに表示",
  },
};

/** What is said about linked accounts in Japanese. */
export const link: Locale["link"] = {
  this: "あなたは {{name}} です。",
  linked: "連携しているもの：",
  keyName: "API キー {{key}}",
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
