import { z } from "zod";
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

/** The bot on Discord where interactions come over HTTP. */
export type DiscordHttpDoor = ReturnType<typeof createDiscordHttpDoor>;

const told = z
  .object({ id: z.string(), name: z.string(), verify_key: z.string() })
  .transform(({ id, name, verify_key }): Application => ({ id, name, publicKey: verify_key }));

const pauses = { firstMs: 1_000, longestMs: 60_000 };

/**
 * Creates the Discord door for interactions over HTTP. It holds no connection. Messages do not come that way, so no picture
 * is changed by answering it.
 */
export function createDiscordHttpDoor(options: DiscordHttpDoorOptions) {
  const { url, token, fetch, log } = options;
  const ending = new AbortController();
  const { signal } = ending;
  const rest = fetchRest({ url, token, fetch, signal });
  const bot = discordBot(options, rest, signal);
  let { publicKey } = options;
  let trouble = "connecting";

  async function setUp(address: string | undefined): Promise<SetUp> {
    const route = "/applications/@me";
    const application = told.parse(await rest({ method: "GET", route }).catch(rethrown));
    ({ publicKey } = application);
    const commands = await bot.register(application.id);
    // Discord asks this address at once whether it knows wrong signatures from right ones.
    const body = { interactions_endpoint_url: address };
    const refusal =
      address === undefined
        ? undefined
        : await rest({ method: "PATCH", route, body }).then(() => undefined, reasonOf);
    return { application, invite: inviteLink(application.id), commands, refusal };
  }

  async function connect(address: string | undefined): Promise<void> {
    const { refusal, commands } = await setUp(address);
    if (refusal !== undefined) log.warn({ address, refusal }, "Discord refuses this address");
    if (!commands) throw new DiscordFailure("Discord does not take the commands");
  }

  function failed(error: unknown): number {
    trouble = `failed: ${reasonOf(error)}`;
    log.warn({ reason: reasonOf(error) }, "Discord cannot be set up; trying again");
    return 0;
  }

  return {
    /** Shows the jobs of this door, even before it is set up. */
    deliverer: bot.deliverer,
    /** "connected" once its interactions can be told from others. */
    get state(): string {
      return publicKey === undefined ? trouble : "connected";
    },
    /** Takes interactions by POST. */
    webhook: createWebhook({ publicKey: () => publicKey, handle: bot.onInteraction }),
    /** Takes interactions as this application, which was set up before. */
    introduce(application: Application) {
      ({ publicKey } = application);
    },
    /**
     * Registers the commands, and has Discord send interactions to this address, where one is given. Throws DiscordFailure
     * where Discord cannot be reached or refuses the token.
     */
    setUp,
    /** Sets up in the background, however long that takes. */
    start(address: string | undefined) {
      persist(() => connect(address), { pauses, signal, failed }).catch(() => undefined);
    },
    /** Gives up what is under way after a while. */
    stop() {
      const givenUp = new DiscordFailure("the process ends");
      setTimeout(() => ending.abort(givenUp), limits.lastCallsMs).unref();
    },
  };
}

function rethrown(error: unknown): never {
  throw failureOf(error);
}

function reasonOf(error: unknown): string {
  return failureOf(error).message;
}
