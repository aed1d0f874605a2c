import type { Job } from "../../core/job.ts";
import type { SettingsStore } from "../../core/settings.ts";
import type { Studio } from "../../core/studio.ts";
import { type Deliverer, DeliveryDelayed, type Sends } from "../../core/studio/outbox.ts";
import type { JobStanding } from "../../core/studio/watch.ts";
import { type TextKey, type Translator, translatorFor } from "../i18n.ts";
import { plain, type Screen } from "../screen.ts";
import { failureScreen, pictureScreen, retryButtons } from "../screens/job.ts";
import { settingsFor } from "../use-cases.ts";
import { telegram } from "./answers.ts";
import { problemBehind, surely, TelegramRefusal } from "./errors.ts";
import { deliverInline, type StorageChat } from "./inline-delivery.ts";
import type { Messenger } from "./messenger.ts";
import { PictureGone, type Pictures } from "./pictures.ts";
import { type ChatPlace, chatScope, placeOf, storedTarget, type Target, userIn } from "./place.ts";
import { type Progress, statusOf } from "./progress.ts";
import { richText } from "./render.ts";
import { captionOf, sendAlbum, textMessage, unlessShown } from "./show.ts";

/** What the delivery of jobs needs. */
export interface DeliveryOptions {
  readonly messenger: Messenger;
  readonly progress: Progress;
  readonly pictures: Pictures;
  readonly settings: SettingsStore;
  readonly studio: Pick<Studio, "cancel">;
  /** Where pictures are uploaded for messages of inline mode. */
  readonly storageChat: StorageChat | undefined;
  readonly now: () => number;
}

/** A finished job on its way into a chat. */
interface Showing {
  readonly job: Job;
  readonly place: ChatPlace;
  readonly sends: Sends;
  readonly t: Translator;
}

/** The name of the word in private that nothing was painted, among a job's sends. */
const refusedSend = "refused";

/** Delivers jobs into chats by editing the one message that each job has, so that repeating it changes nothing. */
export class TelegramDeliverer implements Deliverer {
  readonly #options: DeliveryOptions;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  async announce(job: Job, sends: Sends, standing: JobStanding): Promise<void> {
    const isTaken = await this.#options.progress.announce(job, sends, standing);
    if (!isTaken) await this.#refuse(job, sends);
  }

  /** Paints nothing for a chat that the bot may not write to, and tells the person in private where that is possible. */
  async #refuse(job: Job, sends: Sends): Promise<void> {
    const { studio, messenger } = this.#options;
    await studio.cancel(job.code, job.requester);
    const user = userIn(job.requester.id);
    const content = richText([[plain(translatorFor(job.requester.locale)("ask.cannotWrite"))]]);
    const tell = async () => {
      if (user === undefined) return "nobody to tell";
      const place = { chat: user, group: false };
      return messenger.sendText(place, content).then(storedTarget, () => "not told");
    };
    await sends.once(refusedSend, tell);
  }

  async accompany(
    job: Job,
    sends: Sends,
    standing: JobStanding,
    ended: AbortSignal,
  ): Promise<void> {
    if (sends.find(refusedSend)) return;
    await this.#options.progress.accompany(job, sends, standing, ended);
  }

  async deliver(job: Job, sends: Sends): Promise<"delivered" | "gone"> {
    if (sends.find(refusedSend)) return "gone";
    const place = placeOf(job);
    const t = translatorFor(job.requester.locale);
    try {
      const target = "inline" in place ? place : statusOf(sends);
      if (target && "inline" in target) await deliverInline({ job, target, t }, this.#options);
      else if (!("inline" in place)) await this.#show({ job, place, sends, t });
      return "delivered";
    } catch (error) {
      const problem = problemBehind(error);
      if (problem === "gone" || problem === "no-message") return "gone";
      throw delayed(error);
    }
  }

  async apologise(job: Job, sends: Sends): Promise<void> {
    const place = placeOf(job);
    if ("inline" in place) return;
    const t = translatorFor(job.requester.locale);
    const lines = [[plain(t("picture.expired", { code: job.code }))]];
    await this.#finishAsText({ job, place, sends, t }, { lines, buttons: retryButtons(job, t) });
  }

  async #show(showing: Showing): Promise<void> {
    const { job, t } = showing;
    if (job.state !== "done") {
      return this.#finishAsText(showing, failureScreen(job, t, this.#options.now()));
    }
    const screen = pictureScreen(job, { t, lacks: telegram.lacks });
    try {
      if (job.pictures.length > 1) await this.#showAlbum(showing, screen);
      else await this.#showOne(showing, screen);
    } catch (error) {
      return this.#finishAsText(showing, unlessShown(error, screen, { job, t }));
    }
    await this.#sendOriginals(showing);
  }

  async #showOne(showing: Showing, screen: Screen): Promise<void> {
    const { job, place } = showing;
    const { messenger, pictures } = this.#options;
    const [picture] = job.pictures;
    if (!picture) throw new PictureGone();
    const below = captionOf(screen);
    const edit = (target: Target) =>
      pictures.showing(job, picture, (file) =>
        messenger.editPicture(target, file, below.caption, below.keyboard),
      );
    const send = () =>
      pictures.showing(job, picture, (file) => messenger.sendPicture(place, file, below));
    await this.#finish(showing, edit, send);
  }

  /** Sends the album first, then its words and buttons in a message: an album cannot have them. */
  async #showAlbum(showing: Showing, screen: Screen): Promise<void> {
    const { job, place, sends, t } = showing;
    const { code } = job;
    const send = () => surely(() => sendAlbum(job, place, this.#options));
    const sent = await sends.once("album", send);
    // A process that died meanwhile may have sent them, and they are not sent again.
    const unsure = sent === undefined ? [[plain(t("picture.unsureAlbum", { code }))]] : [];
    await this.#finishAsText(showing, { ...screen, lines: [...screen.lines, ...unsure] });
  }

  async #finishAsText(showing: Showing, screen: Screen): Promise<void> {
    const { messenger } = this.#options;
    const [content, keyboard] = textMessage(screen);
    await this.#finish(
      showing,
      (target) => messenger.editText(target, content, keyboard),
      () => messenger.sendText(showing.place, content, keyboard),
    );
  }

  /** Edits the job's one message. Where it is gone or unknown, sends another one, once. */
  async #finish(
    showing: Showing,
    edit: (target: Target) => Promise<unknown>,
    send: () => Promise<Target>,
  ): Promise<void> {
    const { sends } = showing;
    const target = statusOf(sends);
    if (target && (await edited(edit, target))) return;
    const sent = await sends.once("final", () => surely(async () => storedTarget(await send())));
    if (sent === undefined) await this.#sayOnce(showing, "unsure", "picture.unsure");
  }

  /** Says in a message of its own, once, what became of a send that is not repeated. */
  async #sayOnce({ job, place, sends, t }: Showing, name: string, text: TextKey): Promise<void> {
    const content = richText([[plain(t(text, { code: job.code }))]]);
    const { messenger } = this.#options;
    await sends.once(name, () =>
      surely(async () => storedTarget(await messenger.sendText(place, content))),
    );
  }

  /** Sends the original files too, if the settings say so. */
  async #sendOriginals(showing: Showing): Promise<void> {
    const { job, place, sends } = showing;
    const { messenger, pictures, settings } = this.#options;
    const actor = { requester: job.requester, placeScope: chatScope(place.chat) };
    if (!(await settingsFor(actor, settings)).originals) return;
    let unsure = false;
    for (const picture of job.pictures) {
      const sent = await sends.once(`original ${picture.number}`, () =>
        surely(async () => {
          const file = await pictures.original(job, picture);
          if (!file) return "nothing";
          const sent = await messenger.sendPicture(place, file);
          await pictures.remember(picture, "document", sent.file);
          return storedTarget(sent);
        }),
      );
      unsure ||= sent === undefined;
    }
    if (unsure) await this.#sayOnce(showing, "unsure originals", "picture.unsureOriginals");
  }
}

/** Whether the edit found its message. */
async function edited(
  edit: (target: Target) => Promise<unknown>,
  target: Target,
): Promise<boolean> {
  try {
    await edit(target);
    return true;
  } catch (error) {
    const problem = problemBehind(error);
    if (problem === "no-message" || problem === "migrated") return false;
    throw error;
  }
}

/** A flood limit becomes DeliveryDelayed, so that the outbox waits as long as Telegram wants. */
function delayed(error: unknown): unknown {
  const flood = error instanceof TelegramRefusal && error.problem === "flood";
  return flood ? new DeliveryDelayed(error.retryAfterMs ?? 1000, error) : error;
}
