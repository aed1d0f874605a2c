import type { Job } from "../../core/job.ts";
import type { Messenger } from "./messenger.ts";
import { PictureGone, type Pictures } from "./pictures.ts";
import type { ChatPlace, SentAlbum } from "./place.ts";

export interface AlbumTools {
  readonly messenger: Messenger;
  readonly pictures: Pictures;
}

/** Sends the pictures of a job as an album, which has no caption and no buttons. Throws PictureGone when none is left. */
export async function sendAlbum(
  job: Job,
  place: ChatPlace,
  { messenger, pictures }: AlbumTools,
): Promise<SentAlbum> {
  const album = await pictures.album(job);
  const [first, ...others] = album;
  if (!first) throw new PictureGone();
  if (others.length === 0) {
    const { chat, message } = await messenger.sendPicture(place, first.file);
    return { chat, messages: [message] };
  }
  const files = album.map(({ file }) => file);
  const { chat, messages, files: ids } = await messenger.sendAlbum(place, files);
  for (const [index, { picture, file }] of album.entries()) {
    await pictures.remember(picture, file.kind, ids[index] ?? "");
  }
  return { chat, messages };
}
