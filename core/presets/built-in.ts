import type { Preset } from "../presets.ts";

/** The languages in which the built-in presets have names and words, the fallback first. */
const languages = ["en", "zh"] as const;

type BuiltIn = { readonly [Language in (typeof languages)[number]]: Preset };

/** The presets that everybody has, in the order of the lists. */
const builtIn: readonly BuiltIn[] = [
  {
    en: {
      name: "watercolour",
      words:
        "{prompt}, loose watercolour on rough paper, soft edges, the white of the paper left open",
    },
    zh: { name: "水彩", words: "{prompt}，粗纹纸上的水彩画，边缘柔和，留白透气" },
  },
  {
    en: {
      name: "oil-painting",
      words: "{prompt}, oil painting on canvas, visible brush strokes, warm light, deep shadows",
    },
    zh: { name: "油画", words: "{prompt}，布面油画，笔触清晰，暖光，阴影深沉" },
  },
  {
    en: {
      name: "ink",
      words: "{prompt}, East Asian ink wash painting, few confident strokes, mist and empty space",
    },
    zh: { name: "水墨", words: "{prompt}，水墨画，寥寥数笔，云雾与留白" },
  },
  {
    en: {
      name: "poster",
      words: "{prompt}, graphic poster, flat shapes, three bold colours, strong composition",
      ratio: "3:4",
    },
    zh: {
      name: "海报",
      words: "{prompt}，平面海报，色块分明，三种大胆的颜色，构图有力",
      ratio: "3:4",
    },
  },
  {
    en: {
      name: "sticker",
      words: "{prompt}, die-cut sticker, thick white outline, cheerful, plain light background",
      ratio: "1:1",
    },
    zh: { name: "贴纸", words: "{prompt}，模切贴纸，粗白边，活泼可爱，浅色纯背景", ratio: "1:1" },
  },
  {
    en: {
      name: "pixel-art",
      words: "{prompt}, pixel art, large square pixels, a palette of sixteen colours, no blur",
      ratio: "1:1",
    },
    zh: {
      name: "像素画",
      words: "{prompt}，像素画，大方块像素，十六色调色板，没有模糊",
      ratio: "1:1",
    },
  },
  {
    en: {
      name: "product-photo",
      words:
        "{prompt}, studio product photo, seamless background, softbox light, sharp to the edge",
    },
    zh: { name: "产品图", words: "{prompt}，棚拍产品照，无缝背景，柔光箱布光，细节清晰" },
  },
  {
    en: {
      name: "portrait",
      words: "{prompt}, portrait photo, 85 mm lens, shallow depth of field, window light",
      ratio: "3:4",
    },
    zh: {
      name: "人像",
      words: "{prompt}，人像摄影，85 毫米镜头，浅景深，窗边自然光",
      ratio: "3:4",
    },
  },
  {
    en: {
      name: "film-still",
      words: "{prompt}, still from a film, anamorphic lens, moody light, fine grain",
      ratio: "16:9",
    },
    zh: {
      name: "电影感",
      words: "{prompt}，电影剧照，变形宽银幕镜头，情绪化光线，细腻颗粒",
      ratio: "16:9",
    },
  },
  {
    en: {
      name: "anime",
      words: "{prompt}, hand-drawn anime, clean lines, cel shading, painted background",
    },
    zh: { name: "动漫", words: "{prompt}，手绘动漫，线条干净，赛璐璐上色，手绘背景" },
  },
  {
    en: {
      name: "figurine",
      words:
        "{prompt}, as a collectible figurine on a round base, on a desk, photographed close up",
    },
    zh: { name: "手办", words: "{prompt}，做成圆形底座上的收藏手办，摆在书桌上，近距离拍摄" },
  },
  {
    en: {
      name: "line-art",
      words: "{prompt}, colouring page, even black outlines on white, no shading, no grey",
    },
    zh: { name: "线稿", words: "{prompt}，填色线稿，白底黑线，线条均匀，没有阴影和灰度" },
  },
];

const inLanguage = (language: (typeof languages)[number]) => builtIn.map((row) => row[language]);

const byName: ReadonlyMap<string, Preset> = new Map(
  languages.flatMap((language) => inLanguage(language).map((preset) => [preset.name, preset])),
);

/** The presets that everybody has, in the language of this BCP 47 tag, or in English. */
export function builtInPresets(tag = ""): readonly Preset[] {
  const primary = tag.toLowerCase().split("-")[0];
  return inLanguage(languages.find((language) => language === primary) ?? languages[0]);
}

/** The one of this name in any language. */
export function builtInPreset(name: string): Preset | undefined {
  return byName.get(name);
}
