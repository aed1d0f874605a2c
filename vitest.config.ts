import { defineConfig } from "vitest/config";

const shared = {
  // Waiting is bounded generously: machines are shared, and some tests start whole processes.
  testTimeout: 90_000,
  hookTimeout: 90_000,
  // The time that a busy machine takes from a test is not the test's fault.
  retry: process.env["CI"] ? 2 : 0,
};

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: "units",
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/**"],
        },
      },
      {
        test: {
          ...shared,
          name: "end to end",
          include: ["test/e2e/**/*.test.ts"],
          // These start processes and measure times: one after another, when the units are done.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
