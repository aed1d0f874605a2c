import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Texts that are too long for careless regular expressions. */
const longTexts = ["test/**/long-*.test.ts"];

/** Where tests wait for processes, databases, runtimes and browsers, those that wait longest first. */
const waiting = ["/chaos/", "/e2e/fleet", "load.test", "/fleet/", "/worker/", "/page/", "/e2e/"];

/** Begins with what takes long, so that nothing long is left to one worker in the end. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ moduleId, project }: TestSpecification) => {
      if (project.name === "long texts") return -1;
      const rank = waiting.findIndex((part) => moduleId.includes(part));
      return rank < 0 ? waiting.length : rank;
    };
    const bySize = await super.sort(files);
    return bySize.toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}

const shared = {
  // Waiting is bounded generously: machines are shared, and some tests start whole processes.
  testTimeout: 180_000,
  hookTimeout: 180_000,
  expect: { poll: { timeout: 60_000 } },
  // The time that a busy machine takes from a test is not the test's fault.
  retry: process.env["CI"] ? 2 : 0,
  // Nothing keeps state in modules, so files may share them.
  isolate: false,
};

export default defineConfig({
  test: {
    // Most tests wait for something most of the time.
    maxWorkers: 5,
    sequence: { sequencer: LongFirst },
    projects: [
      {
        test: {
          ...shared,
          name: "long texts",
          include: longTexts,
          // V8 stops to optimize regular expressions in a process that has compiled many, and then long texts are too much for some.
          execArgv: ["--no-regexp-optimization"],
        },
      },
      { test: { ...shared, name: "all", include: ["test/**/*.test.ts"], exclude: longTexts } },
    ],
  },
});
