import { maskQuotes, masked } from "../../prompt/quotes.ts";
import type { Figures } from "./figures.ts";
import type { Colour } from "./landscape.ts";

/**
 * `meaning:word,word` with `_` for a space: a figure, perhaps in a colour; `@` belongs to the scene, `#` is a colour, `=` a
 * number, `!` what is done with the next figure, `-` nothing, so that no shorter word is read there; `+` joins meanings.
 */
const table = `
cat:猫,花猫,貓 cat-face:kitten black-cat:黑猫 dog:狗,犬,柯基,puppy rabbit:兔,bunny fox:狐 wolf:狼 bear:熊 polar-bear:北极熊 panda:熊猫,熊貓 tiger:虎 lion:狮 mouse:鼠,mice hamster:仓鼠 chipmunk:松鼠,squirrel pig:猪,piglet koala:考拉
monkey:猴,孙悟空 gorilla:猩猩,ape raccoon:浣熊 cow:牛,calf ox:bull dragon:龙,龍 horse:马,馬,pony unicorn:独角兽 deer:鹿,梅花鹿,reindeer elephant:大象,小象 giraffe:长颈鹿 ewe:羊,sheep,lamb goat:山羊 llama:羊驼,alpaca camel:骆驼
sauropod:恐龙,dinosaur,dino t-rex:霸王龙,trex owl:猫头鹰 penguin:企鹅 bird:鸟,麻雀,sparrow parrot:鹦鹉 eagle:鹰,hawk baby-chick:小鸡,chick rooster:鸡,chicken,hen duck:鸭,duckling goose:鹅,大雁,geese swan:天鹅 flamingo:火烈鸟
peacock:孔雀 dove:鸽子,pigeon blackbird:乌鸦,crow whale:鲸,鲸鱼,蓝鲸 fish:鱼 tropical-fish:金鱼,锦鲤,koi,goldfish dolphin:海豚 shark:鲨鱼 octopus:章鱼 jellyfish:水母 turtle:龟 crab:蟹 frog:蛙,toad butterfly:蝴蝶,moth
honeybee:蜜蜂,bee,bumblebee snail:蜗牛,slug lady-beetle:瓢虫,ladybug snake:蛇 crocodile:鳄鱼,alligator kangaroo:袋鼠 hedgehog:刺猬 leopard:豹子,猎豹,cheetah,jaguar deciduous-tree:树,樹,tree,oak evergreen-tree:松树,fir cactus:仙人掌
palm-tree:palm,椰树,棕榈 bamboo:竹,bamboo deciduous-tree#f59ac0:樱花,桃花,cherry_blossom,cherry_tree,sakura deciduous-tree#e0682c:枫树,枫叶,银杏,maple tulip:花,flower rose:玫瑰 sunflower:向日葵 lotus:荷花,莲花 mushroom:蘑菇,toadstool
bouquet:花束 potted-plant:plant seedling:菜,sprout,seed steaming-bowl:面,牛肉面,noodle,noodles,ramen,udon cooked-rice:米饭 birthday-cake:蛋糕,cake dumpling:饺子 hot-beverage:咖啡,coffee,mug,espresso
teacup-without-handle:茶,tea,cup,matcha bubble-tea:奶茶,boba egg:鸡蛋 moon-cake:月饼,mooncake hamburger:汉堡,burger pizza:披萨 bread:面包 ice-cream:冰淇淋 red-apple:苹果,apple banana:香蕉 watermelon:西瓜 strawberry:草莓 peach:桃子
grapes:葡萄 tangerine:橙子,橘子 lemon:柠檬,lemonade cherries:樱桃,cherry carrot:胡萝卜 sushi:寿司,sashimi beer-mug:啤酒,beer wine-glass:酒,wine glass-of-milk:牛奶,milk candy:糖果 chocolate-bar:巧克力,chocolate hot-dog:热狗,sausage
french-fries:薯条,chips fried-shrimp+french-fries:fish_and_chips pot-of-food:火锅,soup,stew jack-o-lantern:南瓜,pumpkin ear-of-corn:玉米,corn open-book:书,小说,book,novel open-book+!hold:read,reading,阅读,读书 books:书架,bookshelf
umbrella:伞,雨伞 red-paper-lantern:灯笼,lantern candle:蜡烛 wrapped-gift:礼物,gift,present balloon:气球 guitar:吉他 violin:小提琴 musical-keyboard:钢琴,piano alarm-clock:闹钟,clock key:钥匙 camera:相机 laptop:电脑,computer
mobile-phone:手机,phone crown:皇冠 teddy-bear:玩具熊,teddy kite:风筝 soccer-ball:足球,ball cheese-wedge:cheese,奶酪 crossed-swords:剑,sword gem-stone:宝石,钻石,diamond chair:椅子 couch-and-lamp:沙发,sofa bed:床 light-bulb:灯泡,lamp
teapot:茶壶,kettle top-hat:hat,帽子 glasses:眼镜 running-shoe:shoe,鞋 dress:裙子,skirt,gown coat:jacket handbag:bag package:box,盒子 mirror:镜子 door:门 money-bag:treasure world-map:map,地图 globe-showing-americas:earth,globe,地球
chess-pawn:chess,象棋 fire:campfire,flame,篝火 spiral-shell:shell,seashell,贝壳 circus-tent:circus,马戏团 minibus:van motor-scooter:scooter postbox:mailbox headphone:headphones houses:buildings,小镇,村,village skull:skeleton
folding-hand-fan:fan,扇子 envelope:信,letter backpack:书包,背包 television:电视 newspaper:报纸 christmas-tree:圣诞树,christmas automobile:车,car taxi:出租车 bus:公交车,巴士 locomotive:火车,train bullet-train:高铁,动车
tram-car:电车,tram bicycle:自行车,单车,bike motorcycle:摩托车 delivery-truck:卡车,truck airplane:飞机,plane helicopter:直升机 rocket:火箭,飞船,spaceship flying-saucer:飞碟,ufo parachute:降落伞
sailboat:船,舟,boat,sailing_boat,sailing_ship,yacht ship:轮船,大船 passenger-ship:邮轮 canoe:独木舟,竹筏 hot-air-balloon:热气球,hot_air_balloon house:房子,屋,别墅,cabin,cottage,home castle:城堡,fortress
japanese-castle:塔,寺庙,宫殿,故宫,pagoda,temple,palace shinto-shrine:鸟居,神社,torii church:教堂,cathedral,chapel tokyo-tower:铁塔,eiffel_tower,tower lighthouse+@sea:灯塔,lighthouse tent:帐篷,露营 ferris-wheel:摩天轮 volcano:火山
station:火车站 mount-fuji:富士山 desert-island:岛,island rock:石头,岩石,stone school:学校 fountain:喷泉 snowman:雪人 =2+person:people,人们 person:人 man:男人,男子,爸爸,father woman:女人,女子,女士,美女,妈妈,mother,lady
girl:女孩,少女,姑娘,1girl boy:男孩,少年 child:孩子,小孩,儿童,kid =2+child:children,孩子们 baby:婴儿,宝宝 old-woman:奶奶,外婆 old-man:爷爷,老人,渔夫,fisherman astronaut:宇航员,航天员 robot:robot,机器人 alien:alien,外星人
ghost:ghost,幽灵,鬼 person-mage:巫师,魔法师,wizard,magician woman-mage:女巫,witch princess:公主,女王,皇后,queen prince:王子,国王,皇帝,king cook:厨师,chef,baker farmer:农民,园丁,gardener health-worker:医生,护士,doctor,nurse teacher:老师
student:学生 police-officer:警察 firefighter:消防员 detective:侦探 ninja:忍者,武士,samurai person-fencing:骑士,knight santa-claus:圣诞老人,santa artist:画家,painter singer:歌手,musician person-fairy:fairy,仙女,仙子,飞天
woman-merpeople:美人鱼,mermaid woman-dancing:舞者,跳舞,dance,dancing,dancer person-in-lotus-position:瑜伽,打坐,太极 person-superhero:超人 cowboy-hat-face:牛仔,cowboy clown-face:小丑,clown person-elf:精灵,elf person-genie:genie
person-vampire:vampire,吸血鬼 person-zombie:zombie goblin:goblin ogre:ogre,monster,怪物 bomb:bomb triangular-flag:flag,旗 person-running:run,running,跑步,奔跑 person-surfing:surf,surfing,冲浪 person-swimming:swim,swimming,游泳
person-walking:walk,walking,散步 person-biking:cycling fishing-pole:fishing,钓鱼 cookie:biscuit blueberries:blueberry,berries bowl-with-spoon:porridge hot-pepper:chili shamrock:clover spider-web:cobweb,spiderweb tropical-drink:cocktail
curry-rice:curry blossom:daisy doughnut:donut,甜甜圈 lizard:gecko hippopotamus:hippo,河马 rhinoceros:rhino,犀牛 amphora:jug,vase,花瓶 kitchen-knife:knife hyacinth:lavender,薰衣草 herb:leaf baguette-bread:loaf
fork-and-knife-with-plate:meal,dinner cup-with-straw:milkshake,soda,smoothie donkey:mule,驴 peanuts:nuts,peanut rice-ball:饭团 spaghetti:pasta phoenix-bird:phoenix,凤凰 cucumber:pickle,黄瓜 custard:布丁 blowfish:pufferfish
cut-of-meat:steak tumbler-glass:whisky,whiskey roasted-sweet-potato:yam tomato:西红柿,番茄 @night:night,midnight,夜,晚上 @night+@rain:雨夜 @night+@moon:moonlight,月,moon @night+@stars:stars,starry,星星,星
@dawn:dawn,morning,sunrise,黎明,日出,清晨,早晨 @sunset:sunset,dusk,evening,twilight,日落,夕阳,落日,黄昏,傍晚,晚霞 @day:day,noon,sunny,sun,sunlight,sunshine,白天,中午,阳光,太阳,晴天 @rain:rain,rainy,raining,雨
@storm+@rain:storm,stormy,thunderstorm,风暴,暴风雨,雷雨 @snowing+@snow:snow,snowy,snowing,blizzard,winter,雪,雪花,冬 @fog:fog,foggy,mist,misty,haze,雾,云海 @clouds:cloud,cloudy,云,白云 @sky:sky,天空 @rainbow:rainbow,彩虹
@autumn:autumn,fall,秋 @soft:watercolor,watercolour,pastel,dreamy,spring,水彩,梦幻,春 @neon+@city:neon,cyberpunk,霓虹,赛博朋克 @hills:hill,meadow,field,garden,park,grass,grassland,草地,草原,田野,花园,公园,稻田
@forest:forest,woods,jungle,森林,树林,丛林,林间 @bamboo:竹林 @mountains:mountain,peak,山 @mountains+@snow:雪山 @desert:desert,dune,沙漠,沙丘,敦煌 @sea:sea,ocean,beach,harbour,harbor,coast,lake,pond,river,海,沙滩,港口,湖,池塘,河,江
@city:city,street,downtown,skyline,town,tokyo,paris,london,shanghai,beijing,都市,街道,街头,城,上海,北京,东京,重庆,香港,洛杉矶 @snow:arctic,antarctica,ice,雪地,冰川,北极,南极
@space:space,galaxy,universe,planet,mars,on_the_moon,太空,宇宙,银河,星球,火星,月球 =2:two,pair_of,couple_of,两只,两个,两条,两位,两匹,一对 =3:three,三只,三个,三条,三位,三匹 =4:four,five,six,many,四只,四个,五只,五个,许多,一群
#d8393f:red,红 #f08a2c:orange,橙色 #f2c230:yellow,golden,黄色,金色 #3f9f55:green,绿 #2f74d0:blue,蓝 #8449c4:purple,violet,紫 #f07fb0:pink,粉色,粉红 #f4f1ec:white,白 #3c3846:black,黑色 #8f949e:grey,gray,silver,灰色,银色
#8a5a3a:brown,棕色 !hold:eat,eating,drink,drinking,hold,holding,carry,carrying,play,playing,bake,baking,with_a,看,读,吃,喝,拿,抱,举着,弹,捧着,玩,烤 !ride:ride,riding,rides,骑 !fly:flying,fly,soar,soaring,飞,空中 !over:over,above,上空
-:桂花,白鹤,封面,桌面,地面,路面,湖面,见面,方面,烟花,花生,花纹,旗袍,鼠标,鸡尾酒,棉花,马上,马路,马克,罗马,海报,花费,花样,人工,人工智能,人生,人物,人群,书签,书法,书房,图书馆,迷人,动人,令人,人间,分钟,冰箱,明星,沙龙,月份,个月,三月,五月,岁月,水花,火花,红薯,黑板,城管,江南,面前,面对,面具,面部,表面,对面,里面,上面,下面,正面,画面,海面,水面,雪白,车站,星期,夜市,上海滩,山东,山西
`;

/** Figures that are signs, parts of a body, or what the landscape shows. */
const unfit =
  /-(light|dark|medium)$|\b(hands?|finger|fist|thumbs|heart|suit|medal|oclock|thirty|moon|sun|stars?|cloud|fog|foggy|rainbow|sunrise|sunset|cityscape|night|milky|motorway|park|wave|snowflake|droplet|wind|wing|ears?|eyes?|nose|mouth|tongue|tooth|leg|foot|bone|brain|lungs|lip|biceps|arm|nail|silhouettes?|head|selfie|face)\b/;

/** Reads a table of rows `meaning:word,word`, separated by spaces: the meaning of each word. */
export function tableOf(text: string): ReadonlyMap<string, string> {
  const meanings = new Map<string, string>();
  for (const row of text.match(/\S+/g) ?? []) {
    const [meaning = "", words = ""] = row.split(":");
    for (const word of words.split(/,(?!$)/)) meanings.set(word, meaning);
  }
  return meanings;
}

/** The meaning of each known word in each of its forms, in lower case. */
export function vocabularyOf(figures: readonly string[]): ReadonlyMap<string, string> {
  const fit = figures.filter((name) => !unfit.test(name));
  const known = new Map(fit.map((name) => [name.replaceAll("-", " "), name]));
  for (const [word, meaning] of tableOf(table)) known.set(word.replaceAll("_", " "), meaning);
  for (const [word, meaning] of [...known].filter(([one]) => /[a-z]$/.test(one))) {
    const plural = /^[a-z]/.test(meaning) ? `=2+${meaning}` : meaning;
    const many = [`${word}s`, `${word}es`, word.replace(/y$/, "ies"), word.replace(/fe?$/, "ves")];
    for (const form of many) known.set(form, known.get(form) ?? plural);
  }
  return known;
}

/** A whole word where spaces part them, a quotation, or one character. */
const unit = new RegExp(`[a-z0-9]+|${masked}+|.`, "gsu");

/** The known words of a text; at each place the longest counts. */
function* wordsIn(text: string, known: ReadonlyMap<string, string>) {
  const units = [...text.replace(/[A-Z]/g, (one) => one.toLowerCase()).matchAll(unit)];
  for (let first = 0; first < units.length; first++) {
    for (let last = Math.min(first + 6, units.length - 1); last >= first; last--) {
      const phrase = units.slice(first, last + 1).join("");
      const quoted = first === last && phrase.startsWith(masked);
      const meaning = quoted ? '"' : known.get(phrase.replace(/[\s-]+/g, " "));
      if (meaning === undefined || /^\w$/.test(phrase)) continue;
      const start = units[first]?.index ?? 0;
      yield { meaning, start, end: start + phrase.length };
      first = last;
    }
  }
}

/** A figure that is asked for, with what it holds and rides; `drawing` is that of one that has no other. */
export interface Named {
  readonly name: string;
  readonly count: number;
  readonly colour?: Colour | undefined;
  readonly drawing?: string;
  held?: string | undefined;
  mount?: string;
  flies?: boolean;
}

/** What a prompt asks for. */
export type Reading = ReturnType<typeof readWords>;

/**
 * What the first 2,000 characters ask for. `tint` colours everything, `sign` is what is in quotation marks, `recognised`
 * are words as they were written. A colour or a number belongs to what comes within six characters.
 */
export function readWords(prompt: string, { vocabulary, sizes }: Figures) {
  const text = prompt.slice(0, 2_000);
  const [named, scene, recognised] = [[] as Named[], new Set<string>(), new Set<string>()];
  const signs: string[] = [];
  let [tint, colour, count, act]: [Colour?, Colour?, number?, string?] = [];
  let before = 0;
  const small = (name: string) => (sizes.get(name) ?? 1) < 1;
  const holds = (name: string) => small(name) && (act === "hold" || name === "open-book");
  const reads = (name: string) => !small(name) && named.at(-1)?.name === "open-book";
  const meet = (name: string, own = colour) => {
    const last = named.findLast((one) => !small(one.name));
    const figure: Named = { name, colour: own, count: count ?? 1, flies: act === "fly" };
    if (reads(name)) figure.held = named.pop()?.name;
    if (last && holds(name)) last.held = name;
    else if (last && act === "ride") last.mount = name;
    else if (!named.some((one) => one.name === name)) named.push(figure);
    colour = count = act = undefined;
  };
  const take = (part: string, word: string) => {
    const [kind, value, last] = [part.charAt(0), part.slice(1), named.at(-1)];
    if (kind === "@") scene.add(value);
    else if (kind === '"') signs.push(word);
    else if (kind === "#") colour = part;
    else if (kind === "=") count ??= Number(value);
    else if (last && /!fly|!over/.test(part)) last.flies = true;
    else if (kind === "!") act = value;
    else if (kind !== "-") meet(part.replace(/#.*/, ""), /#.*/.exec(part)?.[0]);
  };
  const unquoted = maskQuotes(text);
  const [outside, all] = [[...wordsIn(unquoted, vocabulary)], [...wordsIn(text, vocabulary)]];
  const whole = !/\p{L}/u.test(unquoted) && all.length > 0;
  for (const { meaning, start, end } of whole ? all : outside) {
    if (start - before > 6 || meaning.startsWith("@")) {
      tint ??= colour;
      colour = count = undefined;
    }
    const word = text.slice(start, Math.min(end, start + 36)).replace(/[\p{C}\s]+/gu, " ");
    for (const part of meaning.split("+")) take(part, word);
    if (!/^[!=-][^+]*$/.test(meaning)) recognised.add(word);
    before = end;
  }
  const others = named.filter(({ name }) => !/^person-(run|walk|swim|surf|bik)/.test(name));
  const cast = others.length > 0 ? others : named;
  tint ??= colour;
  return { named: cast, scene, tint, sign: signs[0], recognised: [...recognised].slice(0, 12) };
}
