import type { Archive, PictureIndex } from "../../../core/archive.ts";
import { type ImageStore, inMemory } from "../../../core/images.ts";
import { isFinished, type Job } from "../../../core/job.ts";
import type { Ledger } from "../../../core/ledger.ts";
import type { PresetStore } from "../../../core/presets.ts";
import type { QuotaStore } from "../../../core/quota.ts";
import { hexOf } from "../../../core/wire/hex.ts";

/** What one request keeps until it is answered; nothing outlives it. */
export interface Memory {
  readonly ledger: Ledger;
  readonly archive: Archive;
  readonly pictures: PictureIndex;
  readonly images: ImageStore;
  readonly quotas: QuotaStore;
  readonly presets: PresetStore;
  /** The bytes of a picture that came without a link; undefined for others. */
  bytesOf(hash: string): Uint8Array | undefined;
}

const none = async () => [];

/** Stores of one request. */
export function memory(): Memory {
  const jobs = new Map<string, Job>();
  const kept = new Map<string, Uint8Array>();
  const change = async (code: string, changes: Partial<Job>) => {
    const job = jobs.get(code);
    if (job) jobs.set(code, { ...job, ...changes });
  };
  return {
    ledger: {
      async accept(job) {
        jobs.set(job.code, job);
        return { outcome: "accepted" };
      },
      begin: change,
      note: (code, { pictures, remotes }) =>
        change(code, { ...(pictures && { pictures }), ...(remotes && { remotes }) }),
      settle: async (job) => void jobs.set(job.code, job),
      close: async () => undefined,
      open: async () => [...jobs.values()].filter((job) => !isFinished(job)),
    },
    archive: {
      find: async (code) => jobs.get(code),
      findByKey: async () => undefined,
      sameRequests: none,
      history: none,
      publish: (code) => change(code, { private: false }),
      forget: none,
    },
    pictures: {
      find: async () => undefined,
      findByHash: async () => undefined,
      remove: none,
      oldest: none,
      favor: async () => undefined,
      favorites: async () => new Set(),
      known: async () => new Set(),
      keptBytes: async () => 0,
    },
    images: memoryImages(kept),
    quotas: { used: async () => 0 },
    presets: {
      list: none,
      find: async () => undefined,
      put: async () => false,
      remove: async () => false,
    },
    bytesOf: (hash) => kept.get(hash),
  };
}

function memoryImages(kept: Map<string, Uint8Array>): ImageStore {
  return {
    check: async () => undefined,
    async put(bytes) {
      const copy = new Uint8Array(bytes);
      const hash = hexOf(new Uint8Array(await crypto.subtle.digest("SHA-256", copy)));
      kept.set(hash, copy);
      return hash;
    },
    read: async (hash) => kept.get(hash),
    async open(hash, form) {
      const bytes = form === undefined ? kept.get(hash) : undefined;
      return bytes && inMemory(bytes);
    },
    putForm: async () => undefined,
    async remove(hashes) {
      for (const hash of hashes) kept.delete(hash);
    },
    putBefore: none,
  };
}
