/** Files that are dropped anywhere on the page: to start from, or to be told how they were made. */

import { addFiles } from "./sources.js";
import { canEdit } from "./state.js";
import { goTo, view } from "./where.js";

/** Without this, the browser would leave the page for the file. */
export function takeDrops() {
  window.addEventListener("dragover", (event) => {
    if (hasFiles(event)) event.preventDefault();
  });
  window.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    void take([...(event.dataTransfer?.files ?? [])]);
  });
}

/** @param {DragEvent} event */
function hasFiles({ dataTransfer }) {
  return dataTransfer?.types.includes("Files") ?? false;
}

/** @param {readonly File[]} files */
async function take(files) {
  const [first] = files;
  if (view.value === "make" && canEdit.value) return addFiles(files);
  if (!first || (view.value !== "make" && view.value !== "keep")) return;
  await tellHow(first);
}

/** Says in the gallery how a picture was made. @param {File} file */
export async function tellHow(file) {
  goTo("keep");
  const { examine } = await import("./how.js");
  await examine(file);
}
