import { invalidRequest } from "../../core/errors.ts";
import { parseCode } from "../../core/job.ts";
import { bytesFromBase64 } from "../../core/wire/base64.ts";
import { takenApart } from "../../core/wire/markdown.ts";
import { answeredMessages, asObject } from "./body.ts";
import { isBlank, isOurName, plainName } from "./names.ts";

/** A picture as a request holds it: a file's bytes, a text that says where it is or is it, or anything else by mistake. */
export interface Reference {
  /** Where in the request it stands. */
  readonly field: string;
  readonly content: unknown;
  /** It was not sent, but shown before in the same conversation. */
  readonly isEarlier?: boolean;
}

/** What a request brings to be edited. */
export interface Brought {
  readonly pictures: readonly Reference[];
  readonly mask?: Reference | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

// === Where pictures stand

const pictureNames =
  /^(?:(?:input|init|source|reference|ref|base)?(?:images?|imgs?|photos?|pictures?)(?:urls?|base64|b64|data|source|file)?|inputreferences?|binarydatabase64)(?:\d{1,2}|\[\d*\])?$/;
const maskNames = /^(?:input)?(?:image)?mask(?:image)?(?:url|base64|b64)?$/;

/** Whether a field of this name holds pictures, as clients of any service call it. */
export function isPictureName(name: string): boolean {
  return pictureNames.test(plainName(name));
}

/** Whether a field of this name holds a mask. */
export function isMaskName(name: string): boolean {
  return maskNames.test(plainName(name));
}

/** Whether a field of a body holds pictures: by its name, or by what is in it where it means nothing else here. */
export function holdsPictures(name: string, value: unknown): boolean {
  const isWrapper = name === "extra_body" || (name === "input" && !Array.isArray(value));
  const isOther = (isOurName(name) && !isWrapper) || isMaskName(name);
  return isPictureName(name) || (!isOther && holdsPicture(value));
}

/** What a body's own fields bring, in the order in which they stand there, and those written into its prompt. */
export function broughtBy(fields: Fields): Brought {
  const names = Object.keys(fields);
  const pictures = new Map(
    names
      .filter((name) => holdsPictures(name, fields[name]))
      .map((name) => [plainName(name), referencesIn(fields[name], name)]),
  );
  const masks = names.filter(isMaskName).flatMap((name) => referencesIn(fields[name], name));
  const all = [...pictures.values(), writtenIn(fields["prompt"], "prompt")];
  return { pictures: all.flat(), mask: masks[0] };
}

/** The pictures that are written into a text. */
function writtenIn(text: unknown, field: string): Reference[] {
  if (typeof text !== "string") return [];
  return takenApart(text).pictures.map((content) => ({ field, content }));
}

/** The same body, of whose prompt the words alone are left. */
export function withWordsAlone(fields: Fields): Fields {
  const { prompt } = fields;
  return typeof prompt === "string" ? { ...fields, prompt: takenApart(prompt).words } : fields;
}

/** Whether a value says of itself, not too deep in it, that it is a picture: a data: URL, or data with its type. */
function holdsPicture(value: unknown, depth = 0): boolean {
  if (typeof value === "string") return /^\s*data:image\//i.test(value);
  if (typeof value !== "object" || value === null || depth > 2) return false;
  return Object.entries(value).some(([name, inner]) => {
    const isType = /^(?:mime|media|content)_?type$/i.test(name) && /^image\//i.test(String(inner));
    return isType || holdsPicture(inner, depth + 1);
  });
}

function isThere(value: unknown): boolean {
  return !isBlank(value) && value !== undefined && value !== null && value !== false;
}

/**
 * What a conversation brings: the pictures in the messages that are answered. `field` is where it stands. Reads the
 * parts of chats, of responses and of other services' messages.
 */
export function broughtIn(messages: unknown, field: string): Brought {
  if (!Array.isArray(messages)) return { pictures: writtenIn(messages, field) };
  const inMessage = (message: unknown) =>
    typeof message === "string"
      ? writtenIn(message, field)
      : Object.entries(asObject(message)).flatMap(([name, value]) =>
          isPictureName(name)
            ? referencesIn(value, field)
            : [value].flat().flatMap((part) => inPart(part, field)),
        );
  return { pictures: answeredMessages(messages).flatMap(inMessage) };
}

function inPart(part: unknown, field: string): Reference[] {
  if (typeof part === "string") return writtenIn(part, field);
  const object = asObject(part);
  const written = writtenIn(object["text"], field);
  return isPicture(object) ? [...written, ...referencesIn(object, field)] : written;
}

function isPicture(part: Fields): boolean {
  const { type, text } = part;
  if (typeof text === "string") return false;
  const isNamed =
    typeof type === "string" ? isPictureName(type) : Object.keys(part).some(isPictureName);
  return isNamed || holdsPicture(part);
}

/** Both together. */
export function bothOf(one: Brought, other: Brought): Brought {
  return { pictures: [...one.pictures, ...other.pictures], mask: one.mask ?? other.mask };
}

// === What stands there

/** The keys under which an object holds a picture, in their plain form, the first that there is. */
const keys =
  "imageurl url uri src href b64json imagebase64 base64 b64 bytes data filedata imagedata image imagefile inputimage inlinedata source file fileid content".split(
    " ",
  );

const mostNested = 5;

/** The pictures in a value, however deep clients nest them. */
export function referencesIn(value: unknown, field: string, depth = 0): Reference[] {
  if (!isThere(value)) return [];
  if (depth === mostNested) return [{ field, content: value }];
  if (isBytes(value)) return [{ field, content: Uint8Array.from(value) }];
  if (Array.isArray(value)) return value.flatMap((one) => referencesIn(one, field, depth + 1));
  const inner = innerOf(asObject(value));
  return inner === undefined ? [{ field, content: value }] : referencesIn(inner, field, depth + 1);
}

/** What the first of the keys holds; undefined where an object has none of them. */
function innerOf(object: Fields): unknown {
  const named = new Map(Object.entries(object).map(([name, value]) => [plainName(name), value]));
  return keys.map((key) => named.get(key)).find((value) => value != null);
}

/** A file's bytes as numbers, as JSON has a Buffer of Node. */
function isBytes(value: unknown): value is number[] {
  return (
    Array.isArray(value) && value.length > 1 && value.every((one) => (Number(one) & 255) === one)
  );
}

// === What it is

/** A picture's bytes, its address elsewhere, or the name of one that is kept here: the id in its link, or its code such as `zi-7K3Q8D2M4P.2`. */
export type SentImage = Uint8Array | URL | { readonly keptId: string };

const keptLink = /^(?:https?:\/\/[^?#]*)?\/images\/([0-9a-f]{32})\.(?:png|jpe?g|webp)(?:[?#].*)?$/i;

/**
 * The picture of a reference. Throws `invalid-request` that names its field for what is none.
 */
export function imageOf({ field, content }: Reference): SentImage {
  if (content instanceof Uint8Array) return content;
  if (typeof content !== "string") throw unusable(field);
  const text = whole(content);
  const elsewhere = text.length < 2000 ? keptOrLinked(text) : undefined;
  if (elsewhere) return elsewhere;
  if (/^file[-_]/.test(text)) throw unusable(field);
  const isData = /^(?:data:|(?:image\/[\w.+-]+;)?base64,)/i.test(text);
  const base64 = unescaped(isData ? text.slice(text.indexOf(",") + 1) : text);
  if ((isData && !text.includes(",")) || !isBase64(base64)) throw unusable(field);
  return bytesFromBase64(base64);
}

/** A text without the quotation marks and the escapes that were put around all of it. */
function whole(text: string): string {
  const bare = text.trim().replace(/^(["'])(.*)\1$/s, "$2");
  return /^data%3a/i.test(bare) ? withoutEscapes(bare) : bare;
}

/** What a short text may name: a picture that is kept here, or an address elsewhere. */
function keptOrLinked(text: string): SentImage | undefined {
  const keptId = nameIn(text);
  if (keptId) return { keptId };
  return /^https:\/\//i.test(text) ? (URL.parse(text) ?? undefined) : undefined;
}

/** The name of a picture that is kept here: in a link, alone, as a code, or as the id of a response's call. */
function nameIn(text: string): string | undefined {
  if (/^[0-9a-f]{32}$/.test(text) || parseCode(text)) return text;
  const [, code, number] = /^ig_([0-9A-Z]{10})_(\d{1,2})$/.exec(text) ?? [];
  return code === undefined ? keptLink.exec(text)?.[1] : `zi-${code}.${number}`;
}

/** Looks for the first character that is none: to match all of a long text takes memory for each of its characters. */
function isBase64(text: string): boolean {
  const data = text.replace(/={1,2}$/, "");
  return data !== "" && !/[^\w+/-]/.test(data);
}

/** Base64 without what the ways of sending it left there: escapes, line breaks, spaces that were plus signs. */
function unescaped(base64: string): string {
  const plain = base64.includes("%") ? withoutEscapes(base64) : base64;
  const lines = plain.trim().split(/[\r\n\t]/);
  return lines
    .map((line) => line.trimStart())
    .join("")
    .replaceAll(" ", "+");
}

function withoutEscapes(text: string): string {
  return text.replace(/%([\da-f]{2})/gi, fromHex);
}

function fromHex(_: string, hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}

function unusable(field: string) {
  const problem = "has to be sent itself, as a file, a data: URL or base64: no address is fetched";
  return invalidRequest(field, `${field}: ${problem}.`);
}
