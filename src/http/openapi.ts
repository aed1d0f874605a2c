import { z } from "zod";
import { aliases, knownParameters } from "./fields.ts";
import { extras, meanings } from "./openapi/meanings.ts";
import { form, json, type Operation, operations, type Parameter } from "./openapi/operations.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** A body's fields in JSON Schema, made from the schema that validates them, with every name that a field goes by. */
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
  const takesExtras = "model" in fields;
  for (const name of takesExtras ? knownParameters : []) {
    fields[name] = { type: ["string", "number", "boolean", "null"], description: extras };
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

function describe(operation: Operation): JsonObject {
  const {
    id,
    summary,
    answer,
    streams,
    body,
    path,
    parameters = [],
    open,
    type = json,
  } = operation;
  const names = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name);
  return {
    operationId: id,
    summary,
    ...(open ? { security: [] } : {}),
    parameters: [...names.map(pathParameter), ...parameters.map(otherParameter)],
    ...(body ? { requestBody: requestBody(operation, body) } : {}),
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
