import { z } from "zod";
import { invalidRequest } from "../../core/errors.ts";
import { optional } from "../../core/optional.ts";
import {
  maxPresetWords,
  type Preset,
  type PresetOwner,
  presetPictures,
} from "../../core/presets.ts";
import { fields } from "../../core/request.ts";
import type { Answer } from "./answer.ts";
import { parseBody, readJson } from "./body.ts";
import { type Door, type RequestContext, viewerOf } from "./context.ts";
import { given } from "./fields.ts";
import { withOurNames } from "./names.ts";

/** `GET /v1/presets`: the key's own, then the built-in ones in the language of the request. */
export async function listPresets({ studio }: Door, context: RequestContext): Promise<Answer> {
  const listed = await studio.presets.list({ requester: readerOf(context) });
  const data = listed.map(([owner, preset]) => presetAnswer(preset, owner));
  return { json: { object: "list", data } };
}

/** `GET /v1/presets/{name}`. Throws `unknown-preset`. */
export async function showPreset({ studio }: Door, context: RequestContext): Promise<Answer> {
  const preset = await studio.presets.find(nameIn(context), { requester: readerOf(context) });
  return { json: presetAnswer(preset) };
}

/** The body of `PUT /v1/presets/{name}`. */
export const presetBody = z.object({
  words: z.string().max(maxPresetWords).nullish(),
  negative_prompt: fields.negative.nullish(),
  aspect_ratio: fields.aspectRatio.nullish(),
  model: fields.model.nullish(),
  quality: fields.quality.nullish(),
  /** Codes of pictures. */
  pictures: z.array(z.string().max(40)).nullish(),
  code: z.string().max(40).nullish(),
});

/** `PUT /v1/presets/{name}`: saves a preset under this name, or brings over what is shared by a code. */
export async function putPreset(door: Door, context: RequestContext): Promise<Answer> {
  const body = parseBody(presetBody, withOurNames(await readJson(context)));
  const { presets } = door.studio;
  const viewer = viewerOf(door, context);
  const name = nameIn(context);
  const { words = "", code, pictures: codes = [], ...rest } = given(body);
  if (code !== undefined) {
    const { id } = viewer;
    return { json: presetAnswer(await presets.take(code, id, viewer, name)) };
  }
  const { negative_prompt: negative, aspect_ratio: ratio, model, quality } = rest;
  const found = await presetPictures(codes, (one) => door.studio.find(one, viewer));
  const pictures = found.length > 0 ? found : undefined;
  const wishes = optional({ negative, ratio, model, quality, pictures });
  return {
    json: presetAnswer(await presets.save(viewer.id, { name, words, ...wishes })),
  };
}

/** `DELETE /v1/presets/{name}`: removes an own preset. Throws `unknown-preset`. */
export async function deletePreset({ studio }: Door, context: RequestContext): Promise<Answer> {
  const name = nameIn(context);
  await studio.presets.remove(context.get("requester").id, name);
  return { json: { object: "preset", name, deleted: true } };
}

function nameIn(context: RequestContext): string {
  const name = context.req.param("name") ?? "";
  if (name.length > 100) throw invalidRequest("name", "A preset's name has at most 32 characters.");
  return name;
}

/** Who asks, in the first language that their client names. */
function readerOf(context: RequestContext) {
  const [locale] = (context.req.header("accept-language") ?? "").split(/[,;]/);
  return { ...context.get("requester"), ...optional({ locale: locale || undefined }) };
}

function presetAnswer(preset: Preset, owner: PresetOwner = preset.code ? "own" : "built-in") {
  const { name, words, negative, ratio, model, quality, pictures = [], code } = preset;
  return {
    object: "preset",
    name,
    owner,
    words,
    negative_prompt: negative ?? null,
    aspect_ratio: ratio ?? null,
    model: model ?? null,
    quality: quality ?? null,
    pictures: pictures.length,
    code: code ?? null,
  };
}
