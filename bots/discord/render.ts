import {
  type APIMessageTopLevelComponent,
  ButtonStyle,
  ComponentType,
  MessageFlags,
} from "discord-api-types/v10";
import { encodeAction } from "../button-data.ts";
import {
  type Button,
  type Choices,
  isTyped,
  type Line,
  type Link,
  type Measure,
  type Piece,
  type Screen,
  shortened,
} from "../screen.ts";
import { limits } from "./limits.ts";
import type { Upload } from "./rest.ts";
import { byteLength, clip, clipTo, escapeMarkdown } from "./text.ts";

/** A picture in a message. */
export interface ShownPicture {
  /** The file's name, unique in its message. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Alternative text. */
  readonly alternative: string;
  readonly spoiler: boolean;
}

/** A message as the API takes it, with its files. */
export interface Outgoing {
  readonly body: {
    readonly flags: number;
    readonly components: readonly APIMessageTopLevelComponent[];
    readonly attachments: readonly { id: string; filename: string; description?: string }[];
    /** The message that is answered. */
    readonly message_reference?: object;
    /** No mention in the text notifies anyone. */
    readonly allowed_mentions: { readonly parse: readonly [] };
  };
  readonly files: readonly Upload[];
}

/** How a screen is rendered. */
export interface RenderOptions {
  /** Its pictures, read and made to fit. */
  readonly files?: readonly ShownPicture[];
  /** Visible to the answered person alone. */
  readonly hidden?: boolean;
  /** Without what people typed. */
  readonly plain?: boolean;
  /** The id of the message that is answered. */
  readonly answers?: string | undefined;
}

/** Renders a screen as a Components V2 message; sent as an edit it replaces everything that was shown. */
export function render(screen: Screen, options: RenderOptions = {}): Outgoing {
  const { files = [], hidden = false, plain = false, answers } = options;
  const { lines, choices, buttons = [] } = screen;
  const shown = plain ? lines.filter((line) => !line.some(isTyped)) : lines;
  const reference = { message_id: answers, fail_if_not_exists: false };
  return {
    body: {
      flags: MessageFlags.IsComponentsV2 | (hidden ? MessageFlags.Ephemeral : 0),
      components: [
        ...gallery(files),
        { type: ComponentType.TextDisplay, content: markdown(shown) },
        ...(choices && choices.options.length > 0 ? [selectRow(choices)] : []),
        ...buttonRows(buttons.flat()),
      ],
      attachments: files.map((file, index) => ({
        id: String(index),
        filename: file.name,
        ...alternative(file),
      })),
      allowed_mentions: { parse: [] },
      ...(answers === undefined ? {} : { message_reference: reference }),
    },
    files,
  };
}

// === Words

/** Of two limits the one that is nearer counts: the length, or the bytes on the scale of the length. */
const bytesOfUnit = limits.textBytes / limits.textLength;

const measure: Measure = {
  sizeOf: (text) => Math.max(text.length, Math.ceil(byteLength(text) / bytesOfUnit)),
  cut: (text, size) => clip(text, { length: size, bytes: Math.floor(size * bytesOfUnit) }),
};

/** Lines as Markdown, within the limits of a message: what people typed is shortened first, and then the end left out. */
export function markdown(lines: readonly Line[]): string {
  const escaped = lines.map((line) => line.map((piece) => ({ ...piece, text: wordsOf(piece) })));
  const short = shortened(escaped, limits.textLength, measure, written);
  return measure.cut(written(short), limits.textLength);
}

function written(lines: readonly Line[]): string {
  return lines.map(lineOf).join("\n");
}

/** A quotation and a note are lines of their own. */
function lineOf(line: Line): string {
  const [first] = line;
  const text = line.map((piece) => piece.text).join("");
  if (first?.as === "note") return `-# ${text}`;
  return first?.as === "quote" ? `> **${first.label ?? ""}:** ${text}` : text;
}

function wordsOf({ text, as }: Piece): string {
  if (as === "plain") return text.replace(/^(\d+)\./, "$1\\.");
  const escaped = escapeMarkdown(text);
  return as === "note" || as === "quote" ? escaped.replace(/\s*\n\s*/g, " ") : escaped;
}

// === Pictures, choices and buttons

function gallery(files: readonly ShownPicture[]): APIMessageTopLevelComponent[] {
  if (files.length === 0) return [];
  const items = files.map((file) => ({
    media: { url: `attachment://${file.name}` },
    spoiler: file.spoiler,
    ...alternative(file),
  }));
  return [{ type: ComponentType.MediaGallery, items }];
}

function alternative(file: ShownPicture): { description?: string } {
  const description = clipTo(limits.alternativeText, file.alternative.trim());
  return description === "" ? {} : { description };
}

function selectRow({ data, label, options: all }: Choices): APIMessageTopLevelComponent {
  const options = all.slice(0, limits.choices).map((choice) => ({
    label: clipTo(limits.choiceName, choice.label),
    value: choice.value,
    ...(choice.description === undefined
      ? {}
      : { description: clipTo(limits.description, choice.description.trim() || "…") }),
  }));
  const select = { custom_id: encodeAction(data), placeholder: label, options };
  return {
    type: ComponentType.ActionRow,
    components: [{ type: ComponentType.StringSelect, ...select }],
  };
}

function buttonRows(buttons: readonly (Button | Link)[]): APIMessageTopLevelComponent[] {
  const rows: APIMessageTopLevelComponent[] = [];
  for (let at = 0; at < buttons.length; at += limits.buttonsInRow) {
    const components = buttons.slice(at, at + limits.buttonsInRow).map(buttonOf);
    rows.push({ type: ComponentType.ActionRow, components });
  }
  return rows;
}

function buttonOf(button: Button | Link) {
  const label = clipTo(limits.buttonLabel, button.label);
  if ("url" in button) {
    const { url } = button;
    return { type: ComponentType.Button, style: ButtonStyle.Link, label, url } as const;
  }
  const style = button.style === "danger" ? ButtonStyle.Danger : ButtonStyle.Secondary;
  const custom_id = encodeAction(button.data);
  return { type: ComponentType.Button, style, label, custom_id } as const;
}
