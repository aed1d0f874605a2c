/** Made by the build: the program's own files that this Worker serves, by their paths from `src/`. */
declare module "drawbridge:own-files" {
  export const ownFiles: Readonly<Record<string, string>>;
}
