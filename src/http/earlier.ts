import { imageIn } from "../../core/wire/markdown.ts";
import { asObject, lastUserText } from "./body.ts";
import { headerOf, type RequestContext } from "./context.ts";
import { changeWords, longestChange, opening } from "./earlier/change-words.ts";
import { type Brought, isPictureName, type Reference, referencesIn } from "./pictures.ts";

/** Whether words ask to change a picture that is there, rather than for another one. */
export function asksForChange(words: string): boolean {
  const plain = words.trim().toLowerCase();
  if (plain.length > longestChange) return false;
  const asked = plain.replace(opening, "");
  return changeWords.some(({ pattern }) => pattern.test(asked) || pattern.test(plain));
}

/** Whether the client wants each message to be read by itself. */
export function ignoresEarlier(context: RequestContext): boolean {
  return headerOf(context, "x-drawbridge-context")?.trim().toLowerCase() === "none";
}

/** What is brought, or where that is nothing and the words ask for a change, the picture that was shown last: `find` gives it. */
export function withEarlier(
  brought: Brought,
  words: string,
  find: () => Reference | undefined,
): Brought {
  if (brought.pictures.length > 0) return brought;
  const shown = find();
  return shown && asksForChange(words) ? withShown(brought, shown) : brought;
}

/** The same whatever the words say. */
export function withShown(brought: Brought, shown: Reference | undefined): Brought {
  if (brought.pictures.length > 0 || !shown) return brought;
  return { ...brought, pictures: [{ ...shown, isEarlier: true }] };
}

/** The last message of a conversation in which a picture was shown, where the words of its user ask to change it. */
export function messageToChange(messages: readonly unknown[]): unknown {
  const words = lastUserText(messages) ?? "";
  return asksForChange(words) ? messages.findLast((one) => shownIn(one, "").length > 0) : undefined;
}

/** The last picture in a conversation, be it of its assistant or its user; `field` is where the conversation stands. */
export function shownLast(messages: unknown, field: string): Reference | undefined {
  if (!Array.isArray(messages)) return undefined;
  for (const message of messages.toReversed()) {
    const shown = shownIn(message, field).at(-1);
    if (shown) return shown;
  }
  return undefined;
}

/** The pictures of a message, or of a response's call, which is known here by its id. */
function shownIn(message: unknown, field: string): Reference[] {
  const { type, role, id, result, content, images } = asObject(message);
  if (type === "image_generation_call") {
    const isOurs = typeof id === "string" && /^ig_[0-9A-Z]{10}_\d+$/.test(id);
    return isOurs ? [{ field, content: id }] : referencesIn(result, field);
  }
  if (role !== "assistant" && role !== "user") return [];
  const parts = Array.isArray(content) ? content.map(asObject) : [{ text: content }];
  return [...parts.flatMap((part) => picturesOf(part, field)), ...referencesIn(images, field)];
}

function picturesOf(part: Readonly<Record<string, unknown>>, field: string): Reference[] {
  const { type, text } = part;
  if (typeof type === "string" && isPictureName(type)) return referencesIn(part, field);
  const address = typeof text === "string" ? imageIn(text) : undefined;
  return address === undefined ? [] : [{ field, content: address }];
}
