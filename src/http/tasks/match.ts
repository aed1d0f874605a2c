import type { Message } from "./conversation.ts";
import { type Fingerprint, fingerprints } from "./fingerprints.ts";

/** A message that matches a row of the table. */
export interface Match {
  readonly row: Fingerprint;
  readonly message: Message;
}

/** Matches each text that begins like a row; rows without a fixed beginning do not count. */
export const anyBeginning = new RegExp(
  fingerprints
    .map(sourceOf)
    .filter((source) => source !== "^")
    .join("|"),
);

/** The rows that are matched only by what a text contains. */
const rowsOfAnyBeginning = fingerprints.filter((row) => sourceOf(row) === "^");

/** The first row of the table that a message in the right place matches. */
export function findFingerprint(
  messages: readonly Message[],
  streamed: boolean,
): Match | undefined {
  const standing = openingsOf(messages);
  const isAlone = messages.length === 1 && !streamed;
  for (const row of rowsFor(standing)) {
    if ((row.alone && !isAlone) || !isBeside(row, messages)) continue;
    const found = standing[row.place].find((opening) => fits(opening, row));
    if (found) return { row, message: found.message };
  }
  return undefined;
}

/** Whether a text has the wording of this row. */
export function carries(text: string, row: Fingerprint): boolean {
  return fits(openingOf({ role: "", text }), row);
}

function sourceOf({ begins }: Fingerprint): string {
  if (typeof begins !== "string") return begins.source;
  return `^${begins.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}`;
}

interface Opening {
  readonly message: Message;
  /** How its text begins, with each run of white space as one space. */
  readonly beginning: string;
}

function openingOf(message: Message): Opening {
  const beginning = message.text.slice(0, 2000).trim().slice(0, 500).replace(/\s+/g, " ");
  return { message, beginning };
}

type Standing = Readonly<Record<Fingerprint["place"], readonly Opening[]>>;

/** Prepares each message once for all rows. */
function openingsOf(messages: readonly Message[]): Standing {
  const last = messages.slice(-1).map(openingOf);
  return {
    last,
    "last-user": last.filter(({ message }) => message.role === "user"),
    "last-system": last.filter(({ message }) => isOfSystem(message)),
    "any-system": messages.filter(isOfSystem).map(openingOf),
  };
}

/** All rows; only those without a fixed beginning where no message begins like a task. */
function rowsFor(standing: Standing): readonly Fingerprint[] {
  const openings = [...standing.last, ...standing["any-system"]];
  const isBegun = openings.some(({ beginning }) => anyBeginning.test(beginning));
  return isBegun ? fingerprints : rowsOfAnyBeginning;
}

function isOfSystem({ role }: Message): boolean {
  return role === "system" || role === "developer";
}

function isBeside({ beside }: Fingerprint, messages: readonly Message[]): boolean {
  if (!beside) return true;
  const [first] = messages;
  return messages.length === 2 && !!first && isOfSystem(first) && beside.test(first.text);
}

function fits({ message, beginning }: Opening, { begins, contains = [] }: Fingerprint): boolean {
  const isBegun =
    typeof begins === "string" ? beginning.startsWith(begins) : begins.test(beginning);
  return isBegun && contains.every((part) => message.text.includes(part));
}
