/** The line of what is at a path in a text of JSON, or of the nearest thing around it; the first line is 1. */
export function linesIn(text: string): (path: readonly PropertyKey[]) => number {
  const offsets = offsetsIn(text);
  return (path) => {
    for (let length = path.length; length > 0; length--) {
      const offset = offsets.get(nameOf(path.slice(0, length)));
      if (offset !== undefined) return text.slice(0, offset).split("\n").length;
    }
    return 1;
  };
}

/** The line at which a text is no JSON any more. */
export function brokenLineOf(text: string): number {
  const lines = text.split("\n");
  const broken = lines.findIndex((_, at) => {
    const beginning = lines.slice(0, at + 1).join("\n");
    const problem = problemOf(beginning);
    const position = / at position (\d+)/.exec(problem ?? "")?.[1];
    const isCut = /end of JSON input|^Unterminated/.test(problem ?? "");
    const isAtEnd = position !== undefined && Number(position) >= beginning.trimEnd().length;
    return problem !== undefined && !isCut && !isAtEnd;
  });
  return broken < 0 ? lines.length : broken + 1;
}

/** Why a text is no JSON, where it is one of the usual reasons. */
export function faultIn(text: string): string | undefined {
  const bare = text.replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
  return usualFaults.find(([pattern]) => pattern.test(bare))?.[1];
}

const usualFaults = [
  [/\/[/*]|^\s*#/m, "it has no comments"],
  [/['“”‘’]/, 'its texts stand in straight double quotes, "so"'],
  [/,\s*[\]}]/, "no comma stands before a closing bracket"],
  [/[{,]\s*[a-z_]\w*\s*:/i, 'its names stand in double quotes, too, "so"'],
  [/(?:""|[\w}\]])\s*(?:""|[{[])/, "a comma or a colon is missing"],
  [/\b(?:True|False|None)\b/, "true, false and null have small letters"],
  [/[[{,:]\s*$/, "it ends too early"],
] as const;

function problemOf(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
}

interface Container {
  readonly isList: boolean;
  /** Of the member that is being read. */
  key: string | number;
  awaitsKey: boolean;
}

const token = /"(?:[^"\\]|\\.)*"|[{}[\],]|[^\s{}[\],:"]+/g;

/** Where the members of objects and lists begin, by their paths. The text is valid JSON. */
function offsetsIn(text: string): ReadonlyMap<string, number> {
  const offsets = new Map<string, number>();
  const open: Container[] = [];
  for (const { 0: piece, index } of text.matchAll(token)) {
    if (piece === "}" || piece === "]") open.pop();
    else if (piece === ",") step(open.at(-1));
    else if (beginsMember(piece, open.at(-1)))
      offsets.set(nameOf(open.map(({ key }) => key)), index);
    if (piece === "{" || piece === "[") {
      open.push({ isList: piece === "[", key: 0, awaitsKey: piece === "{" });
    }
  }
  return offsets;
}

/** A member of an object begins with its key, which is taken down, one of a list with its value. */
function beginsMember(piece: string, inside: Container | undefined): boolean {
  if (!inside?.awaitsKey) return inside?.isList === true;
  inside.key = JSON.parse(piece) as string;
  inside.awaitsKey = false;
  return true;
}

function step(container: Container | undefined): void {
  if (!container) return;
  if (container.isList) container.key = Number(container.key) + 1;
  else container.awaitsKey = true;
}

function nameOf(path: readonly PropertyKey[]): string {
  return path.map(String).join("\n");
}
