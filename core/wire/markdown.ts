/** The address of the last picture in Markdown; undefined where there is none. */
export function imageIn(markdown: string): string | undefined {
  const start = markdown.lastIndexOf("![");
  const open = start < 0 ? -1 : markdown.indexOf("](", start);
  const address = open < 0 ? "" : markdown.slice(open + 2).split(/[)\s]/, 1)[0];
  return address || undefined;
}

/** A text, and the pictures that are written into it as data: URLs. */
export interface WithPictures {
  /** Without them, and without the Markdown or HTML that shows them. */
  readonly words: string;
  readonly pictures: readonly string[];
}

/** Characters of what shows a picture, before and behind its address. */
const mostLead = 500;

const dataStart = "data:image/";
const beforeData = /(?:!\[[^\]]{0,200}\]\(<?|<img\b[^<>]{0,200}?\bsrc\s*=\s*["']?)$/i;
const afterData = /^(?:>?(?:\s*"[^"]{0,200}")?\)|["']?[^<>]{0,200}>)/;

/** Takes the pictures that are written into a text out of it. Takes linear time. */
export function takenApart(text: string): WithPictures {
  const pictures: string[] = [];
  let words = "";
  let from = 0;
  for (;;) {
    const start = text.indexOf(dataStart, from);
    if (start < 0) break;
    const end = endOfData(text, start);
    const lead = beforeData.exec(text.slice(Math.max(from, start - mostLead), start))?.[0] ?? "";
    const rest = lead === "" ? "" : (afterData.exec(text.slice(end, end + mostLead))?.[0] ?? "");
    pictures.push(text.slice(start, end));
    words += text.slice(from, start - lead.length);
    from = end + rest.length;
  }
  if (pictures.length === 0) return { words: text, pictures };
  return { words: (words + text.slice(from)).replace(/[^\S\n]{2,}/g, " ").trim(), pictures };
}

/** Behind the last character of a data: URL; looked for one by one, because it may be many megabytes away. */
function endOfData(text: string, start: number): number {
  const outside = /[^\w+/=%:;,.-]/g;
  outside.lastIndex = start;
  let end = outside.exec(text)?.index ?? text.length;
  while (/[.,;:]/.test(text.charAt(end - 1))) end--;
  return end;
}
