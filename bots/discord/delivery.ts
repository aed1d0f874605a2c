import { InteractionResponseType, MessageFlags } from "discord-api-types/v10";
import { z } from "zod";
import type { Job, JsonValue } from "../../core/job.ts";
import { optional } from "../../core/optional.ts";
import { type Deliverer, DeliveryDelayed, NotSent, type Sends } from "../../core/studio/outbox.ts";
import { waitFor } from "../../core/wire/retry.ts";
import { createDeliverer, type JobMessage, type Turn } from "../delivery.ts";
import { type Translator, translatorFor } from "../i18n.ts";
import { mixed, plain, type Screen } from "../screen.ts";
import { cancelButtons, lackingIn } from "../screens/job.ts";
import type { DiscordApi } from "./api.ts";
import { consequenceOf, DiscordFailure, failureOf } from "./errors.ts";
import { discord, type DoorTools } from "./interaction.ts";
import { limits } from "./limits.ts";
import { type Place, readPlace } from "./place.ts";
import { type Outgoing, render, type RenderOptions } from "./render.ts";
import { filesOf, showFitting } from "./show.ts";

/** What the delivery of jobs needs. */
export interface DeliveryTools extends DoorTools {
  readonly api: DiscordApi;
  /** The shortest time between two edits of a job's progress. */
  readonly progressEveryMs?: number;
}

/** How much the door is doing at once. */
interface Load {
  /** Jobs whose progress is shown. */
  shown: number;
  /** Acknowledgements under way. */
  acknowledging: number;
}

/** Shows the jobs of this door: first "thinking …", then the progress, then the picture by the first route that works. */
export function discordDeliverer(tools: DeliveryTools): Deliverer {
  const load: Load = { shown: 0, acknowledging: 0 };
  return createDeliverer({
    messageOf: (job, sends) => new AnswerMessage(job, sends, tools, load),
    announces: false,
    lacks: lackingIn(discord, tools.catalogue),
    now: tools.now,
  });
}

// === Routes

/** One way to show a job. */
interface Route {
  readonly name: "answer" | "message" | "channel" | "conversation";
  /** Whose upload limit counts: that of the answered person, or the bot's own. */
  readonly by: "answer" | "bot";
  /** Edits the message that is already there. */
  readonly edits: boolean;
  isOpen(answer: AnswerMessage): boolean;
  /** May be repeated: the job is shown once. Throws DiscordFailure. */
  show(answer: AnswerMessage, message: Outgoing): Promise<unknown>;
}

const inChannel = {
  by: "bot",
  isOpen: ({ job, place }: AnswerMessage) => place.bot && !job.private,
} as const;

/** In the order in which they are tried: the closer to where the person asked, the earlier. */
const routes: readonly Route[] = [
  {
    // Edits the first answer with the interaction's token.
    ...{ name: "answer", by: "answer", edits: true },
    isOpen: ({ job, place, tools }) =>
      place.message === undefined && tools.now() - job.createdAt < limits.tokenLifeMs,
    show: ({ tools, place }, message) => tools.api.editAnswer(place, message),
  },
  {
    // Edits the same message with the bot's token.
    ...{ ...inChannel, name: "message", edits: true },
    async show(answer, message) {
      const id = await answer.id();
      if (id === undefined) throw new DiscordFailure("its message is not known", { status: 404 });
      await answer.tools.api.edit(answer.place.channel, id, message);
    },
  },
  {
    // Sends a new message to the same channel, and deletes the old one.
    ...{ ...inChannel, name: "channel", edits: false },
    async show(answer, message) {
      const { api } = answer.tools;
      const { channel } = answer.place;
      await answer.sendOnce("channel", channel, message);
      const old = await answer.id();
      if (old !== undefined) await api.delete(channel, old).catch(() => undefined);
    },
  },
  {
    // Sends a direct message to the person.
    ...{ name: "conversation", by: "bot", edits: false },
    isOpen: () => true,
    async show(answer, message) {
      const channel = await answer.tools.api.openConversation(answer.place.user);
      await answer.sendOnce("conversation", channel, message);
    },
  },
];

/** The end of the nonce by which Discord recognises a message that it has already. */
const nonceEndings = { channel: "c", conversation: "d" } as const;

const acknowledged = z.object({
  message: z.string().optional(),
  refused: z.boolean().default(false),
});

// === The message

/** The answer to the interaction or message that asked, or what takes its place. */
class AnswerMessage implements JobMessage {
  readonly job: Job;
  readonly place: Place;
  readonly tools: DeliveryTools;
  readonly #sends: Sends;
  readonly #load: Load;
  readonly #t: Translator;
  readonly #closed = new Set<Route>();
  shown: Screen | undefined;
  previews = true;

  constructor(job: Job, sends: Sends, tools: DeliveryTools, load: Load) {
    this.job = job;
    this.place = readPlace(job.delivery.place);
    this.tools = tools;
    this.#sends = sends;
    this.#load = load;
    this.#t = translatorFor(job.requester.locale);
  }

  /** Progress can wait; an acknowledgement is worthless after three seconds. */
  async begin(_: unknown, ended: AbortSignal): Promise<void> {
    this.#load.shown++;
    await this.#acknowledge();
    await this.id();
    while (this.#load.acknowledging > 0) await waitFor(limits.yieldMs, ended);
  }

  end(): void {
    this.#load.shown--;
  }

  turn(): Turn | undefined {
    const route = this.#editRoute;
    if (!route) return undefined;
    const { progressEveryMs = limits.progressEveryMs } = this.tools;
    const sharedMs = (this.#load.shown * 1000) / limits.progressPerSecond;
    const factor = route.by === "bot" ? limits.botEditFactor : 1;
    return { line: this.job.code, everyMs: Math.max(progressEveryMs, sharedMs) * factor };
  }

  get #editRoute(): Route | undefined {
    return routes.find((one) => one.edits && !this.#closed.has(one) && one.isOpen(this));
  }

  async update(screen: Screen): Promise<void> {
    const route = this.#editRoute;
    if (!route) return;
    const filesFor = await filesOf(screen, this.place, this.tools);
    const files = await filesFor({ fileBytes: limits.fileBytes, plain: false });
    const shown = route.show(this, render(screen, { files }));
    const failure = await shown.then(() => undefined, failureOf);
    const consequence = failure && consequenceOf(failure);
    if (consequence === undefined) this.shown = screen;
    else if (consequence === "too-large" && this.previews) this.previews = false;
    else if (consequence !== "later") this.#closed.add(route);
  }

  async finish(screen: Screen): Promise<"delivered" | "gone"> {
    await this.#acknowledge();
    const { code, state } = this.job;
    const reasons: string[] = [];
    for (const route of routes) {
      // What a person cancelled follows them nowhere.
      if (!route.isOpen(this) || (state === "cancelled" && !route.edits)) continue;
      const failure = await this.#try(route, screen);
      if (!failure) return "delivered";
      reasons.push(`${route.name}: ${failure.message}`);
    }
    this.tools.log.warn({ job: code, reasons }, "it could not be shown; its code still finds it");
    return "gone";
  }

  /** Resolves with the reason why this route does not work, undefined if it did. Throws where it may work later. */
  async #try(route: Route, screen: Screen): Promise<DiscordFailure | undefined> {
    const { uploads, log } = this.tools;
    const isDirect = route.name === "conversation";
    const place = isDirect ? { ...this.place, guild: null, restricted: false } : this.place;
    // Discord does not show whom a message answers that is none.
    const name = route.name === "channel" ? [[plain(`<@${place.user}>`)]] : [];
    const addressed = { ...screen, lines: [...name, ...screen.lines] };
    const show = (options: RenderOptions) => route.show(this, render(addressed, options));
    try {
      const files = await filesOf(screen, place, this.tools);
      return await showFitting(files, { show, place, by: route.by, uploads, log });
    } catch (error) {
      const { waitMs } = failureOf(error);
      throw waitMs === undefined ? error : new DeliveryDelayed(waitMs, error);
    }
  }

  // === What is sent once

  /** Answers the interaction with "thinking …" once, a message with one. Never throws: without it another route is taken. */
  async #acknowledge(): Promise<void> {
    const send = () => (this.place.message === undefined ? this.#defer() : this.#answer());
    this.#load.acknowledging++;
    await this.#sends.once("acknowledge", send).catch(() => undefined);
    this.#load.acknowledging--;
  }

  async #defer(): Promise<JsonValue> {
    const data = this.job.private ? { flags: MessageFlags.Ephemeral } : {};
    const type = InteractionResponseType.DeferredChannelMessageWithSource;
    try {
      return optional({ message: await this.tools.api.acknowledge(this.place, { type, data }) });
    } catch (error) {
      if (consequenceOf(failureOf(error)) === "later") throw error;
      return { refused: true };
    }
  }

  /** Answers the message that asked; a repeated call finds the same answer for a few minutes. */
  async #answer(): Promise<JsonValue> {
    const { channel, message: answers } = this.place;
    const lines = [[plain(this.#t("progress.taken"))]];
    const message = render({ lines, buttons: cancelButtons(this.job, this.#t) }, { answers });
    return { message: await this.tools.api.send(channel, message, `${this.job.code}:a`) };
  }

  /** The id of the answer; undefined where it was refused or cannot be found. */
  async id(): Promise<string | undefined> {
    const known = acknowledged.safeParse(this.#sends.find("acknowledge")?.answer).data;
    if (known?.message !== undefined || known?.refused) return known.message;
    const { place, tools } = this;
    const find = async (): Promise<JsonValue> =>
      place.message === undefined ? { message: await tools.api.findAnswer(place) } : this.#answer();
    const learn = () =>
      find().catch(() => {
        throw new NotSent();
      });
    const learnt = await this.#sends.once("learn", learn).catch(() => undefined);
    return acknowledged.safeParse(learnt).data?.message;
  }

  /**
   * Sends a message once. If an earlier send has an unknown outcome, it is repeated while Discord still recognises its
   * nonce; later it counts as sent, because a duplicate picture is worse than a look into `/history`, and the person is
   * told where to look.
   */
  async sendOnce(
    name: keyof typeof nonceEndings,
    channel: string,
    message: Outgoing,
  ): Promise<void> {
    const { job, tools } = this;
    const nonce = `${job.code}:${nonceEndings[name]}`;
    const send = async (): Promise<JsonValue> => {
      try {
        return { message: await tools.api.send(channel, message, nonce) };
      } catch (error) {
        // Also where the outcome is unknown: the next attempt has the same nonce.
        throw new NotSent("not sent", { cause: failureOf(error) });
      }
    };
    const isRecent = tools.now() - (job.finishedAt ?? 0) < limits.nonceMs;
    try {
      const told = await this.#sends.once(name, send);
      if (told !== undefined) return;
      if (isRecent && (await this.#sends.once(`${name} again`, send)) !== undefined) return;
    } catch (error) {
      throw error instanceof NotSent ? failureOf(error.cause) : error;
    }
    const sentence = mixed(this.#t("picture.unsureSend", { code: job.code }));
    const line = name === "channel" ? [plain(`<@${this.place.user}> `), sentence] : [sentence];
    const say = () => tools.api.send(channel, render({ lines: [line] }), `${nonce}u`);
    // The pictures themselves count as sent, whatever becomes of this.
    await this.#sends
      .once(`${name} unsure`, async () => ({ message: await say() }))
      .catch(() => {});
  }
}
