import { chatBody, completeChat } from "./chat.ts";
import { editBody, editImages, variationBody, varyImages } from "./edits.ts";
import { showAbout, showOverview } from "./about.ts";
import { generateImages, imagesBody } from "./images.ts";
import { previewPrompt, promptBody } from "./orders.ts";
import { deletePreset, listPresets, presetBody, putPreset, showPreset } from "./presets.ts";
import { linkBody, linkKey, showLink, unlinkKey } from "./link.ts";
import { createResponse, responsesBody } from "./responses.ts";
import { pictureRoutes } from "./routes/pictures.ts";
import { async, header, once, query, type Route } from "./routes/route.ts";
import {
  getModel,
  listModels,
  showBill,
  showHealth,
  showMetrics,
  showReadiness,
} from "./service.ts";

export type { Handler, Parameter, Route } from "./routes/route.ts";

const formOrJson = ["multipart/form-data", "application/json"];

const moreOfEach = query("details", "true: name, aliases and modalities of each.");
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

const makingRoutes: readonly Route[] = [
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
    parameters: [once, alive, async],
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
    parameters: [once, alive, async],
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
    parameters: [once, alive, async],
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
    path: "/prompts",
    handle: previewPrompt,
    id: "previewPrompt",
    summary: "What words would be painted as, without painting",
    body: promptBody,
    answer: "The prompt, and the ratio that fits it",
  },
];

const serviceRoutes: readonly Route[] = [
  {
    method: "get",
    path: "/about",
    handle: showAbout,
    id: "showAbout",
    summary: "Who paints here, which doors there are, and what is left of one's quota",
    answer: "Models with their painters, the enhancer, the doors",
  },
  {
    method: "get",
    path: "/overview",
    handle: showOverview,
    id: "showOverview",
    summary: "What is under way and what failed, of everybody; for operators",
    answer: "Jobs, people, doors and storage",
  },
  {
    method: "get",
    path: "/presets",
    handle: listPresets,
    id: "listPresets",
    summary: "The presets: those of the key, and the built-in ones",
    answer: "The presets; those of the key with the code that shares them",
  },
  {
    method: "get",
    path: "/presets/{name}",
    pattern: "/presets/:name{[^/]+}",
    handle: showPreset,
    id: "retrievePreset",
    summary: "One preset, by its name",
    answer: "The preset",
  },
  {
    method: "put",
    path: "/presets/{name}",
    pattern: "/presets/:name{[^/]+}",
    handle: putPreset,
    id: "savePreset",
    summary: "Save words and wishes under a name, or bring over what is shared by a code",
    body: presetBody,
    answer: "The preset",
  },
  {
    method: "delete",
    path: "/presets/{name}",
    pattern: "/presets/:name{[^/]+}",
    handle: deletePreset,
    id: "deletePreset",
    summary: "Remove a preset of the key",
    answer: "That it is removed",
  },
  {
    method: "get",
    path: "/link",
    handle: showLink,
    id: "showLink",
    summary: "Whose the key is",
    answer: "The person, and all of their accounts",
  },
  {
    method: "post",
    path: "/link",
    handle: linkKey,
    id: "linkKey",
    summary: "Make the key that of the person who was shown this code by /link in a chat",
    body: linkBody,
    answer: "The person, and all of their accounts",
  },
  {
    method: "delete",
    path: "/link",
    handle: unlinkKey,
    id: "unlinkKey",
    summary: "Make the key its own person again",
    answer: "The key alone",
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

/** All endpoints except pages. Of two that match a request the first counts. */
export const routes: readonly Route[] = [...makingRoutes, ...pictureRoutes, ...serviceRoutes];
