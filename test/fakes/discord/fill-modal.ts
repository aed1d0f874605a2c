import { ComponentType } from "discord.js";
import { type Upload, storeUpload } from "./fill-command.ts";
import type { Json } from "./payloads.ts";
import type { Platform } from "./platform.ts";
import { type Modal, type ModalField, fieldsOf, labelOf } from "./schema-modal.ts";
import { lengthOf } from "./schema.ts";
import type { Channel } from "./world.ts";

/** What a person puts into a field: text, what they choose, what they upload. */
export type FieldValue = string | boolean | readonly string[] | readonly Upload[];

/** What a modal's window holds when it is sent. */
export interface FilledModal {
  readonly components: readonly Json[];
  readonly resolved: Json | undefined;
}

type Given = Readonly<Record<string, FieldValue>>;

/**
 * The fields as the client sends them: those given by custom id or label, the others as they were prefilled.
 * Throws where the client would not let the person send them.
 */
export function fillModal(
  platform: Platform,
  channel: Channel,
  { modal, given }: { readonly modal: Modal; readonly given: Given },
): FilledModal {
  const byId = namedById(modal, given);
  const attachments: Record<string, Json> = {};
  const upload = (file: Upload): string => {
    const stored = storeUpload(platform, channel, file);
    attachments[stored.id] = platform.files.payload(stored);
    return stored.id;
  };
  const fill = (field: ModalField) => fillField(field, byId.get(field.custom_id), upload);
  const components = modal.components.map((component, index): Json => {
    const { type, id } = component;
    const place = { type, id: id ?? index + 1 };
    if (component.type === ComponentType.Label)
      return { ...place, component: fill(component.component) };
    if (component.type === ComponentType.ActionRow)
      return { ...place, components: component.components.map(fill) };
    return place;
  });
  const uploaded = Object.keys(attachments).length > 0;
  return { components, resolved: uploaded ? { attachments } : undefined };
}

function namedById(modal: Modal, given: Given): ReadonlyMap<string, FieldValue> {
  const fields = fieldsOf(modal);
  return new Map(
    Object.entries(given).map(([name, value]) => {
      const field = fields.find((it) => it.custom_id === name || labelOf(modal, it) === name);
      if (!field) throw new Error(`The modal has no field ${name}`);
      return [field.custom_id, value];
    }),
  );
}

function fillField(
  field: ModalField,
  value: FieldValue | undefined,
  upload: (file: Upload) => string,
): Json {
  const base = { type: field.type, id: field.id ?? 100, custom_id: field.custom_id };
  switch (field.type) {
    case ComponentType.TextInput:
      return { ...base, value: typedText(field, value) };
    case ComponentType.RadioGroup:
      return { ...base, value: chosen(field, value)[0] ?? null };
    case ComponentType.Checkbox:
      return { ...base, value: value ?? field.default ?? false };
    case ComponentType.FileUpload:
      return { ...base, values: uploads(field, value).map(upload) };
    default:
      return { ...base, values: chosen(field, value) };
  }
}

type FieldOf<Type extends ComponentType> = Extract<ModalField, { type: Type }>;

function typedText(field: FieldOf<ComponentType.TextInput>, value: FieldValue | undefined): string {
  const typed = value ?? field.value ?? "";
  if (typeof typed !== "string") throw new Error(`The field ${field.custom_id} takes text`);
  const length = lengthOf(typed);
  if (length === 0 && field.required === false) return typed;
  if (length < Math.max(1, field.min_length ?? 0))
    throw new Error(`The field ${field.custom_id} is too short`);
  if (length > (field.max_length ?? 4000))
    throw new Error(`The field ${field.custom_id} is too long`);
  return typed;
}

function uploads(
  field: FieldOf<ComponentType.FileUpload>,
  value: FieldValue | undefined,
): readonly Upload[] {
  const files = Array.isArray(value)
    ? value.filter((it): it is Upload => typeof it === "object")
    : [];
  checkCount(field, files.length);
  return files;
}

type Choosing = Exclude<
  ModalField,
  FieldOf<ComponentType.TextInput | ComponentType.FileUpload | ComponentType.Checkbox>
>;

/** The values of what a person chose, by label or value; what was preselected where they did not. */
function chosen(field: Choosing, value: FieldValue | undefined): readonly string[] {
  const options = "options" in field ? field.options : [];
  const preselected = options
    .filter((option) => option.default === true)
    .map((option) => option.value);
  const names = value === undefined ? preselected : [value].flat().map(String);
  checkCount(field, names.length);
  if (!("options" in field)) return names;
  return names.map((name) => {
    const option = options.find((it) => it.value === name || it.label === name);
    if (!option) throw new Error(`The field ${field.custom_id} does not offer ${name}`);
    return option.value;
  });
}

function checkCount(
  field: {
    readonly custom_id: string;
    readonly required?: boolean | null | undefined;
    readonly min_values?: number | null | undefined;
    readonly max_values?: number | null | undefined;
  },
  count: number,
): void {
  if (count === 0 && field.required === false) return;
  const fits = count >= Math.max(1, field.min_values ?? 1) && count <= (field.max_values ?? 1);
  if (!fits) throw new Error(`The field ${field.custom_id} does not take ${count} values`);
}
