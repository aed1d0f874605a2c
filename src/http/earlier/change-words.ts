/** A row of how people ask to change a picture that is there already; matched against words in lower case. */
interface Row {
  /** Such words, to be read and tested. */
  readonly like: readonly string[];
  readonly pattern: RegExp;
}

const it = "(?:it|this|that|them|him|her|everything|everyone)";
const the = "(?:the|this|that|these|those|its|his|her|their|my|all|every|any)";
const picture = "(?:picture|image|photo|drawing|painting|version|one|result)";
const comparatives =
  "(?:bigg|small|larg|long|short|bright|dark|light|warm|cold|cool|old|young|tall|wid|thinn|thick|soft|sharp|clear|clos|round|happi|sadd|angri|pretti|clean|simpl|rich|deep|high|low|strong|weak|smooth)er";
const 图 = "(?:图片?|照片|画面?|一?张)";

/** What asks for a change. Words that describe a new picture must match none of it: the tests hold both. */
export const changeWords: readonly Row[] = [
  {
    like: ["make it night", "turn this into a watercolour", "paint him older", "render it in 3d"],
    pattern: new RegExp(
      `^(?:make|turn|render|paint|draw|convert|transform|put|give|keep|get) ${it}\\b`,
    ),
  },
  {
    like: [
      "change the background to a beach",
      "remove her hat",
      "fix the hands",
      "zoom in on the cat",
    ],
    pattern: new RegExp(
      `^(?:change|replace|remove|delete|erase|swap|adjust|brighten|darken|rotate|flip|mirror|crop|enlarge|shrink|extend|recolou?r|colou?ri[sz]e|blur|sharpen|fix|edit|modify|tweak|redo|restyle|undo|zoom (?:in|out)(?: on)?|get rid of|take away|take off) (?:${it}|${the})\\b`,
    ),
  },
  {
    like: ["zoom out", "crop to a square", "remove background", "change background to red"],
    pattern:
      /^(?:zoom (?:in|out)|crop|rotate|flip|(?:remove|change|replace|blur) (?:background|text|colou?rs?|watermark))\b/,
  },
  {
    like: ["make the sky red", "make her hair longer", "make the cat more fluffy"],
    pattern: new RegExp(
      `^make ${the} [a-z' -]{2,30} (?:more |less |much |a bit |a little )?(?:${comparatives}|red|green|blue|yellow|orange|purple|pink|black|white|grey|gray|brown|golden|silver|transparent|different|fluffy|visible|realistic|colou?rful)\\b`,
    ),
  },
  {
    like: ["add a hat", "add some snow", "also add two birds"],
    pattern: /^(?:also )?add (?:a|an|the|some|more|another|one|two|three|four|five|\d+)\b/,
  },
  {
    like: ["same but at night", "the same picture with a dog", "same style, different pose"],
    pattern: new RegExp(
      `^(?:the )?same(?:,? but| ${picture}| scene| cat| dog| person| man| woman| girl| boy| character| style| pose| composition)\\b`,
    ),
  },
  {
    like: ["now with a hat", "this time at night", "but without the hat", "now make the sky red"],
    pattern:
      /^(?:now|this time|but|instead|again but)[,:]? (?:with|without|in|at|as|on|make|add|remove|change|from|more|less)\b/,
  },
  {
    like: ["without the hat", "without any text"],
    pattern: new RegExp(`^(?:without|no more) (?:${the}|text|words|people)\\b`),
  },
  {
    like: ["darker", "more realistic please", "a bit brighter", "less saturated"],
    pattern: new RegExp(
      `^(?:a (?:bit|little) |much |even )?(?:(?:more|less) [a-z]+(?: [a-z]+)?|${comparatives})(?: please)?$`,
    ),
  },
  {
    like: ["put a dragon in the last picture", "her dress from the previous image in green"],
    pattern: new RegExp(`\\b(?:last|previous|above|earlier|first|second) ${picture}\\b`),
  },
  {
    like: ["a castle in the same style", "the same character, on a bike"],
    pattern:
      /\b(?:in|with|of) the same (?:style|character|person|face|look)\b|^the same (?:character|person|face)\b/,
  },
  {
    like: ["把它改成夜晚", "把背景换成海滩", "将天空变成红色", "把帽子去掉"],
    pattern:
      /^[把将].{1,20}?(?:改|换|換|变|變|去掉|去除|删|刪|移|加|调|調|涂|塗|弄|放大|缩小|縮小|擦|抹|替|画成|畫成|做成|转|轉)/,
  },
  {
    like: ["给她戴一顶帽子", "给猫加一副眼镜", "让她笑"],
    pattern:
      /^(?:[给給](?!我).{1,10}?[加戴穿换換画畫添].|[让讓](?:它|他|她|画面|畫面|天空|背景|人物|颜色|顏色))/,
  },
  {
    like: ["改成水彩风格", "换成蓝色", "去掉背景", "加一只狗", "再加点雪", "调整一下颜色"],
    pattern:
      /^(?:改|换|換|变|變)(?:成|为|為|个|個|一)|^(?:去掉|去除|删掉|刪掉|删除|刪除|移除|擦掉|调整|調整|修改|修复|修復|增加|添加|加上|加个|加個|加一|加两|加几|加点|再加)/,
  },
  {
    like: ["一样的，但是在晚上", "同样的图，换个角度", "保持不变，只换背景"],
    pattern: /^(?:还是|還是)?(?:一样|一樣|同样|同樣|相同|保持|同一)/,
  },
  {
    like: ["上一张图里加一条龙", "用刚才那张图", "这张图改成横的"],
    pattern: new RegExp(
      `(?:上一?|前一?|刚才那?|剛才那?|之前那?|刚刚那?|这|這|那)(?:一?张|一?張|一?幅|个|個|的)?${图}`,
    ),
  },
  {
    like: ["亮一点", "再暗一些", "更写实一点", "颜色淡一点"],
    pattern: /^.{0,6}?[\p{L}]{1,4}(?:一点|一點|一些|点儿|點兒)[吧。！!]?$/u,
  },
  {
    like: ["これを夜にして", "この絵を水彩画風に", "背景を海にして", "帽子を消して"],
    pattern:
      /^(?:これ|それ|この(?:絵|画像|写真))を|.を.{1,15}(?:にして|に変えて)(?:ください)?$|を(?:消して|取って|足して|加えて|追加して|かぶせて)(?:ください)?$/u,
  },
  {
    like: ["夜にして", "もっと明るく", "もう少し暗くして", "水彩画風にして"],
    pattern:
      /^(?:もっと|もう少し|少し|ちょっと).{1,8}く(?:して)?(?:ください)?$|^[^、。のを]{1,8}にして(?:ください)?$/u,
  },
  {
    like: [
      "밤으로 바꿔줘",
      "더 밝게",
      "이 그림을 수채화로",
      "배경을 바다로 바꿔줘",
      "모자를 씌워줘",
    ],
    pattern:
      /^(?:더|조금 더|좀 더) ?[^ ]{1,6}게(?: ?해 ?줘)?$|^(?:이|그) (?:그림|사진|이미지)|(?:으?로|게) (?:바꿔|변경해|만들어) ?(?:줘|주세요)$|를? (?:씌워|지워|없애|추가해|더해) ?(?:줘|주세요)$/u,
  },
  {
    like: ["mach es dunkler", "mach daraus ein Aquarell", "füge einen Hut hinzu", "ohne den Hut"],
    pattern:
      /^(?:mach(?:e|t)?|färbe?|male?|setze?|gib|lass) (?:es|das|ihn|sie|ihm|ihr|daraus|davon|den|die) |^füge? .+ hinzu$|^(?:entferne?|ersetze?|ändere?|verändere?|tausche) |^(?:ohne|jetzt mit|nun mit) (?:den|die|das|dem|der|einem|einer)\b/,
  },
  {
    like: ["heller", "etwas dunkler", "viel bunter bitte", "dasselbe, aber bei Nacht"],
    pattern:
      /^(?:etwas |viel |noch |ein bisschen |ein wenig )?(?:heller|dunkler|bunter|wärmer|kälter|größer|kleiner|schärfer|weicher|realistischer)(?: bitte)?$|^(?:dasselbe|das gleiche|das selbe|die gleiche),? (?:aber|nur|bild|szene)/,
  },
  {
    like: ["hazlo de noche", "ponle un sombrero", "quita el fondo", "cambia el cielo a rojo"],
    pattern:
      /^(?:haz|pon|quíta|añáde|agréga|cámbia|conviérte|transfórma|vuélve|da|déja)(?:le|la|lo|les|las|los) |^(?:quita|cambia|elimina|borra|reemplaza|sustituye|oscurece|aclara|añade|agrega) (?:el|la|los|las|su|un|una|unos|unas|más)\b/,
  },
  {
    like: ["más oscuro", "un poco más claro", "lo mismo pero de noche", "ahora con nieve"],
    pattern:
      /^(?:un poco )?(?:más|menos) \p{L}+(?: por favor)?$|^(?:lo mismo|la misma|el mismo)(?:,? pero| imagen| foto| escena)|^ahora (?:con|sin|en|de)\b/u,
  },
  {
    like: ["rends-le plus sombre", "fais-en une aquarelle", "ajoute un chapeau", "enlève le fond"],
    pattern:
      /^(?:rends?|rendez|fais|faites|mets|mettez|transforme|change|peins|colorie)-(?:le|la|les|en|lui|y)\b|^(?:ajoute|ajoutez|enlève|enlevez|retire|retirez|supprime|remplace|change|modifie|éclaircis|assombris) (?:le|la|les|l'|un|une|des|du|son|sa|ses|plus)/,
  },
  {
    like: ["plus sombre", "un peu plus clair", "pareil mais la nuit", "la même mais en hiver"],
    pattern:
      /^(?:un peu )?(?:plus|moins) \p{L}+(?: s'il te plaît| s'il vous plaît)?$|^(?:pareil|la même|le même|les mêmes)(?: chose| image| photo)?,? mais\b/u,
  },
  {
    like: [
      "сделай ночь",
      "сделай его ночным",
      "добавь шляпу",
      "убери фон",
      "замени небо на красное",
    ],
    pattern:
      /^(?:сделай(?:те)?|преврати(?:те)?|перекрась(?:те)?) (?:его|её|ее|это|их|ночь|день|зиму|лето|фон|небо|поярче|темнее|светлее)|^(?:добавь|добавьте|убери|уберите|замени|замените|измени|измените|удали|удалите|поменяй|поменяйте) \S/,
  },
  {
    like: ["темнее", "чуть светлее", "то же самое, но зимой", "теперь с шляпой"],
    pattern:
      /^(?:чуть |немного |ещё |еще )?(?:темнее|светлее|ярче|теплее|холоднее|больше|меньше|реалистичнее|мягче)$|^то же(?: самое)?,? но |^теперь (?:с|со|без|в|на) /,
  },
  {
    like: ["deixe mais escuro", "torne isso noturno", "adicione um chapéu", "remova o fundo"],
    pattern:
      /^(?:deixe|deixa|torne|torna|faça|faz|transforme|transforma) (?:mais|menos|isso|isto|ele|ela|o|a|noturn[oa])\b|^(?:adicione|adiciona|remova|remove|tire|tira|troque|troca|mude|muda|coloque|coloca) (?:o|a|os|as|um|uma|mais)\b/,
  },
  {
    like: ["rendilo notturno", "aggiungi un cappello", "togli lo sfondo", "più scuro"],
    pattern:
      /^(?:rendi|fai|metti|trasforma|colora)(?:lo|la|li|le|gli)\b|^(?:aggiungi|togli|rimuovi|cambia|sostituisci) (?:il|lo|la|i|gli|le|un|uno|una|più)\b|^(?:un po' )?(?:più|meno) \p{L}+$/u,
  },
];

/** Politeness and the like before what is asked for. */
export const opening =
  /^(?:(?:please|pls|ok(?:ay)?|great|nice|cool|thanks|thank you|hmm|well|yes|no|and|then|can you|could you|would you|will you|i want you to|i'd like you to|let's|just|now please)[,.!:]*\s+|(?:请|請|帮我|幫我|帮忙|幫忙|麻烦|麻煩|你?能不能|你?能|可以|可不可以|那么?|然后|然後|现在|現在|好的?|不错|不錯|嗯)[，,。！!\s]*)+/;

/** Longer words describe a picture of their own. */
export const longestChange = 300;
