import { z } from "zod";

const fromUser = z.object({ role: z.literal("user") });

/** Only what we read of a message; whatever else clients put there is their business. */
const userMessage = z.object({
  role: z.literal("user"),
  content: z.union([z.string(), z.array(z.unknown())]),
});
const textPart = z.object({ type: z.enum(["text", "input_text"]).optional(), text: z.string() });

/**
 * What the last message of a user says, its text parts joined; undefined where there is none that can be read. Reads
 * the messages of chats as well as the items of responses.
 */
export function lastUserWords(messages: readonly unknown[]): string | undefined {
  const last = messages.findLast((message) => fromUser.safeParse(message).success);
  const { content } = userMessage.safeParse(last).data ?? {};
  if (content === undefined || typeof content === "string") return content;
  return content
    .map((part) => textPart.safeParse(part).data?.text ?? "")
    .filter((text) => text !== "")
    .join(" ");
}
