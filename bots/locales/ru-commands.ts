import type { Locale } from "../i18n.ts";

/** The names and descriptions of the commands in Russian. */
export const commands: Locale["commands"] = {
  draw: { name: "нарисуй", description: "Нарисовать картинку по словам" },
  again: {
    name: "ещё",
    description: "Сделать последнюю картинку, или эту, ещё раз с другим сидом",
  },
  show: { name: "покажи", description: "Показать картинку и её рецепт по коду" },
  queue: { name: "очередь", description: "Что из вашего ждёт, чтобы отменить" },
  history: { name: "история", description: "Ваши картинки, сначала новые" },
  presets: { name: "заготовка", description: "Слова и пожелания под именем, чтобы брать их снова" },
  usage: { name: "расход", description: "Сколько вы израсходовали и сколько осталось" },
  link: {
    name: "связать",
    description: "Общие история, заготовки и квота на нескольких платформах",
  },
  settings: { name: "настройки", description: "Какими картинки бывают по умолчанию" },
  help: { name: "помощь", description: "Что умеет этот бот" },
  privacy: { name: "приватность", description: "Что о вас хранится" },
  forgetme: {
    name: "забудь",
    description: "Стереть ваши задания, картинки, заготовки и настройки",
  },
};

/** The names and descriptions of their options in Russian. */
export const options: Locale["options"] = {
  prompt: { name: "слова", description: "Что должно быть на картинке, на любом языке" },
  ratio: { name: "формат", description: "Ширина к высоте" },
  model: { name: "модель", description: "Какая модель рисует" },
  seed: { name: "сид", description: "Тот же сид и тот же промпт дают ту же картинку" },
  negative: { name: "без", description: "Чего на картинке быть не должно" },
  steps: { name: "шаги", description: "Больше шагов: дольше и подробнее" },
  guidance: { name: "следование", description: "Насколько точно модель следует словам" },
  enhance: { name: "улучшить", description: "Языковая модель обогатит слова" },
  count: { name: "число", description: "Сколько картинок" },
  quality: { name: "качество", description: "Чем меньше, тем быстрее" },
  preset: { name: "заготовка", description: "Слова и пожелания, сохранённые под этим именем" },
  name: { name: "имя", description: "Имя заготовки" },
  words: { name: "вокруг", description: "Слова вокруг {prompt}; коды картинок тоже учитываются" },
  share: { name: "обмен", description: "Код заготовки, например zp-7K3QF9X2WM" },
  linkCode: { name: "код-связи", description: "Код, который /link показал вам в другом месте" },
  private: { name: "лично", description: "Показать картинку только вам" },
  image: { name: "картинка", description: "Картинка, которую изменить, как говорят слова" },
  image2: { name: "картинка2", description: "Ещё одна картинка" },
  image3: { name: "картинка3", description: "Ещё одна картинка" },
  image4: { name: "картинка4", description: "Ещё одна картинка" },
  code: { name: "код", description: "Код картинки, например zi-7K3QF9X2WM" },
  originals: { name: "оригиналы", description: "Прислать и нетронутые файлы" },
  language: { name: "язык", description: "Язык этого бота" },
  scope: { name: "чьи", description: "Чьи настройки: ваши или этого места" },
};

/** What is said about settings in Russian. */
export const settings: Locale["settings"] = {
  own: "Ваши настройки",
  place: "Настройки этого чата, для всех, у кого нет своих",
  choose: "{{setting}}: выберите",
  unset: "как обычно",
  saved: "Сохранено.",
  row: "{{setting}}: {{value}}",
  names: {
    ratio: "Формат",
    enhance: "Улучшать мои слова",
    model: "Модель",
    quality: "Качество",
    originals: "Присылать и исходные файлы",
    language: "Язык",
    private: "Показывать картинки только мне",
  },
};

/** What is said about linked accounts in Russian. */
export const link: Locale["link"] = {
  this: "Вы: {{name}}.",
  linked: "Связано с вами:",
  keyName: "Ключ API {{key}}",
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
