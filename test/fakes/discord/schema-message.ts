import { z } from "zod";
import { legacyComponents, newComponents } from "./schema-components.ts";
import { id, lengthOf, list, report, text, whole } from "./schema.ts";

// What a message may carry when it is sent or edited: https://docs.discord.com/developers/resources/message

const embedText = (max: number) => text({ max }).nullish();
const link = text({ max: 2048 }).nullish();
const picture = z.object({ url: link }).nullish();

const embed = z.object({
  type: z.string().nullish(),
  title: embedText(256),
  description: embedText(4096),
  url: link,
  timestamp: z.string().nullish(),
  color: whole({ min: 0, max: 0xff_ff_ff }).nullish(),
  footer: z.object({ text: embedText(2048), icon_url: link }).nullish(),
  author: z.object({ name: embedText(256), url: link, icon_url: link }).nullish(),
  image: picture,
  thumbnail: picture,
  fields: list(
    z.object({
      name: text({ min: 1, max: 256 }),
      value: text({ min: 1, max: 1024 }),
      inline: z.boolean().nullish(),
    }),
    { max: 25 },
  ).nullish(),
});

/** A picture, a title and fields beside the content of a message. */
export type Embed = z.infer<typeof embed>;

/** The words of an embed that count towards the 6000 of a message. */
export function embedWords(value: Embed): string {
  const fields = (value.fields ?? []).flatMap((field) => [field.name, field.value]);
  const words = [value.title, value.description, value.footer?.text, value.author?.name, ...fields];
  return words.filter((word) => typeof word === "string").join("");
}

const embeds = list(embed, { max: 10 }).superRefine((values, context) => {
  if (lengthOf(values.map(embedWords).join("")) <= 6000) return;
  report(context, {
    path: [],
    code: "MAX_EMBED_SIZE_EXCEEDED",
    message: "Embed size exceeds maximum size of 6000",
  });
});

const ids = z.array(id).max(100).nullish();

const allowedMentions = z
  .object({
    parse: z.array(z.enum(["users", "roles", "everyone"])).nullish(),
    users: ids,
    roles: ids,
    replied_user: z.boolean().nullish(),
  })
  .superRefine((value, context) => {
    for (const kind of ["users", "roles"] as const) {
      if (!value.parse?.includes(kind) || !value[kind]?.length) continue;
      report(context, {
        path: [],
        code: "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        message: `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
      });
    }
  });

/** Whom a message may call: https://docs.discord.com/developers/resources/message#allowed-mentions-object */
export type AllowedMentions = z.infer<typeof allowedMentions>;

const attachments = list(
  z.object({
    id,
    filename: text({ min: 1, max: 1024 }).nullish(),
    title: text({ max: 1024 }).nullish(),
    description: text({ max: 1024 }).nullish(),
    is_spoiler: z.boolean().nullish(),
  }),
  { max: 10 },
);

const common = {
  content: text({ max: 2000 }).nullish(),
  embeds: embeds.nullish(),
  allowed_mentions: allowedMentions.nullish(),
  attachments: attachments.nullish(),
  flags: z.int().nullish(),
  tts: z.boolean().nullish(),
  nonce: z.union([z.int().transform(String), text({ max: 25 })]).nullish(),
  enforce_nonce: z.boolean().nullish(),
  message_reference: z
    .object({ message_id: id, fail_if_not_exists: z.boolean().nullish() })
    .nullish(),
};

/** A message without IS_COMPONENTS_V2. */
export const legacyMessage = z.object({ ...common, components: legacyComponents.nullish() });
/** A message with it. */
export const newMessage = z.object({ ...common, components: newComponents.nullish() });

/** What a request says of a message, checked field by field. */
export type MessageForm = z.infer<typeof newMessage>;
