import { z } from "zod";
import { aliases, knownParameters } from "./names.ts";
import { type Parameter, type Route, routes } from "./routes.ts";

type JsonObject = Readonly<Record<string, unknown>>;

const json = "application/json";
const form = "multipart/form-data";

/** A body's fields in JSON Schema, made from the schema that validates them, under all their names. */
export function fieldsOf(body: z.ZodObject): {
  fields: Record<string, JsonObject>;
  required: string[];
} {
  const schema = z.toJSONSchema(body, { io: "input", unrepresentable: "any" });
  const fields: Record<string, JsonObject> = {};
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const meaning = meanings[name];
    const plain = typeof property === "boolean" ? {} : (property as JsonObject);
    fields[name] = meaning === undefined ? plain : { ...plain, description: meaning };
  }
  for (const [alias, name] of aliases) {
    const field = fields[name];
    if (field) fields[alias] = { ...field, description: `Another name of ${name}.` };
  }
  const takesExtras = "model" in fields;
  for (const name of takesExtras ? knownParameters : []) {
    fields[name] ??= { type: ["string", "number", "boolean", "null"], description: extras };
  }
  return { fields, required: schema.required ?? [] };
}

/** The description of the API for machines (OpenAPI 3.1); the base path may also be left out. */
export function openapiDocument() {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: describe(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Drawbridge",
      version: "1",
      description:
        "Pictures from words, in OpenAI's shapes. Unknown fields are left out; images name them in notices.",
    },
    servers: [{ url: "/v1" }],
    security: [{ key: [] }, { azureKey: [] }],
    paths,
    components: {
      securitySchemes: {
        key: { type: "http", scheme: "bearer" },
        azureKey: { type: "apiKey", in: "header", name: "api-key" },
      },
      schemas: { Error: errorSchema },
    },
  };
}

const errorSchema = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["message", "type", "param", "code"],
      properties: {
        message: { type: "string", description: "A sentence that says what to do." },
        type: { type: "string" },
        param: { type: ["string", "null"], description: "The field at fault." },
        code: { type: ["string", "null"] },
      },
    },
  },
};

function describe(route: Route): JsonObject {
  const { id, summary, answer, streams, body, path, parameters = [], access, type = json } = route;
  const names = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name);
  return {
    operationId: id,
    summary,
    ...(access === "open" ? { security: [] } : {}),
    parameters: [...names.map(pathParameter), ...parameters.map(otherParameter)],
    ...(body ? { requestBody: requestBody(route, body) } : {}),
    responses: {
      200: {
        description: answer,
        content: { [type]: {}, ...(streams ? { "text/event-stream": {} } : {}) },
      },
      default: {
        description: "What went wrong, in a sentence",
        content: { [json]: { schema: { $ref: "#/components/schemas/Error" } } },
      },
    },
  };
}

function pathParameter(name: string | undefined): JsonObject {
  return { name, in: "path", required: true, schema: { type: "string" } };
}

function otherParameter({ name, place, meaning }: Parameter): JsonObject {
  return { name, in: place, description: meaning, schema: { type: "string" } };
}

function requestBody({ forms = [json] }: Route, body: z.ZodObject): JsonObject {
  const { fields, required } = fieldsOf(body);
  const picture = { description: meanings["image"] };
  const contentOf = (type: string) => {
    const properties = forms.includes(form)
      ? {
          ...fields,
          image: type === form ? { ...picture, type: "string", format: "binary" } : picture,
        }
      : fields;
    return [type, { schema: { type: "object", properties, required } }];
  };
  return { required: true, content: Object.fromEntries(forms.map(contentOf)) as JsonObject };
}

// === Descriptions

/** The text about parameters that are handed on to an image service. */
const extras =
  "For image services that know it, where the catalogue allows it; a notice otherwise.";

/** What each field of a request means, for people. One row for every name of a field. */
export const meanings: Readonly<Record<string, string>> = {
  prompt: "What the picture should show. A chat may say it in its last message of a user instead.",
  messages: "The conversation; the last message of a user is the prompt.",
  input: "A text, or a list of messages whose last one of a user is the prompt.",
  instructions: "Accepted, and not painted.",
  tools:
    "With a tool of the type image_generation the answer is a picture, whose fields may stand there.",
  model: "An id or an alias of the catalogue; without it the first model paints.",
  n: "How many pictures, or how many of each of the choices in the prompt, {red|blue} or {3-5}: 10 at most, and their seeds follow one another.",
  size: 'Pixels as "WIDTHxHEIGHT", the longest side as "2K", a shape as "16:9" or "landscape", or "auto".',
  width: "Pixels; goes with height, and wins over size.",
  height: "Pixels; goes with width, and wins over size.",
  aspect_ratio: 'From 1:3 to 3:1, such as "16:9".',
  quality: "How large and how careful: low, medium, high, standard, hd or auto.",
  seed: "1 to 2147483647 for the same picture again; larger ones are brought into that range; 0, negative or absent: one is chosen.",
  steps: "How many steps the model takes, within its own limits.",
  cfg: "How closely the model follows the words.",
  negative_prompt: "What should not be in the picture.",
  enhance: "false: paint the words as they are.",
  final_prompt:
    "Painted as it is in place of the prompt, which stays what the person typed; it is not enhanced.",
  words_first:
    "true: what the prompt says itself, such as --ar 16:9, wins over the other fields, as over a form beside it.",
  preset:
    "The name of a preset: its words go around the prompt, and it says what the request does not.",
  words:
    "What a preset adds: words around {prompt}, or behind the prompt; directives in them count.",
  pictures:
    "Codes of up to four pictures that were made here, zi-….1: they go to a model that edits, beside the words.",
  code: "Of a preset: the share code, zp-…, by which it is brought over in place of the other fields. Of a link: what /link shows in a chat, zl-….",
  response_format: "b64_json, which is the default, or url.",
  output_format: "png, jpeg or webp; by default whatever the image service made.",
  output_compression: "0 to 100, for jpeg and webp.",
  stream: "true: server-sent events.",
  stream_options: "include_usage: a last chunk says how many tokens the enhancer used.",
  reasoning: "true: a streamed chat tells how the work goes on, as reasoning_content.",
  modalities: 'With "image" in it, the picture comes in message.images instead of as a link.',
  image_config: "With an aspect_ratio in it: the shape, as OpenRouter's clients ask for it.",
  tool_choice: '"none": a message that shows the picture, also where the tool is there.',
  partial_images: "How many previews to send at most, where the image service shows any.",
  background:
    "true is refused: nothing runs on without its client here. transparent, in a tool, is for image services that know it.",
  previous_response_id:
    "The response before: its picture is changed where the words ask for that. What was said before is not read.",
  action:
    "edit: change what is in the input, or the picture before; generate: never the picture before; auto: as the words say.",
  favorite: "true: it is one; false: it is none.",
  picture: "Only the picture with this number, from 1.",
  wording: "kept: the same final prompt; anew: ask the enhancer again; own: the words as they are.",
  image:
    "The picture to start from, as a file (image or image[]) or in JSON as a data: URL or base64; for models that can edit.",
};
