/** The program's own files, by their paths from `src/`; pictures in base64. */
export type OwnFiles = Readonly<Record<string, string>>;

let files: OwnFiles = {};

/** Makes them known: a Worker fetches them from the assets that the build lays beside it. */
export function provideOwnFiles(provided: OwnFiles): void {
  files = provided;
}

/** One of them. Throws where it was not provided. */
export function ownFileAt(path: string): string {
  const content = files[path];
  if (content === undefined) throw new Error(`${path} is not among this Worker's assets.`);
  return content;
}
