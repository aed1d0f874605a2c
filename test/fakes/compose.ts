import { isMap, type Yaml, type YamlMap } from "./yaml.ts";

// What a Compose file says, as far as tests read it.

export const asMap = (value: Yaml | undefined): YamlMap => (isMap(value) ? value : {});
export const asText = (value: Yaml | undefined) => (typeof value === "string" ? value : "");
export const asTexts = (value: Yaml | undefined) =>
  Array.isArray(value) ? (value as readonly Yaml[]).map(asText) : [];

/** What Compose puts in the place of `${NAME}`, `${NAME:?}` and `${NAME:-standard}`. */
function filled(value: Yaml): string {
  const given: Readonly<Record<string, string>> = { POSTGRES_PASSWORD: "hush" };
  return asText(value).replace(
    /\$\{(\w+)(?::-([^}]*)|:\?)?\}/g,
    (_, name: string, other?: string) => {
      return given[name] ?? other ?? "";
    },
  );
}

/** The variables of a service, filled in. */
export function environmentOf(service: Yaml | undefined): Record<string, string> {
  const entries = Object.entries(asMap(asMap(service)["environment"]));
  return Object.fromEntries(entries.map(([name, value]) => [name, filled(value)]));
}
