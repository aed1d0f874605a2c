import type { Model } from "../../core/catalogue.ts";
import type { Door, RequestContext } from "./context.ts";

/** `GET /v1/models` */
export function listModels({ catalogue }: Door, context: RequestContext): Response {
  return context.json({ object: "list", data: catalogue.models.map(toWire) });
}

/** `GET /v1/models/{id}`; an id may hold slashes. Throws `unknown-model`. */
export function getModel({ catalogue }: Door, context: RequestContext): Response {
  return context.json(toWire(catalogue.find(context.req.param("id") ?? "")));
}

function toWire({ id, created }: Model) {
  return { id, object: "model", created, owned_by: "sd-exacg-gateway" };
}
