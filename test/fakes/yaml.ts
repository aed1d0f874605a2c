/** A value of a YAML file. */
export type Yaml = string | boolean | null | readonly Yaml[] | YamlMap;

export interface YamlMap {
  readonly [key: string]: Yaml;
}

interface Line {
  readonly indent: number;
  readonly text: string;
}

/**
 * Reads the part of YAML that Compose files here are written in: maps, lists, anchors, aliases and merges, with scalars on
 * one line. Throws for anything else.
 */
export function readYaml(text: string): YamlMap {
  const lines = text
    .split("\n")
    .map((line) => line.replace(/(?:^|\s)#.*$/, "").trimEnd())
    .filter((line) => line !== "")
    .map((line) => ({ indent: line.length - line.trimStart().length, text: line.trim() }));
  const reader = new Reader(lines);
  const value = reader.block(0);
  if (!isMap(value) || !reader.isDone) throw new Error("This YAML has more than one map.");
  return value;
}

export function isMap(value: Yaml | undefined): value is YamlMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

class Reader {
  readonly #lines: readonly Line[];
  readonly #anchors = new Map<string, Yaml>();
  #at = 0;

  constructor(lines: readonly Line[]) {
    this.#lines = lines;
  }

  get isDone(): boolean {
    return this.#at === this.#lines.length;
  }

  /** A map or a list whose lines begin at this column at least. */
  block(least: number): Yaml {
    const first = this.#lines[this.#at];
    if (!first || first.indent < least) return null;
    return first.text.startsWith("- ") ? this.#list(first.indent) : this.#map(first.indent);
  }

  #list(indent: number): Yaml[] {
    const items: Yaml[] = [];
    for (let line = this.#next(indent); line?.text.startsWith("- "); line = this.#next(indent)) {
      const text = line.text.slice(2);
      this.#at++;
      items.push(/^[\w.-]+:(?: |$)/.test(text) ? this.#map(indent + 2, text) : this.#scalar(text));
    }
    return items;
  }

  /** `first` is the text of its first entry, where that stands on the line of a list's item. */
  #map(indent: number, first?: string): YamlMap {
    const map: Record<string, Yaml> = {};
    const add = (text: string) => {
      const [, key, rest = ""] = /^([^:\s]+):(?: (.*))?$/.exec(text) ?? [];
      if (key === undefined) throw new Error(`This is no entry of a map: ${text}`);
      const value = this.#value(rest, indent + 1);
      if (key !== "<<") map[key] = value;
      else if (isMap(value)) Object.assign(map, { ...value, ...map });
    };
    if (first !== undefined) add(first);
    for (let line = this.#next(indent); line; line = this.#next(indent)) {
      this.#at++;
      add(line.text);
    }
    return map;
  }

  #next(indent: number): Line | undefined {
    const line = this.#lines[this.#at];
    return line?.indent === indent ? line : undefined;
  }

  #value(text: string, least: number): Yaml {
    const [, anchor, rest = text] = /^&(\w+) ?(.*)$/.exec(text) ?? [];
    const value = rest === "" ? this.block(least) : this.#scalar(rest);
    if (anchor !== undefined) this.#anchors.set(anchor, value);
    return value;
  }

  #scalar(text: string): Yaml {
    if (/^["[]/.test(text)) return JSON.parse(text) as Yaml;
    if (text.startsWith("*")) return this.#anchors.get(text.slice(1)) ?? missing(text);
    if (/^[!&{|>'%@`]/.test(text)) throw new Error(`This YAML is not read here: ${text}`);
    return text === "true" || text === "false" ? text === "true" : text;
  }
}

function missing(alias: string): never {
  throw new Error(`There is no anchor for ${alias}.`);
}
