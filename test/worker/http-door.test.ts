import { httpDoorContract } from "../contract/http-door.ts";
import { startWorkerd } from "../fakes/workerd.ts";

httpDoorContract("in a Durable Object", {
  keeps: true,
  // At Cloudflare's own edge they are seen; the runtime alone tells of them only where it writes.
  seesSilentHangUps: false,
  start: (environment) => startWorkerd({ file: "worker.js", environment }),
});

httpDoorContract("in one pasted file", {
  keeps: false,
  seesSilentHangUps: false,
  // As old as the Workers whose file it replaces.
  start: (environment) =>
    startWorkerd({ file: "worker-single.js", environment, compatibilityDate: "2024-01-01" }),
});
