import type { Message } from "./conversation.ts";
import { type Fingerprint, fingerprints } from "./fingerprints.ts";

/** A message whose words are those of a client's own task. */
export interface Match {
  readonly row: Fingerprint;
  readonly message: Message;
}

/** Fits each text that begins as some row says; rows that take any beginning do not count. */
export const anyBeginning = new RegExp(
  fingerprints
    .map(sourceOf)
    .filter((source) => source !== "^")
    .join("|"),
);

/** The rows that go by what a text contains alone. */
const rowsOfAnyBeginning = fingerprints.filter((row) => sourceOf(row) === "^");

/** The first row of the table that one of these messages fits, where it stands. */
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

/** Whether a message is this client's task, as far as its own words go. */
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

/** Each message is prepared once, however many rows there are. */
function openingsOf(messages: readonly Message[]): Standing {
  const last = messages.slice(-1).map(openingOf);
  return {
    last,
    "last-user": last.filter(({ message }) => message.role === "user"),
    "last-system": last.filter(({ message }) => isOfSystem(message)),
    "any-system": messages.filter(isOfSystem).map(openingOf),
  };
}

/** All rows, or those alone that are left where no message begins like a task. */
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
  return isBegun && contains.every((words) => message.text.includes(words));
}
