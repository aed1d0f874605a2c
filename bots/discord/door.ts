import { z } from "zod";
import type { Log } from "../../core/observe.ts";
import { discordBot, type DiscordBotOptions, inviteLink } from "./bot.ts";
import {
  type Connection,
  type ConnectionState,
  GatewayConnection,
  type Shard,
} from "./connection.ts";
import { DiscordFailure, failureOf } from "./errors.ts";
import { limits } from "./limits.ts";
import { fetchRest, type Rest } from "./rest.ts";

/** What the Discord door needs. */
export interface DiscordDoorOptions extends DiscordBotOptions {
  /** Where an address of the gateway is reached; without it, where it says. */
  readonly gatewayAt?: (url: string) => string;
  /** Called once, when the bot first connects, with the address at which people add it. */
  readonly onInvite?: (link: string) => void;
  readonly firstRetryMs?: number;
  /** Calls under way are given up this long after `stop`. */
  readonly stopWithinMs?: number;
}

/** The bot on Discord. */
export type DiscordDoor = ReturnType<typeof createDiscordDoor>;

/** Creates the Discord door. Once started, it connects, registers changed commands, and answers interactions. */
export function createDiscordDoor(options: DiscordDoorOptions) {
  const { token, url, log, fetch, gatewayAt } = options;
  const { firstRetryMs, stopWithinMs = limits.lastCallsMs } = options;
  const ending = new AbortController();
  const rest = fetchRest({ url, token, fetch, signal: ending.signal });
  const bot = discordBot(options, rest, ending.signal);
  const { deliverer, onInteraction, onMessage } = bot;
  let greeted = false;
  let registered = false;
  const connectionOf = (shard?: Shard) =>
    new GatewayConnection({
      ...{ token, url, fetch, gatewayAt, log, onInteraction, onMessage, shard },
      onConnected(application) {
        if (!greeted) options.onInvite?.(inviteLink(application));
        greeted = true;
        if (registered) return;
        registered = true;
        void receiveByGateway(rest, log);
        void bot.register(application).then((done) => {
          registered = done;
        });
      },
      ...(firstRetryMs === undefined ? {} : { firstRetryMs }),
    });
  const connection = connectionOf();
  return {
    /** Shows the jobs of this door, even before `start`. */
    deliverer,
    get state(): ConnectionState {
      return connection.state;
    },
    /** The connection of one part of the servers, for a process that has not all of them. */
    shard: (shard: Shard): Connection => connectionOf(shard),
    /** Connects in the background. */
    start: () => connection.start(),
    /** Disconnects so that it may be started again. */
    pause: () => connection.stop(),
    /** Answers the interactions under way, then disconnects; what is not shown soon is left to the next process. */
    stop() {
      const givenUp = new DiscordFailure("the process ends");
      setTimeout(() => ending.abort(givenUp), stopWithinMs).unref();
      return connection.stop();
    },
  };
}

const told = z.object({ interactions_endpoint_url: z.string().nullish() });

/** Discord tells the gateway of no interaction as long as it has an address to send them to. */
async function receiveByGateway(rest: Rest, log: Log): Promise<void> {
  const route = "/applications/@me";
  try {
    const { interactions_endpoint_url: address } = told.parse(await rest({ method: "GET", route }));
    if (!address) return;
    await rest({ method: "PATCH", route, body: { interactions_endpoint_url: null } });
    log.info({ address }, "Discord sent interactions to this address, and sends them here again");
  } catch (error) {
    log.warn({ reason: failureOf(error).message }, "it is not known where interactions go");
  }
}
