import { everyComponent, mediaOf } from "./component-rules.ts";
import { type Fault, refusal } from "./errors.ts";
import { type FileStore, type StoredFile, type UploadedFile, keptName } from "./files.ts";
import type { Component } from "./schema-components.ts";
import type { MessageForm } from "./schema-message.ts";

/** A file that a message will have once its request is accepted. */
export interface PlannedFile {
  /** The name by which `attachment://` finds it; none where the request kept the file without naming it. */
  readonly name: string | undefined;
  readonly source: UploadedFile | StoredFile;
  readonly description: string | undefined;
  readonly spoiler: boolean;
}

interface Plan {
  readonly uploads: readonly UploadedFile[];
  readonly attachments: MessageForm["attachments"];
  /** The files that the message has already. */
  readonly present: readonly StoredFile[];
  /** Whether those stay where the request does not speak of attachments. */
  readonly staysByDefault: boolean;
  readonly components: readonly Component[];
}

const SPOILER_PREFIX = "SPOILER_";

/** Throws 40005 where one file is larger than the place takes. */
export function checkSizes(uploads: readonly UploadedFile[], limit: number): void {
  if (uploads.some(({ bytes }) => bytes.byteLength > limit)) throw refusal("too-large");
}

/**
 * Which files the message will have: those that `attachments` lists, or, without it, all; and those present ones
 * that a component shows by their link. https://docs.discord.com/developers/reference#editing-message-attachments
 */
export function planFiles(plan: Plan): {
  readonly files: readonly PlannedFile[];
  readonly faults: readonly Fault[];
} {
  const { uploads, attachments, present, staysByDefault, components } = plan;
  const faults: Fault[] = [];
  const files: PlannedFile[] = [];
  if (!attachments) {
    const kept = staysByDefault ? present : [];
    files.push(...kept.map((file) => planned(file, { filename: file.filename })));
    files.push(...uploads.map((file) => planned(file, {})));
  }
  for (const [index, entry] of attachments?.entries() ?? []) {
    const source =
      uploads.find((file) => file.index === entry.id) ??
      present.find((file) => file.id === entry.id);
    if (source) files.push(planned(source, entry));
    else {
      const message = "The attachment was neither uploaded nor is it on the message";
      faults.push({ path: ["attachments", index, "id"], code: "ATTACHMENT_NOT_FOUND", message });
    }
  }
  const shown = [...everyComponent(components)].flatMap(mediaOf);
  const linked = present
    .filter((file) => files.every(({ source }) => source !== file))
    .map((file) => planned(file, {}))
    .filter((file) => shown.some(({ media }) => isMeant(file, media.url)));
  return { files: [...files, ...linked], faults };
}

type Entry = Partial<NonNullable<MessageForm["attachments"]>[number]>;

function planned(source: UploadedFile | StoredFile, entry: Entry): PlannedFile {
  const before = "id" in source ? source : undefined;
  // A file that stays is found by name only where the request names it, as one that is new.
  const name = entry.filename ?? (before ? undefined : source.filename);
  return {
    name: name === undefined ? undefined : keptName(name),
    source,
    description: entry.description ?? before?.description,
    spoiler: entry.is_spoiler ?? before?.spoiler ?? source.filename.startsWith(SPOILER_PREFIX),
  };
}

/** Whether a component with that URL shows that file. */
function isMeant({ name, source }: PlannedFile, url: string): boolean {
  if (url.startsWith("attachment://")) return name !== undefined && url === `attachment://${name}`;
  return "id" in source && URL.parse(url)?.pathname.split("/")[3] === source.id;
}

/** Each reference of a component to a file that is not there, and each file to which none refers. */
export function* mediaFaults(
  components: readonly Component[],
  files: readonly PlannedFile[],
): Generator<Fault> {
  const shown = [...everyComponent(components)].flatMap(mediaOf);
  for (const { media, path } of shown) {
    const isReference = media.url.startsWith("attachment://");
    if (!isReference || files.some((file) => isMeant(file, media.url))) continue;
    const code = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND";
    yield { path, code, message: `The referenced attachment (${media.url}) was not found` };
  }
  for (const file of files) {
    if (shown.some(({ media }) => isMeant(file, media.url))) continue;
    // Discord takes such a file and shows it to nobody, which no caller means.
    const message = `No component shows the attachment ${file.name ?? file.source.filename}`;
    yield { path: ["attachments"], code: "MESSAGE_ATTACHMENT_NOT_REFERENCED", message };
  }
}

/**
 * The files in their final form, in the same order, new ones stored. The components that show them are
 * made to do so by id: names are good for one request.
 */
export function storeFiles(
  store: FileStore,
  plan: { readonly files: readonly PlannedFile[]; readonly components: readonly Component[] },
  where: { readonly channelId: string; readonly ephemeral: boolean },
): readonly StoredFile[] {
  const shown = [...everyComponent(plan.components)].flatMap(mediaOf);
  return plan.files.map((file) => {
    const stored = storeFile(store, file, where);
    for (const { media } of shown) if (isMeant(file, media.url)) media.url = internalUrl(stored);
    return stored;
  });
}

function storeFile(
  store: FileStore,
  { source, name, description, spoiler }: PlannedFile,
  where: { readonly channelId: string; readonly ephemeral: boolean },
): StoredFile {
  if ("id" in source) return { ...source, description, spoiler };
  const { bytes, contentType } = source;
  const filename = name ?? keptName(source.filename);
  return store.keep({ ...where, filename, contentType, bytes, description, spoiler });
}

/** How a stored component refers to a file of its message; the path is that of the file's links. */
function internalUrl({ channelId, id, filename }: StoredFile): string {
  return `file:///attachments/${channelId}/${id}/${filename}`;
}

/** The file of a message that a component with that URL shows; none where the URL leads elsewhere. */
export function fileBehind(url: string, files: readonly StoredFile[]): StoredFile | undefined {
  return files.find((file) => url === internalUrl(file));
}
