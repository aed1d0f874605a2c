import { type Api, InputFile } from "grammy";
import type { Job, Picture } from "../../core/job.ts";
import { optional } from "../../core/optional.ts";
import type { Translator } from "../i18n.ts";
import { type Line, plain, type Screen, type ScreenPicture } from "../screen.ts";
import { goneLines } from "../screens/job.ts";
import { thumbnailOf } from "../use-cases.ts";
import { problemOf } from "./errors.ts";
import { limits, pace } from "./limits.ts";
import type { DoorTools } from "./context.ts";
import type { Message, Sendable } from "./messenger.ts";
import { PictureGone } from "./pictures.ts";
import type { ChatPlace, SentAlbum, Target } from "./place.ts";
import { keyboardOf, wordsOf } from "./render.ts";

type ShowTools = Pick<DoorTools, "studio" | "imaging" | "messenger" | "pictures" | "log">;

/** A screen as a message: words with buttons, or a file with both below it. */
export function messageOf(screen: Screen, file?: Sendable): Message {
  const markup = keyboardOf(screen);
  return file
    ? { text: wordsOf(screen, limits.captionLength), markup, file }
    : { text: wordsOf(screen), markup };
}

/** How a screen gets to its place: as a new message, or instead of what another one shows. */
export interface Way {
  /** Resolves with Telegram's id of the file; empty where it is not told. */
  readonly show: (message: Message) => Promise<string>;
  /** Sends the pictures of a job before its words. Resolves with what else is to be said. */
  readonly album?: (job: Job) => Promise<readonly Line[]>;
}

/**
 * Shows a screen: with one picture, or with an album before its words and buttons, which an album cannot have; without a way
 * for an album with the first of several. Of pictures that are left out, are
 * gone, or are not taken by this chat, it is said so. Resolves with what there was to show.
 */
export async function present(
  screen: Screen,
  { show, album }: Way,
  { t, tools }: { readonly t: Translator; readonly tools: ShowTools },
): Promise<"pictures" | "words"> {
  const [picture] = screen.pictures ?? [];
  if (!picture || "preview" in picture) {
    await show(messageOf(screen));
    return "words";
  }
  if ("thumbnail" in picture) {
    await asOnePicture(screen.pictures ?? [], (file) => show(messageOf(screen, file)), tools);
    return "pictures";
  }
  const { job } = picture;
  try {
    if (job.pictures.length > 1 && album) {
      const more = await album(job);
      await show(messageOf({ ...screen, lines: [...screen.lines, ...more] }));
    } else {
      const first = firstOf(screen, job, t);
      await tools.pictures.showing(job, (file) => show(messageOf(first, file)));
    }
    return "pictures";
  } catch (error) {
    const isGone = error instanceof PictureGone;
    if (!isGone && problemOf(error) !== "no-pictures") throw error;
    const lines = isGone ? goneLines(job, t) : [...screen.lines, [plain(t("ask.notHere"))]];
    await show(messageOf({ ...screen, lines }));
    return "words";
  }
}

/** What stands below the first picture of a job, where it is to be the only one. */
function firstOf(screen: Screen, { pictures }: Job, t: Translator): Screen {
  if (pictures.length < 2) return screen;
  return { ...screen, lines: [...screen.lines, [plain(t("ask.oneInline"))]] };
}

/** The way to a new message in a place. */
export function sending(place: ChatPlace, tools: ShowTools): Way {
  return {
    show: async (message) => (await tools.messenger.send(place, message)).file,
    ...(!place.secret && {
      async album(job: Job) {
        await sendAlbum(job, place, tools);
        return [];
      },
    }),
  };
}

/** The way to show something instead of what a message shows. */
export function editing(target: Target, { messenger }: ShowTools): Way {
  return { show: (message) => messenger.edit(target, message) };
}

// === Files

/**
 * Sends the pictures of a job as an album, or the only one that is left as a picture. An album has neither caption nor
 * buttons. Throws PictureGone when none is left.
 */
export async function sendAlbum(
  job: Job,
  place: ChatPlace,
  { messenger, pictures }: Pick<DoorTools, "messenger" | "pictures">,
): Promise<SentAlbum> {
  const album = await pictures.album(job);
  if (album.length === 0) throw new PictureGone();
  const { chat, messages, files } = await messenger.sendFiles(
    place,
    album.map(({ file }) => file),
  );
  for (const [index, { picture, file }] of album.entries()) {
    await pictures.remember(picture, file.kind, files[index] ?? "");
  }
  return { chat, messages };
}

/** Sends the original file of a picture. Resolves with its message; undefined where it is kept no more. */
export async function sendOriginal(
  job: Job,
  picture: Picture,
  place: ChatPlace,
  { messenger, pictures }: Pick<DoorTools, "messenger" | "pictures">,
): Promise<Target | undefined> {
  const file = await pictures.original(job, picture);
  if (!file) return undefined;
  const sent = await messenger.send(place, { text: noWords, file });
  await pictures.remember(picture, "document", sent.file);
  return sent.target;
}

/** Below a file. */
export const noWords = { text: "", entities: [] };

/** Uses the pictures of a page as one: a contact sheet, or where nothing can be decoded the first that is there. */
async function asOnePicture(
  shown: readonly ScreenPicture[],
  use: (file: Sendable) => Promise<string>,
  tools: ShowTools,
): Promise<string> {
  if (tools.imaging.decodes) return use(await contactSheet(shown, tools));
  for (const { job } of shown) {
    try {
      return await tools.pictures.showing(job, use);
    } catch (error) {
      if (!(error instanceof PictureGone)) throw error;
    }
  }
  return use(emptyPicture());
}

/** A grey field, in place of a picture that is gone. */
export function emptyPicture(): Sendable {
  const bytes = Uint8Array.from(atob(greyPng), (letter) => letter.charCodeAt(0));
  return { kind: "photo", media: new InputFile(bytes, "empty.png") };
}

/** 64 by 64 pixels, in base64. */
const greyPng =
  "iVBORw0KGgoAAAANSUhEUgAAAEAAAABAAQMAAACQp+OdAAAAA1BMVEWAgICQdD0xAAAAD0lEQVQoz2NgGAWjgHwAAAJAAAGMxat3AAAAAElFTkSuQmCC";

/** Three in a row, as the numbered buttons below them. */
const layout = { columns: 3, side: 320, gap: 8, background: "#1e1e1e" } as const;

/** As large as its field; this format keeps what one can see through. */
const thumbnail = { format: "webp", maxSide: layout.side } as const;

async function contactSheet(
  pictures: readonly ScreenPicture[],
  tools: ShowTools,
): Promise<Sendable> {
  const small = pictures.map(({ job }) => thumbnailOf(job, thumbnail, tools));
  const label = pictures.map(({ job }) => job.code).join(" ");
  const sheet = await tools.imaging.sheet(await Promise.all(small), { ...layout, label });
  return { kind: "photo", media: new InputFile(sheet, "history.jpg") };
}

// === What the bot is seen doing

/** Keeps "sending a photo …" visible where pictures are being made, once for each chat and topic. */
export class Activity {
  readonly #api: Api;
  readonly #shown = new Map<string, { jobs: number; readonly timer: NodeJS.Timeout }>();

  constructor(api: Api) {
    this.#api = api;
  }

  /** Shows it until the returned function is called. */
  begin(place: ChatPlace): () => void {
    const key = `${place.chat} ${place.topic ?? ""}`;
    const shown = this.#shown.get(key) ?? { jobs: 0, timer: this.#start(place) };
    shown.jobs++;
    this.#shown.set(key, shown);
    return () => {
      shown.jobs--;
      if (shown.jobs > 0) return;
      clearInterval(shown.timer);
      this.#shown.delete(key);
    };
  }

  #start({ chat, topic }: ChatPlace): NodeJS.Timeout {
    const options = optional({ message_thread_id: topic });
    // A failure is ignored: this is only a courtesy.
    const show = () => void this.#api.sendChatAction(chat, "upload_photo", options).catch(() => {});
    show();
    return setInterval(show, pace.actionEveryMs).unref();
  }
}
