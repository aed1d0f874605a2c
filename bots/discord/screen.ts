import {
  type APIMessageTopLevelComponent,
  ButtonStyle,
  ComponentType,
  MessageFlags,
} from "discord-api-types/v10";
import { encodeAction } from "../actions.ts";
import type { Button } from "../conversation.ts";
import type { Upload } from "./rest.ts";
import { limits } from "./limits.ts";
import { clip, clipTo, messageRoom } from "./text.ts";

/** A picture in a message. */
export interface ShownPicture {
  /** The file's name, unique in its message. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Alternative text. */
  readonly alternative: string;
  readonly spoiler: boolean;
}

/** One choice of a select menu. */
export interface Choice {
  readonly label: string;
  readonly value: string;
  readonly description?: string;
}

/** A select menu. */
export interface Select {
  readonly data: Button["data"];
  readonly placeholder: string;
  readonly choices: readonly Choice[];
}

/** A button that opens an address. */
export interface Link {
  readonly label: string;
  readonly url: string;
}

/** A message as a value, from top to bottom. */
export interface Screen {
  readonly pictures?: readonly ShownPicture[];
  /** Markdown. What people typed is escaped with `escapeMarkdown`. */
  readonly text: string;
  readonly select?: Select;
  readonly buttons?: readonly (Button | Link)[];
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

/** Renders a screen as a Components V2 message; sent as an edit it replaces everything that was shown. */
export function render(
  screen: Screen,
  { hidden = false, answers }: { hidden?: boolean; answers?: string | undefined } = {},
): Outgoing {
  const reference = { message_id: answers, fail_if_not_exists: false };
  const pictures = screen.pictures ?? [];
  const flags = MessageFlags.IsComponentsV2 | (hidden ? MessageFlags.Ephemeral : 0);
  return {
    body: {
      flags,
      components: [
        ...gallery(pictures),
        { type: ComponentType.TextDisplay, content: clip(screen.text, messageRoom) },
        ...(screen.select ? [selectRow(screen.select)] : []),
        ...buttonRows(screen.buttons ?? []),
      ],
      attachments: pictures.map((picture, index) => ({
        id: String(index),
        filename: picture.name,
        ...alternative(picture),
      })),
      allowed_mentions: { parse: [] },
      ...(answers === undefined ? {} : { message_reference: reference }),
    },
    files: pictures,
  };
}

function gallery(pictures: readonly ShownPicture[]): APIMessageTopLevelComponent[] {
  if (pictures.length === 0) return [];
  const items = pictures.map((picture) => ({
    media: { url: `attachment://${picture.name}` },
    spoiler: picture.spoiler,
    ...alternative(picture),
  }));
  return [{ type: ComponentType.MediaGallery, items }];
}

function alternative(picture: ShownPicture): { description?: string } {
  const description = clipTo(limits.alternativeText, picture.alternative.trim());
  return description === "" ? {} : { description };
}

function selectRow({ data, placeholder, choices }: Select): APIMessageTopLevelComponent {
  const options = choices.slice(0, limits.choices).map(({ label, value, description }) => ({
    label: clipTo(limits.choiceName, label),
    value,
    ...(description === undefined
      ? {}
      : { description: clipTo(limits.description, description.trim() || "…") }),
  }));
  const select = { custom_id: encodeAction(data), placeholder, options };
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
