import { ComponentType } from "discord.js";
import { everyComponent, shownText } from "./component-rules.ts";
import type { MessageContent } from "./compose.ts";
import type { FileStore, StoredFile } from "./files.ts";
import type { Pings } from "./mentions.ts";
import { fileBehind } from "./message-files.ts";
import type { StoredMessage } from "./messages.ts";
import type { AnyComponent, Component } from "./schema-components.ts";
import type { Embed } from "./schema-message.ts";

/** A file of a message, as a test sees it. */
export interface FileView {
  readonly id: string;
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
  /** The alternative text, of the component that shows it before that of the file. */
  readonly description: string | undefined;
  /** Whether people see it blurred: by the file, by the component that shows it, or by the container. */
  readonly spoiler: boolean;
  /** A fresh link, served by the stand-in. */
  readonly url: string;
}

/** A button or a select menu, as a test sees it. */
export interface ControlView {
  readonly kind: "button" | "select";
  readonly customId: string | undefined;
  /** A button's label, a select's placeholder. */
  readonly label: string | undefined;
  readonly emoji: string | undefined;
  readonly style: number | undefined;
  readonly url: string | undefined;
  readonly disabled: boolean;
  /** Of a select with options of its own. */
  readonly options: readonly { readonly label: string; readonly value: string }[];
}

/** A message as somebody sees it now: each property is read anew. */
export interface MessageView {
  readonly id: string;
  readonly channelId: string;
  readonly authorId: string;
  /** Milliseconds since 1970, by the stand-in's clock. */
  readonly createdAt: number;
  readonly editedAt: number | undefined;
  readonly deleted: boolean;
  /** "Thinking…": deferred and not edited yet. */
  readonly loading: boolean;
  readonly ephemeral: boolean;
  readonly content: string;
  readonly embeds: readonly Embed[];
  readonly components: readonly Component[];
  readonly flags: number;
  /** All that can be read: content, embeds' titles and descriptions, text displays. */
  readonly text: string;
  /** Every file, in the order in which it is shown. */
  readonly files: readonly FileView[];
  readonly controls: readonly ControlView[];
  /** Labels of its buttons, in order. */
  readonly buttons: readonly string[];
  readonly pings: Pings;
  readonly nonce: string | undefined;
  /** The interaction it answers. */
  readonly interactionId: string | undefined;
  readonly repliesTo: string | undefined;
  /** What it could be read as, from the first time to now. */
  readonly revisions: readonly {
    readonly at: number;
    readonly text: string;
    readonly fileCount: number;
  }[];
}

/** A view of a message that stays up to date. */
export function viewMessage(message: StoredMessage, files: FileStore): MessageView {
  return {
    id: message.id,
    channelId: message.channel.id,
    authorId: message.author.id,
    createdAt: message.createdAt,
    nonce: message.nonce,
    interactionId: message.origin?.id,
    repliesTo: message.repliesTo?.id,
    ephemeral: message.visibleTo !== undefined,
    get editedAt() {
      return message.editedAt;
    },
    get deleted() {
      return message.deletedAt !== undefined;
    },
    get loading() {
      return message.loading;
    },
    get content() {
      return message.content.text;
    },
    get embeds() {
      return message.content.embeds;
    },
    get components() {
      return message.content.components;
    },
    get flags() {
      return message.content.flags;
    },
    get text() {
      return readableText(message.content);
    },
    get files() {
      return fileViews(message.content, files);
    },
    get controls() {
      return controlsOf(message.content);
    },
    get buttons() {
      return controlsOf(message.content)
        .filter(({ kind }) => kind === "button")
        .map(({ label, emoji }) => label ?? emoji ?? "");
    },
    get pings() {
      return message.pings;
    },
    get revisions() {
      return message.revisions.map(({ at, content }) => ({
        at,
        text: readableText(content),
        fileCount: content.files.length,
      }));
    },
  };
}

function readableText({ text, embeds, components }: MessageContent): string {
  const ofEmbeds = embeds.flatMap(({ title, description }) => [title ?? "", description ?? ""]);
  return [text, ...ofEmbeds, shownText(components)].filter((line) => line !== "").join("\n");
}

interface Shown {
  readonly url: string;
  readonly description?: string | null | undefined;
  readonly spoiler?: boolean | null | undefined;
}

/** What components show, in order, with the blur of a container upon what is in it. */
function* shownMedia(components: readonly AnyComponent[], blurred = false): Generator<Shown> {
  for (const component of components) {
    const spoiler = blurred || ("spoiler" in component && component.spoiler === true);
    if (component.type === ComponentType.MediaGallery) {
      yield* component.items.map((item) => ({
        ...item,
        url: item.media.url,
        spoiler: spoiler || item.spoiler,
      }));
    }
    if (component.type === ComponentType.File) yield { url: component.file.url, spoiler };
    if (component.type === ComponentType.Thumbnail) {
      yield { url: component.media.url, description: component.description, spoiler };
    }
    if ("components" in component) yield* shownMedia(component.components, spoiler);
    if ("accessory" in component) yield* shownMedia([component.accessory], spoiler);
  }
}

function fileViews(content: MessageContent, files: FileStore): readonly FileView[] {
  const views: FileView[] = [];
  for (const { url, description, spoiler } of shownMedia(content.components)) {
    const file = fileBehind(url, content.files);
    if (file) views.push(viewFile(file, files, { description, spoiler }));
  }
  const loose = content.files.filter(({ id }) => views.every((view) => view.id !== id));
  return [...views, ...loose.map((file) => viewFile(file, files, {}))];
}

function viewFile(file: StoredFile, files: FileStore, shown: Omit<Shown, "url">): FileView {
  const { id, filename, contentType, bytes } = file;
  return {
    id,
    filename,
    contentType,
    bytes,
    description: shown.description ?? file.description,
    spoiler: file.spoiler || shown.spoiler === true,
    url: files.link(file),
  };
}

function controlsOf({ components }: MessageContent): readonly ControlView[] {
  return [...everyComponent(components)]
    .map(({ component }) => controlOf(component))
    .filter((control) => control !== undefined);
}

function controlOf(component: AnyComponent): ControlView | undefined {
  if (component.type === ComponentType.Button) return buttonView(component);
  return "custom_id" in component ? selectView(component) : undefined;
}

type Of<Type extends ComponentType> = Extract<AnyComponent, { type: Type }>;
type Select = Exclude<
  Extract<AnyComponent, { custom_id?: string | null | undefined }>,
  Of<ComponentType.Button>
>;

function buttonView(button: Of<ComponentType.Button>): ControlView {
  return {
    kind: "button",
    customId: button.custom_id ?? undefined,
    label: button.label ?? undefined,
    emoji: button.emoji?.name ?? undefined,
    style: button.style,
    url: button.url ?? undefined,
    disabled: button.disabled === true,
    options: [],
  };
}

function selectView(select: Select): ControlView {
  return {
    kind: "select",
    customId: select.custom_id,
    label: select.placeholder ?? undefined,
    emoji: undefined,
    style: undefined,
    url: undefined,
    disabled: select.disabled === true,
    options: "options" in select ? select.options : [],
  };
}
