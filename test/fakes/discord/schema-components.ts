import { ButtonStyle, ComponentType } from "discord.js";
import { z } from "zod";
import { id, list, oneOf, report, text, whole } from "./schema.ts";

// The components a message may have: https://docs.discord.com/developers/components/reference

const optionalId = { id: whole({ min: 0, max: 2_147_483_647 }).nullish() };
const flag = z.boolean().nullish();

/** The developer's own identifier, which comes back with the interaction. */
export const customId = text({ min: 1, max: 100 });

const emoji = z.object({ id: id.nullish(), name: text({ max: 32 }).nullish(), animated: flag });

const BUTTON_STYLES = [
  ButtonStyle.Primary,
  ButtonStyle.Secondary,
  ButtonStyle.Success,
  ButtonStyle.Danger,
  ButtonStyle.Link,
  ButtonStyle.Premium,
] as const;

const buttonFields = z.object({
  ...optionalId,
  type: z.literal(ComponentType.Button),
  style: z.union(BUTTON_STYLES.map((style) => z.literal(style))),
  label: text({ max: 80 }).nullish(),
  emoji: emoji.nullish(),
  custom_id: customId.nullish(),
  url: text({ max: 512 }).nullish(),
  sku_id: id.nullish(),
  disabled: flag,
});
type Button = z.infer<typeof buttonFields>;

const isLink = ({ style }: Button) => style === ButtonStyle.Link;
const isPremium = ({ style }: Button) => style === ButtonStyle.Premium;
const sendsInteraction = (value: Button) => !isLink(value) && !isPremium(value);

/** What a button of each style must and must not have. */
const BUTTON_RULES: readonly {
  readonly field: keyof Button;
  readonly code: string;
  readonly broken: (value: Button) => boolean;
}[] = [
  { field: "url", code: "BUTTON_COMPONENT_URL_REQUIRED", broken: (it) => isLink(it) && !it.url },
  { field: "url", code: "BUTTON_COMPONENT_INVALID_URL", broken: (it) => !isLink(it) && !!it.url },
  {
    field: "sku_id",
    code: "BUTTON_COMPONENT_SKU_ID_REQUIRED",
    broken: (it) => isPremium(it) && !it.sku_id,
  },
  {
    field: "custom_id",
    code: "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED",
    broken: (it) => sendsInteraction(it) && !it.custom_id,
  },
  {
    field: "custom_id",
    code: "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
    broken: (it) => !sendsInteraction(it) && !!it.custom_id,
  },
  {
    field: "label",
    code: "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED",
    broken: (it) => !isPremium(it) && !it.label?.trim() && !it.emoji,
  },
];

const button = buttonFields.superRefine((value, context) => {
  for (const { field, code, broken } of BUTTON_RULES) {
    if (broken(value)) report(context, { path: [field], code, message: code });
  }
});

const selectOption = z.object({
  label: text({ min: 1, max: 100 }),
  value: text({ min: 1, max: 100 }),
  description: text({ max: 100 }).nullish(),
  emoji: emoji.nullish(),
  default: flag,
});

/** What all select menus have, in messages and in modals. */
const anySelect = {
  ...optionalId,
  custom_id: customId,
  placeholder: text({ max: 150 }).nullish(),
  min_values: whole({ min: 0, max: 25 }).nullish(),
  max_values: whole({ min: 1, max: 25 }).nullish(),
  disabled: flag,
  required: flag,
};

const defaultValues = list(z.object({ id, type: z.string() }), { max: 25 }).nullish();

/** The select menus, each of which fills a row or a label. */
export const selects = [
  z
    .object({
      ...anySelect,
      type: z.literal(ComponentType.StringSelect),
      options: list(selectOption, { min: 1, max: 25 }),
    })
    .superRefine((select, context) => {
      const seen = new Set<string>();
      for (const [index, option] of select.options.entries()) {
        if (seen.has(option.value)) {
          report(context, {
            path: ["options", index, "value"],
            code: "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
            message: "The specified option value is already used",
          });
        }
        seen.add(option.value);
      }
      if ((select.max_values ?? 1) > select.options.length) {
        report(context, {
          path: ["max_values"],
          code: "SELECT_COMPONENT_MAX_VALUES_EXCEEDS_OPTIONS",
          message: "max_values exceeds the number of options",
        });
      }
    }),
  z.object({
    ...anySelect,
    type: z.literal(ComponentType.UserSelect),
    default_values: defaultValues,
  }),
  z.object({
    ...anySelect,
    type: z.literal(ComponentType.RoleSelect),
    default_values: defaultValues,
  }),
  z.object({
    ...anySelect,
    type: z.literal(ComponentType.MentionableSelect),
    default_values: defaultValues,
  }),
  z.object({
    ...anySelect,
    type: z.literal(ComponentType.ChannelSelect),
    default_values: defaultValues,
    channel_types: z.array(z.int()).nullish(),
  }),
] as const;

const actionRow = z
  .object({
    ...optionalId,
    type: z.literal(ComponentType.ActionRow),
    components: list(oneOf([button, ...selects], [2, 3, 5, 6, 7, 8]), { min: 1, max: 5 }),
  })
  .superRefine((row, context) => {
    const hasSelect = row.components.some(({ type }) => type !== ComponentType.Button);
    if (!hasSelect || row.components.length === 1) return;
    for (const index of row.components.slice(1).keys()) {
      report(context, {
        path: ["components", index + 1],
        code: "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
        message: "The specified component exceeds the maximum width",
      });
    }
  });

/** Text of a message or a modal, as Markdown. */
export const textDisplay = z.object({
  ...optionalId,
  type: z.literal(ComponentType.TextDisplay),
  content: text({ min: 1, max: 4000 }),
});

const url = text({ max: 2048 }).refine((value) => /^(https?|attachment):\/\/./.test(value), {
  params: { code: "URL_TYPE_INVALID_SCHEME" },
  error: () => "Scheme must be one of ('http', 'https', 'attachment').",
});
const media = z.object({ url });
const mediaItem = { media, description: text({ min: 1, max: 1024 }).nullish(), spoiler: flag };

const thumbnail = z.object({
  ...optionalId,
  type: z.literal(ComponentType.Thumbnail),
  ...mediaItem,
});

const section = z.object({
  ...optionalId,
  type: z.literal(ComponentType.Section),
  components: list(oneOf([textDisplay], [10]), { min: 1, max: 3 }),
  accessory: oneOf([button, thumbnail], [2, 11]),
});

const mediaGallery = z.object({
  ...optionalId,
  type: z.literal(ComponentType.MediaGallery),
  items: list(z.object(mediaItem), { min: 1, max: 10 }),
});

const file = z.object({
  ...optionalId,
  type: z.literal(ComponentType.File),
  file: z.object({
    url: url.refine((value) => value.startsWith("attachment://"), {
      params: { code: "UNFURLED_MEDIA_ITEM_ATTACHMENT_REFERENCE_REQUIRED" },
      error: () => "Must be an attachment:// reference",
    }),
  }),
  spoiler: flag,
});

const separator = z.object({
  ...optionalId,
  type: z.literal(ComponentType.Separator),
  divider: flag,
  spacing: z.union([z.literal(1), z.literal(2)]).nullish(),
});

const contents = [actionRow, section, textDisplay, mediaGallery, file, separator] as const;

const container = z.object({
  ...optionalId,
  type: z.literal(ComponentType.Container),
  components: list(oneOf(contents, [1, 9, 10, 12, 13, 14]), { min: 1, max: 40 }),
  accent_color: whole({ min: 0, max: 0xff_ff_ff }).nullish(),
  spoiler: flag,
});

/** The components of a message that has IS_COMPONENTS_V2. */
export const newComponents = list(oneOf([...contents, container], [1, 9, 10, 12, 13, 14, 17]), {
  max: 40,
});

/** The components of any other message: up to five rows. */
export const legacyComponents = list(oneOf([actionRow], [1]), { max: 5 });

/** A component at the root of a message. */
export type Component = z.infer<typeof newComponents>[number];
/** A component within another. */
export type InnerComponent = Button | z.infer<typeof thumbnail> | z.infer<(typeof selects)[number]>;
/** Any component of a message. */
export type AnyComponent = Component | InnerComponent;
/** A picture, a film or a file as a component refers to it. */
export type MediaItem = z.infer<typeof mediaGallery>["items"][number];
