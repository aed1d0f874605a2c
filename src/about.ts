import { idsOf, type Requester } from "../core/request.ts";
import type { Keep } from "../core/providers/dialect.ts";
import type { Config } from "./config.ts";
import type { About } from "./http/context.ts";
import { isSketch, painterOf } from "./providers.ts";

/**
 * What changes while the process runs: what its providers keep, the states of its doors, and the links by which people
 * add its bots.
 */
export interface Standing {
  readonly keep: Keep;
  readonly doors: () => About["doors"];
  readonly invites: () => About["invites"];
}

/** What the page tells its reader of this installation. */
export function aboutOf(config: Config, standing: Standing): (requester: Requester) => About {
  const { keep } = standing;
  return (requester) => ({
    models: config.models.map((model) => ({
      id: model.id,
      provider: model.provider,
      painter: painterOf(model, config, keep),
      sketch: isSketch(model, config),
      edits: model.edits ?? null,
      ratios: Object.keys(model.sizes),
    })),
    enhancer: config.enhancer?.model ?? null,
    doors: standing.doors(),
    invites: standing.invites(),
    publicUrl: config.PUBLIC_URL ?? null,
    operator: idsOf(requester).some((id) => config.operators.has(id)),
  });
}
