import { autoRetry } from "@grammyjs/auto-retry";
import { Api, type Transformer } from "grammy";
import { floodGate } from "./flood-gate.ts";
import { pace } from "./limits.ts";
import { withClearErrors } from "./trouble.ts";

export interface ApisOptions {
  readonly token: string;
  /** Without a slash at its end. */
  readonly apiUrl: string;
  /** Between two messages anywhere. */
  readonly messageEveryMs: number;
  readonly now: () => number;
  /** Ends every call that is under way. */
  readonly closing: AbortSignal;
}

/** Two ways to the same Bot API, which know of each other's flood waits. */
export interface Apis {
  /** Fails at once, for what somebody else repeats or drops. */
  readonly direct: Api;
  /** Waits as long as the platform wants and tries again, for answers that are given once. */
  readonly patient: Api;
}

/** The longest flood wait that an answer is worth. */
const longestWaitSeconds = 300;

/** How long each call may take before it counts as lost, in the order in which the names are tried. */
const deadlines: readonly (readonly [RegExp, number])[] = [
  [/^getUpdates$/, pace.pollSeconds * 1000 + pace.callMs],
  [/^(sendPhoto|sendDocument|sendMediaGroup|editMessageMedia)$/, pace.uploadMs],
  [/^/, pace.callMs],
];

export function createApis(options: ApisOptions): Apis {
  const { token, apiUrl, closing } = options;
  const gate = floodGate(options);
  const retry = autoRetry({
    maxRetryAttempts: 3,
    maxDelaySeconds: longestWaitSeconds,
    rethrowHttpErrors: true,
  });
  const deadline = withDeadline(closing);
  const client = { apiRoot: apiUrl };
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
