import type { Locale } from "../i18n.ts";
import { commands, link, options, presets, presetVerbs, settings } from "./ko-commands.ts";

/** Everything that the chat doors say, in Korean. */
export const ko: Locale = {
  language: { tag: "ko", name: "한국어" },

  progress: {
    taken: "대기 중",
    place: "대기 중, {{place}}",
    placeAndTime: "대기 중, {{place}} · {{duration}}",
    painting: "그리는 중…",
    elapsed: "그리는 중 · {{duration}}",
    percent: "그리는 중 · {{percent}}%",
    finishing: "거의 다 됐어요…",
    ordinal_ordinal_other: "{{count}}번째",
  },

  duration: {
    seconds: "{{count}}초",
    minutes: "{{count}}분",
    hours: "{{count}}시간",
    about: "약 {{duration}}",
    in: "약 {{duration}} 뒤",
  },

  buttons: {
    again: "한 장 더",
    vary: "변형",
    own: "내 말 그대로",
    ratio: "비율",
    edit: "편집",
    original: "원본",
    hide: "가리기",
    delete: "삭제",
    cancel: "취소",
    retry: "다시 시도",
    share: "공유",
    back: "뒤로",
    older: "이전",
    newer: "최근",
    show: "보기",
    confirmForget: "네, 모두 지워 주세요",
    keep: "아니요, 둘게요",
    mySettings: "내 설정",
    placeSettings: "이 채팅의 설정",
    unset: "기본값",
    reset: "기본값으로 되돌리기",
    yes: "예",
    no: "아니요",
    auto: "보강 기능에 맡기기",
    drawThis: "이걸 그리기",
    howMade: "어떻게 만들었나요?",
    reword: "바꿔 말하기",
    undo: "되돌리기",
    paint: "{{count}}장 그리기",
    editPicture: "그림 편집",
    makeKey: "API 키 만들기",
    unlink: "{{name}} 연결 끊기",
  },

  picture: {
    enhanced: "보강된 프롬프트",
    facts: "{{ratio}} · {{size}} · 시드 {{seed}} · {{code}}",
    factsWithoutSize: "시드 {{seed}} · {{code}}",
    seeds: "{{first}}–{{last}}",
    deleted: "삭제했습니다.",
    swept: "그림은 더 이상 보관되어 있지 않지만 레시피는 있습니다. “한 장 더”를 누르세요.",
    expired: "그림이 너무 늦게 와서 여기에 표시할 수 없습니다. /show {{code}}로 볼 수 있습니다.",
    unsure: "이 메시지의 그림이 도착하지 않았을 수 있습니다. /show {{code}}로 볼 수 있습니다.",
    unsureAlbum: "그림이 도착하지 않았을 수 있습니다. “원본”을 누르거나 /show {{code}}를 쓰세요.",
    unsureOriginals:
      "원본 파일이 도착하지 않았을 수 있습니다. “원본”을 누르거나 /show {{code}}를 쓰세요.",
    unsureSend: "{{code}}의 그림이 도착하지 않았을 수 있습니다. /show {{code}}로 볼 수 있습니다.",
    chooseRatio: "어떤 비율로 할까요? 시드는 그대로입니다.",
    choosePicture: "그중 하나로 작업하기",
    noPicture: "{{code}}의 그림은 보관되어 있지 않습니다.",
    shared: "이미 공유되었습니다. /show {{code}}로 어디서나 볼 수 있습니다.",
  },

  ask: {
    prompt: "무엇을 그릴까요? 이 메시지에 답장으로 적어 주세요.",
    placeholder: "책을 읽는 고양이, ratio 3:2",
    code: "어떤 코드인가요? /show zi-7K3QF9X2WM처럼 명령 뒤에 적어 주세요.",
    nothingYet: "아직 그림이 없습니다. /{{command}}로 부탁해 보세요.",
    nothingWaiting: "기다리는 작업이 없습니다.",
    queue: "내 작업, 다음 차례부터:",
    history_other: "내 그림, 최신순",
    notForYou: "이 버튼은 당신의 것이 아닙니다.",
    outdated: "이 버튼은 더 이상 작동하지 않습니다.",
    adminsOnly: "관리자만 할 수 있습니다.",
    notAllowed: "이 봇은 모두에게 열려 있지 않으며, 당신은 목록에 없습니다.",
    adminsUnknown:
      "Telegram이 지금 이 그룹의 관리자를 알려 주지 않습니다. 잠시 뒤 다시 눌러 주세요.",
    photoNotFetched: "Telegram이 지금 이 사진을 넘겨주지 않습니다.",
    startFirst:
      "여기서는 다른 사람 모르게 보여 드릴 수 없습니다. 먼저 저와의 개인 채팅에서 시작을 누른 뒤 다시 요청해 주세요.",
    notHere: "여기에는 표시할 수 없습니다.",
    unknownPicture: "이 메시지에는 코드가 없고, 그림도 여기서 만든 것이 아닙니다.",
    change: "무엇을 바꿀까요? 그림에 /draw와 함께 답장으로 적어 주세요.",
    nothingEdits:
      "여기에는 그림을 편집하는 모델이 없습니다. 이 봇의 운영자가 설정해야 합니다. /draw는 말로 그립니다.",
    changeWords: "무엇을 바꿀까요?",
    morePictures: "참고할 다른 그림",
    also: "추가로",
    noPictureHere: "이 메시지에는 바꿀 수 있는 그림이 없습니다.",
    notAPicture: "{{name}}은(는) 바꿀 수 없습니다. PNG, JPEG, WebP, AVIF, GIF, TIFF 그림만 됩니다.",
    formTooOld: "이 양식은 너무 오래되었습니다. 다시 열어 주세요.",
    fileNotFetched: "Discord가 지금 이 그림을 넘겨주지 않습니다.",
    onlyStill: "움직이지 않는 그림만 바꿀 수 있습니다.",
    tooLarge: "그림은 {{limit}} MB까지입니다.",
    cannotWrite:
      "그림을 부탁하신 그룹에 제가 글을 쓸 수 없어 아무것도 그리지 않았습니다. 그룹 운영자가 허용할 수 있습니다.",
    batch: "이 말은 그림 {{count}}장을 부탁합니다. 그만큼 그릴까요?",
    batchOfQuota:
      "이 말은 그림 {{count}}장을 부탁하고, 남은 것은 {{left}}장입니다. 그만큼 그릴까요?",
    oneInline: "여기서는 한 번에 한 장입니다. 여러 장은 저와의 채팅에서 부탁하세요.",
    inPrivate: "저와의 개인 채팅에서만 됩니다. 다른 사람이 보아서는 안 됩니다.",
  },

  inline: {
    draw: "그리기: {{prompt}}",
    drawDescription: "이 말로 새 그림 그리기",
    placeholder: "그리는 중…",
  },

  settings,

  usage: {
    today_other: "오늘: {{count}}장.",
    none: "여기에는 할당량이 없습니다.",
    quota:
      "하루 {{limit}}장 중 {{used}}장을 썼고 {{left}}장이 남았습니다. {{wait}}, {{time}}에 다시 시작됩니다.",
    quota_minute: "1분에 {{limit}}장 중 {{used}}장을 썼고 {{left}}장이 남았습니다.",
  },

  qualities: { low: "낮음", medium: "중간", high: "높음", standard: "표준", hd: "HD" },

  help: {
    intro: "말로 그림을 그립니다. /{{command}} 뒤에 그리고 싶은 것을 어떤 언어로든 적어 주세요.",
    flags:
      "말 속에 이렇게 적을 수도 있습니다: ratio 3:2, --seed 42, --n 4(네 장), --no 안개, --raw(내 말 그대로 그리기), --model, --steps, --cfg, --quality, --preset watercolour. {red|blue}는 각각 한 장씩 그립니다.",
    buttons:
      "한 장 더: 같은 프롬프트, 다른 시드. 변형: 내 말을 새로 보강합니다. 내 말 그대로: 보강하지 않습니다. 비율: 같은 것을 다른 모양으로. 원본: 손대지 않은 파일.",
    commands: "명령:",
    links: "더 보기: {{url}}",
    edits: "그림을 바꿀 수도 있습니다. 명령과 함께 그림을 보내고 무엇을 바꿀지 적어 주세요.",
  },

  privacy: {
    text: "보관하는 것: 당신의 말, 그것으로 만든 레시피와 그림, 프리셋, 설정, 연결된 계정, 최근에 부탁한 그림의 수. 부탁한 내용은 이미지 서비스로, 보강이 켜져 있으면 언어 모델로도 보내집니다. 그림의 코드를 아는 사람은 비공개가 아닌 한 그 그림을 볼 수 있습니다. /forgetme는 작업, 그림, 프리셋, 설정, 연결, API 키를 지웁니다. 사용한 할당량은 그대로 셉니다.",
    confirm:
      "작업, 그림, 프리셋, 설정, 연결, API 키를 모두 지울까요? 코드는 더 이상 쓸 수 없게 됩니다. 사용한 할당량은 그대로 셉니다.",
    forgotten: "지웠습니다. 사용한 할당량 말고는 여기에 아무것도 남아 있지 않습니다.",
    kept: "아무것도 지우지 않았습니다.",
  },

  errors: {
    "invalid-request": "할 수 없습니다: {{problem}}",
    "invalid-request_prompt": "무엇을 그릴지 말로 적어 주세요.",
    "invalid-request_promptLength": "프롬프트는 {{limit}}자까지입니다. 더 짧게 적어 주세요.",
    "invalid-request_aspectRatio": "비율은 16:9처럼 적고 1:3에서 3:1 사이여야 합니다.",
    "invalid-request_size": "크기는 1024x768처럼 적고 두 변 모두 64에서 2048 사이여야 합니다.",
    "unknown-model": "여기에는 “{{model}}” 모델이 없습니다.",
    unsupported: "{{model}}은(는) 그렇게 할 수 없습니다.",
    unsupported_edit:
      "{{model}}은(는) 그림을 편집할 수 없고 말로만 그립니다. 편집하는 모델은 이 봇의 운영자가 설정해야 합니다.",
    "content-refused": "이 말은 거절되었습니다: {{reason}}",
    "content-refused_provider": "이미지 서비스가 이 말을 거절했습니다: {{reason}}",
    "quota-exceeded":
      "하루 {{limit}}장의 할당량이 모자랍니다({{left}}장 남음). {{wait}}, {{time}}에 다시 시작됩니다.",
    "quota-exceeded_minute":
      "1분에 {{limit}}장을 넘습니다({{left}}장 남음). {{wait}}에 다시 시도하세요.",
    "queue-full":
      "줄이 가득 찼습니다: {{limit}}개가 기다리고 있습니다. {{wait}}에 다시 시도하세요.",
    "queue-full_requester":
      "당신의 작업 {{limit}}개가 이미 기다리고 있습니다. {{wait}}에 다시 시도하거나 하나를 취소하세요.",
    "provider-busy": "이미지 서비스가 바쁩니다. {{wait}}에 다시 시도하세요.",
    "provider-failed": "이미지 서비스가 실패했습니다: {{fault}}.",
    "provider-failed_paid":
      "이미지 서비스가 실패했습니다: {{fault}}. 그림값이 청구되었을 수 있습니다.",
    "timed-out": "이미지 서비스가 {{duration}}보다 오래 걸렸습니다.",
    cancelled: "취소했습니다.",
    restarting:
      "서버가 다시 시작하는 중입니다. 1분 뒤에 다시 부탁하세요. 진행 중인 그림은 저절로 이어집니다.",
    interrupted: "이 그림을 만드는 동안 서버가 두 번 중단되었습니다.",
    expired: "{{duration}}보다 오래 걸려 그만두었습니다.",
    "not-found": "코드가 {{code}}인 그림은 없습니다.",
    "not-found_link":
      "이 코드는 쓸 수 없습니다. 코드는 10분 안에 한 번만 쓸 수 있습니다. /link가 새 코드를 보여 줍니다.",
    "not-yours": "다른 사람의 것입니다.",
    "key-reused": "이미 부탁한 것입니다.",
    overloaded: "서버가 한꺼번에 너무 많은 일을 하고 있습니다. {{wait}}에 다시 시도하세요.",
    "too-many-lookups": "없는 코드가 너무 많습니다. {{wait}}에 다시 시도하세요.",
    "storage-failed": "서버가 디스크에 쓸 수 없어 아무것도 만들지 않았습니다.",
    "storage-failed_paid": "서버가 디스크에 쓸 수 없어 그림을 잃었습니다.",
    "storage-failed_unreachable":
      "서버가 지금 데이터베이스에 연결할 수 없어 아무것도 그리지 않았습니다. 잠시 후 다시 시도해 주세요.",
    internal: "문제가 생겼습니다. 관리자가 로그에서 볼 수 있습니다.",
    "invalid-request_source":
      "그 그림은 쓸 수 없습니다. 64메가픽셀 이하의 온전한 PNG, JPEG, WebP, AVIF, GIF, TIFF를 보내 주세요.",
    "invalid-request_batch": "한 번에 {{most}}장을 넘습니다. 괄호 자체는 \\{로 적으세요.",
    "unknown-preset": "여기에는 “{{preset}}” 프리셋이 없습니다.",
    unsupported_edit_able:
      "{{model}}은(는) 그림을 편집할 수 없습니다. {{able}}은(는) 할 수 있습니다: --model {{able}}을(를) 붙이세요.",
    unsupported_pictures: "{{model}}은(는) 그림을 {{limit}}장까지 받습니다. 줄여 주세요.",
    unsupported_pictures_able:
      "{{model}}은(는) 그림을 {{limit}}장까지 받습니다. {{able}}은(는) 더 받습니다: --model {{able}}을(를) 붙이세요.",
    unsupported_mask: "{{model}}은(는) 그림의 일부만 바꿀 수 없습니다. 마스크 없이 보내 주세요.",
    unsupported_mask_able:
      "{{model}}은(는) 그림의 일부만 바꿀 수 없습니다. {{able}}은(는) 할 수 있습니다: --model {{able}}을(를) 붙이세요.",
  },

  faults: {
    unreachable: "연결할 수 없습니다",
    challenge: "브라우저 확인 페이지를 돌려주었습니다",
    "bad-key": "이 봇의 키를 받아들이지 않습니다",
    "no-points": "이 봇의 계정에 포인트가 없습니다",
    rejected: "요청을 거절했습니다",
    "server-error": "서비스 자체에 문제가 있습니다",
    "bad-reply": "답을 알아들을 수 없었습니다",
    "bad-image": "보내온 것이 그림이 아닙니다",
    "other-format": "여기서 읽지 못하는 형식의 그림을 보내왔습니다",
    "unsafe-link": "믿을 수 없는 곳을 가리켰습니다",
  },

  notices: {
    "enhancement-failed": "보강에 실패해서({{failure}}) 당신의 말 그대로 그렸습니다.",
    "enhancement-skipped": "{{limit}}자보다 길어서 보강하지 않았습니다.",
    "prompt-cut": "{{model}}은(는) {{limit}}자까지 받으므로 프롬프트의 끝을 뺐습니다.",
    "size-adjusted": "크기 {{asked}}을(를) {{made}}(으)로 바꿨습니다.",
    "size-differs": "{{ordered}}을(를) 주문했지만 서비스는 {{made}}(으)로 만들었습니다.",
    "value-adjusted": "{{hintName}} {{asked}}을(를) {{made}}(으)로 바꿨습니다.",
    "unknown-flag": "{{flag}}은(는) 모르는 것이라 말 속에 그대로 두었습니다.",
    "flag-not-understood": "{{flag}} {{value}}을(를) 알아듣지 못해 말 속에 그대로 두었습니다.",
    "ratio-out-of-range": "비율 {{ratio}}은(는) 3:1을 넘어 쓰지 않았습니다.",
    "hint-ignored": "{{model}}은(는) {{hintName}}을(를) 쓸 수 없어 뺐습니다.",
    "parameter-ignored": "{{model}}은(는) {{parameter}}을(를) 몰라서 뺐습니다.",
    "picture-ignored": "{{model}}은(는) 그림을 편집할 수 없어 말로만 그렸습니다.",
    "other-model":
      "{{expected}}이(가) 예상되었지만 서비스는 {{made}}(으)로 그렸습니다. 운영자는 npm run doctor -- --find-model 명령으로 올바른 번호를 찾거나 SD_MODEL_INDEX=auto로 설정하면 됩니다.",
    "asked-twice": "그사이 서버가 중단되어 이 그림을 두 번 부탁했습니다.",
    "pictures-failed": "{{of}}장 가운데 {{failed}}장이 실패했습니다.",
    sketched: "스케치: 이미지 서비스가 설정되어 있지 않습니다. 알아본 것: {{words}}.",
    sketched_nothing:
      "스케치: 이미지 서비스가 설정되어 있지 않습니다. 동물, 사람, 음식, 물건, 장소, 날씨를 압니다.",
    "sketched-and": ", ",
    "picture-gone": "이전 그림이 더 이상 없어 말로만 그렸습니다.",
    "album-part":
      "Telegram이 이 앨범의 그림을 하나만 보여 줍니다. 제가 관리자인 곳이나 둘만의 채팅에서는 모두 볼 수 있습니다.",
    "pictures-left-out":
      "{{model}}은(는) {{used}}장까지만 받아 {{of}}장 가운데 앞의 것을 썼습니다.",
    "mask-ignored": "{{model}}은(는) 그림의 일부만 바꿀 수 없어 마스크를 뺐습니다.",
  },

  failures: {
    "timed-out": "너무 오래 걸렸습니다",
    unreachable: "연결할 수 없습니다",
    "bad-key": "키가 틀렸습니다",
    "rate-limited": "바쁩니다",
    other: "답을 쓸 수 없었습니다",
  },

  hints: {
    seed: "시드",
    negative: "네거티브 프롬프트",
    steps: "단계 수",
    guidance: "가이던스",
    quality: "품질",
  },

  commands,
  options,
  link,
  presets,
  presetVerbs,
};
