import type { z } from "zod";
import type { Answer } from "./answer.ts";
import { chatBody, completeChat } from "./chat.ts";
import type { RequestContext, ServedDoor } from "./context.ts";
import { editBody, editImages, variationBody, varyImages } from "./edits.ts";
import { servePicture } from "./files.ts";
import { generateImages, imagesBody } from "./images.ts";

import { againBody, cancelImage, makeAgain, showRecipe } from "./recipes.ts";
import { createResponse, responsesBody } from "./responses.ts";
import {
  getModel,
  listModels,
  showBill,
  showHealth,
  showMetrics,
  showReadiness,
} from "./service.ts";

/** Answers a request. Throws a `Refusal` or an `ImageError`; anything else is a bug. */
export type Handler = (door: ServedDoor, context: RequestContext) => Answer | Promise<Answer>;

/** One endpoint: how it is served, and how it is described. */
export interface Route {
  readonly method: "get" | "post";
  /** The path in OpenAPI's form, without the optional `/v1`. */
  readonly path: string;
  /** The path in Hono's form, where it has parameters. */
  readonly pattern?: string;
  readonly handle: Handler;
  /** Access without a key: "open" for everyone, "local" for this machine only. Absent: a key is needed. */
  readonly access?: "open" | "local";
  /** Pages of other origins may not read it. */
  readonly sameOrigin?: true;
  /** Asked for so often, by machines, that the log tells of it at `debug` alone. */
  readonly isFrequent?: boolean;
  /** People paste this whole address where a base address belongs, and clients add theirs to it. */
  readonly isPasted?: boolean;
  readonly id: string;
  readonly summary: string;
  /** The schema that validates the body, and in which forms the body may come. */
  readonly body?: z.ZodObject;
  readonly forms?: readonly string[];
  /** Headers and query parameters. */
  readonly parameters?: readonly Parameter[];
  readonly answer: string;
  readonly streams?: boolean;
  /** The content type of the answer, where it is not JSON. */
  readonly type?: string;
}

/** A header or a query parameter of a route. */
export interface Parameter {
  readonly name: string;
  readonly place: "header" | "query";
  readonly meaning: string;
}

const formOrJson = ["multipart/form-data", "application/json"];

const header = (name: string, meaning: string): Parameter => ({ name, place: "header", meaning });
const query = (name: string, meaning: string): Parameter => ({ name, place: "query", meaning });

const moreOfEach = query("details", "true: name, aliases and modalities of each.");
const once = header(
  "Idempotency-Key",
  "The same key and the same request are one picture, for a day, however often they are sent.",
);
const paint = header(
  "x-drawbridge-paint",
  "always: paint what looks like a chat client's own question (a title, tags …), too.",
);
const earlier = header(
  "x-drawbridge-context",
  "none: words such as “make it night” paint a new picture, and do not change the one before.",
);
const alive = header(
  "x-drawbridge-keep-alive",
  "true: white space before the answer while it takes long; its status is 200 then, whatever comes.",
);

/** All endpoints except pages. Of two that match a request the first counts. */
export const routes: readonly Route[] = [
  {
    method: "post",
    path: "/chat/completions",
    handle: completeChat,
    isPasted: true,
    id: "createChatCompletion",
    summary: "Paint the last message of a user, and show the picture in an answer",
    body: chatBody,
    parameters: [once, paint, earlier],
    answer: "A chat.completion whose content is Markdown with a link to the picture",
    streams: true,
  },
  {
    method: "post",
    path: "/images/generations",
    handle: generateImages,
    isPasted: true,
    id: "createImage",
    summary: "Make pictures from words",
    body: imagesBody,
    forms: [...formOrJson].toReversed(),
    parameters: [once, alive],
    answer: "The pictures, in base64 or as links",
    streams: true,
  },
  {
    method: "post",
    path: "/images/edits",
    handle: editImages,
    isPasted: true,
    id: "createImageEdit",
    summary: "Make a picture from a picture, with a model that can edit",
    body: editBody,
    forms: formOrJson,
    parameters: [once, alive],
    answer: "The pictures, in base64 or as links",
    streams: true,
  },
  {
    method: "post",
    path: "/images/variations",
    handle: varyImages,
    isPasted: true,
    id: "createImageVariation",
    summary: "Vary a picture, with a model that can edit",
    body: variationBody,
    forms: formOrJson,
    parameters: [once, alive],
    answer: "The pictures, in base64 or as links",
    streams: true,
  },
  {
    method: "post",
    path: "/responses",
    handle: createResponse,
    isPasted: true,
    id: "createResponse",
    summary: "Paint with the tool image_generation",
    body: responsesBody,
    parameters: [once, paint, earlier],
    answer: "A response with an image_generation_call, or with a message that shows the picture",
    streams: true,
  },
  {
    method: "post",
    path: "/images/{code}/again",
    pattern: "/images/:code{[^./]+}/again",
    handle: makeAgain,
    id: "makeImageAgain",
    summary: "Make a picture again, the same or changed",
    body: againBody,
    parameters: [once],
    answer: "How the new picture was made, with its links",
  },
  {
    method: "post",
    path: "/images/cancel",
    handle: cancelImage,
    id: "cancelImage",
    summary: "Cancel what was asked for with an Idempotency-Key: without one, hanging up does",
    parameters: [header("Idempotency-Key", "That of the request that is to be cancelled.")],
    answer:
      "How the picture stands; a call that cannot be stopped runs on, and its picture is kept",
  },
  {
    method: "get",
    path: "/images/{code}",
    pattern: "/images/:code{[^./]+}",
    handle: showRecipe,
    id: "showRecipe",
    summary: "How a picture was made",
    answer: "The words, the final prompt, seed, size, model and links",
  },
  {
    method: "get",
    path: "/models",
    handle: listModels,
    isPasted: true,
    id: "listModels",
    summary: "The models",
    parameters: [query("aliases", "true: the other names of the models, too."), moreOfEach],
    answer: "The models of the catalogue",
  },
  {
    method: "get",
    path: "/models/{model}",
    pattern: "/models/:model{.+}",
    handle: getModel,
    id: "retrieveModel",
    summary: "One model, by its id or an alias",
    parameters: [moreOfEach],
    answer: "The model",
  },
  {
    method: "get",
    path: "/images/{id}.{ext}",
    isFrequent: true,
    pattern: "/images/:file{[^/]+\\.[a-z]+}",
    handle: servePicture,
    access: "open",
    id: "getPicture",
    summary: "A picture's file, by its link; the ending png, jpg, jpeg or webp decides the format",
    answer: "The picture, to be cached for ever",
    type: "image/*",
  },
  {
    method: "get",
    path: "/dashboard/billing/{what}",
    pattern: "/dashboard/billing/:what{.+}",
    handle: showBill,
    isPasted: true,
    id: "showBill",
    summary:
      "For clients that ask for subscription, usage or credit_grants: no money is counted here",
    answer: "Nothing, in the form that they know",
  },
  {
    method: "get",
    path: "/healthz",
    isFrequent: true,
    handle: showHealth,
    access: "open",
    id: "showHealth",
    summary: "Whether the server answers",
    answer: "ok",
  },
  {
    method: "get",
    path: "/readyz",
    isFrequent: true,
    handle: showReadiness,
    access: "open",
    sameOrigin: true,
    id: "showReadiness",
    summary: "Whether every door is connected and pictures can be kept",
    answer: "The state of each door and of the storage; 503 while one is not ready",
  },
  {
    method: "get",
    path: "/metrics",
    isFrequent: true,
    handle: showMetrics,
    access: "local",
    sameOrigin: true,
    id: "showMetrics",
    summary: "What was counted, for Prometheus; from this machine without a key",
    answer: "The metrics",
    type: "text/plain",
  },
];
