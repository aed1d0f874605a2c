import type { ImageFaultName } from "../fakes/image-faults.ts";
import type { Installation } from "./installation.ts";
import { oneOf, type Random } from "./random.ts";

/** What goes wrong, and the function that puts it right again. */
type Trouble = (installation: Installation) => (() => unknown) | Promise<() => unknown>;

/** Whom it befalls. */
export type Part = keyof typeof matrix;

const hourMs = 3_600_000;
const nothing = () => undefined;

function failing(fault: ImageFaultName): Trouble {
  return ({ service, unpainted }) => {
    const first = service.requests.length;
    service.keepMisbehaving(fault);
    return () => {
      service.keepMisbehaving();
      for (let at = first; at < service.requests.length; at++) unpainted.add(at);
    };
  };
}

function clockAhead(ms: number): Trouble {
  return (installation) => {
    installation.moveClock(ms);
    return () => installation.moveClock(0);
  };
}

/** Everything that can go wrong, by whom it befalls. How a process ends is said where it lives. */
const matrix = {
  service: {
    slow({ service }: Installation) {
      service.setDelay(1500);
      return () => service.setDelay(50);
    },
    busy: failing("busy"),
    broken: failing("html-error"),
    "cut off": failing("cut-before-headers"),
  },
  discord: {
    down({ discord }: Installation) {
      discord.down();
      return () => discord.up();
    },
    failing({ discord }: Installation) {
      discord.failNext(/./, { status: 502 }, 8);
      return nothing;
    },
    "too busy"({ discord }: Installation) {
      discord.failNext(/^PATCH/, { status: 429, retryAfterMs: 500 }, 4);
      return nothing;
    },
    "without answers"({ discord }: Installation) {
      discord.cutNext(/^(?:PATCH|POST)/, "after", 3);
      return nothing;
    },
    "without a gateway"({ discord }: Installation) {
      discord.gateway.dropConnection();
      return nothing;
    },
  },
  telegram: {
    async down({ telegram }: Installation) {
      await telegram.down();
      return () => telegram.up();
    },
    failing({ telegram }: Installation) {
      telegram.faults.failNext("*", { code: 500, description: "Internal Server Error" }, 8);
      return nothing;
    },
    flooded({ telegram }: Installation) {
      telegram.faults.floodNext("*", 1, 3);
      return nothing;
    },
    "without answers"({ telegram }: Installation) {
      telegram.faults.cutNext("*", "after", 3);
      return nothing;
    },
  },
  disk: {
    full: ({ disk }: Installation) => disk?.fill() ?? nothing,
    "out of files": ({ disk }: Installation) => disk?.takeFiles() ?? nothing,
  },
  clock: { ahead: clockAhead(20 * hourMs), behind: clockAhead(-20 * hourMs) },
  process: {
    "killed while it starts": () => nothing,
    "killed as soon as it works": () => nothing,
    "killed while it stops": () => nothing,
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Trouble>>>>;

/** Two troubles of two parts, by chance. */
export interface Pair {
  readonly parts: readonly [Part, Part];
  readonly names: readonly string[];
  /** Puts an end to both. */
  begin(installation: Installation): Promise<() => Promise<void>>;
}

/** A pair by chance. */
export function aPair(random: Random): Pair {
  const parts = Object.keys(matrix) as Part[];
  const first = oneOf(parts, random);
  const second = oneOf(
    parts.filter((part) => part !== first),
    random,
  );
  const chosen = parts
    .filter((part) => part === first || part === second)
    .map((part) => ({ part, name: oneOf(Object.keys(matrix[part]), random) }));
  return {
    parts: chosen.map(({ part }) => part) as [Part, Part],
    names: chosen.map(({ name }) => name),
    async begin(installation) {
      const ends: (() => unknown)[] = [];
      for (const { part, name } of chosen) {
        const troubles: Readonly<Record<string, Trouble>> = matrix[part];
        ends.push((await troubles[name]?.(installation)) ?? nothing);
      }
      return async () => {
        for (const end of ends) await end();
      };
    },
  };
}
