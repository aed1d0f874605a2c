import type { Locale } from "../i18n.ts";

/** What is said about linked accounts in Korean. */
export const link: Locale["link"] = {
  this: "당신은 {{name}}입니다.",
  linked: "연결된 것:",
  keyName: "API 키 {{key}}…",
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
