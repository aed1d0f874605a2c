import { startWorkerd } from "./workerd.ts";

// A process of its own for the runtime, so that a test can kill both: prints where the house is.

const { directory, environment, port } = JSON.parse(process.argv[2] ?? "{}") as {
  directory: string;
  environment: Record<string, string>;
  port: number;
};
const { url } = await startWorkerd({ file: "worker.js", directory, environment, port });
console.log(url);
