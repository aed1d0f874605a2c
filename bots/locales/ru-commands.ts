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
