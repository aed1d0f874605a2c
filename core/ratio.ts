/** A regular expression's source for one side of a ratio or size. */
export const side = String.raw`\d{1,5}(?:\.\d{1,6})?`;
const numeral = "[一二三四五六七八九十]{1,3}";
const blanks = String.raw`[^\S\r\n\u2028\u2029]{0,3}`;
const between = "[:x×*/比]|-?(?:by|to)-?";

/** English numbers of which people make ratios. */
const spoken = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  sixteen: 16,
  "twenty-one": 21,
};
const spokenSource = `(?<![a-z])(?:${Object.keys(spoken).join("|")})(?![a-z])`;
const number = `(?:${side}|${spokenSource})`;

/**
 * A regular expression's source, for the flag `i`, for anything that may be a ratio in half-width forms: "16:9",
 * "16 : 9", "16x9", "16×9", "16*9", "16/9", "16 by 9", "16 to 9", "sixteen by nine", "16比9", "十六比九". The sides may have decimals.
 */
export const ratioSource = `${number}${blanks}(?:${between})${blanks}${number}|${numeral}比${numeral}`;

/** The same for two numbers with a mark that is near the colon on a keyboard, or instead of it in a file's name. */
export const slipSource = String.raw`\d{1,5}[-–—_;]\d{1,5}`;

const wholeRatio = new RegExp(`^${side}${blanks}:${blanks}${side}$`);
const anyRatio = new RegExp(`^(?:${ratioSource}|${slipSource})$`, "i");
const betweenSides = new RegExp(`${between}|[-–—_;]`, "i");
const anySpoken = new RegExp(spokenSource, "gi");

const kin: ReadonlyMap<string, string> = new Map(
  [":∶︰﹕ː꞉", "/∕⁄", "×✕✖⨯", " \u200b\u2060\ufeff"].flatMap(([usual = "", ...others]) =>
    others.map((other) => [other, usual]),
  ),
);
const unusual = /[\uff01-\uff5e∶︰﹕ː꞉∕⁄✕✖⨯\u200b\u2060\ufeff]/g;

/** Full-width forms, the kin of the colon, the slash and ×, and spaces without width as the usual ones; every UTF-16 unit keeps its place. */
export function toHalfWidth(text: string): string {
  return text.replace(
    unusual,
    (mark) => kin.get(mark) ?? String.fromCharCode(mark.charCodeAt(0) - 0xfee0),
  );
}

/**
 * The canonical form of a ratio between 1:3 and 3:1, otherwise undefined: whole numbers are reduced ("1920:1080" is
 * "16:9") to what people call them ("21:9"), a decimal part stays ("2.39:1"). Full-width forms and spaces around the
 * colon count.
 */
export function parseRatio(text: string): string | undefined {
  const plain = toHalfWidth(text).trim();
  if (!wholeRatio.test(plain)) return undefined;
  const [width = 0, height = 0] = plain.split(":").map(Number);
  if (!isModerate({ width, height })) return undefined;
  const divisor = Number.isInteger(width) && Number.isInteger(height) ? gcd(width, height) : 1;
  const reduced = `${width / divisor}:${height / divisor}`;
  return customary[reduced] ?? reduced;
}

/** Ratios whose usual form is not the reduced one. */
const customary: Readonly<Record<string, string>> = {
  "7:3": "21:9",
  "3:7": "9:21",
  "8:5": "16:10",
  "5:8": "10:16",
};

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** Whether a shape is between 1:3 and 3:1, compared in millionths, so that the limits are whole numbers. */
export function isModerate({ width, height }: { width: number; height: number }): boolean {
  const [wide, high] = [Math.round(width * 1e6), Math.round(height * 1e6)];
  return wide > 0 && high > 0 && wide <= 3 * high && high <= 3 * wide;
}

/** "16:9" for a ratio in any of the ways that people write one, be it beyond 3:1; undefined for other texts. */
export function plainRatio(text: string): string | undefined {
  const plain = toHalfWidth(text).trim();
  if (!anyRatio.test(plain)) return undefined;
  const inDigits = plain.replace(anySpoken, (word) => {
    return String(spoken[word.toLowerCase() as keyof typeof spoken]);
  });
  return inDigits.split(betweenSides).map(valueOf).join(":");
}

/** Chinese numerals are read below 100. */
function valueOf(digits: string): number {
  if (/\d/.test(digits)) return Number(digits);
  const [tens = "", ones = ""] = digits.includes("十") ? digits.split("十") : ["零", digits];
  const [ten, one] = [tens.at(-1) ?? "一", ones.at(-1) ?? "零"];
  return 10 * numerals.indexOf(ten) + numerals.indexOf(one);
}

const numerals = "零一二三四五六七八九";
