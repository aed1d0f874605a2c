import { InputFile } from "grammy";
import type { InlineKeyboardMarkup } from "grammy/types";
import type { Imaging } from "../../core/imaging.ts";
import type { Job } from "../../core/job.ts";
import type { Log } from "../../core/observe.ts";
import type { Translator } from "../i18n.ts";
import { plain, type Screen, type ScreenPicture } from "../screen.ts";
import { goneLines } from "../screens/job.ts";
import { type ChatTools, thumbnailOf } from "../use-cases.ts";
import { problemBehind } from "./errors.ts";
import { limits } from "./limits.ts";
import type { Messenger, Sendable } from "./messenger.ts";
import { PictureGone, type Pictures } from "./pictures.ts";
import type { ChatPlace, SentAlbum, SentMessage, Target } from "./place.ts";
import { keyboardOf, type RichText, wordsOf } from "./render.ts";

/** What showing screens needs. */
export interface ShowTools extends Pick<ChatTools, "studio"> {
  readonly messenger: Messenger;
  readonly pictures: Pictures;
  readonly imaging: Imaging;
  readonly log: Log;
}

/** Sends a screen: with one picture, or with an album before its words and buttons, which an album cannot have. */
export async function sendScreen(
  screen: Screen,
  place: ChatPlace,
  { t, tools }: { readonly t: Translator; readonly tools: ShowTools },
): Promise<void> {
  const { messenger } = tools;
  const [picture] = screen.pictures ?? [];
  if (!picture || "preview" in picture) return sendWords(screen, place, tools);
  if ("thumbnail" in picture) {
    const send = (file: Sendable) => messenger.sendPicture(place, file, captionOf(screen));
    await asOnePicture(screen.pictures ?? [], send, tools);
    return;
  }
  const { job } = picture;
  try {
    await sendPictures(screen, job, place, tools);
  } catch (error) {
    await sendWords(unlessShown(error, screen, { job, t }), place, tools);
  }
}

async function sendPictures(screen: Screen, job: Job, place: ChatPlace, tools: ShowTools) {
  const { messenger, pictures } = tools;
  const [first, ...others] = job.pictures;
  if (others.length > 0) {
    await sendAlbum(job, place, tools);
    return sendWords(screen, place, tools);
  }
  if (!first) throw new PictureGone();
  await pictures.showing(job, first, (file) =>
    messenger.sendPicture(place, file, captionOf(screen)),
  );
}

async function sendWords(screen: Screen, place: ChatPlace, { messenger }: ShowTools) {
  await messenger.sendText(place, ...textMessage(screen));
}

/** Shows a screen in place of another one of the same kind: words, or a page of pictures. */
export async function editScreen(screen: Screen, target: Target, tools: ShowTools): Promise<void> {
  const { messenger } = tools;
  const { pictures = [] } = screen;
  if (!pictures.some((picture) => "thumbnail" in picture)) {
    return messenger.editText(target, ...textMessage(screen));
  }
  const { caption, keyboard } = captionOf(screen);
  const edit = (file: Sendable) => messenger.editPicture(target, file, caption, keyboard);
  await asOnePicture(pictures, edit, tools);
}

/** The words and buttons of a screen, as a message without a picture has them. */
export function textMessage(screen: Screen): [RichText, InlineKeyboardMarkup] {
  return [wordsOf(screen), keyboardOf(screen)];
}

/** The words and buttons of a screen, as they stand below a picture. */
export function captionOf(screen: Screen): { caption: RichText; keyboard: InlineKeyboardMarkup } {
  return { caption: wordsOf(screen, limits.captionLength), keyboard: keyboardOf(screen) };
}

/** The screen without pictures that are gone, or cannot be shown in this chat; throws other errors. */
export function unlessShown(
  error: unknown,
  { buttons = [], lines }: Screen,
  { job, t }: { readonly job: Job; readonly t: Translator },
): Screen {
  if (error instanceof PictureGone) return { lines: goneLines(job, t), buttons };
  if (problemBehind(error) !== "no-pictures") throw error;
  return { lines: [...lines, [plain(t("ask.notHere"))]], buttons };
}

// === Several pictures

/**
 * Sends the pictures of a job as an album, or the only one that is left as a picture. An album has neither caption nor
 * buttons. Throws PictureGone when none is left.
 */
export async function sendAlbum(
  job: Job,
  place: ChatPlace,
  { messenger, pictures }: Pick<ShowTools, "messenger" | "pictures">,
): Promise<SentAlbum> {
  const album = await pictures.album(job);
  const [first, ...others] = album;
  if (!first) throw new PictureGone();
  if (others.length === 0) {
    const { chat, message }: SentMessage = await messenger.sendPicture(place, first.file);
    return { chat, messages: [message] };
  }
  const files = album.map(({ file }) => file);
  const { chat, messages, files: ids } = await messenger.sendAlbum(place, files);
  for (const [index, { picture, file }] of album.entries()) {
    await pictures.remember(picture, file.kind, ids[index] ?? "");
  }
  return { chat, messages };
}

/** Uses the pictures of a page as one: a contact sheet, or where nothing can be decoded the first that is there. */
async function asOnePicture(
  shown: readonly ScreenPicture[],
  use: (file: Sendable) => Promise<unknown>,
  tools: ShowTools,
): Promise<void> {
  if (tools.imaging.decodes) {
    await use(await contactSheet(shown, tools));
    return;
  }
  for (const { job } of shown) {
    const [picture] = job.pictures;
    if (picture && (await isShown(tools.pictures.showing(job, picture, use)))) return;
  }
  await use(emptyPicture());
}

/** False for a picture that is gone; throws what else went wrong. */
async function isShown(showing: Promise<unknown>): Promise<boolean> {
  try {
    await showing;
    return true;
  } catch (error) {
    if (error instanceof PictureGone) return false;
    throw error;
  }
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
