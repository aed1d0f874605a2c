import { ComponentType } from "discord.js";
import type { Fault } from "./errors.ts";
import { lengthOf } from "./schema.ts";
import type { AnyComponent, Component } from "./schema-components.ts";

// What holds for all components of a message together: https://docs.discord.com/developers/components/reference

const MAX_COMPONENTS = 40;
const MAX_TEXT = 4000;

/** A component and where it is in the message. */
export interface Placed {
  readonly component: AnyComponent;
  readonly path: readonly PropertyKey[];
}

/** Every component, outer ones before what is in them. */
export function* everyComponent(
  components: readonly AnyComponent[],
  path: readonly PropertyKey[] = ["components"],
): Generator<Placed> {
  for (const [index, component] of components.entries()) {
    yield { component, path: [...path, index] };
    if ("components" in component) {
      yield* everyComponent(component.components, [...path, index, "components"]);
    }
    if ("accessory" in component) {
      yield { component: component.accessory, path: [...path, index, "accessory"] };
    }
  }
}

/** The words of a component that people read. Alternative texts are not among them. */
function wordsOf(component: AnyComponent): readonly string[] {
  switch (component.type) {
    case ComponentType.TextDisplay:
      return [component.content];
    case ComponentType.Button:
      return [component.label ?? ""];
    case ComponentType.StringSelect:
      return component.options
        .flatMap(({ label, description }) => [label, description ?? ""])
        .concat(component.placeholder ?? "");
    default:
      return [];
  }
}

/** The text that a message's components show, a line for each. */
export function shownText(components: readonly Component[]): string {
  return [...everyComponent(components)]
    .map(({ component }) => (component.type === ComponentType.TextDisplay ? component.content : ""))
    .filter((line) => line !== "")
    .join("\n");
}

/** The pictures and files that a component shows, with the places of their URLs. */
export function mediaOf({ component, path }: Placed): readonly {
  readonly media: { url: string };
  readonly path: readonly PropertyKey[];
}[] {
  switch (component.type) {
    case ComponentType.MediaGallery:
      return component.items.map(({ media }, index) => ({
        media,
        path: [...path, "items", index, "media", "url"],
      }));
    case ComponentType.Thumbnail:
      return [{ media: component.media, path: [...path, "media", "url"] }];
    case ComponentType.File:
      return [{ media: component.file, path: [...path, "file", "url"] }];
    default:
      return [];
  }
}

/** All that is wrong with these components together. */
export function* componentFaults(
  components: readonly Component[],
  isNew: boolean,
): Generator<Fault> {
  const placed = [...everyComponent(components)];
  yield* duplicates(placed);
  if (!isNew) return;
  if (placed.length > MAX_COMPONENTS) {
    yield {
      path: ["components"],
      code: "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
      message: `The total number of components exceeds the maximum of ${MAX_COMPONENTS}`,
    };
  }
  if (lengthOf(placed.flatMap(({ component }) => wordsOf(component)).join("")) > MAX_TEXT) {
    yield {
      path: ["components"],
      code: "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
      message: `Components displayable text size exceeds maximum size of ${MAX_TEXT}`,
    };
  }
}

function* duplicates(placed: readonly Placed[]): Generator<Fault> {
  const seen = new Set<string | number>();
  for (const { component, path } of placed) {
    const { id } = component;
    if (typeof id === "number" && id !== 0) {
      if (seen.has(id)) {
        yield {
          path: [...path, "id"],
          code: "COMPONENT_ID_DUPLICATED",
          message: "Component id cannot be duplicated",
        };
      }
      seen.add(id);
    }
    if (!("custom_id" in component) || typeof component.custom_id !== "string") continue;
    if (seen.has(component.custom_id)) {
      yield {
        path: [...path, "custom_id"],
        code: "COMPONENT_CUSTOM_ID_DUPLICATED",
        message: "Component custom id cannot be duplicated",
      };
    }
    seen.add(component.custom_id);
  }
}

/**
 * Whether Discord fails on so much text. It takes 4000 characters, but not 10,170 bytes of them in UTF-8, counting
 * twelve more for each text display: https://github.com/discord/discord-api-docs/issues/8554
 */
export function isTooManyBytes(components: readonly Component[]): boolean {
  let bytes = 0;
  for (const { component } of everyComponent(components)) {
    if (component.type === ComponentType.TextDisplay)
      bytes += Buffer.byteLength(component.content) + 12;
  }
  return bytes > 10_170;
}
