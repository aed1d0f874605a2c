import type { Locale } from "../i18n.ts";

/** What is said about linked accounts in Russian. */
export const link: Locale["link"] = {
  this: "Вы: {{name}}.",
  linked: "Связано с вами:",
  keyName: "Ключ API {{key}}…",
  invitation:
    "Чтобы связать свою учётную запись на другой платформе, в течение десяти минут отправьте мне там /link {{code}}. С этого времени история, заготовки и квота станут общими.",
  joined: "Связано. История, заготовки и квота теперь общие.",
  key: "Ваш ключ API: {{key}}\nОн показан только в этот раз. Отправляйте его как Authorization: Bearer … на адрес этого сервера; /link его отзовёт.",
  unlinked: "{{name}} больше не связано.",
};

/** What is said about presets in Russian. */
export const presets: Locale["presets"] = {
  own: "Ваши заготовки:",
  place: "Заготовки этого места:",
  builtIn: "Встроенные: {{names}}.",
  and: ", ",
  menu: "{{name}} из этого",
  use: "Добавьте к словам --preset и имя.",
  saved: "Сохранено как {{name}}. Добавьте к словам --preset {{name}}.",
  deleted: "Удалено: {{name}}.",
  shared: "Код заготовки {{name}}: {{code}}. По нему другие сохранят свою копию.",
  builtInShared: "{{name}} встроена, так что она есть у всех.",
  pictures_one: "{{count}} образец",
  pictures_few: "{{count}} образца",
  pictures_many: "{{count}} образцов",
  pictures_other: "{{count}} образца",
  telegram:
    "/presets save имя слова – сохранить слова вокруг {prompt}; указания в них, коды картинок и присланные с ними картинки тоже учитываются\n/presets show имя · delete имя · share имя\n/presets zp-… – сохранить то, чем поделились этим кодом\nАдминистраторам: /presets save here имя слова, delete here имя – для всей группы",
};

/** The names and descriptions of what people do with presets, in Russian. */
export const presetVerbs: Locale["presetVerbs"] = {
  list: { name: "список", description: "Заготовки, которые вам здесь доступны" },
  save: { name: "сохранить", description: "Сохранить слова и пожелания под именем" },
  show: { name: "показать", description: "Что заготовка добавляет к вашим словам" },
  delete: { name: "удалить", description: "Удалить заготовку" },
  share: { name: "поделиться", description: "Код, по которому заготовку получат другие" },
  take: { name: "взять", description: "Сохранить то, чем поделились кодом" },
};
