import { type Arguments, field, isObject, type Json, type Upload } from "./arguments.ts";
import { type RichText } from "./entities.ts";
import { badRequest } from "./errors.ts";
import { type Document, fileLimits, type Photo, type StoredFile } from "./files.ts";
import type { World } from "./model.ts";
import { lengthOf, readText, reasonOf, textLimits } from "./text.ts";

/** Where a file comes from: it was uploaded, or is known by its id, or is to be fetched. */
export type Source =
  | { readonly from: "upload"; readonly upload: Upload }
  | { readonly from: "reference"; readonly reference: string };

/** A file with its caption, as one message carries it. */
export interface Media {
  readonly type: "photo" | "document";
  readonly source: Source;
  readonly caption: RichText;
  readonly spoiler: boolean;
  readonly captionAbove: boolean;
  readonly detectType: boolean;
}

/** The argument `name` as a file, undefined if there is none. */
export function sourceOf(args: Arguments, name: string, value: string): Source | undefined {
  const attached = /^attach:\/\/(.*)$/.exec(value)?.[1];
  if (value !== "" && attached === undefined) return { from: "reference", reference: value };
  const upload = args.upload(attached ?? name);
  return upload && { from: "upload", upload };
}

/** `InputMedia` of an album or of an edit. Throws "can't parse InputMedia: …". */
export function readInputMedia(world: World, args: Arguments, value: unknown): Media {
  try {
    if (!isObject(value)) throw badRequest("expected an Object");
    const type = field.string(value, "type");
    const source = sourceOf(args, "", field.optionalString(value, "media"));
    if (!source) throw badRequest("media not found");
    if (type !== "photo" && type !== "document") {
      throw badRequest(`type "${type}" is unsupported`);
    }
    return {
      type,
      source,
      caption: readCaption(world, value),
      spoiler: field.optionalBoolean(value, "has_spoiler"),
      captionAbove: field.optionalBoolean(value, "show_caption_above_media"),
      detectType: !field.optionalBoolean(value, "disable_content_type_detection"),
    };
  } catch (error) {
    throw badRequest(`Can't parse InputMedia: ${reasonOf(error)}`);
  }
}

function readCaption(world: World, value: Json): RichText {
  const input = {
    text: field.optionalString(value, "caption"),
    parseMode: field.optionalString(value, "parse_mode"),
    entities: value["caption_entities"],
    users: world.users,
  };
  return readText(input, { mayBeEmpty: true });
}

/** The argument `caption` with its entities. */
export function captionOf(world: World, args: Arguments): RichText {
  const input = {
    text: args.text("caption"),
    parseMode: args.text("parse_mode"),
    entities: args.json("caption_entities", "Can't parse caption entities JSON object"),
    users: world.users,
  };
  return readText(input, { mayBeEmpty: true });
}

/** Throws "message caption is too long". */
export function checkCaption(world: World, caption: RichText): void {
  if (lengthOf(caption.text, world.settings.lengthUnit) > textLimits.caption) {
    throw badRequest("Message caption is too long");
  }
}

/** The file behind the media, stored if it is new. Throws what the platform says of wrong files. */
export async function resolveMedia(world: World, media: Media): Promise<StoredFile> {
  const { type, source, detectType } = media;
  if (source.from === "upload") return store(world, media, source.upload);
  const { reference } = source;
  if (reference.includes(".")) return store(world, media, await fetchFile(world, reference, type));
  const file = world.files.find(reference);
  if (!file) throw unknownFile(reference);
  const isPhoto = file.kind === "photo";
  if (isPhoto === (type === "photo")) return file;
  throw badRequest(
    `Can't use file of type ${isPhoto ? "Photo" : "Document"} as ${detectType ? titleOf(type) : "DocumentAsFile"}`,
  );
}

const titleOf = (type: Media["type"]): string => (type === "photo" ? "Photo" : "Document");

async function store(world: World, media: Media, upload: Upload): Promise<Photo | Document> {
  if (media.type === "photo") return world.files.addPhoto(upload);
  return world.files.addDocument(upload, media.detectType);
}

/** An id that could be one, but is not known, reads differently from one that is nonsense. */
function unknownFile(reference: string): Error {
  if (!/^[\w-]+$/.test(reference)) {
    return badRequest("Wrong remote file identifier specified: Wrong character in the string");
  }
  if (Buffer.from(reference, "base64url").at(-1) !== 4) {
    return badRequest(
      "Wrong remote file identifier specified: can't unserialize it. Wrong last symbol",
    );
  }
  return badRequest("Wrong file identifier/HTTP URL specified");
}

async function fetchFile(world: World, address: string, type: Media["type"]): Promise<Upload> {
  const url = /^https?:\/\//i.test(address) ? address : `http://${address}`;
  if (!URL.canParse(url)) throw badRequest("Wrong HTTP URL specified");
  const response = await world.settings.fetch?.(url).catch(() => undefined);
  if (!response?.ok) throw badRequest("Failed to get HTTP URL content");
  const bytes = new Uint8Array(await response.arrayBuffer());
  const limit = type === "photo" ? fileLimits.fetchedPhotoBytes : fileLimits.fetchedFileBytes;
  const contentType = response.headers.get("content-type") ?? "";
  const wanted = type === "photo" ? /^image\// : /^(image\/gif|application\/(pdf|zip))/;
  if (bytes.length > limit || !wanted.test(contentType)) {
    throw badRequest("Wrong type of the web page content");
  }
  return { name: new URL(url).pathname.split("/").at(-1) ?? "", type: contentType, bytes };
}
