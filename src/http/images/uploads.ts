import { parseBody } from "hono/utils/body";
import { z } from "zod";
import { invalidRequest } from "../../../core/errors.ts";
import { bytesFromBase64 } from "../../../core/wire/base64.ts";
import { BodyTooLarge, readCapped } from "../../../core/wire/fetch.ts";
import type { RequestContext } from "../context.ts";
import { Refusal } from "../errors.ts";

/** A body with pictures. */
export interface Upload {
  /** Everything but the pictures, with the types of JSON. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly pictures: readonly SentImage[];
  readonly hasMask: boolean;
}

/** A picture's bytes, or the id of a picture that is kept here, from its link. */
export type SentImage = Uint8Array | { readonly keptId: string };

const maxBytes = 64 * 1024 * 1024;

/**
 * Reads a form or JSON with pictures in it, up to 64 MiB. Throws a `Refusal` where it cannot be read, and
 * `invalid-request` that names `image` where that is not a usable picture. No address is fetched for a client.
 */
export async function readUpload(context: RequestContext): Promise<Upload> {
  const type = context.req.header("content-type") ?? "";
  const isForm = /^multipart\/form-data/i.test(type);
  try {
    const bytes = await readBytes(context);
    return isForm ? await fromForm(bytes, type) : fromJson(bytes);
  } catch (error) {
    if (error instanceof BodyTooLarge) throw new Refusal("too-large-upload");
    if (error instanceof SyntaxError) throw new Refusal("not-json");
    // Either the form is malformed or the connection broke.
    if (error instanceof TypeError) throw new Refusal(isForm ? "not-a-form" : "cut-off");
    throw error;
  }
}

async function readBytes({ req }: RequestContext): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(req.header("content-length")) > maxBytes) throw new BodyTooLarge(maxBytes);
  return readCapped(req.raw, maxBytes);
}

// === Forms

/** Fields of a form are text; these are numbers in JSON. */
const numbers = new Set(
  "n width height cfg cfg_scale guidance_scale seed steps num_inference_steps batch_size output_compression partial_images".split(
    " ",
  ),
);
const booleans = new Set(["stream", "enhance", "prompt_enhancement"]);

const imageNames = /^(?:image|images|image\[\d*\]|images\[\d*\])$/;

async function fromForm(body: Uint8Array<ArrayBuffer>, type: string): Promise<Upload> {
  const headers = { "content-type": type };
  const request = new Request("http://form", { method: "POST", body, headers });
  const form = await parseBody(request, { all: true });
  const fields: Record<string, unknown> = {};
  const pictures: SentImage[] = [];
  for (const [name, values] of Object.entries(form)) {
    const all = [values].flat();
    if (imageNames.test(name)) pictures.push(...(await picturesIn(all)));
    else if (typeof all[0] === "string") fields[name] = typed(name, all[0]);
  }
  const masks = [form["mask"] ?? ""].flat();
  return { fields, pictures, hasMask: masks.some((mask) => mask !== "") };
}

async function picturesIn(values: readonly (string | File)[]): Promise<SentImage[]> {
  const sent = values.map(async (value) =>
    typeof value === "string" ? fromText(value) : value.bytes(),
  );
  return (await Promise.all(sent)).filter((picture) => picture !== undefined);
}

function typed(name: string, text: string): unknown {
  if (text === "") return undefined;
  if (numbers.has(name) && /^-?\d+(?:\.\d+)?$/.test(text)) return Number(text);
  if (booleans.has(name) && /^(?:true|false)$/i.test(text)) return text.toLowerCase() === "true";
  return text;
}

// === JSON

/** Where clients put pictures: OpenAI's `images`, and `image` as one or several. */
const reference = z.union([
  z.string(),
  z.object({ image_url: z.union([z.string(), z.object({ url: z.string() })]) }),
]);
type Reference = z.output<typeof reference>;
const references = z.union([reference.transform((one) => [one]), z.array(reference)]);

const jsonBody = z.looseObject({
  image: references.nullish(),
  images: references.nullish(),
  mask: z.unknown().optional(),
});

function fromJson(bytes: Uint8Array): Upload {
  const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new Refusal("not-json");
  }
  const parsed = jsonBody.safeParse(json);
  if (!parsed.success) throw unusable("has to be a data: URL, or a list of them");
  const { image, images, mask, ...fields } = parsed.data;
  const pictures = [...(image ?? []), ...(images ?? [])].flatMap(
    (one) => fromText(addressOf(one)) ?? [],
  );
  return { fields, pictures, hasMask: mask !== undefined && mask !== null };
}

function addressOf(one: Reference): string {
  if (typeof one === "string") return one;
  return typeof one.image_url === "string" ? one.image_url : one.image_url.url;
}

// === Pictures

const keptLink = /\/images\/([0-9a-f]{32}|[0-9a-f]{64})\.(?:png|jpe?g|webp)(?:[?#].*)?$/;

function fromText(address: string): SentImage | undefined {
  if (address === "") return undefined;
  const kept = /^https?:/i.test(address) ? keptLink.exec(address)?.[1] : undefined;
  if (kept) return { keptId: kept };
  const comma = address.indexOf(",");
  if (!/^data:image\/[\w.+-]{1,40};base64$/i.test(address.slice(0, Math.max(0, comma)))) {
    throw unusable("has to be sent itself, as a file or a data: URL: no address is fetched");
  }
  return bytesFromBase64(address.slice(comma + 1));
}

function unusable(problem: string) {
  return invalidRequest("image", `image: ${problem}.`);
}
