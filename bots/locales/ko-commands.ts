import type { Locale } from "../i18n.ts";

/** The names and descriptions of the commands in Korean. */
export const commands: Locale["commands"] = {
  draw: { name: "그리기", description: "말로 그림을 그립니다" },
  again: { name: "한장더", description: "마지막 그림이나 이 그림을 다른 시드로 다시 만듭니다" },
  show: { name: "보기", description: "코드로 그림과 레시피를 봅니다" },
  queue: { name: "대기열", description: "기다리는 작업을 보고 취소합니다" },
  history: { name: "기록", description: "내 그림, 최신순" },
  presets: { name: "프리셋", description: "이름을 붙여 다시 쓰는 말과 바람" },
  usage: { name: "사용량", description: "쓴 것과 남은 할당량" },
  link: { name: "연결", description: "여러 플랫폼에서 기록, 프리셋, 할당량을 하나로" },
  settings: { name: "설정", description: "내 그림의 기본값" },
  help: { name: "도움말", description: "이 봇이 할 수 있는 일" },
  privacy: { name: "개인정보", description: "당신에 대해 보관되는 것" },
  forgetme: { name: "지워줘", description: "작업, 그림, 프리셋, 설정을 지웁니다" },
};

/** The names and descriptions of their options in Korean. */
export const options: Locale["options"] = {
  prompt: { name: "내용", description: "그림에 나올 것, 어떤 언어로든" },
  ratio: { name: "비율", description: "가로와 세로의 비" },
  model: { name: "모델", description: "어떤 모델로 그릴지" },
  seed: { name: "시드", description: "같은 시드와 프롬프트는 같은 그림이 됩니다" },
  negative: { name: "제외", description: "그림에 나오지 않아야 할 것" },
  steps: { name: "단계", description: "많을수록 오래 걸리고 자세해집니다" },
  guidance: { name: "가이던스", description: "모델이 말을 얼마나 따를지" },
  enhance: { name: "보강", description: "언어 모델이 말을 풍부하게 합니다" },
  count: { name: "장수", description: "몇 장을 그릴지" },
  quality: { name: "품질", description: "작을수록 빠릅니다" },
  preset: { name: "프리셋", description: "이 이름으로 저장된 말과 바람" },
  name: { name: "이름", description: "프리셋의 이름" },
  words: { name: "말", description: "{prompt} 앞뒤에 붙는 말, 그림의 코드도 됩니다" },
  share: { name: "공유코드", description: "프리셋의 코드, 예: zp-7K3QF9X2WM" },
  linkCode: { name: "연결코드", description: "다른 곳에서 /link가 보여 준 코드" },
  private: { name: "비공개", description: "그림을 나에게만 표시합니다" },
  image: { name: "그림", description: "말한 대로 바꿀 그림" },
  image2: { name: "그림2", description: "그림 하나 더" },
  image3: { name: "그림3", description: "그림 하나 더" },
  image4: { name: "그림4", description: "그림 하나 더" },
  code: { name: "코드", description: "그림의 코드, 예: zi-7K3QF9X2WM" },
  originals: { name: "원본", description: "손대지 않은 파일도 보냅니다" },
  language: { name: "언어", description: "이 봇의 언어" },
  scope: { name: "대상", description: "누구의 설정인지: 내 설정 또는 이곳의 설정" },
};

/** What is said about settings in Korean. */
export const settings: Locale["settings"] = {
  own: "내 설정",
  place: "이 채팅의 설정, 자기 설정이 없는 사람에게 적용됩니다",
  choose: "{{setting}}: 고르세요",
  unset: "기본값",
  saved: "저장했습니다.",
  row: "{{setting}}: {{value}}",
  names: {
    ratio: "비율",
    enhance: "내 말 보강하기",
    model: "모델",
    quality: "품질",
    originals: "원본 파일도 보내기",
    language: "언어",
    private: "그림을 나에게만 표시",
  },
};

/** What is said about linked accounts in Korean. */
export const link: Locale["link"] = {
  this: "당신은 {{name}}입니다.",
  linked: "연결된 것:",
  keyName: "API 키 {{key}}",
  invitation:
    "다른 플랫폼의 내 계정을 연결하려면 10분 안에 그곳에서 저에게 /link {{code}}를 보내세요. 그 뒤로는 기록, 프리셋, 할당량이 하나가 됩니다.",
  joined: "연결했습니다. 이제 기록, 프리셋, 할당량이 하나입니다.",
  key: "당신의 API 키: {{key}}\n이번 한 번만 보여 드립니다. Authorization: Bearer …로 이 서버의 주소에 보내세요. /link로 거둘 수 있습니다.",
  unlinked: "{{name}}의 연결을 끊었습니다.",
};

/** What is said about presets in Korean. */
export const presets: Locale["presets"] = {
  own: "내 프리셋:",
  place: "이곳의 프리셋:",
  builtIn: "기본 제공: {{names}}.",
  and: ", ",
  menu: "이것을 {{name}}",
  use: "말에 --preset과 이름을 붙이세요.",
  saved: "{{name}}(으)로 저장했습니다. 말에 --preset {{name}}을(를) 붙이세요.",
  deleted: "{{name}}을(를) 삭제했습니다.",
  shared: "{{name}}의 코드는 {{code}}입니다. 이 코드로 다른 사람도 자기 것으로 저장할 수 있습니다.",
  builtInShared: "{{name}}은(는) 기본 제공이라 누구나 쓸 수 있습니다.",
  pictures_other: "참고 그림 {{count}}장",
  telegram:
    "/presets save 이름 말 – {prompt} 앞뒤의 말을 저장합니다. 그 안의 지시, 그림의 코드, 함께 보낸 그림도 쓰입니다\n/presets show 이름 · delete 이름 · share 이름\n/presets zp-… – 이 코드로 공유된 것을 저장합니다\n관리자: /presets save here 이름 말, delete here 이름 – 그룹 전체용",
};

/** The names and descriptions of what people do with presets, in Korean. */
export const presetVerbs: Locale["presetVerbs"] = {
  list: { name: "목록", description: "여기서 쓸 수 있는 프리셋" },
  save: { name: "저장", description: "말과 바람에 이름을 붙여 저장합니다" },
  show: { name: "보기", description: "프리셋이 말에 더하는 것" },
  delete: { name: "삭제", description: "프리셋을 삭제합니다" },
  share: { name: "공유", description: "다른 사람이 프리셋을 받는 코드" },
  take: { name: "가져오기", description: "코드로 공유된 것을 저장합니다" },
};
