import { autoRetry } from "@grammyjs/auto-retry";
import { Api, type ApiClientOptions, type Transformer } from "grammy";
import { optional } from "../../core/optional.ts";
import { withClearErrors } from "./errors.ts";
import { floodGate } from "./flood-gate.ts";
import { pace } from "./limits.ts";

/** What calling the Bot API needs. */
export interface ApisOptions {
  readonly token: string;
  /** Without a trailing slash. */
  readonly apiUrl: string;
  /** The shortest time between two messages anywhere. */
  readonly messageEveryMs: number;
  /** Aborts every call under way. */
  readonly closing: AbortSignal;
  /** What calls are made by; without it, by grammY's own. */
  readonly callBy?: typeof globalThis.fetch;
}

/** Two ways to call the same Bot API; they share its flood limits. */
export interface Apis {
  /** Fails at once: for calls that the caller repeats or drops. */
  readonly direct: Api;
  /** Waits for flood limits and repeats the call: for answers that are sent once. */
  readonly patient: Api;
}

/** The longest flood limit that an answer waits for. */
const longestWaitSeconds = 300;

/** The longest time for each call; the first match counts. */
const deadlines: readonly (readonly [RegExp, number])[] = [
  [/^getUpdates$/, pace.pollSeconds * 1000 + pace.callMs],
  [/^(sendPhoto|sendDocument|sendMediaGroup|edit(Ephemeral)?MessageMedia)$/, pace.uploadMs],
  [/^/, pace.callMs],
];

/** Creates both ways. */
export function createApis(options: ApisOptions): Apis {
  const { token, apiUrl, closing, callBy } = options;
  const gate = floodGate(options);
  const retry = autoRetry({
    maxRetryAttempts: 3,
    maxDelaySeconds: longestWaitSeconds,
    rethrowHttpErrors: true,
  });
  const deadline = withDeadline(closing);
  const client = { apiRoot: apiUrl, ...optional({ fetch: callBy }) } as ApiClientOptions;
  const direct = new Api(token, client);
  const patient = new Api(token, client);
  direct.config.use(deadline, gate, withClearErrors);
  patient.config.use(deadline, gate, retry, withClearErrors);
  return { direct, patient };
}

function withDeadline(closing: AbortSignal): Transformer {
  return (call, method, payload, signal) => {
    const ms = deadlines.find(([name]) => name.test(method))?.[1] ?? pace.callMs;
    const given = signal ? [signal as AbortSignal] : [];
    const ending = AbortSignal.any([...given, closing, AbortSignal.timeout(ms)]);
    return call(method, payload, ending as Parameters<Transformer>[3]);
  };
}
