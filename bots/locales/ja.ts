import type { Locale } from "../i18n.ts";
import { commands, link, options, presets, presetVerbs, settings } from "./ja-commands.ts";

/** Everything that the chat doors say, in Japanese. */
export const ja: Locale = {
  language: { tag: "ja", name: "日本語" },

  progress: {
    taken: "順番待ち",
    place: "順番待ち、{{place}}",
    placeAndTime: "順番待ち、{{place}} · {{duration}}",
    painting: "描いています…",
    elapsed: "描いています · {{duration}}",
    percent: "描いています · {{percent}}%",
    finishing: "もうすぐ完成です…",
    ordinal_ordinal_other: "{{count}} 番目",
  },

  duration: {
    seconds: "{{count}} 秒",
    minutes: "{{count}} 分",
    hours: "{{count}} 時間",
    about: "約 {{duration}}",
    in: "約 {{duration}}後",
  },

  buttons: {
    again: "もう一枚",
    vary: "バリエーション",
    own: "自分の言葉で",
    ratio: "比率",
    edit: "編集",
    original: "元の画像",
    hide: "隠す",
    delete: "削除",
    cancel: "キャンセル",
    retry: "再試行",
    share: "共有",
    back: "戻る",
    older: "古いもの",
    newer: "新しいもの",
    show: "表示",
    confirmForget: "はい、すべて消す",
    keep: "いいえ、残す",
    mySettings: "自分の設定",
    placeSettings: "このチャットの設定",
    unset: "通常どおり",
    reset: "通常に戻す",
    yes: "はい",
    no: "いいえ",
    auto: "補強機能に任せる",
    drawThis: "これを描く",
    howMade: "どう作られた？",
    reword: "言い換える",
    undo: "元に戻す",
    paint: "{{count}} 枚描く",
    editPicture: "画像を編集",
    makeKey: "API キーを作る",
    unlink: "{{name}} との連携を解除",
  },

  picture: {
    enhanced: "補強されたプロンプト",
    facts: "{{ratio}} · {{size}} · シード {{seed}} · {{code}}",
    factsWithoutSize: "シード {{seed}} · {{code}}",
    seeds: "{{first}}–{{last}}",
    deleted: "削除しました。",
    swept: "画像はもう残っていませんが、レシピはあります。「もう一枚」を押してください。",
    expired: "この画像は遅れたため、ここには表示できません。/show {{code}} で見られます。",
    unsure: "このメッセージの画像は届いていないかもしれません。/show {{code}} で見られます。",
    unsureAlbum:
      "画像は届いていないかもしれません。「元の画像」を押すか、/show {{code}} と入力してください。",
    unsureOriginals:
      "元のファイルは届いていないかもしれません。「元の画像」を押すか、/show {{code}} と入力してください。",
    unsureSend: "{{code}} の画像は届いていないかもしれません。/show {{code}} で見られます。",
    chooseRatio: "どの比率にしますか？シードは変わりません。",
    choosePicture: "そのうちの一枚を使う",
    noPicture: "{{code}} の画像は残っていません。",
    shared: "すでに共有されています。/show {{code}} でどこでも見られます。",
  },

  ask: {
    prompt: "何を描きますか？このメッセージに言葉で返信してください。",
    placeholder: "本を読む猫、ratio 3:2",
    code: "どのコードですか？/show zi-7K3QF9X2WM のように、コマンドの後に書いてください。",
    nothingYet: "まだ画像がありません。/{{command}} で頼んでください。",
    nothingWaiting: "待っている依頼はありません。",
    queue: "あなたの依頼（次のものから順に）：",
    history_other: "あなたの画像（新しい順）",
    notForYou: "このボタンはあなたのものではありません。",
    outdated: "このボタンはもう使えません。",
    adminsOnly: "管理者だけができます。",
    notAllowed: "このボットは誰でも使えるわけではなく、あなたはリストに入っていません。",
    adminsUnknown:
      "このグループの管理者を Telegram が今教えてくれません。少ししてからもう一度押してください。",
    photoNotFetched: "Telegram がこの写真を今渡してくれません。",
    startFirst:
      "ここではほかの人に見せずに表示できません。先に私との個別チャットで「開始」を押してから、もう一度頼んでください。",
    notHere: "ここには表示できません。",
    unknownPicture: "このメッセージにはコードがなく、画像もここで作られたものではありません。",
    change: "何を変えますか？画像そのものに /draw と言葉で返信してください。",
    nothingEdits:
      "ここには画像を編集できるモデルがありません。ボットの運営者が設定する必要があります。/draw は言葉から描きます。",
    changeWords: "何を変えますか？",
    morePictures: "参考にするほかの画像",
    also: "そのほか",
    noPictureHere: "このメッセージには変えられる画像がありません。",
    notAPicture: "{{name}} は変えられません。PNG、JPEG、WebP、AVIF、GIF、TIFF の画像だけです。",
    formTooOld: "このフォームは古すぎます。もう一度開いてください。",
    fileNotFetched: "Discord がこの画像を今渡してくれません。",
    onlyStill: "動かない画像だけを変えられます。",
    tooLarge: "画像は {{limit}} MB までです。",
    cannotWrite:
      "画像を頼まれたグループに書き込めないため、何も描きませんでした。グループの管理者が許可できます。",
    batch: "この言葉は {{count}} 枚を頼んでいます。それでよいですか？",
    batchOfQuota: "この言葉は {{count}} 枚を頼んでいて、残りは {{left}} 枚です。それでよいですか？",
    oneInline: "ここでは一度に一枚です。何枚かは私とのチャットで頼んでください。",
    inPrivate: "私との個人チャットだけでできます。ほかの人に見られてはいけません。",
  },

  inline: {
    draw: "描く：{{prompt}}",
    drawDescription: "この言葉から新しい画像を作ります",
    placeholder: "描いています…",
  },

  settings,

  usage: {
    today_other: "今日：{{count}} 枚。",
    none: "ここには割り当ての制限がありません。",
    quota:
      "一日 {{limit}} 枚のうち {{used}} 枚を使い、残りは {{left}} 枚です。{{wait}}、{{time}} に新しくなります。",
    quota_minute: "一分間に {{limit}} 枚のうち {{used}} 枚を使い、残りは {{left}} 枚です。",
  },

  qualities: { low: "低", medium: "中", high: "高", standard: "標準", hd: "HD" },

  help: {
    intro:
      "言葉から絵を描きます。/{{command}} に続けて、描きたいものを好きな言語で書いてください。",
    flags:
      "言葉の中にこう書くこともできます：ratio 3:2、--seed 42、--n 4（四枚）、--no 霧、--raw（言葉をそのまま描く）、--model、--steps、--cfg、--quality、--preset watercolour。{red|blue} はそれぞれ一枚ずつ描きます。",
    buttons:
      "もう一枚：同じプロンプトで別のシード。バリエーション：言葉を補強し直します。自分の言葉で：補強しません。比率：同じものを別の形で。元の画像：手を加えていないファイル。",
    commands: "コマンド：",
    links: "詳しくは：{{url}}",
    edits: "画像を変えることもできます。コマンドと一緒に画像を送り、何を変えるか書いてください。",
  },

  privacy: {
    text: "保存するもの：あなたの言葉、そこから作られたレシピと画像、プリセット、設定、連携したアカウント、最近頼んだ画像の数。頼んだ内容は画像サービスに送られ、補強がオンの場合は言語モデルにも送られます。画像のコードを知っている人は、非公開でない限りその画像を見られます。/forgetme で依頼、画像、プリセット、設定、連携、API キーが消えます。使った割り当ての数は残ります。",
    confirm:
      "あなたの依頼、画像、プリセット、設定、連携、API キーをすべて消しますか？コードはどれも使えなくなります。使った割り当ての数は残ります。",
    forgotten: "消しました。使った割り当ての数のほかは、ここに何も残っていません。",
    kept: "何も消していません。",
  },

  errors: {
    "invalid-request": "それはできません：{{problem}}",
    "invalid-request_prompt": "何を描くか言葉で書いてください。",
    "invalid-request_promptLength":
      "プロンプトは {{limit}} 文字までです。もっと短く書いてください。",
    "invalid-request_aspectRatio": "比率は 16:9 のように書き、1:3 から 3:1 までです。",
    "invalid-request_size": "サイズは 1024x768 のように書き、どちらの辺も 64 から 2048 までです。",
    "unknown-model": "モデル「{{model}}」はここにはありません。",
    unsupported: "{{model}} にはそれができません。",
    unsupported_edit:
      "{{model}} は画像を編集できません。言葉からだけ描きます。編集できるモデルはボットの運営者が設定する必要があります。",
    "content-refused": "この言葉は断られました：{{reason}}",
    "content-refused_provider": "画像サービスがこの言葉を断りました：{{reason}}",
    "quota-exceeded":
      "一日 {{limit}} 枚の割り当てが足りません（残り {{left}} 枚）。{{wait}}、{{time}} に新しくなります。",
    "quota-exceeded_minute":
      "一分間に {{limit}} 枚を超えています（残り {{left}} 枚）。{{wait}}にもう一度試してください。",
    "queue-full":
      "列がいっぱいです：{{limit}} 件が待っています。{{wait}}にもう一度試してください。",
    "queue-full_requester":
      "あなたの依頼がすでに {{limit}} 件待っています。{{wait}}に試すか、どれかをキャンセルしてください。",
    "provider-busy": "画像サービスが混んでいます。{{wait}}にもう一度試してください。",
    "provider-failed": "画像サービスが失敗しました：{{fault}}。",
    "provider-failed_paid": "画像サービスが失敗しました：{{fault}}。料金がかかったかもしれません。",
    "timed-out": "画像サービスに {{duration}}以上かかりました。",
    cancelled: "キャンセルしました。",
    restarting:
      "サーバーが再起動中です。一分後にもう一度頼んでください。途中の画像は自動で続きます。",
    interrupted: "この画像を作っている間に、サーバーが二度中断しました。",
    expired: "{{duration}}以上かかったため、中止しました。",
    "not-found": "コード {{code}} の画像はありません。",
    "not-found_link":
      "このコードは使えません。コードは十分以内に一度だけ使えます。/link で新しいものが表示されます。",
    "not-yours": "これはほかの人のものです。",
    "key-reused": "これはすでに頼まれています。",
    overloaded: "サーバーが一度に抱えすぎています。{{wait}}にもう一度試してください。",
    "too-many-lookups": "存在しないコードが多すぎます。{{wait}}にもう一度試してください。",
    "storage-failed": "サーバーがディスクに書けないため、何も作られませんでした。",
    "storage-failed_paid": "サーバーがディスクに書けないため、画像が失われました。",
    "storage-failed_unreachable":
      "サーバーが今データベースに接続できないため、何も描かれませんでした。少し待ってからもう一度お試しください。",
    internal: "ここで問題が起きました。管理者はログで確認できます。",
    "invalid-request_source":
      "その画像は使えません。64 メガピクセルまでの完全な PNG、JPEG、WebP、AVIF、GIF、TIFF を送ってください。",
    "invalid-request_batch":
      "一度に {{most}} 枚を超えています。括弧そのものは \\{ と書いてください。",
    "unknown-preset": "プリセット「{{preset}}」はここにはありません。",
    unsupported_edit_able:
      "{{model}} は画像を編集できません。{{able}} ならできます。--model {{able}} を付けてください。",
    unsupported_pictures: "{{model}} が受け取れる画像は {{limit}} 枚までです。減らしてください。",
    unsupported_pictures_able:
      "{{model}} が受け取れる画像は {{limit}} 枚までです。{{able}} はもっと受け取れます。--model {{able}} を付けてください。",
    unsupported_mask: "{{model}} は画像の一部だけを変えられません。マスクなしで送ってください。",
    unsupported_mask_able:
      "{{model}} は画像の一部だけを変えられません。{{able}} ならできます。--model {{able}} を付けてください。",
  },

  faults: {
    unreachable: "接続できません",
    challenge: "ブラウザ向けの確認ページを返しました",
    "bad-key": "このボットのキーを受け付けません",
    "no-points": "このボットのアカウントにポイントが残っていません",
    rejected: "依頼を拒否しました",
    "server-error": "サービス自身に問題があります",
    "bad-reply": "返事を理解できませんでした",
    "bad-image": "送られてきたものは画像ではありません",
    "other-format": "ここでは読めない形式の画像を送ってきました",
    "unsafe-link": "信頼できない場所へのリンクを返しました",
  },

  notices: {
    "enhancement-failed": "補強に失敗したため（{{failure}}）、あなたの言葉のまま描きました。",
    "enhancement-skipped": "言葉が {{limit}} 文字を超えているため、補強しませんでした。",
    "prompt-cut": "{{model}} は {{limit}} 文字までのため、プロンプトの終わりを省きました。",
    "size-adjusted": "サイズ {{asked}} を {{made}} にしました。",
    "size-differs": "{{ordered}} を頼みましたが、サービスは {{made}} で作りました。",
    "value-adjusted": "{{hintName}} {{asked}} を {{made}} にしました。",
    "unknown-flag": "{{flag}} はここでは知られていないため、言葉の中に残しました。",
    "flag-not-understood": "{{flag}} {{value}} は理解できず、言葉の中に残しました。",
    "ratio-out-of-range": "比率 {{ratio}} は 3:1 を超えるため使いませんでした。",
    "hint-ignored": "{{model}} は{{hintName}}を使えないため、省きました。",
    "parameter-ignored": "{{model}} は {{parameter}} を知らないため、省きました。",
    "picture-ignored": "{{model}} は画像を編集できないため、言葉だけから描きました。",
    "other-model":
      "{{expected}} のはずでしたが、サービスは {{made}} で描きました。管理者は npm run doctor -- --find-model で正しい番号を調べるか、SD_MODEL_INDEX=auto を設定してください。",
    "asked-twice": "途中でサーバーが中断したため、この画像を二度頼みました。",
    "pictures-failed": "{{of}} 枚のうち {{failed}} 枚が失敗しました。",
    sketched: "スケッチ：画像サービスが設定されていません。認識：{{words}}。",
    sketched_nothing:
      "スケッチ：画像サービスが設定されていません。動物、人、食べ物、物、場所、天気を知っています。",
    "sketched-and": "、",
    "picture-gone": "前の画像はもうないため、言葉だけから描きました。",
    "album-part":
      "Telegram はこのアルバムの画像を一枚しか見せてくれません。管理者になっている所か、二人だけのチャットなら全部見えます。",
    "pictures-left-out":
      "{{model}} は {{used}} 枚までのため、{{of}} 枚のうち最初のものを使いました。",
    "mask-ignored": "{{model}} は画像の一部だけを変えられないため、マスクを省きました。",
  },

  failures: {
    "timed-out": "時間がかかりすぎました",
    unreachable: "接続できません",
    "bad-key": "キーが違います",
    "rate-limited": "混んでいます",
    other: "返事が使えませんでした",
  },

  hints: {
    seed: "シード",
    negative: "ネガティブプロンプト",
    steps: "ステップ数",
    guidance: "ガイダンス",
    quality: "品質",
  },

  commands,
  options,
  link,
  presets,
  presetVerbs,
};
