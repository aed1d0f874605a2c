/** The address of the last picture in Markdown; undefined where there is none. */
export function imageIn(markdown: string): string | undefined {
  const start = markdown.lastIndexOf("![");
  const open = start < 0 ? -1 : markdown.indexOf("](", start);
  const address = open < 0 ? "" : markdown.slice(open + 2).split(/[)\s]/, 1)[0];
  return address || undefined;
}
