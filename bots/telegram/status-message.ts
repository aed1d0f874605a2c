import { isSpoiler, type Job, type JsonValue } from "../../core/job.ts";
import { optional } from "../../core/optional.ts";
import type { Sends } from "../../core/studio/outbox.ts";
import { waitFor } from "../../core/wire/retry.ts";
import type { JobMessage, Turn } from "../delivery.ts";
import { type TextKey, type Translator, translatorFor } from "../i18n.ts";
import { code, type Line, plain, said, type Screen } from "../screen.ts";
import { settingsFor } from "../use-cases.ts";
import type { DeliveryTools } from "./delivery.ts";
import { delayed, pauseAfter, problemOf, surely, TelegramRefusal } from "./errors.ts";
import type { Message } from "./messenger.ts";
import { type ChatPlace, chatScope, parseTarget, placeOf, type Target, userIn } from "./place.ts";
import { inlinePictureKeyboard } from "./render.ts";
import { messageOf, noWords, present, sendAlbum, sendOriginal } from "./show.ts";

/** The message that shows how a job stands, and later its picture, or the words and buttons of an album. */
export class StatusMessage implements JobMessage {
  protected readonly job: Job;
  protected readonly sends: Sends;
  protected readonly tools: DeliveryTools;
  readonly #t: Translator;
  /** undefined for a message of inline mode, which is there already. */
  protected readonly place: ChatPlace | undefined;
  readonly #inline: Target | undefined;
  #shown: Screen | undefined;
  readonly previews = false;
  /** It takes no more edits. */
  #isGone = false;
  end = () => {};

  constructor(job: Job, sends: Sends, tools: DeliveryTools) {
    const place = placeOf(job);
    [this.place, this.#inline] = "inline" in place ? [undefined, place] : [place, undefined];
    this.job = job;
    this.sends = sends;
    this.tools = tools;
    this.#t = translatorFor(job.requester.locale);
  }

  get shown(): Screen | undefined {
    return this.#shown;
  }

  /** Where it is; undefined where it was not sent, or it is unknown whether it arrived. */
  protected get target(): Target | undefined {
    const sent = this.sends.find("status again") ?? this.sends.find("status");
    return this.#inline ?? parseTarget(sent?.answer);
  }

  /** Other troubles than a chat that takes no messages are met later. */
  async announce(screen: Screen): Promise<void> {
    if (!this.place) return;
    await this.#send(this.place, screen).catch(async (error: unknown) => {
      const problem = problemOf(error);
      // A closed topic that no message can leave is the group's own.
      if (problem === "gone" || problem === "no-topic") await this.#refuse();
    });
  }

  /**
   * Paints nothing for a chat that the bot may not write to, and tells the person in private where that is possible; of a
   * secret that cannot be told in private, that it has to be made possible.
   */
  async #refuse(): Promise<void> {
    const { studio, messenger } = this.tools;
    const { code: refused, requester } = this.job;
    await studio.cancel(refused, requester);
    const user = userIn(requester.id);
    const { secret, only: _, ...open } = this.place ?? { chat: 0, group: false };
    const place = secret ? open : user && { chat: user, group: false };
    const message = messageOf(said(this.#t(secret ? "ask.startFirst" : "ask.cannotWrite")));
    await this.sends.once("refused", async () => {
      if (!place) return "nobody to tell";
      const told = messenger.send(place, message);
      return told.then(({ target }) => target).catch(() => "not told");
    });
  }

  async begin(screenNow: () => Screen, ended: AbortSignal): Promise<void> {
    const place = this.place;
    if (!place || this.sends.find("refused")) return;
    for (let isSent = false; !isSent && !this.#isGone; ) {
      try {
        await this.#send(place, screenNow());
        isSent = true;
      } catch (error) {
        if (problemOf(error) === "gone") this.#isGone = true;
        else await waitFor(pauseAfter(error), ended);
      }
    }
    if (this.turn() && !place.guest && !place.secret) this.end = this.tools.activity.begin(place);
  }

  async #send(place: ChatPlace, screen: Screen): Promise<void> {
    const send = async (): Promise<JsonValue> => {
      if (await this.#react(place)) return "reacted";
      const { target } = await this.tools.messenger.send(place, messageOf(screen));
      this.#shown = screen;
      return target;
    };
    await this.sends.once("status", () => surely(send));
    if (place.guest === undefined || this.target) return;
    // A query takes one answer, so one that may not have arrived can be repeated.
    await this.sends
      .once("status again", () => surely(send))
      .catch((error: unknown) => {
        // The first one arrived, but where it is was not told.
        if (problemOf(error) !== "gone") throw error;
      });
  }

  /** Acknowledges a request in a quiet group; false where only a message can. Throws where the bot may not write. */
  async #react({ group, chat, topic, message, secret }: ChatPlace): Promise<boolean> {
    const { quietGroups, api } = this.tools;
    if (!quietGroups || !group || secret || message === undefined) return false;
    const thread = optional({ message_thread_id: topic });
    // Where the bot may only react, this is refused.
    await api.sendChatAction(chat, "upload_photo", thread);
    const seen = api.setMessageReaction(chat, message, [{ type: "emoji", emoji: "👀" }]);
    return seen.catch((error: unknown) => {
      if (!(error instanceof TelegramRefusal) || error.problem === "flood") throw error;
      return false;
    });
  }

  turn(): Turn | undefined {
    const target = this.target;
    if (!target || this.#isGone || this.sends.find("refused")) return undefined;
    const { editEveryMs } = this.tools;
    const isPrivate = this.place && !this.place.group && this.place.guest === undefined;
    return {
      line: "inline" in target ? target.inline : String(target.chat),
      everyMs: isPrivate ? editEveryMs.private : editEveryMs.group,
    };
  }

  async update(screen: Screen): Promise<void> {
    const target = this.target;
    if (!target) return;
    try {
      await this.tools.messenger.edit(target, messageOf(screen));
      this.#shown = screen;
    } catch (error) {
      const problem = problemOf(error);
      this.#isGone = problem === "no-message" || problem === "gone" || problem === "migrated";
    }
  }

  async finish(screen: Screen): Promise<"delivered" | "gone"> {
    if (this.sends.find("refused")) return "gone";
    const target = this.target;
    try {
      if (target && "inline" in target) await this.#finishInline(target, screen);
      else if (this.place) await this.#finishIn(this.place, screen);
      return "delivered";
    } catch (error) {
      const problem = problemOf(error);
      if (problem === "gone" || problem === "no-message") return "gone";
      throw delayed(error);
    }
  }

  // === In a chat

  async #finishIn({ guest: _, ...place }: ChatPlace, screen: Screen): Promise<void> {
    const show = (message: Message) => this.#replace(place, message);
    const album = () => this.#sendAlbum(place);
    const way = place.secret ? { show } : { show, album };
    const shown = await present(screen, way, { t: this.#t, tools: this.tools });
    if (shown === "pictures") await this.#sendOriginals(place);
  }

  /** Edits the message. Where it is gone or unknown, sends another one, once. */
  async #replace(place: ChatPlace, message: Message): Promise<string> {
    const { messenger } = this.tools;
    const target = this.target;
    try {
      if (target) return await messenger.edit(target, message);
    } catch (error) {
      const problem = problemOf(error);
      if (problem !== "no-message" && problem !== "migrated") throw error;
    }
    let file = "";
    const send = async () => {
      const sent = await messenger.send(place, message);
      ({ file } = sent);
      return sent.target;
    };
    const sent = await this.sends.once("final", () => surely(send));
    if (sent === undefined) await this.#sayOnce(place, "unsure", "picture.unsure");
    return file;
  }

  async #sendAlbum(place: ChatPlace): Promise<readonly Line[]> {
    const send = () => surely(() => sendAlbum(this.job, place, this.tools));
    const sent = await this.sends.once("album", send);
    // A process that died meanwhile may have sent them, and they are not sent again.
    return sent === undefined
      ? [[plain(this.#t("picture.unsureAlbum", { code: this.job.code }))]]
      : [];
  }

  /** Says in a message of its own, once, what became of a send that is not repeated. */
  async #sayOnce(place: ChatPlace, name: string, text: TextKey): Promise<void> {
    const lines = [[plain(this.#t(text, { code: this.job.code }))]];
    const say = async () => (await this.tools.messenger.send(place, messageOf({ lines }))).target;
    await this.sends.once(name, () => surely(say));
  }

  /** Sends the original files too, if the settings say so. */
  async #sendOriginals(place: ChatPlace): Promise<void> {
    const { requester, pictures } = this.job;
    const actor = { requester, placeScope: chatScope(place.chat) };
    if (!(await settingsFor(actor, this.tools.settings)).originals) return;
    let unsure = false;
    for (const picture of pictures) {
      const send = async () =>
        (await sendOriginal(this.job, picture, place, this.tools)) ?? "nothing";
      const sent = await this.sends.once(`original ${picture.number}`, () => surely(send));
      unsure ||= sent === undefined;
    }
    if (unsure) await this.#sayOnce(place, "unsure originals", "picture.unsureOriginals");
  }

  // === In a chat that the bot is not in

  /**
   * Edits the placeholder of inline mode or the answer to a guest. Telegram takes only a file there that it already has, so
   * the picture is uploaded to the storage chat first; a duplicate upload there does no harm.
   */
  async #finishInline(target: Target, screen: Screen): Promise<void> {
    const markup = inlinePictureKeyboard(this.job, this.#t);
    const media = screen.pictures ? await this.#store() : "";
    const file = { kind: "photo", media, spoiler: isSpoiler(this.job) } as const;
    const lines = [[plain(this.#t("ask.notHere"))], [code(this.job.code)]];
    const words = () => messageOf(screen.pictures ? { lines } : screen);
    const message = media === "" ? words() : messageOf(screen, file);
    await this.tools.messenger.edit(target, { ...message, markup });
  }

  /** The id of the stored file; empty where the picture cannot be a photo, or there is no access to the storage chat. */
  async #store(): Promise<string> {
    const { messenger, pictures, storageChat: chat } = this.tools;
    const [picture] = this.job.pictures;
    if (!picture || chat === undefined) return "";
    const known = await pictures.photoId(picture);
    if (known !== undefined) return known;
    const place = { chat, group: true };
    const stored = pictures.showing(this.job, async (file) =>
      file.kind === "photo" ? (await messenger.send(place, { text: noWords, file })).file : "",
    );
    return stored.catch((error: unknown) => {
      if (problemOf(error) !== "gone") throw error;
      return "";
    });
  }
}
