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
const 图 = "(?:图片?|圖片?|照片|画面?|畫面?)";

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
      `^(?:change|replace|remove|delete|erase|swap|adjust|brighten|darken|rotate|flip|mirror|crop|enlarge|shrink|extend|recolou?r|colou?ri[sz]e|blur|sharpen|fix|edit|modify|tweak|redo|restyle|undo|upscale|enhance|improve|zoom (?:in|out)(?: on)?|get rid of|take away|take off) (?:${it}|${the})\\b`,
    ),
  },
  {
    like: ["zoom out", "crop to a square", "flip", "remove people", "change background to red"],
    pattern:
      /^(?:zoom (?:in|out)|(?:crop|rotate|flip)(?: (?:to|by|horizontally|vertically)|$)|(?:remove|change|replace|blur) (?:background|text|colou?rs?|watermark))\b|^(?:remove|delete|erase) [a-z]+$|^(?:change|convert|switch) (?:in)?to\b/,
  },
  {
    like: ["give the cat a hat", "turn the sky purple", "let her smile", "close his eyes"],
    pattern: new RegExp(
      `^(?:give|turn|move|dress) ${the}\\b|^(?:let|have|open|close) (?:him|his|her|them|their|its)\\b`,
    ),
  },
  {
    like: ["put a hat on it", "place a tree next to the house", "keep the face, change the hair"],
    pattern: new RegExp(
      `^(?:put|place|add) .{1,30} (?:on|onto|in|into|behind|beside|next to|under|over|around|to) (?:${it}|${the})\\b|^keep .{1,40} change\\b`,
    ),
  },
  {
    like: ["make the sky red", "make her hair longer", "make the cat more fluffy"],
    pattern: new RegExp(
      `^make ${the} [a-z' -]{2,30} (?:more |less |much |a bit |a little )?(?:${comparatives}|red|green|blue|yellow|orange|purple|pink|black|white|grey|gray|brown|golden|silver|transparent|different|fluffy|visible|realistic|colou?rful)\\b|^make ${the} [a-z' -]{2,30} (?:more|less) [a-z]+$`,
    ),
  },
  {
    like: ["add a hat", "add some snow", "also add two birds", "add clouds"],
    pattern:
      /^(?:also )?add (?:(?:a|an|the|some|more|another|one|two|three|four|five|\d+)\b|[a-z]+$)/,
  },
  {
    like: ["same but at night", "the same picture with a dog", "same style, different pose"],
    pattern: new RegExp(
      `^(?:the )?same(?:,? but| thing| ${picture}| scene| cat| dog| person| man| woman| girl| boy| character| style| pose| composition)\\b`,
    ),
  },
  {
    like: [
      "now with a hat",
      "again, but at night",
      "another one but in blue",
      "but without the hat",
      "now make the sky red",
    ],
    pattern:
      /^(?:try |do it )?again,? but\b|^(?:like (?:this|that|it|before)|another one),? but\b|^(?:now|this time|but|instead)[,:]? (?:with|without|in|at|as|on|make|add|remove|change|from|more|less)\b/,
  },
  {
    like: ["without the hat", "without any text"],
    pattern: new RegExp(`^(?:without|no more) (?:${the}|text|words|people)\\b`),
  },
  {
    like: [
      "too dark",
      "it's too bright, darken it",
      "i want it darker",
      "in the style of van gogh",
    ],
    pattern:
      /^(?:it(?:'s| is) )?(?:way |much |a bit )?too [a-z]+(?:$|[,.!])|^i(?:'d like| want| would like| need) (?:it|him|her|them)\b|^in the style of [^,:]{2,30}$|^as an? (?:painting|drawing|sketch|cartoon|watercolou?r|poster|sticker|statue)$/,
  },
  {
    like: ["in black and white", "ahora en blanco y negro", "in schwarzweiß", "en noir et blanc"],
    pattern:
      /^(?:\p{L}+ )?(?:in|en|em|в) (?:black and white|schwarz-?weiß|blanco y negro|noir et blanc|bianco e nero|preto e branco|ч[её]рно-бел\p{L}+)$/u,
  },
  {
    like: ["darker", "more realistic please", "a bit brighter", "less saturated"],
    pattern: new RegExp(
      `^(?:a (?:bit|little) |much |even )?(?:(?:more|less) [a-z]+(?: [a-z]+)?|${comparatives})(?: please)?$`,
    ),
  },
  {
    like: ["put a dragon in the last picture", "her dress from the previous image in green"],
    pattern: new RegExp(
      `\\b(?:in|to|on|from|with|of|use|take) (?:the|my|your) (?:last|previous|above|earlier|first|second) ${picture}\\b`,
    ),
  },
  {
    like: ["a castle in the same style", "the same character, on a bike"],
    pattern:
      /\b(?:in|with|of) the same (?:style|character|person|face|look)\b|^the same (?:character|person|face)\b/,
  },
  {
    like: ["把它改成夜晚", "把背景换成海滩", "将天空变成红色", "把帽子去掉"],
    pattern:
      /^[把将].{1,20}?(?:改|换|換|变|變|去掉|去除|删|刪|移|加|调|調|涂|塗|弄|放大|缩小|縮小|擦|抹|替|画成|畫成|做成|转|轉|p成)/,
  },
  {
    like: ["给她戴一顶帽子", "给猫加一副眼镜", "让她笑"],
    pattern:
      /^(?:[给給](?!我).{1,10}?[加戴穿换換画畫添].|[让讓](?:它|他|她|画面|畫面|天空|背景|人物|颜色|顏色))/,
  },
  {
    like: ["背景换成海边", "头发改成金色", "不要帽子", "更暗一些", "太亮了", "还是这个人，穿西装"],
    pattern:
      /^.{1,6}(?:换成|換成|改成|改为|改為)(?!的)|^不要[\p{L}]{1,4}$|^更[\p{L}]{1,3}(?:一?些|一点|一點)?$|^太(?![阳陽空极極])[\p{L}]{1,3}了|^(?:还是|還是)[这這那刚剛]|^再[来來画畫]一[张張][，, ]*(?:但|不过|不過|只是|换|換)/u,
  },
  {
    like: ["改成水彩风格", "换成蓝色", "去掉背景", "加一只狗", "再加点雪", "调整一下颜色"],
    pattern:
      /^(?:改|换|換|变|變)(?:成|为|為|个|個|一)|^(?:去掉|去除|删掉|刪掉|删除|刪除|移除|擦掉|调整|調整|修改|修复|修復|(?:增加|添加)(?![的剂劑])|加上|加个|加個|加一|加两|加几|加点|再加)/,
  },
  {
    like: ["一样的，但是在晚上", "同样的图，换个角度", "保持不变，只换背景"],
    pattern: /^(?:还是|還是)?(?:(?:一样|一樣|同样|同樣|相同)(?:的|[，,但])|保持|同一[张張个個])/,
  },
  {
    like: ["上一张图里加一条龙", "用刚才那张图", "这张图改成横的"],
    pattern: new RegExp(
      `(?:上一?|前一?|刚才那?|剛才那?|之前那?|刚刚那?|这|這|那)(?:一?张|一?張|一?幅|个|個|的)?${图}|^用?(?:上一|前一|刚才那|剛才那|之前那|刚刚那)[张張幅]`,
    ),
  },
  {
    like: ["亮一点", "再暗一些", "更写实一点", "颜色淡一点"],
    pattern: /^.{0,6}?[\p{L}]{1,4}(?:一点|一點|一些|点儿|點兒)[吧。！!]?$/u,
  },
  {
    like: [
      "これを夜にして",
      "髪を赤くして",
      "同じ絵で夜に",
      "この絵を水彩画風に",
      "背景を海にして",
      "帽子を消して",
    ],
    pattern:
      /^(?:これ|それ|この(?:絵|画像|写真))を|^同じ(?:絵|画像|写真|構図|人|だけど|で)|.を.{1,15}(?:にして|くして|に変えて)(?:ください)?$|を(?:消して|取って|足して|加えて|追加して|かぶせて)(?:ください)?$/u,
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
      "똑같은데 겨울로",
      "이 그림을 수채화로",
      "배경을 바다로 바꿔줘",
      "모자를 씌워줘",
    ],
    pattern:
      /^(?:똑같은데|똑같이|같은 (?:그림|사진|이미지)) |^(?:더|조금 더|좀 더) ?[^ ]{1,6}게(?: ?해 ?줘)?$|^(?:이|그) (?:그림|사진|이미지)|(?:으?로|게) (?:바꿔|변경해|만들어) ?(?:줘|주세요)$|를? (?:씌워|지워|없애|추가해|더해) ?(?:줘|주세요)$/u,
  },
  {
    like: [
      "mach es dunkler",
      "mach daraus ein Aquarell",
      "füge einen Hut hinzu",
      "ohne Hut",
      "jetzt mit Schnee",
    ],
    pattern:
      /^(?:mach(?:e|t)?|färbe?|male?|setze?|gib|lass) (?:es|das|ihn|sie|ihm|ihr|daraus|davon|den|die) |^füge? .+ hinzu$|^(?:entferne?|ersetze?|ändere?|verändere?|tausche) |^ohne (?:(?:den|die|das|dem|der)\b|[a-zäöüß]+$)|^(?:jetzt|nun) (?:mit|ohne|in|bei|als)\b/,
  },
  {
    like: ["heller", "etwas dunkler", "viel bunter bitte", "dasselbe, aber bei Nacht"],
    pattern:
      /^(?:etwas |viel |noch |ein bisschen |ein wenig )?(?:heller|dunkler|bunter|wärmer|kälter|größer|kleiner|schärfer|weicher|realistischer)(?: bitte)?$|^zu (?:hell|dunkel|bunt|grell|groß|klein|unscharf)\b|^(?:dasselbe|das gleiche|das selbe|die gleiche),? (?:aber|nur|bild|szene|bei|im|in|mit|ohne)\b|^gleiche[sr]? (?:bild|foto|szene)\b/,
  },
  {
    like: ["hazlo de noche", "ponle un sombrero", "quita el fondo", "cambia el cielo a rojo"],
    pattern:
      /^(?:haz|pon|quíta|añáde|agréga|cámbia|conviérte|transfórma|vuélve|da|déja)(?:le|la|lo|les|las|los) |^(?:quita|cambia|elimina|borra|reemplaza|sustituye|oscurece|aclara|añade|agrega) (?:el|la|los|las|su|un|una|unos|unas|más)\b|^(?:añade|agrega) \p{L}+$/u,
  },
  {
    like: ["más oscuro", "un poco más claro", "lo mismo pero de noche", "ahora con nieve"],
    pattern:
      /^(?:un poco )?(?:más|menos|demasiado) \p{L}+(?: por favor)?$|^sin (?:el|la|los|las)\b|^(?:igual|lo mismo|la misma|el mismo)(?:,? pero| imagen| foto| escena)|^ahora (?:con|sin|en|de)\b/u,
  },
  {
    like: ["rends-le plus sombre", "fais-en une aquarelle", "ajoute un chapeau", "enlève le fond"],
    pattern:
      /^(?:rends?|rendez|fais|faites|mets|mettez|transforme|change|peins|colorie)-(?:le|la|les|en|lui|y)\b|^(?:ajoute|ajoutez|enlève|enlevez|retire|retirez|supprime|remplace|change|modifie|éclaircis|assombris) (?:le|la|les|l'|un|une|des|du|de la|de l'|son|sa|ses|plus)|^mett?(?:s|ez) .{1,30} sur (?:le|la|les|lui|elle)\b/,
  },
  {
    like: ["plus sombre", "un peu plus clair", "pareil mais la nuit", "la même mais en hiver"],
    pattern:
      /^(?:un peu )?(?:plus|moins|trop) \p{L}+(?: s'il te plaît| s'il vous plaît)?$|^sans (?:le|la|les|l'|son|sa|ses)|^maintenant (?:avec|sans|en|de)\b|^(?:pareil|la même|le même|les mêmes)(?: chose| image| photo)?,? mais\b/u,
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
      /^(?:чуть |немного |ещё |еще )?(?:темнее|светлее|ярче|теплее|холоднее|больше|меньше|реалистичнее|мягче)$|^(?:то же(?: самое)?|так(?:ое|ая|ой|ую)? же),? но |^(?:слишком|без) \p{L}+$|^надень(?:те)? (?:на )?|^теперь (?:с|со|без|в|на) /u,
  },
  {
    like: ["deixe mais escuro", "torne isso noturno", "adicione um chapéu", "remova o fundo"],
    pattern:
      /^(?:deixe|deixa|torne|torna|faça|faz|transforme|transforma) (?:mais|menos|isso|isto|ele|ela|o|a|noturn[oa])\b|^(?:adicione|adiciona|remova|remove|tire|tira|troque|troca|mude|muda|coloque|coloca) (?:o|a|os|as|um|uma|mais)\b|^(?:adicione|adiciona) \p{L}+$|^transforme em\b/u,
  },
  {
    like: ["mais claro", "o mesmo mas no inverno", "agora com neve", "sem o chapéu"],
    pattern:
      /^(?:um pouco )?(?:mais|menos) \p{L}+$|^(?:o mesmo|a mesma|igual)(?: \p{L}+)?,? mas\b|^agora (?:com|sem|em|de|na|no)\b|^sem (?:o|a|os|as)\b/u,
  },
  {
    like: ["rendilo notturno", "aggiungi un cappello", "togli lo sfondo", "più scuro"],
    pattern:
      /^(?:rendi|fai|metti|trasforma|colora)(?:lo|la|li|le|gli)\b|^(?:aggiungi|togli|rimuovi|cambia|sostituisci) (?:il|lo|la|i|gli|le|un|uno|una|più)\b|^(?:un po' )?(?:più|meno|troppo) \p{L}+$|^(?:lo stesso|la stessa|uguale)(?: \p{L}+)?,? ma\b|^(?:ora|adesso) (?:con|senza|in|di)\b|^senza (?:il|lo|la|i|gli|le)\b/u,
  },
];

/** Politeness and the like before what is asked for. */
export const opening =
  /^(?:(?:please|pls|ok(?:ay)?|great|nice|cool|thanks|thank you|hmm|well|yes|no|and|then|can you|could you|would you|will you|i want you to|i'd like you to|let's|just|now please|bitte|kannst du|por favor|puedes|peux-tu|пожалуйста|можешь|per favore|puoi|pode)[,.!:]*\s+|(?:请|請|帮我|幫我|帮忙|幫忙|麻烦|麻煩|你?能不能|你?能|可以|可不可以|那么?|然后|然後|现在|現在|好的?|不错|不錯|嗯)[，,。！!\s]*)+/;

/** Longer words describe a picture of their own. */
export const longestChange = 300;
