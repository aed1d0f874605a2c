import { defineConfig } from "vitest/config";

/** These measure times and memory while much is asked for at once: when the others are done. */
const loads = [
  "test/bots/telegram/load.test.ts",
  "test/e2e/discord-autocompletes.test.ts",
  "test/e2e/discord-load.test.ts",
  "test/e2e/memory.test.ts",
];

const shared = {
  // Waiting is bounded generously: machines are shared, and some tests start whole processes.
  testTimeout: 90_000,
  hookTimeout: 90_000,
  expect: { poll: { timeout: 30_000 } },
  // The time that a busy machine takes from a test is not the test's fault.
  retry: process.env["CI"] ? 2 : 0,
  // V8 stops to optimize regular expressions in a process that has compiled many, and then long texts are too much for some.
  execArgv: ["--no-regexp-optimization"],
  // Nothing keeps state in modules, so files may share them.
  isolate: false,
};

export default defineConfig({
  test: {
    // Most tests wait for something most of the time.
    maxWorkers: 3,
    projects: [
      { test: { ...shared, name: "all", include: ["test/**/*.test.ts"], exclude: loads } },
      { test: { ...shared, name: "loads", include: loads, sequence: { groupOrder: 1 } } },
    ],
  },
});
