import { ComponentType } from "discord.js";
import { z } from "zod";
import { customId, selects, textDisplay } from "./schema-components.ts";
import { lengthOf, list, oneOf, report, text, whole } from "./schema.ts";

// The window an app may open: https://docs.discord.com/developers/components/using-modal-components

const optionalId = { id: whole({ min: 0, max: 2_147_483_647 }).nullish() };
const flag = z.boolean().nullish();

const textInput = z
  .object({
    ...optionalId,
    type: z.literal(ComponentType.TextInput),
    custom_id: customId,
    style: z.union([z.literal(1), z.literal(2)]),
    label: text({ min: 1, max: 45 }).nullish(),
    value: text({ max: 4000 }).nullish(),
    placeholder: text({ max: 100 }).nullish(),
    required: flag,
    min_length: whole({ min: 0, max: 4000 }).nullish(),
    max_length: whole({ min: 1, max: 4000 }).nullish(),
  })
  .superRefine((input, context) => {
    const max = input.max_length ?? 4000;
    if ((input.min_length ?? 0) <= max && lengthOf(input.value ?? "") <= max) return;
    report(context, {
      path: [(input.min_length ?? 0) > max ? "min_length" : "value"],
      code: "BASE_TYPE_MAX_LENGTH",
      message: `Must be ${max} or fewer in length.`,
    });
  });

const range = {
  min_values: whole({ min: 0, max: 10 }).nullish(),
  max_values: whole({ min: 1, max: 10 }).nullish(),
};
const choice = z.object({
  label: text({ min: 1, max: 100 }),
  value: text({ min: 1, max: 100 }),
  description: text({ max: 100 }).nullish(),
  default: flag,
});

const named = { ...optionalId, custom_id: customId };
const fileUpload = z.object({
  ...named,
  ...range,
  type: z.literal(ComponentType.FileUpload),
  file_types: list(z.string(), { max: 10 }).nullish(),
  required: flag,
});
const radioGroup = z.object({
  ...named,
  type: z.literal(ComponentType.RadioGroup),
  required: flag,
  options: list(choice, { min: 2, max: 10 }),
});
const checkboxGroup = z.object({
  ...named,
  ...range,
  type: z.literal(ComponentType.CheckboxGroup),
  required: flag,
  options: list(choice, { min: 1, max: 10 }),
});
const checkbox = z.object({ ...named, type: z.literal(ComponentType.Checkbox), default: flag });

const label = z.object({
  ...optionalId,
  type: z.literal(ComponentType.Label),
  label: text({ min: 1, max: 45 }),
  description: text({ min: 1, max: 100 }).nullish(),
  component: oneOf(
    [textInput, fileUpload, radioGroup, checkboxGroup, checkbox, ...selects],
    [3, 4, 5, 6, 7, 8, 19, 21, 22, 23],
  ),
});

const inputRow = z.object({
  ...optionalId,
  type: z.literal(ComponentType.ActionRow),
  components: list(oneOf([textInput], [4]), { min: 1, max: 1 }),
});

/** A modal as an app sends it. The documentation allows five components, whatever they are. */
export const modal = z
  .object({
    custom_id: customId,
    title: text({ min: 1, max: 45 }),
    components: list(oneOf([label, inputRow, textDisplay], [1, 10, 18]), { min: 1, max: 5 }),
  })
  .superRefine((value, context) => {
    const seen = new Set<string>();
    for (const [index, { custom_id }] of fieldsOf(value).entries()) {
      if (seen.has(custom_id)) {
        report(context, {
          path: ["components", index],
          code: "COMPONENT_CUSTOM_ID_DUPLICATED",
          message: "Component custom id cannot be duplicated",
        });
      }
      seen.add(custom_id);
    }
  });

/** A modal that was opened. */
export type Modal = z.infer<typeof modal>;
/** What a person can fill in. */
export type ModalField = z.infer<typeof label>["component"];

/** The fields of a modal, from top to bottom. */
export function fieldsOf({ components }: Pick<Modal, "components">): readonly ModalField[] {
  return components.flatMap((component) => {
    switch (component.type) {
      case ComponentType.Label:
        return [component.component];
      case ComponentType.ActionRow:
        return component.components;
      case ComponentType.TextDisplay:
        return [];
    }
  });
}

/** What stands over a field. */
export function labelOf(shown: Pick<Modal, "components">, field: ModalField): string | undefined {
  for (const component of shown.components) {
    if (component.type === ComponentType.Label && component.component === field)
      return component.label;
  }
  return field.type === ComponentType.TextInput ? (field.label ?? undefined) : undefined;
}
