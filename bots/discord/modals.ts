import {
  type APIModalInteractionResponseCallbackData,
  type APIModalSubmission,
  ComponentType,
  TextInputStyle,
} from "discord-api-types/v10";
import { consequenceOf, DiscordFailure } from "./errors.ts";
import { limits } from "./limits.ts";
import { readable } from "./readable.ts";
import type { Reply } from "./reply.ts";
import { clipTo } from "./text.ts";

/** A field of a form with what stands above it. */
export type Field = APIModalInteractionResponseCallbackData["components"][number] & {
  type: ComponentType.Label;
};

/** A field below this label, which is cut to what Discord takes. */
export function labelled(label: string, component: Field["component"]): Field {
  return { type: ComponentType.Label, label: clipTo(limits.modalTitle, label), component };
}

/** A text to type: several lines as long as a prompt, or one of at most this `length`. */
export function text(
  custom_id: string,
  { value = "", length, required = false }: { value?: string; length?: number; required?: boolean },
): Field["component"] {
  return {
    type: ComponentType.TextInput,
    custom_id,
    style: length === undefined ? TextInputStyle.Paragraph : TextInputStyle.Short,
    max_length: length ?? limits.modalText,
    required,
    ...(value === "" ? {} : { value }),
  };
}

/** Choices of which one can be made, the `chosen` one beforehand. */
export function radios(
  custom_id: string,
  values: readonly string[],
  { chosen, required = false }: { readonly chosen?: string; readonly required?: boolean } = {},
): Field["component"] {
  const options = values.map((value) => ({ label: value, value, default: value === chosen }));
  return { type: ComponentType.RadioGroup, custom_id, options, required };
}

/** A box to tick. */
export function box(custom_id: string, ticked: boolean): Field["component"] {
  return { type: ComponentType.Checkbox, custom_id, default: ticked };
}

/** Boxes of which any can be ticked, by their values. */
export function boxes(
  custom_id: string,
  choices: readonly { readonly value: string; readonly label: string; readonly ticked: boolean }[],
): Field["component"] {
  const options = choices.map(({ ticked, ...choice }) => ({ ...choice, default: ticked }));
  const count = { min_values: 0, max_values: options.length, required: false };
  return { type: ComponentType.CheckboxGroup, custom_id, options, ...count };
}

const boxTypes: readonly ComponentType[] = [ComponentType.Checkbox, ComponentType.CheckboxGroup];

/** Opens a form; where Discord does not take it, once more without its boxes. Throws DiscordFailure. */
export async function openForm(
  form: APIModalInteractionResponseCallbackData,
  { showForm }: Pick<Reply, "showForm">,
): Promise<void> {
  const hasBox = (field: (typeof form.components)[number]) =>
    field.type === ComponentType.Label && boxTypes.includes(field.component.type);
  const plainer = form.components.filter((field) => !hasBox(field));
  const isPlain = plainer.length === form.components.length;
  await showForm(form).catch((error: unknown) => {
    const isRefused = error instanceof DiscordFailure && consequenceOf(error) === "unwelcome";
    if (isPlain || !isRefused) throw error;
    return showForm({ ...form, components: plainer });
  });
}

/** What a submitted form holds: the text, the choices, whether its box is ticked ("true"), or the ids of the files of each field, by the field's id. */
export function valuesIn({
  components,
}: Pick<APIModalSubmission, "components">): ReadonlyMap<string, readonly string[]> {
  const fields = components.flatMap((shown) => {
    if (shown.type !== ComponentType.Label) return [];
    const { component } = shown;
    if ("values" in component) return [[component.custom_id, component.values] as const];
    const { custom_id: id, value } = component;
    return [[id, value === null ? [] : [readable(String(value), new Map())]] as const];
  });
  return new Map(fields);
}
