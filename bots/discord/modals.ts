import {
  type APIModalInteractionResponseCallbackData,
  type APIModalSubmission,
  ComponentType,
} from "discord-api-types/v10";
import { limits } from "./limits.ts";
import { readable } from "./readable.ts";
import { clipTo } from "./text.ts";

/** A field of a form with what stands above it. */
export type Field = APIModalInteractionResponseCallbackData["components"][number] & {
  type: ComponentType.Label;
};

/** A field below this label, which is cut to what Discord takes. */
export function labelled(label: string, component: Field["component"]): Field {
  return { type: ComponentType.Label, label: clipTo(limits.modalTitle, label), component };
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

/** What a submitted form holds: the text, the choice, or the ids of the files of each field, by the field's id. */
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
