/** One server-sent event, its data read as JSON. */
export interface SentEvent {
  readonly event: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The events of a whole stream, without `[DONE]`; comments are left out. */
export function eventsIn(text: string): SentEvent[] {
  return text
    .split("\n\n")
    .map((block) => block.split("\n").filter((line) => line !== "" && !line.startsWith(":")))
    .filter((lines) => lines.length > 0 && !lines.includes("data: [DONE]"))
    .map((lines) => ({
      event: lines.find((line) => line.startsWith("event: "))?.slice(7),
      data: JSON.parse(
        lines
          .filter((line) => line.startsWith("data: "))
          .map((line) => line.slice(6))
          .join("\n"),
      ) as SentEvent["data"],
    }));
}

/** The deltas of a streamed chat. */
export function deltasIn(text: string): Record<string, unknown>[] {
  return eventsIn(text).flatMap(({ data }) => {
    const [choice] = (data["choices"] ?? []) as { delta: Record<string, unknown> }[];
    return choice ? [choice.delta] : [];
  });
}

/** Reads a stream piece by piece: up to some words, or to its end without any. Answers everything that came so far. */
export function readerOf(response: Response) {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return async function readTo(words?: string): Promise<string> {
    while (words === undefined || !text.includes(words)) {
      const piece = await reader?.read();
      if (!piece || piece.done) return text;
      text += piece.value;
    }
    return text;
  };
}

/** Everything that comes, when it has come. */
export async function collect<T>(coming: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of coming) all.push(one);
  return all;
}
