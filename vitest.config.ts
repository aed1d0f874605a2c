import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Two cores: a worker each; the end-to-end tests start processes of their own.
    maxWorkers: 2,
  },
});
