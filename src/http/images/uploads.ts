import { parseBody } from "hono/utils/body";
import { invalidRequest } from "../../../core/errors.ts";
import { asObject, parseJson, refusalFor } from "../body.ts";
import { isByChance } from "../bytes.ts";
import { type Door, identify, type RequestContext } from "../context.ts";
import { isBlank } from "../names.ts";
import {
  bothOf,
  type Brought,
  broughtBy,
  broughtIn,
  holdsPictures,
  isMaskName,
  isPictureName,
  type Reference,
} from "../pictures.ts";
import { Refusal } from "../refusals.ts";
import { checkParts, holds } from "./form-parts.ts";

/** A body that may bring pictures. */
export interface Upload {
  /** Everything but the pictures and the mask, as JSON would have it. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly brought: Brought;
}

/**
 * Does the work with a form or JSON with pictures in it, up to `maxBytes`. Throws a `Refusal` where it cannot be read,
 * and `invalid-request` that names the field where what was sent there is no picture.
 */
export async function withUpload<T>(
  { largeBodies }: Pick<Door, "largeBodies">,
  context: RequestContext,
  maxBytes: number,
  work: (upload: Upload) => Promise<T>,
): Promise<T> {
  const type = context.req.header("content-type") ?? "";
  const form = /^multipart\/form-data/i.test(type) ? type : undefined;
  if (form !== undefined && !/;\s*boundary=/i.test(form)) throw new Refusal("not-a-form");
  // A picture alone says nothing about what to do with it.
  if (/^(?:image|audio|video)\//i.test(type)) throw new Refusal("not-json");
  try {
    return await largeBodies.use(context, maxBytes, async (bytes) => {
      const upload = await read(bytes, form);
      identify(context, upload.fields);
      return work(upload);
    });
  } catch (error) {
    throw refusalFor(error);
  }
}

async function read(bytes: Uint8Array<ArrayBuffer>, form: string | undefined): Promise<Upload> {
  if (form === undefined) return fromJson(bytes);
  return fromForm(bytes, form).catch((error: unknown) => {
    throw error instanceof TypeError ? new Refusal("not-a-form") : error;
  });
}

// === Forms

/** What stands for what is not UTF-8 once a form was read; some forms hold it themselves. */
const replacement = "\ufffd";

async function fromForm(body: Uint8Array<ArrayBuffer>, type: string): Promise<Upload> {
  const [, quoted, plain = ""] = /;\s*boundary=(?:"([^"]*)"|([^;\s]*))/i.exec(type) ?? [];
  checkParts(body, quoted ?? plain);
  const holdsReplacement = holds(body, new TextEncoder().encode(replacement));
  const headers = { "content-type": type };
  const request = new Request("http://form", { method: "POST", body, headers });
  const form = await parseBody(request, { all: true });
  const fields: Record<string, unknown> = {};
  const pictures: Reference[] = [];
  let mask: Reference | undefined;
  for (const [name, values] of inOrder(Object.entries(form))) {
    const all = [values].flat();
    checkTexts(all, holdsReplacement);
    if (isMaskName(name)) mask ??= (await referencesIn(all, name))[0];
    else if (isPictureName(name) || all.some(isFile)) {
      pictures.push(...(await referencesIn(all, name)));
    } else if (typeof all[0] === "string") fields[name] = all[0];
  }
  return { fields, brought: { pictures, mask } };
}

/** Throws a `Refusal` where a text was not sent as UTF-8. */
function checkTexts(values: readonly unknown[], mayHoldReplacement: boolean): void {
  const texts = values.filter((one) => typeof one === "string");
  const isMangled = !mayHoldReplacement && texts.some((one) => one.includes(replacement));
  if (isMangled || texts.some(isByChance)) throw new Refusal("not-utf-8");
}

/** People call the field of their picture as they like. */
function isFile(value: unknown): boolean {
  return value instanceof File;
}

/** `image[10]` comes after `image[2]`, however they were sent; other fields stay where they are. */
function inOrder<Field extends readonly [string, unknown]>(fields: readonly Field[]): Field[] {
  const indexOf = ([name]: Field) => Number(/\[(\d+)\]$/.exec(name)?.[1] ?? 0);
  return fields.toSorted((a, b) => indexOf(a) - indexOf(b));
}

/** In JSON, `image[]` and `image` are the same field. */
async function referencesIn(values: readonly (string | File)[], name: string) {
  const field = name.replace(/\[\d*\]$/, "");
  const sent = values.map(async (value): Promise<Reference> => {
    return { field, content: typeof value === "string" ? value : await value.bytes() };
  });
  return (await Promise.all(sent)).filter(({ content }) => !isBlank(content));
}

// === JSON

function fromJson(bytes: Uint8Array<ArrayBuffer>): Upload {
  const json: unknown = parseJson(bytes);
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw invalidRequest(null, "The body has to be a JSON object.");
  }
  const body = asObject(json);
  const others = Object.entries(body).filter(
    ([name, value]) => !holdsPictures(name, value) && !isMaskName(name),
  );
  const said = [body["input"], body["messages"]].filter(Array.isArray).flat();
  const brought = bothOf(broughtBy(body), broughtIn(said, "input"));
  return { fields: Object.fromEntries(others), brought };
}
