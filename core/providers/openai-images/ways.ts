import { z } from "zod";
import type { Order, SourceImage } from "../../provider.ts";
import { imageIn } from "../../wire/markdown.ts";

/** One way to ask a service with OpenAI's protocol for a picture. */
export interface Way {
  readonly path: string;
  readonly body: (order: Order, model: string) => object | FormData;
  /** Its answer, as the address or the base64 of the picture in it. */
  readonly reply: z.ZodType<Answered>;
}

/** The picture of an answer. */
export type Answered = { readonly b64_json: string } | { readonly url: string };

const picture = z.union([
  z.object({ b64_json: z.string().min(1) }),
  z.object({ url: z.string().min(1) }),
]);
const data = z
  .object({ data: z.tuple([picture], z.unknown()) })
  .transform(({ data: [first] }) => first);

/** A picture of words. */
const generations: Way = { path: "images/generations", body: parametersOf, reply: data };

/** A picture of pictures, as a form. One is sent as `image`, several as `image[]`, as OpenAI's own clients do. */
const edits: Way = { path: "images/edits", body: formOf, reply: data };

/** A picture of pictures where a service only edits in a conversation. */
const chat: Way = { path: "chat/completions", body: conversationOf, reply: conversation() };

/** Where a service edits; in a chat there is no mask. */
export const editsIn = z.enum(["edits", "chat"]);

/** How to ask for this order. */
export function wayFor({ sources }: Order, where: z.output<typeof editsIn> = "edits"): Way {
  if (!sources) return generations;
  return where === "chat" ? chat : edits;
}

/** What the catalogue lets through never replaces our own fields. */
function parametersOf({ prompt, width, height, extras }: Order, model: string) {
  const own = {
    model,
    prompt: withoutExtraArguments(prompt),
    n: 1,
    size: `${width}x${height}`,
  };
  return { ...own, ...extras, ...own };
}

function formOf(order: Order, model: string): FormData {
  const { sources = [], mask } = order;
  const form = new FormData();
  for (const [name, value] of Object.entries(parametersOf(order, model))) {
    form.append(name, String(value));
  }
  const name = sources.length > 1 ? "image[]" : "image";
  for (const [index, source] of sources.entries()) {
    form.append(name, fileOf(source), `image-${index + 1}.${source.format}`);
  }
  if (mask) form.append("mask", fileOf(mask), `mask.${mask.format}`);
  return form;
}

function fileOf({ bytes, format }: SourceImage): Blob {
  // What is read from a disk is never shared with other threads.
  return new Blob([bytes as Uint8Array<ArrayBuffer>], { type: `image/${format}` });
}

/**
 * stable-diffusion.cpp reads further parameters from a tag of this name in the prompt. Spaces in it turn that off.
 * https://github.com/leejet/stable-diffusion.cpp/blob/master/examples/server/api.md
 */
function withoutExtraArguments(prompt: string): string {
  return prompt.replace(/sd_cpp_extra_args/gi, "sd cpp extra args");
}

// === In a conversation

function conversationOf({ prompt, sources = [], extras }: Order, model: string) {
  const pictures = sources.map(({ bytes, format }) => ({
    type: "image_url",
    image_url: { url: `data:image/${format};base64,${toBase64(bytes)}` },
  }));
  const content = [{ type: "text", text: prompt }, ...pictures];
  const own = { model, messages: [{ role: "user", content }], modalities: ["image", "text"] };
  return { ...extras, ...own, stream: false };
}

const imagePart = z.object({ image_url: z.object({ url: z.string().min(1) }) });

/** Beside the text, in one of its parts, or as Markdown in the text itself. */
function conversation(): Way["reply"] {
  const parts = z.array(z.unknown()).catch([]);
  const message = z.object({ images: parts, content: z.union([z.string(), parts]).catch("") });
  const choice = z.object({ message });
  return z
    .object({ choices: z.tuple([choice], z.unknown()) })
    .transform(({ choices: [{ message: said }] }, { issues, value }) => {
      const { images, content } = said;
      const apart = [...images, ...(typeof content === "string" ? [] : content)];
      const [first] = apart.flatMap((part) => imagePart.safeParse(part).data ?? []);
      const url = first?.image_url.url ?? (typeof content === "string" ? pictureIn(content) : "");
      if (url) return { url };
      issues.push({ code: "custom", message: "no picture", input: value });
      return z.NEVER;
    });
}

function pictureIn(markdown: string): string | undefined {
  const text = markdown.trim();
  return imageIn(text) ?? (/^(?:https?:|data:image\/)\S+$/i.test(text) ? text : undefined);
}

/** In pieces, because a call takes only so many arguments. */
function toBase64(bytes: Uint8Array): string {
  const piece = 0x6000;
  let text = "";
  for (let at = 0; at < bytes.byteLength; at += piece) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + piece)));
  }
  return text;
}
