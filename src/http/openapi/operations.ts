import type { z } from "zod";
import { chatBody } from "../chat.ts";
import { editBody, variationBody } from "../edits.ts";
import { imagesBody } from "../images.ts";
import { againBody } from "../recipes.ts";
import { responsesBody } from "../responses.ts";

/** One thing that a client can ask this server for. */
export interface Operation {
  readonly method: "get" | "post";
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  /** The schema that validates the body, and in which forms the body may come. */
  readonly body?: z.ZodObject;
  readonly forms?: readonly string[];
  /** What may be said beside the body. */
  readonly parameters?: readonly Parameter[];
  readonly answer: string;
  readonly streams?: boolean;
  /** Of the answer, where it is not JSON. */
  readonly type?: string;
  /** Needs no key. */
  readonly open?: boolean;
}

export interface Parameter {
  readonly name: string;
  readonly place: "header" | "query";
  readonly meaning: string;
}

export const json = "application/json";
export const form = "multipart/form-data";

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
const alive = header(
  "x-drawbridge-keep-alive",
  "true: white space before the answer while it takes long; its status is 200 then, whatever comes.",
);

/** The API as it is described; what is described is what is served. */
export const operations: readonly Operation[] = [
  {
    method: "post",
    path: "/chat/completions",
    id: "createChatCompletion",
    summary: "Paint the last message of a user, and show the picture in an answer",
    body: chatBody,
    parameters: [once, paint],
    answer: "A chat.completion whose content is Markdown with a link to the picture",
    streams: true,
  },
  {
    method: "post",
    path: "/images/generations",
    id: "createImage",
    summary: "Make pictures from words",
    body: imagesBody,
    parameters: [once, alive],
    answer: "The pictures, in base64 or as links",
    streams: true,
  },
  {
    method: "post",
    path: "/images/edits",
    id: "createImageEdit",
    summary: "Make a picture from a picture, with a model that can edit",
    body: editBody,
    forms: [form, json],
    parameters: [once, alive],
    answer: "The pictures, in base64 or as links",
    streams: true,
  },
  {
    method: "post",
    path: "/images/variations",
    id: "createImageVariation",
    summary: "Vary a picture, with a model that can edit",
    body: variationBody,
    forms: [form, json],
    parameters: [once, alive],
    answer: "The pictures, in base64 or as links",
    streams: true,
  },
  {
    method: "post",
    path: "/responses",
    id: "createResponse",
    summary: "Paint with the tool image_generation",
    body: responsesBody,
    parameters: [once, paint],
    answer: "A response with an image_generation_call, or with a message that shows the picture",
    streams: true,
  },
  {
    method: "post",
    path: "/images/{code}/again",
    id: "makeImageAgain",
    summary: "Make a picture again, the same or changed",
    body: againBody,
    parameters: [once],
    answer: "How the new picture was made, with its links",
  },
  {
    method: "get",
    path: "/images/{code}",
    id: "showRecipe",
    summary: "How a picture was made",
    answer: "The words, the final prompt, seed, size, model and links",
  },
  {
    method: "get",
    path: "/models",
    id: "listModels",
    summary: "The models",
    parameters: [query("aliases", "true: the other names of the models, too."), moreOfEach],
    answer: "The models of the catalogue",
  },
  {
    method: "get",
    path: "/models/{model}",
    id: "retrieveModel",
    summary: "One model, by its id or an alias",
    parameters: [moreOfEach],
    answer: "The model",
  },
  {
    method: "get",
    path: "/images/{id}.{ext}",
    id: "getPicture",
    summary: "A picture's file, by its link; the ending png, jpg, jpeg or webp decides the format",
    answer: "The picture, to be cached for ever",
    type: "image/*",
    open: true,
  },
  {
    method: "get",
    path: "/dashboard/billing/{what}",
    id: "showBill",
    summary:
      "For clients that ask for subscription, usage or credit_grants: no money is counted here",
    answer: "Nothing, in the form that they know",
  },
  {
    method: "get",
    path: "/healthz",
    id: "showHealth",
    summary: "Whether the server answers",
    answer: "ok",
    open: true,
  },
  {
    method: "get",
    path: "/readyz",
    id: "showReadiness",
    summary: "Whether every door is connected",
    answer: "The state of each door; 503 while one is not connected",
    open: true,
  },
  {
    method: "get",
    path: "/metrics",
    id: "showMetrics",
    summary: "What was counted, for Prometheus; from this machine without a key",
    answer: "The metrics",
    type: "text/plain",
  },
];
