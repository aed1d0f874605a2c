import type { Brief } from "../brief.ts";
import type { Catalogue, Model } from "../catalogue.ts";
import { ImageError } from "../errors.ts";
import type { ImageProvider } from "../provider.ts";

/** A provider as this program uses it. */
export interface ServedProvider {
  readonly provider: ImageProvider;
  /** One deadline for call, retries and download, in milliseconds. */
  readonly timeoutMs: number;
}

/** Which model makes a picture, and who serves it. */
export interface Route extends ServedProvider {
  readonly model: Model;
}

/** What finding the route of a job needs. */
export interface RouteTools {
  readonly catalogue: Catalogue;
  /** The provider with this id; the composition root has made sure that there is one for each model. */
  readonly provider: (id: string) => ServedProvider;
}

/** Throws `unknown-model` when the brief's model has left the catalogue since. */
export function routeOf({ model: id }: Pick<Brief, "model">, tools: RouteTools): Route {
  const model = tools.catalogue.served(id);
  if (!model) throw new ImageError("unknown-model", { model: id });
  return { model, ...tools.provider(model.provider) };
}
