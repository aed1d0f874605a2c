import { type Settings, type SettingsStore, settingsSchema } from "../../core/settings.ts";

/** Settings in memory. */
export function memorySettings(): SettingsStore & { readonly kept: Map<string, Settings> } {
  const kept = new Map<string, Settings>();
  return {
    kept,
    get: async (scope) => kept.get(scope) ?? {},
    async set(scope, changes) {
      kept.set(scope, settingsSchema.parse({ ...kept.get(scope), ...changes }));
    },
    async forget(scope) {
      kept.delete(scope);
    },
  };
}
