import { promptOf } from "../../core/brief.ts";
import { type ImageFormat, type Imaging, sniffFormat } from "../../core/imaging.ts";
import { isSpoiler, type Job } from "../../core/job.ts";
import type { Log } from "../../core/observe.ts";
import type { SettingsStore } from "../../core/settings.ts";
import { type ScreenPicture, type Link, type Screen, code, plain } from "../screen.ts";
import { bytesOf, type ChatTools, madeToFit, thumbnailOf } from "../use-cases.ts";
import { consequenceOf, type DiscordFailure, failureOf } from "./errors.ts";
import type { Interaction } from "./interaction.ts";
import { limits } from "./limits.ts";
import { guildScope, type Place } from "./place.ts";
import type { RenderOptions, ShownPicture } from "./render.ts";

// === Pictures

type PictureTools = Pick<ChatTools, "studio" | "imaging"> & { readonly log: Log };

/** The pictures of a screen with files of at most so many bytes; with `plain`, without what people typed. */
export type Files = (fit: {
  readonly fileBytes: number;
  readonly plain: boolean;
}) => Promise<readonly ShownPicture[]>;

/** Reads the pictures of a screen once, to make them fit as often as that takes. */
export async function filesOf(
  { pictures = [] }: Screen,
  { restricted }: Pick<Place, "restricted">,
  tools: PictureTools,
): Promise<Files> {
  const [first] = pictures;
  if (!first) return async () => [];
  if (!("number" in first)) {
    const small = await Promise.all(pictures.map((one) => smallFile(one, restricted, tools)));
    return async () => small.filter((file) => file !== undefined);
  }
  const { job } = first;
  const kept = await bytesOf(job, tools, AbortSignal.timeout(limits.requestMs));
  const numbers = pictures.flatMap((one) => ("number" in one ? one.number : []));
  // A picture made smaller says that it was generated.
  const reencode: Imaging["reencode"] = (bytes, options) =>
    tools.imaging.reencode(bytes, { ...options, label: job.code });
  const wanted = new Map([...kept].filter(([number]) => numbers.includes(number)));
  return async ({ fileBytes, plain: isPlain }) => {
    const fitted = await fitPictures(wanted, fileBytes, { reencode });
    return fitted.map(({ number, bytes, extension }) => ({
      name: `${job.code}-${number}.${extension}`,
      bytes,
      alternative: isPlain ? job.code : wordsOf(job, number),
      spoiler: isSpoiler(job) && !restricted,
    }));
  };
}

const thumbnail = { format: "jpeg", quality: 75, maxSide: 320 } as const;

/** undefined where there is nothing to show. */
async function smallFile(
  picture: ScreenPicture,
  restricted: boolean,
  tools: PictureTools,
): Promise<ShownPicture | undefined> {
  const { job } = picture;
  const isPreview = "preview" in picture;
  const bytes = isPreview ? picture.preview : await thumbnailOf(job, thumbnail, tools);
  if (!bytes) return undefined;
  return {
    name: isPreview ? `preview.${extensionOf(bytes)}` : `${job.code}.jpg`,
    bytes,
    alternative: job.brief.words,
    spoiler: isSpoiler(job) && !restricted,
  };
}

function wordsOf({ brief }: Job, number: number): string {
  return brief.variants ? promptOf(brief, number) : brief.words;
}

// === What fits

/** How and where a screen is shown. */
export interface Showing {
  readonly show: (options: RenderOptions) => Promise<unknown>;
  readonly place: Place;
  /** Whose upload limit counts: that of the answered person, or the bot's own. */
  readonly by: "answer" | "bot";
  readonly uploads: UploadLimits;
  readonly log: Log;
}

/**
 * Shows a screen, with smaller files or without prompts where Discord refuses it otherwise. Resolves with the reason why
 * it cannot be shown this way, undefined if it was shown; throws the DiscordFailure where it may work later.
 */
export async function showFitting(
  filesFor: Files,
  { show, place, by, uploads, log }: Showing,
): Promise<DiscordFailure | undefined> {
  let fileBytes = await uploads.of(place, by);
  let isPlain = false;
  for (;;) {
    const files = await filesFor({ fileBytes, plain: isPlain });
    const failure = await show({ files, plain: isPlain }).then(() => undefined, failureOf);
    if (!failure) return undefined;
    switch (consequenceOf(failure)) {
      case "too-large": {
        const lower = await uploads.refused(place, largestOf(files));
        if (lower === undefined || lower >= fileBytes) return failure;
        fileBytes = lower;
        break;
      }
      case "unwelcome":
        log.warn({ reason: failure.message }, "Discord refused the words of a message");
        if (isPlain) return failure;
        isPlain = true;
        break;
      case "later":
        throw failure;
      case "closed":
      case "answered":
        return failure;
    }
  }
}

function largestOf(files: readonly ShownPicture[]): number {
  return Math.max(0, ...files.map(({ bytes }) => bytes.byteLength));
}

/** Gives a deferred answer, with its pictures. Throws DiscordFailure where it cannot be given. */
export async function showDeferred(
  screen: Screen,
  { reply, place, tools }: Interaction,
): Promise<void> {
  const files = await filesOf(screen, place, tools);
  const show = (options: RenderOptions) => reply.show(screen, options);
  const { uploads, log } = tools;
  const failure = await showFitting(files, { show, place, by: "answer", uploads, log });
  if (failure) throw failure;
}

// === Original files

/** Gives the original files of a job, or of one of its pictures, where they fit, and links to those that do not. */
export async function showOriginals(
  { job, picture }: { readonly job: Job; readonly picture: number | undefined },
  { reply, place, t, tools }: Interaction,
): Promise<void> {
  const { uploads, log } = tools;
  await reply.defer({ hidden: true });
  const all = await bytesOf(job, tools, AbortSignal.timeout(limits.requestMs));
  const kept = [...all].filter(([number]) => picture === undefined || number === picture);
  if (kept.length === 0) {
    return reply.show({ lines: [[plain(t("picture.noPicture", { code: job.code }))]] });
  }
  let links: readonly Link[] = [];
  const files: Files = async ({ fileBytes }) => {
    const most = Math.min(fileBytes, Math.floor(limits.requestBytes / kept.length));
    const fitting = kept.filter(([, bytes]) => bytes.byteLength <= most);
    const others = kept.filter(([, bytes]) => bytes.byteLength > most).map(([number]) => number);
    links = job.pictures.flatMap((one) => {
      const url = others.includes(one.number) ? tools.publicUrl(one) : undefined;
      return url === undefined ? [] : [{ label: `${job.code}.${one.number}`, url }];
    });
    return fitting.map(([number, bytes]) => ({
      name: `${job.code}-${number}-original.${extensionOf(bytes)}`,
      bytes,
      alternative: job.brief.words,
      spoiler: isSpoiler(job) && !place.restricted,
    }));
  };
  const show = (options: RenderOptions) => {
    const isMissing = links.length + (options.files ?? []).length < kept.length;
    const lines = [[code(job.code)], ...(isMissing ? [[plain(t("ask.notHere"))]] : [])];
    return reply.show({ lines, buttons: [links] }, options);
  };
  const failure = await showFitting(files, { show, place, by: "answer", uploads, log });
  if (failure) throw failure;
}

// === Making pictures fit

/** A picture small enough for its place. */
interface Fitted {
  readonly number: number;
  readonly bytes: Uint8Array;
  /** The file name's extension, without the dot. */
  readonly extension: string;
}

/** Smaller and smaller. The last one is used even if it is still too large. */
const previews = [
  { format: "jpeg", quality: 90 },
  { format: "jpeg", quality: 85, maxSide: 2048 },
  { format: "jpeg", quality: 80, maxSide: 1536 },
  { format: "jpeg", quality: 75, maxSide: 1024 },
  { format: "jpeg", quality: 60, maxSide: 512 },
] as const;

/** Makes kept pictures smaller where one has more than `fileBytes`, or all together more than a request. */
export async function fitPictures(
  pictures: ReadonlyMap<number, Uint8Array>,
  fileBytes: number,
  imaging: Pick<Imaging, "reencode">,
): Promise<readonly Fitted[]> {
  const share = Math.floor(limits.requestBytes / Math.max(1, pictures.size));
  const most = Math.min(fileBytes, share);
  const fitted: Fitted[] = [];
  for (const [number, bytes] of pictures) {
    fitted.push({ number, ...(await fit(bytes, most, imaging)) });
  }
  return fitted;
}

async function fit(
  bytes: Uint8Array,
  most: number,
  imaging: Pick<Imaging, "reencode">,
): Promise<Omit<Fitted, "number">> {
  const smaller = bytes.byteLength > most && (await madeToFit(bytes, most, previews, imaging));
  return smaller ? { bytes: smaller, extension: "jpg" } : { bytes, extension: extensionOf(bytes) };
}

const extensions: Readonly<Record<ImageFormat, string>> = { png: "png", jpeg: "jpg", webp: "webp" };

/** The file name's extension for these bytes, without the dot; `png` where the format is unknown. */
function extensionOf(bytes: Uint8Array): string {
  const format = sniffFormat(bytes);
  return format === undefined || format === "video" ? "png" : extensions[format];
}

// === Learning what fits

/** The largest file that each place accepts, which may be less than Discord says: a refused size is remembered. */
export type UploadLimits = ReturnType<typeof uploadLimits>;

const mebibyte = 1024 * 1024;
const steps = [50, 20, 10, 8, 4, 2, 1].map((count) => count * mebibyte);

/** Upload limits that are remembered in the settings of each server. */
export function uploadLimits(settings: SettingsStore) {
  return {
    /** Bytes of one file, in an answer to an interaction or in a message of the bot's own. */
    async of({ guild, fileBytes }: Place, by: "answer" | "bot"): Promise<number> {
      const told = by === "answer" ? fileBytes : Math.min(fileBytes, limits.fileBytes);
      if (guild === null) return told;
      const { uploadLimit = told } = await settings.get(guildScope(guild));
      return Math.min(told, uploadLimit);
    },

    /** Remembers that a file of this size was refused. Resolves with the limit to try next, undefined when none is left. */
    async refused({ guild }: Place, bytes: number): Promise<number | undefined> {
      const uploadLimit = steps.find((step) => step < bytes);
      if (guild !== null && uploadLimit !== undefined) {
        await settings.set(guildScope(guild), { uploadLimit });
      }
      return uploadLimit;
    },
  };
}
