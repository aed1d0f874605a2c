import {
  type APIMediaGalleryItem,
  type APIMessage,
  type APIMessageComponent,
  ComponentType,
} from "discord-api-types/v10";
import { namesIn, readable } from "./readable.ts";

/** A message, or one that another message forwards. */
export type Part = Pick<APIMessage, "content" | "attachments" | "embeds"> &
  Partial<Pick<APIMessage, "components" | "poll" | "mentions">>;

/** A message, and the messages that it forwards. */
export function partsOf(message: APIMessage): readonly Part[] {
  return [message, ...(message.message_snapshots ?? []).map((snapshot) => snapshot.message)];
}

/** The components of a message, also those inside others. */
function everyComponent({
  components = [],
}: Pick<Part, "components">): readonly APIMessageComponent[] {
  return components.flatMap(within);
}

function within(component: APIMessageComponent): readonly APIMessageComponent[] {
  const inner = "components" in component ? component.components : [];
  const beside = "accessory" in component ? [component.accessory] : [];
  return [component, ...[...inner, ...beside].flatMap(within)];
}

/**
 * The words of a message and of those that it forwards: its text, embeds, components and poll; where there are no others,
 * who an embed names, what stands below it, and the alternative texts of pictures. Mentions are names.
 */
export function wordsOf(message: APIMessage): string {
  const parts = partsOf(message);
  const said = parts.flatMap((part) => named(part, textsOf(part)));
  const words = said.length > 0 ? said : parts.flatMap((part) => named(part, alternatives(part)));
  return words.join("\n");
}

function named({ mentions = [] }: Part, texts: readonly string[]): readonly string[] {
  const names = namesIn({}, mentions);
  return texts.map((text) => readable(text, names)).filter((text) => text.trim() !== "");
}

function textsOf(part: Part): readonly string[] {
  const embedded = part.embeds.flatMap(({ title = "", description = "", fields = [] }) => [
    title,
    description,
    ...fields.flatMap(({ name, value }) => [name, value]),
  ]);
  const shown = everyComponent(part).flatMap((component) =>
    component.type === ComponentType.TextDisplay ? component.content : [],
  );
  const { question, answers = [] } = part.poll ?? {};
  const asked = [question, ...answers.map(({ poll_media }) => poll_media)];
  return [part.content, ...embedded, ...shown, ...asked.map((media) => media?.text ?? "")];
}

/** The pictures that the components of a message show. */
export function picturesShown(part: Part): readonly APIMediaGalleryItem[] {
  return everyComponent(part).flatMap((component) => {
    if (component.type === ComponentType.MediaGallery) return component.items;
    return component.type === ComponentType.Thumbnail ? [component] : [];
  });
}

function alternatives(part: Part): readonly string[] {
  const around = part.embeds.flatMap(({ author, footer }) => [author?.name, footer?.text]);
  const described = [...part.attachments, ...picturesShown(part)].map((one) => one.description);
  return [...around, ...described].flatMap((text) => text || []);
}
