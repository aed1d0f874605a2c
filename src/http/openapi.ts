import { z } from "zod";
import { chatBody } from "./chat.ts";
import { editBody, variationBody } from "./edits.ts";
import { aliases } from "./fields.ts";
import { imagesBody } from "./images.ts";
import { meanings } from "./openapi/meanings.ts";
import { againBody } from "./recipes.ts";
import { responsesBody } from "./responses.ts";

/** One thing that a client can ask this server for. */
export interface Operation {
  readonly method: "get" | "post";
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  /** The schema that validates the body, and in which forms the body may come. */
  readonly body?: z.ZodObject;
  readonly forms?: readonly string[];
  readonly answer: string;
  readonly streams?: boolean;
}

const json = "application/json";
const form = "multipart/form-data";

/** The API as it is described; what is described is what is served. */
export const operations: readonly Operation[] = [
  {
    method: "post",
    path: "/chat/completions",
    id: "createChatCompletion",
    summary: "Paint the last message of a user, and show the picture in an answer",
    body: chatBody,
    answer: "A chat.completion whose content is Markdown with a link to the picture",
    streams: true,
  },
  {
    method: "post",
    path: "/images/generations",
    id: "createImage",
    summary: "Make pictures from words",
    body: imagesBody,
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
    answer: "The pictures, in base64 or as links",
    streams: true,
  },
  {
    method: "post",
    path: "/responses",
    id: "createResponse",
    summary: "Paint with the tool image_generation",
    body: responsesBody,
    answer: "A response with an image_generation_call, or with a message that shows the picture",
    streams: true,
  },
  {
    method: "post",
    path: "/images/{code}/again",
    id: "makeImageAgain",
    summary: "Make a picture again, the same or changed",
    body: againBody,
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
    summary: "The models; with ?aliases=true their other names, with ?details=true more of each",
    answer: "The models of the catalogue",
  },
  {
    method: "get",
    path: "/models/{model}",
    id: "retrieveModel",
    summary: "One model, by its id or an alias",
    answer: "The model",
  },
];

type JsonObject = Readonly<Record<string, unknown>>;

/** A body's fields in JSON Schema, made from the schema that validates them, with every name a field goes by. */
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
  for (const [alias, name] of Object.entries(aliases)) {
    const field = fields[name];
    if (field) fields[alias] = { ...field, description: `Another name of ${name}.` };
  }
  return { fields, required: schema.required ?? [] };
}

/** The description of the API for machines (OpenAPI 3.1); the base path may also be left out. */
export function openapiDocument() {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Drawbridge",
      version: "1",
      description:
        "Pictures from words, in OpenAI's shapes. Unknown fields are accepted in silence.",
    },
    servers: [{ url: "/v1" }],
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: { key: { type: "http", scheme: "bearer" } },
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

function describe(operation: Operation): JsonObject {
  const { id, summary, answer, streams, body, path } = operation;
  const names = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name);
  return {
    operationId: id,
    summary,
    ...(names.length > 0 ? { parameters: names.map(pathParameter) } : {}),
    ...(body ? { requestBody: requestBody(operation, body) } : {}),
    responses: {
      200: {
        description: answer,
        content: { [json]: {}, ...(streams ? { "text/event-stream": {} } : {}) },
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

function requestBody({ forms = [json] }: Operation, body: z.ZodObject): JsonObject {
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
