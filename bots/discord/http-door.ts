import { z } from "zod";
import type { Deliverer } from "../../core/studio/outbox.ts";
import { persist } from "../pacing.ts";
import { discordBot, type DiscordBotOptions, inviteLink } from "./bot.ts";
import { DiscordFailure, failureOf } from "./errors.ts";
import { limits } from "./limits.ts";
import { fetchRest } from "./rest.ts";
import { createWebhook } from "./webhook.ts";

/** What the door needs whose interactions come over HTTP. */
export interface DiscordHttpDoorOptions extends DiscordBotOptions {
  /** The application's public key, in hexadecimal digits; otherwise setting up finds it out. */
  readonly publicKey: string | undefined;
}

/** Who the bot is to Discord. */
export interface Application {
  readonly id: string;
  readonly name: string;
  readonly publicKey: string;
}

/** What setting up came to. */
export interface SetUp {
  readonly application: Application;
  /** The address at which people add the bot. */
  readonly invite: string;
  /** Discord has the commands. */
  readonly commands: boolean;
  /** Why Discord does not send interactions to the address; undefined if it does. */
  readonly refusal: string | undefined;
}

/** The bot on Discord where interactions come over HTTP. Messages do not, so no picture is changed by answering it. */
export interface DiscordHttpDoor {
  /** Shows the jobs of this door, even before it is set up. */
  readonly deliverer: Deliverer;
  /** "connected" once its interactions can be told from others. */
  readonly state: string;
  /** Takes interactions by POST. */
  readonly webhook: (request: Request) => Promise<Response>;
  /** Takes interactions as this application, which was set up before. */
  introduce(application: Application): void;
  /**
   * Registers the commands, and has Discord send interactions to this address, where one is given. Throws DiscordFailure
   * where Discord cannot be reached or refuses the token.
   */
  setUp(address: string | undefined): Promise<SetUp>;
  /** Sets up in the background, however long that takes. */
  start(address: string | undefined): void;
  /** Gives up what is under way after a while. */
  stop(): void;
}

const told = z
  .object({ id: z.string(), name: z.string(), verify_key: z.string() })
  .transform(({ id, name, verify_key }): Application => ({ id, name, publicKey: verify_key }));

const pauses = { firstMs: 1_000, longestMs: 60_000 };

/** Creates the Discord door for interactions over HTTP. It holds no connection. */
export function createDiscordHttpDoor(options: DiscordHttpDoorOptions): DiscordHttpDoor {
  const { url, token, fetch, log } = options;
  const ending = new AbortController();
  const { signal } = ending;
  const rest = fetchRest({ url, token, fetch, signal });
  const bot = discordBot(options, rest, signal);
  let { publicKey } = options;
  let trouble = "connecting";

  const door: DiscordHttpDoor = {
    deliverer: bot.deliverer,
    get state() {
      return publicKey === undefined ? trouble : "connected";
    },
    webhook: createWebhook({ publicKey: () => publicKey, handle: bot.onInteraction }),
    introduce(application) {
      ({ publicKey } = application);
    },
    async setUp(address) {
      const route = "/applications/@me";
      const application = told.parse(await rest({ method: "GET", route }).catch(rethrown));
      door.introduce(application);
      const commands = await bot.register(application.id);
      // Discord asks this address at once whether it knows wrong signatures from right ones.
      const body = { interactions_endpoint_url: address };
      const refusal =
        address === undefined
          ? undefined
          : await rest({ method: "PATCH", route, body }).then(() => undefined, reasonOf);
      return { application, invite: inviteLink(application.id), commands, refusal };
    },
    start: (address) => void connect(address).catch(() => undefined),
    stop() {
      const givenUp = new DiscordFailure("the process ends");
      setTimeout(() => ending.abort(givenUp), limits.lastCallsMs).unref();
    },
  };

  async function connect(address: string | undefined): Promise<void> {
    const setUp = async () => {
      const { refusal, commands } = await door.setUp(address);
      if (refusal !== undefined) log.warn({ address, refusal }, "Discord refuses this address");
      if (!commands) throw new DiscordFailure("Discord does not take the commands");
    };
    const failed = (error: unknown) => {
      trouble = `failed: ${reasonOf(error)}`;
      log.warn({ reason: reasonOf(error) }, "Discord cannot be set up; trying again");
      return 0;
    };
    await persist(setUp, { pauses, signal, failed });
  }
  return door;
}

function rethrown(error: unknown): never {
  throw failureOf(error);
}

function reasonOf(error: unknown): string {
  return failureOf(error).message;
}
