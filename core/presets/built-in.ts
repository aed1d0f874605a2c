import type { Preset } from "../presets.ts";

const english = `
watercolour | {prompt}, loose watercolour on rough paper, soft edges, the white of the paper left open
oil-painting | {prompt}, oil painting on canvas, visible brush strokes, warm light, deep shadows
ink | {prompt}, East Asian ink wash painting, few confident strokes, mist and empty space
poster 3:4 | {prompt}, graphic poster, flat shapes, three bold colours, strong composition
sticker 1:1 | {prompt}, die-cut sticker, thick white outline, cheerful, plain light background
pixel-art 1:1 | {prompt}, pixel art, large square pixels, a palette of sixteen colours, no blur
product-photo | {prompt}, studio product photo, seamless background, softbox light, sharp to the edge
portrait 3:4 | {prompt}, portrait photo, 85 mm lens, shallow depth of field, window light
film-still 16:9 | {prompt}, still from a film, anamorphic lens, moody light, fine grain
anime | {prompt}, hand-drawn anime, clean lines, cel shading, painted background
figurine | {prompt}, as a collectible figurine on a round base, on a desk, photographed close up
line-art | {prompt}, colouring page, even black outlines on white, no shading, no grey`;

const chinese = `
水彩 | {prompt}，粗纹纸上的水彩画，边缘柔和，留白透气
油画 | {prompt}，布面油画，笔触清晰，暖光，阴影深沉
水墨 | {prompt}，水墨画，寥寥数笔，云雾与留白
海报 3:4 | {prompt}，平面海报，色块分明，三种大胆的颜色，构图有力
贴纸 1:1 | {prompt}，模切贴纸，粗白边，活泼可爱，浅色纯背景
像素画 1:1 | {prompt}，像素画，大方块像素，十六色调色板，没有模糊
产品图 | {prompt}，棚拍产品照，无缝背景，柔光箱布光，细节清晰
人像 3:4 | {prompt}，人像摄影，85 毫米镜头，浅景深，窗边自然光
电影感 16:9 | {prompt}，电影剧照，变形宽银幕镜头，情绪化光线，细腻颗粒
动漫 | {prompt}，手绘动漫，线条干净，赛璐璐上色，手绘背景
手办 | {prompt}，做成圆形底座上的收藏手办，摆在书桌上，近距离拍摄
线稿 | {prompt}，填色线稿，白底黑线，线条均匀，没有阴影和灰度`;

/** The presets that everybody has, in the order of the lists, by language. */
const builtIn = { en: presetsIn(english), zh: presetsIn(chinese) };

/** Each line has a name, perhaps a ratio, and the words. */
function presetsIn(table: string): readonly Preset[] {
  return table
    .trim()
    .split("\n")
    .map((line) => {
      const [, name = "", ratio, words = ""] = /^(\S+) (\S+ )?\| (.+)$/.exec(line) ?? [];
      return { name, words, ...(ratio && { ratio: ratio.trim() }) };
    });
}

/** The presets that everybody has, in the language of this BCP 47 tag, or in English. */
export function builtInPresets(tag = ""): readonly Preset[] {
  return /^zh(?:-|$)/i.test(tag) ? builtIn.zh : builtIn.en;
}

/** The one of this name in any language. */
export function builtInPreset(name: string): Preset | undefined {
  return [...builtIn.en, ...builtIn.zh].find((preset) => preset.name === name);
}
