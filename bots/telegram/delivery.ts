import type { InlineKeyboardMarkup } from "grammy/types";
import type { Job } from "../../core/job.ts";
import { type Deliverer, DeliveryDelayed, NotSent, type Sends } from "../../core/studio/outbox.ts";
import type { SettingsStore } from "../../core/settings.ts";
import { describeFailure } from "../conversation.ts";
import { settingsFor } from "../imagine.ts";
import { type Words, wordsFor } from "../words.ts";
import { captionOf } from "./captions.ts";
import { deliverInline, type StorageChat } from "./inline-delivery.ts";
import { pictureKeyboard, retryKeyboard } from "./keyboards.ts";
import { sendAlbum } from "./album.ts";
import type { Messenger } from "./messenger.ts";
import { PictureGone, type Pictures } from "./pictures.ts";
import { type ChatPlace, parseSent, placeOf, type SentMessage } from "./place.ts";
import { type Progress, statusSend } from "./progress.ts";
import { asWords, lines, mixed, plain, type RichText, richText } from "./rich-text.ts";
import { scopeOf } from "./scopes.ts";
import { insteadOfPicture } from "./show-job.ts";
import { surely, TelegramRefusal, troubleBehind } from "./trouble.ts";

export interface DeliveryOptions {
  readonly messenger: Messenger;
  readonly progress: Progress;
  readonly pictures: Pictures;
  readonly settings: SettingsStore;
  /** Where pictures are uploaded for messages of inline mode. */
  readonly storageChat: StorageChat | undefined;
  readonly now: () => number;
}

/** A finished job on its way into a chat. */
interface Showing {
  readonly job: Job;
  readonly place: ChatPlace;
  readonly sends: Sends;
  readonly words: Words;
}

/** A message as text, to be edited into the job's one message. */
interface TextMessage {
  readonly content: RichText;
  readonly keyboard: InlineKeyboardMarkup;
}

/** Brings jobs into chats: by editing the one message that each has, so that repeating it changes nothing. */
export function telegramDeliverer(options: DeliveryOptions): Deliverer {
  const delivery = new Delivery(options);
  return {
    accompany: (job, sends, view, ended) => options.progress.accompany(job, sends, view, ended),
    deliver: (job, sends) => delivery.deliver(job, sends),
    apologise: (job, sends) => delivery.apologise(job, sends),
  };
}

class Delivery {
  readonly #options: DeliveryOptions;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  async deliver(job: Job, sends: Sends): Promise<"delivered" | "gone"> {
    const place = placeOf(job);
    const words = wordsFor(job.requester.locale);
    try {
      if ("inline" in place) await deliverInline({ job, place, words }, this.#options);
      else await this.#show({ job, place, sends, words });
      return "delivered";
    } catch (error) {
      if (troubleBehind(error) === "gone") return "gone";
      throw delayed(error);
    }
  }

  async apologise(job: Job, sends: Sends): Promise<void> {
    const place = placeOf(job);
    if ("inline" in place) return;
    const words = wordsFor(job.requester.locale);
    const text = words.say("picture.expired", { code: job.code });
    const message = { content: richText([plain(text)]), keyboard: retryKeyboard(job.code, words) };
    await this.#finishAsText({ job, place, sends, words }, message);
  }

  async #show(showing: Showing): Promise<void> {
    const { job } = showing;
    if (job.state !== "done") return this.#finishAsText(showing, this.#failure(showing));
    try {
      if (job.pictures.length > 1) await this.#showAlbum(showing);
      else await this.#showOne(showing);
    } catch (error) {
      const { words } = showing;
      const content = insteadOfPicture(error, job, words);
      if (!content) throw error;
      return this.#finishAsText(showing, { content, keyboard: pictureKeyboard(job, words) });
    }
    await this.#sendOriginals(showing);
  }

  #failure({ job, words }: Showing): TextMessage {
    const error = job.error ?? { code: "internal", details: {} };
    const { text, retry } = describeFailure(error, words, this.#options.now());
    const content = richText(lines([mixed(text)], [asWords(job.code)]));
    return { content, keyboard: retry ? retryKeyboard(job.code, words) : { inline_keyboard: [] } };
  }

  async #showOne(showing: Showing): Promise<void> {
    const { job, place, words } = showing;
    const { messenger, pictures } = this.#options;
    const [picture] = job.pictures;
    if (!picture) throw new PictureGone();
    const caption = captionOf(job, words);
    const keyboard = pictureKeyboard(job, words);
    const edit = (target: SentMessage) =>
      pictures.showing(job, picture, (file) =>
        messenger.editPicture(target, file, caption, keyboard),
      );
    const send = () =>
      pictures.showing(job, picture, (file) =>
        messenger.sendPicture(place, file, { caption, keyboard }),
      );
    await this.#finish(showing, edit, send);
  }

  /** The album first, then its caption and buttons: an album can have none. */
  async #showAlbum(showing: Showing): Promise<void> {
    const { job, place, sends, words } = showing;
    const { messenger, pictures } = this.#options;
    await sends.once("album", () => surely(() => sendAlbum(job, place, { messenger, pictures })));
    const content = captionOf(job, words);
    await this.#finishAsText(showing, { content, keyboard: pictureKeyboard(job, words) });
  }

  async #finishAsText(showing: Showing, { content, keyboard }: TextMessage): Promise<void> {
    const { messenger } = this.#options;
    await this.#finish(
      showing,
      (target) => messenger.editText(target, content, keyboard),
      () => messenger.sendText(showing.place, content, keyboard),
    );
  }

  /** Edits the job's one message; where that one is gone, or was never known, sends another one, once. */
  async #finish(
    { job, place, sends, words }: Showing,
    edit: (target: SentMessage) => Promise<unknown>,
    send: () => Promise<SentMessage>,
  ): Promise<void> {
    const target = await statusOf(sends);
    if (target && (await edited(edit, target))) return;
    const sent = await sends.once("final", () => surely(async () => idOf(await send())));
    if (sent !== undefined) return;
    const unsure = richText([plain(words.say("picture.unsure", { code: job.code }))]);
    await sends.once("unsure", () =>
      surely(async () => idOf(await this.#options.messenger.sendText(place, unsure))),
    );
  }

  /** The untouched files too, for whoever wants them with every picture. */
  async #sendOriginals({ job, place, sends }: Showing): Promise<void> {
    const { messenger, pictures, settings } = this.#options;
    const asker = { requester: job.requester, place: scopeOf(place.chat) };
    if (!(await settingsFor(asker, settings)).originals) return;
    for (const picture of job.pictures) {
      await sends.once(`original ${picture.number}`, () =>
        surely(async () => {
          const file = await pictures.original(job, picture);
          if (!file) return "nothing";
          const sent = await messenger.sendPicture(place, file);
          await pictures.remember(picture, "document", sent.file);
          return idOf(sent);
        }),
      );
    }
  }
}

/** What is kept of a sent message. */
function idOf({ chat, message }: SentMessage): SentMessage {
  return { chat, message };
}

/** The one message of a job; undefined when it was never sent, or nobody knows whether it arrived. */
async function statusOf(sends: Sends): Promise<SentMessage | undefined> {
  const nothing = () => Promise.reject(new NotSent("there is nothing to send yet"));
  const answer = await sends.once(statusSend, nothing).catch((error: unknown) => {
    if (error instanceof NotSent) return undefined;
    throw error;
  });
  return parseSent(answer);
}

/** False when there is no such message any more. */
async function edited(
  edit: (target: SentMessage) => Promise<unknown>,
  target: SentMessage,
): Promise<boolean> {
  try {
    await edit(target);
    return true;
  } catch (error) {
    const trouble = troubleBehind(error);
    if (trouble === "no-message" || trouble === "migrated") return false;
    throw error;
  }
}

/** A platform that wants to wait is not asked before. */
function delayed(error: unknown): unknown {
  const flood = error instanceof TelegramRefusal && error.trouble === "flood";
  return flood ? new DeliveryDelayed(error.retryAfterMs ?? 1000, error) : error;
}
