import type { PlatformFiles } from "../../core/platform-files.ts";

/** References to files in memory. */
export function memoryPlatformFiles(): PlatformFiles & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    find: async (picture, use) => kept.get(`${picture} ${use}`),
    async keep(picture, use, reference) {
      kept.set(`${picture} ${use}`, reference);
    },
  };
}
