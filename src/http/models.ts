import type { Model } from "../../core/catalogue.ts";
import type { Answer } from "./answer.ts";
import type { Door, RequestContext } from "./context.ts";

/**
 * `GET /v1/models`. `?aliases=true` lists other names as well, `?details=true` says more of each; a model whose
 * catalogue entry has `listAliases` shows its other names always.
 */
export function listModels({ catalogue }: Door, context: RequestContext): Answer {
  const withAliases = asksFor(context, "aliases");
  const data = catalogue.models.flatMap((model) => {
    const aliases = withAliases || model.listAliases ? model.aliases : [];
    return [model.id, ...aliases].map((id) => toWire(model, id, context));
  });
  return { json: { object: "list", data } };
}

/** `GET /v1/models/{id}`; an id may hold slashes, and may be an alias. Throws `unknown-model`. */
export function getModel({ catalogue }: Door, context: RequestContext): Answer {
  const id = context.req.param("model") ?? "";
  const model = catalogue.find(id);
  return { json: toWire(model, id, context) };
}

function toWire(model: Model, id: string, context: RequestContext) {
  const { created } = model;
  const wire = { id, object: "model", created, owned_by: "sd-exacg-gateway" };
  return asksFor(context, "details") ? { ...wire, ...detailsOf(model) } : wire;
}

/** In OpenRouter's words, which Chatbox and others read. */
function detailsOf({ id, aliases, edits }: Model) {
  const input_modalities = edits ? ["text", "image"] : ["text"];
  return {
    name: id,
    aliases,
    architecture: { input_modalities, output_modalities: ["image"] },
    context_length: null,
  };
}

function asksFor(context: RequestContext, what: string): boolean {
  return ["true", "1"].includes(context.req.query(what) ?? "");
}
