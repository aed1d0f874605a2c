/** The stand-in's time: the machine's, plus what a test added. Never goes back. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Lets `ms` pass at once, for everything that has an age: tokens, messages, links, limits. */
  readonly advance: (ms: number) => void;
  /** From now on, time passes by `advance` alone. */
  readonly stop: () => void;
}

/** A clock that starts at the machine's time. */
export function startClock(): Clock {
  let offset = 0;
  let base = () => Date.now();
  return {
    now: () => base() + offset,
    advance: (ms) => {
      offset += ms;
    },
    stop: () => {
      const stopped = base();
      base = () => stopped;
    },
  };
}

/** Discord's epoch, the first second of 2015: https://docs.discord.com/developers/reference#snowflakes */
const DISCORD_EPOCH = 1_420_070_400_000;
const COUNTER_BITS = 22n;

/** Ids as Discord makes them: the time in the high bits, rising also within one millisecond. */
export function snowflakes(clock: Clock): () => string {
  let count = 0n;
  return () => {
    count = (count + 1n) % (1n << COUNTER_BITS);
    return String((BigInt(clock.now() - DISCORD_EPOCH) << COUNTER_BITS) | count);
  };
}

/** Which shard hears of a guild: https://docs.discord.com/developers/events/gateway#sharding */
export function shardOf(guildId: string | undefined, shardCount: number): number {
  return guildId === undefined ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(shardCount));
}
