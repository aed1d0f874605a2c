// Runs before everything else, on every version of Node: older ones cannot even read the files that follow.
var numbers = process.versions.node.split(".").map(Number);
var isOld = numbers[0] < 22 || (numbers[0] === 22 && numbers[1] < 19);
if (isOld || !process.features.typescript) {
  console.error(
    "Drawbridge needs Node.js 22.19 or newer, and this is " +
      process.version +
      (isOld ? "" : " without support for TypeScript") +
      ": install a newer one from https://nodejs.org, or run `npm ci`, which brings one along.",
  );
  process.exit(1);
}

// Node 22 calls its SQLite experimental, which is nothing that somebody who starts this could act on.
var emitWarning = process.emitWarning;
process.emitWarning = function (warning, type) {
  if (type === "ExperimentalWarning" && /SQLite/.test(warning)) return;
  emitWarning.apply(process, arguments);
};

// What is compiled once is kept without its types: later starts take half the time, and 20 MB less memory.
var cache = require("path").join(__dirname, "../node_modules/.cache/drawbridge");
require("module").enableCompileCache(cache);
