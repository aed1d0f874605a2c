import { Refusal, tooManyRequests } from "./errors.ts";

/**
 * Which requests are meant: a route by its name, such as `PATCH /channels/:channel/messages/:message`,
 * or what matches `METHOD /path`, such as `/@original$/`.
 */
export type RoutePattern = string | RegExp;

/** An answer that a test wants instead of the real one. */
export interface Failure {
  readonly status: number;
  /** Discord's own code; 0 where it has none. */
  readonly code?: number;
  readonly message?: string;
  /** With status 429: how long the app is to wait. */
  readonly retryAfterMs?: number;
  /** With status 429: whether for all routes. */
  readonly global?: boolean;
}

/** Whether the connection is cut before the request has any effect, or after it had. */
export type CutTime = "before" | "after";

/** A request that is being held. */
export interface HeldRequest {
  /** Resolves when it has arrived. */
  readonly arrived: Promise<void>;
  /** Lets it go on. */
  release(): void;
}

/** What goes wrong on a test's wish. */
export interface Faults {
  /** Answers the next `times` requests so, without any effect. */
  failNext(pattern: RoutePattern, failure: Failure, times?: number): void;
  /** Cuts the connection of the next `times` requests. */
  cutNext(pattern: RoutePattern, when: CutTime, times?: number): void;
  /** Holds the next request until it is released, before or after it has its effect. */
  delayNext(pattern: RoutePattern, when?: CutTime): HeldRequest;
}

/** What is planned for one request. */
export interface PlannedFaults {
  readonly failure: Refusal | undefined;
  readonly cut: CutTime | undefined;
  /** Resolves when the request may go on. */
  hold(when: CutTime): Promise<void>;
}

interface Plan {
  readonly pattern: RoutePattern;
  left: number;
  readonly failure?: Failure;
  readonly cut?: CutTime;
  readonly held?: { readonly when: CutTime; readonly hold: () => Promise<void> };
}

/** Remembers what a test planned, and takes each plan off when its request comes. */
export function createFaults(): Faults & {
  take(route: string, request: string): PlannedFaults;
} {
  const plans: Plan[] = [];

  function next(route: string, request: string, has: (plan: Plan) => boolean): Plan | undefined {
    const found = plans.find(
      (plan) => plan.left > 0 && has(plan) && fits(plan.pattern, route, request),
    );
    if (found) found.left -= 1;
    return found;
  }

  return {
    failNext: (pattern, failure, times = 1) => plans.push({ pattern, failure, left: times }),
    cutNext: (pattern, cut, times = 1) => plans.push({ pattern, cut, left: times }),
    delayNext(pattern, when = "before") {
      const arrival = Promise.withResolvers<undefined>();
      const departure = Promise.withResolvers<undefined>();
      const hold = async () => {
        arrival.resolve(undefined);
        await departure.promise;
      };
      plans.push({ pattern, held: { when, hold }, left: 1 });
      return {
        arrived: arrival.promise,
        release: () => departure.resolve(undefined),
      };
    },
    take(route, request) {
      const failure = next(route, request, (plan) => plan.failure !== undefined)?.failure;
      const cut = next(route, request, (plan) => plan.cut !== undefined)?.cut;
      const held = next(route, request, (plan) => plan.held !== undefined)?.held;
      return {
        failure: failure && refusalOf(failure),
        cut,
        hold: async (when) => {
          if (held?.when === when) await held.hold();
        },
      };
    },
  };
}

function fits(pattern: RoutePattern, route: string, request: string): boolean {
  return typeof pattern === "string" ? pattern === route : pattern.test(request);
}

function refusalOf({ status, code = 0, message, retryAfterMs, global }: Failure): Refusal {
  if (status === 429) {
    return tooManyRequests(retryAfterMs ?? 1_000, {
      code,
      ...(global === undefined ? {} : { global }),
      ...(message === undefined ? {} : { message }),
    });
  }
  return new Refusal(status, { code, message: message ?? `${status}: planned by the test` });
}
