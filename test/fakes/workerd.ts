import { convertV4MiniflareOptions, Miniflare, Response } from "miniflare";
import { type Bundle, bundle, ownFiles, workers } from "../../src/worker/bundle.ts";
import type { Environment } from "./process.ts";

/** A Worker in the runtime of Cloudflare's own, on 127.0.0.1. */
export interface Workerd {
  readonly url: string;
  readonly runtime: Miniflare;
  close(): Promise<void>;
}

export interface WorkerdOptions {
  /** One of the files that the build makes, or an entry of a test's own. */
  readonly file: keyof typeof workers | `/${string}`;
  readonly environment?: Environment;
  /** Where the objects and the pictures outlive the runtime. */
  readonly directory?: string;
  /** The dashboard gives a Worker the day of its making; the house has its own. */
  readonly compatibilityDate?: string;
  readonly port?: number;
}

const bundles = new Map<string, Promise<Bundle>>();

/** The file's text, made once. */
export function bundleOf(file: WorkerdOptions["file"]): Promise<Bundle> {
  const known =
    bundles.get(file) ?? (file in workers ? workers[file as keyof typeof workers]() : bundle(file));
  bundles.set(file, known);
  return known;
}

let assets: Promise<string> | undefined;

/** What lies beside the Worker, made once. */
async function laidBeside(): Promise<Response> {
  assets ??= ownFiles().then((files) => JSON.stringify(files));
  return new Response(await assets);
}

export async function startWorkerd(options: WorkerdOptions): Promise<Workerd> {
  const { file, environment = {}, directory, port = 0 } = options;
  const { compatibilityDate = "2026-10-01" } = options;
  const { code } = await bundleOf(file);
  const isStateless = file === "worker-single.js";
  const worker = {
    modules: [{ type: "ESModule" as const, path: "worker.js", contents: code }],
    compatibilityDate,
    bindings: JSON.parse(JSON.stringify(environment)) as Record<string, string>,
    ...(isStateless
      ? {}
      : {
          compatibilityFlags: ["enable_request_signal", "request_signal_passthrough"],
          durableObjects: { HOUSE: { className: "House", useSQLite: true } },
          serviceBindings: { ASSETS: laidBeside },
          r2Buckets: { PICTURES: "pictures" },
        }),
  };
  const runtime = new Miniflare({
    ...convertV4MiniflareOptions({
      ...worker,
      host: "127.0.0.1",
      port,
      cf: false,
      telemetry: { enabled: false },
    }),
    ...(directory === undefined ? {} : { resourcePersistencePath: directory }),
  });
  const { origin } = await runtime.ready;
  return { url: origin, runtime, close: () => runtime.dispose() };
}
