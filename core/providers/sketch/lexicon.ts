import type { Colour } from "./colour.ts";
import type { Act } from "./figures/brush.ts";
import type { FigureName } from "./figures/catalogue.ts";
import { figureWords } from "./names.ts";
import type { Detail, Place, Season, Style, Time, Weather } from "./scene.ts";

/** What one word says about the picture; an empty meaning keeps a shorter word inside it from being read. */
export interface Meaning {
  readonly place?: Place;
  readonly time?: Time;
  readonly weather?: Weather;
  readonly season?: Season;
  readonly style?: Style;
  readonly detail?: Detail;
  readonly figure?: FigureName;
  readonly act?: Act;
  readonly colour?: Colour;
  /** How many of the next figure. */
  readonly count?: number;
}

type Row = readonly [meaning: Meaning, words: string];

const places: readonly Row[] = [
  [
    { place: "mountains" },
    "mountain hill peak cliff valley canyon volcano alps 山 长城 山脉 高山 群山 山峰 山谷 峡谷 悬崖 火山 富士山 黄山 山水",
  ],
  [{ place: "mountains", season: "winter" }, "雪山"],
  [
    { place: "forest" },
    "forest wood woods woodland jungle pine tree 森林 树林 丛林 林间 松树 松林 树 大树 樹 森",
  ],
  [
    { place: "city" },
    "city town skyline downtown urban skyscraper street tokyo shanghai beijing york london paris hongkong cyberpunk_city 城市 路灯 都市 城 街 街道 街头 大街 高楼 摩天楼 上海 北京 东京 香港 纽约 巴黎 伦敦 深圳 广州 洛杉矶",
  ],
  [
    { place: "village" },
    "village hamlet cottage farm countryside rural 村 村庄 乡村 小镇 古镇 农村 农场 田园",
  ],
  [
    { place: "sea" },
    "sea ocean wave coast harbor harbour bay 海 大海 海洋 海浪 海上 海面 港口 海湾 浪",
  ],
  [{ place: "beach" }, "beach shore seaside island tropical 海滩 沙滩 海边 海岸 岛 海岛 小岛"],
  [{ place: "lake" }, "lake pond reflection 湖 湖泊 湖边 池塘 西湖 倒影"],
  [
    { place: "river" },
    "river stream creek canal brook venice 河 江 小溪 溪 河流 运河 江南 水乡 威尼斯 漓江",
  ],
  [{ place: "desert" }, "desert dune sand sahara egypt oasis 沙漠 沙丘 大漠 戈壁 埃及 敦煌"],
  [
    { place: "meadow" },
    "meadow field grass grassland prairie garden park lawn 草地 草原 田野 花园 公园 草坪 麦田 稻田 花海 花田 院子",
  ],
  [
    { place: "snowfield", season: "winter" },
    "arctic antarctica iceberg glacier tundra 雪地 雪原 冰川 北极 南极 冰原 冰",
  ],
  [
    { place: "room" },
    "room bedroom indoor indoors window library sofa couch bed desk cafe kitchen bookshop cozy cosy 房间 卧室 室内 家里 在家 窗 窗边 窗台 窗户 图书馆 书房 沙发 床 书桌 桌子 咖啡馆 咖啡店 厨房 客厅 书店 温馨",
  ],
  [
    { place: "space" },
    "space galaxy universe cosmos cosmic planet mars nebula orbit outer_space 太空 宇宙 银河 星球 行星 火星 星云 外太空 星系",
  ],
  [{ place: "underwater" }, "underwater reef coral aquarium undersea 水下 海底 珊瑚 水族馆 深海"],
  [{ place: "sky" }, "sky cloudscape heaven floating 天空 云海 天上 空中 云端 云上"],
];

const pastimes: readonly Row[] = [
  [{ place: "lake", figure: "fish" }, "fishing angling angler 钓鱼 垂钓 捕鱼"],
];

const moments: readonly Row[] = [
  [{ time: "dawn" }, "dawn sunrise morning daybreak 黎明 日出 清晨 早晨 早上 晨 破晓"],
  [{ time: "day" }, "day noon daytime afternoon sunny daylight 白天 中午 下午 午后 晴天 阳光 晴"],
  [{ time: "sunset" }, "sunset golden_hour 日落 夕阳 落日 晚霞 黄金时刻 斜阳"],
  [{ time: "dusk" }, "dusk evening twilight blue_hour 黄昏 傍晚 暮 暮色"],
  [
    { time: "night" },
    "night midnight dark nighttime nocturnal 夜 夜晚 夜色 夜景 深夜 晚上 午夜 黑夜 夜空",
  ],
  [{ season: "spring", detail: "flowers" }, "spring springtime 春 春天 春日 春季"],
  [{ season: "summer" }, "summer summertime 夏 夏天 夏日 夏季"],
  [{ season: "autumn", detail: "leaves" }, "autumn fall maple 秋 秋天 秋日 秋季 枫叶 枫 红叶 落叶"],
  [{ season: "winter" }, "winter wintertime frozen 冬 冬天 冬日 冬季"],
  [{ weather: "rain" }, "rain rainy raining drizzle monsoon 雨 下雨 雨天 雨中 细雨 烟雨 雨夜"],
  [
    { weather: "storm" },
    "storm stormy thunder lightning thunderstorm tempest 风暴 雷 闪电 暴风雨 雷雨 暴雨",
  ],
  [
    { weather: "snow", season: "winter" },
    "snow snowy snowing blizzard snowflake 雪 下雪 大雪 飘雪 雪花 雪景 雪夜",
  ],
  [{ weather: "fog" }, "fog foggy mist misty haze 雾 薄雾 迷雾 晨雾 雾气"],
  [{ weather: "cloudy" }, "cloudy overcast gloomy 阴天 多云"],
];

const details: readonly Row[] = [
  [{ detail: "sun" }, "sun sunlight sunshine 太阳 旭日 烈日"],
  [
    { detail: "moon", time: "night" },
    "moon moonlight moonlit full_moon 月亮 月光 明月 月 满月 月色 月夜",
  ],
  [{ detail: "crescent", time: "night" }, "crescent 新月 弯月 月牙"],
  [
    { detail: "stars", time: "night" },
    "star starry starlight milky_way constellation 星 星星 星空 繁星 星光 星夜",
  ],
  [
    { detail: "meteors", time: "night" },
    "meteor comet shooting_star falling_star 流星 流星雨 彗星",
  ],
  [{ detail: "aurora", time: "night" }, "aurora northern_lights 极光"],
  [{ detail: "fireworks", time: "night" }, "firework fireworks celebration 烟花 烟火 焰火"],
  [{ detail: "fireflies", time: "night" }, "firefly fireflies 萤火虫"],
  [{ detail: "clouds" }, "cloud clouds 云 白云 云朵 浮云 祥云"],
  [{ detail: "rainbow", time: "day" }, "rainbow 彩虹 虹"],
  [{ detail: "flock" }, "flock birds geese seagull gull swallow 鸟群 飞鸟 大雁 海鸥 燕子 群鸟"],
  [
    { detail: "flowers" },
    "blossom bloom wildflower poppy daisy lavender 花 鲜花 野花 花朵 薰衣草 油菜花 开花",
  ],
  [
    { detail: "cherry", season: "spring" },
    "cherry sakura cherry_blossom cherry_tree plum peach_blossom 樱花 梅花 桃花 樱 梅",
  ],
  [{ detail: "palms", place: "beach" }, "palm palm_tree coconut hawaii 椰树 椰子树 棕榈 椰林"],
  [{ detail: "bamboo", place: "forest" }, "bamboo 竹 竹子 竹林"],
  [{ detail: "cacti", place: "desert" }, "cactus cacti 仙人掌"],
  [{ detail: "waterfall", place: "mountains" }, "waterfall cascade 瀑布"],
  [{ detail: "fireplace", place: "room" }, "fireplace hearth 壁炉 炉火"],
  [{ detail: "shelf", place: "room" }, "bookshelf bookcase shelf 书架 书柜"],
];

const manners: readonly Row[] = [
  [
    { style: "ink" },
    "ink sumi sumi-e calligraphy monochrome ink_wash chinese_painting 水墨 水墨画 国画 中国画 墨 黑白 书法 写意",
  ],
  [
    { style: "neon", time: "night" },
    "neon cyberpunk synthwave vaporwave futuristic 霓虹 赛博朋克 赛博 未来感 蒸汽波",
  ],
  [
    { style: "pastel" },
    "watercolor watercolour pastel dreamy soft gouache 水彩 水彩画 粉彩 梦幻 柔和 清新",
  ],
  [{ style: "pixel" }, "pixel pixelart pixelated pixel_art 8bit voxel 像素 像素画 像素风"],
  [{ act: "reading" }, "reading reads read studying 看书 读书 阅读 看著书 看着书 在读"],
  [{ act: "sleeping" }, "sleeping sleeps asleep sleepy nap napping 睡觉 睡着 睡 打盹 沉睡 睡眠"],
  [{ act: "drinking" }, "drinking drinks sipping 喝 喝茶 喝咖啡 品茶"],
];

const colours: readonly Row[] = [
  [{ colour: "#d8393f" }, "red crimson scarlet 红色 红 大红 赤"],
  [{ colour: "#f08a2c" }, "orange 橙色 橙 橘色 橘"],
  [{ colour: "#f2c230" }, "yellow 黄色 黄"],
  [{ colour: "#e2a63c" }, "gold golden amber 金色 金黄 金"],
  [{ colour: "#4fa35a" }, "green emerald jade 绿色 绿 翠绿 青翠"],
  [{ colour: "#2fa6a0" }, "teal turquoise cyan 青色"],
  [{ colour: "#3470c8" }, "blue azure navy 蓝色 蓝 湛蓝 天蓝"],
  [{ colour: "#7c4fb5" }, "purple violet 紫色 紫"],
  [{ colour: "#f08fb4" }, "pink 粉色 粉红"],
  [{ colour: "#f7f3ec" }, "white 白色 白"],
  [{ colour: "#3a3742" }, "black 黑色 黑"],
  [{ colour: "#9298a3" }, "gray grey silver 灰色 灰 银色"],
  [{ colour: "#8a5a3a" }, "brown 棕色 棕 褐色 咖啡色"],
];

const counts: readonly Row[] = [
  [{ count: 2 }, "two couple pair 两只 两个 两条 两匹 两朵 两位 一对"],
  [{ count: 3 }, "three several some group many 三只 三个 三条 三朵 几只 几个 一群 许多 很多"],
  [{ count: 4 }, "four five six herd 四只 四个 五只 五个 六只"],
];

const misleading: Row = [
  {},
  "马上 马路 罗马 马克 马克笔 海报 花费 人工 人工智能 人生 人物 书签 动人 迷人 惊人 令人 私人 人间 人文 人们 分钟 冰淇淋 冰箱 明星 沙龙 牛奶 鸡蛋 羊毛 月份 个月 岁月 三月 四月 五月 六月 七月 八月 九月 十月 龙头 雪白 雷同 花样 水花 火花 红薯 黑板 城管",
];

const figureRows = Object.entries(figureWords).map(
  ([figure, words]): Row => [{ figure: figure as FigureName }, words],
);

const rows: readonly Row[] = [
  misleading,
  ...places,
  ...pastimes,
  ...moments,
  ...details,
  ...manners,
  ...colours,
  ...counts,
  ...figureRows,
];

/** Every word that the renderer knows, in English and Chinese, lower case; later rows win. */
export const lexicon: ReadonlyMap<string, Meaning> = new Map(
  rows.flatMap(([meaning, words]) =>
    words.split(" ").map((word): [string, Meaning] => [word.replaceAll("_", " "), meaning]),
  ),
);
