import type { Model } from "../core/catalogue.ts";
import type { Observer } from "../core/observe.ts";
import type { ProviderState } from "./http/context.ts";

/** What is told of a provider that no picture was asked of. */
const untried = { failuresInRow: 0, lastFault: null, lastFailedAt: null, lastMadeAt: null };

type Health = { -readonly [Name in keyof typeof untried]: ProviderState[Name] };

/** How the providers fare that this process calls, since its start. */
export interface HealthWatch {
  /** Hears what the given observer hears, which is told everything, too. */
  readonly observe: Observer;
  readonly states: () => readonly ProviderState[];
}

/** What watching needs: the models that are served, and how many calls each of their providers takes at once. */
export interface HealthOptions {
  readonly models: readonly Pick<Model, "id" | "provider">[];
  /** The provider that paints for the one that a model names, and its slots. */
  readonly providerOf: (id: string) => { readonly id: string; readonly slots: number };
  readonly observe: Observer;
  readonly now: () => number;
}

/** Watches what becomes of the calls to each provider. */
export function watchHealth({ models, providerOf, observe, now }: HealthOptions): HealthWatch {
  const byModel = new Map(models.map(({ id, provider }) => [id, providerOf(provider)]));
  const slots = new Map([...byModel.values()].map((one) => [one.id, one.slots]));
  const known = new Map<string, Health>([...slots.keys()].map((id) => [id, { ...untried }]));
  return {
    observe: {
      ...observe,
      pictureMade(model, tookMs) {
        observe.pictureMade(model, tookMs);
        const health = known.get(byModel.get(model)?.id ?? "");
        if (health) Object.assign(health, { failuresInRow: 0, lastMadeAt: now() });
      },
      providerFailed(provider, fault) {
        observe.providerFailed(provider, fault);
        const health = known.get(provider);
        // Words that a service refuses say nothing about the service.
        if (!health || fault === "refused") return;
        health.failuresInRow++;
        Object.assign(health, { lastFault: fault, lastFailedAt: now() });
      },
    },
    states: () => [...known].map(([id, health]) => ({ id, slots: slots.get(id) ?? 0, ...health })),
  };
}
