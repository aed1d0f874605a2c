import type { Model } from "../../core/catalogue.ts";
import type { Answer } from "./answer.ts";
import type { Door, RequestContext, ServedDoor } from "./context.ts";

/** `GET /healthz`: the process lives. */
export function showHealth(): Answer {
  return { json: { status: "ok" } };
}

/**
 * `GET /readyz`: 200 when every configured door is connected and new pictures can be kept, otherwise 503; with the state
 * of each door and of the storage.
 */
export async function showReadiness({ doors, storage }: ServedDoor): Promise<Answer> {
  const states = doors();
  const problem = await storage();
  const connected = Object.values(states).every((state) => isReady.has(state));
  const ready = connected && problem === undefined;
  const kept = problem === undefined ? "ok" : `failed: ${problem}`;
  const json = { status: ready ? "ready" : "not ready", doors: states, storage: kept };
  return { status: ready ? 200 : 503, json };
}

/** `standby`: another process has the connection, and this one takes it over when that dies. */
const isReady: ReadonlySet<string> = new Set(["connected", "standby"]);

/** `GET /metrics`, in Prometheus' text format. */
export async function showMetrics({ metrics }: ServedDoor): Promise<Answer> {
  const headers = { "content-type": "text/plain; charset=UTF-8" };
  return { headers, body: await metrics() };
}

/** The answers, by the last part of their path. */
const bills: Readonly<Record<string, object>> = {
  subscription: {
    object: "billing_subscription",
    has_payment_method: true,
    soft_limit_usd: 0,
    hard_limit_usd: 0,
    system_hard_limit_usd: 0,
    access_until: 0,
  },
  credit_grants: {
    object: "credit_summary",
    total_granted: 0,
    total_used: 0,
    total_available: 0,
    grants: { object: "list", data: [] },
  },
};

const usage = { object: "list", daily_costs: [], total_usage: 0 };

/**
 * `GET /dashboard/billing/…`, which NextChat and similar panels request beside the models. No money is counted here, so
 * every amount is 0; an unknown path is answered as usage. The rest of a quota is in the headers of the pictures.
 */
export function showBill(_: ServedDoor, context: RequestContext): Answer {
  const what = context.req.param("what") ?? "";
  const known = Object.hasOwn(bills, what) ? bills[what] : undefined;
  return { json: known ?? usage };
}

// === Models

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

/** Details in OpenRouter's format, which Chatbox and others read. */
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
