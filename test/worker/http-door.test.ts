import { httpDoorContract } from "../contract/http-door.ts";
import { startWorkerd } from "../fakes/workerd.ts";

httpDoorContract("in a Durable Object", {
  keeps: true,
  // The runtime looks for the end of a connection only when it writes. A reset it sees at once.
  seesClosing: false,
  start: (environment) => startWorkerd({ file: "worker.js", environment }),
});

httpDoorContract("in one pasted file", {
  keeps: false,
  seesClosing: false,
  // As old as the Workers whose file it replaces.
  start: (environment) =>
    startWorkerd({ file: "worker-single.js", environment, compatibilityDate: "2024-01-01" }),
});
