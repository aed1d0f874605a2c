import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { startProcess } from "../fakes/process.ts";
import { startStandIns } from "../fakes/drawbridge.ts";

function aSocket(url: string): Socket {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  return socket.on("error", () => undefined);
}

/** Sends a request and answers the first line of its answer. */
async function ask(socket: Socket, lines: readonly string[]): Promise<string> {
  socket.write(lines.join("\r\n"));
  const [bytes] = (await once(socket, "data")) as [Buffer];
  return bytes.toString().split("\r\n")[0] ?? "";
}

test.runIf(process.platform === "linux")(
  "more half-open connections than there may be files leave enough to call the image service and keep its pictures",
  async () => {
    const { environment, close } = await startStandIns({ enhancer: false });
    onTestFinished(close);
    const drawbridge = await startProcess(environment, { openFiles: 300 });
    expect(drawbridge.output()).toContain("ulimit -n");
    const client = aSocket(drawbridge.url);
    expect(await ask(client, ["GET /healthz HTTP/1.1", "Host: x", "", ""])).toMatch(/ 200 /);
    const halfOpen = Array.from({ length: 400 }, () => aSocket(drawbridge.url));
    await Promise.all(halfOpen.map((socket) => once(socket, "connect")));
    // The first of those that are too many is dropped by now.
    await once(halfOpen.at(-1)?.resume() ?? client, "close");
    const body = JSON.stringify({ prompt: "a fox", n: 4, response_format: "url" });
    const head = [
      "POST /v1/images/generations HTTP/1.1",
      "Host: x",
      `Authorization: Bearer ${environment["GATEWAY_API_KEY"] ?? ""}`,
      `Content-Length: ${body.length}`,
    ];
    expect(await ask(client, [...head, "", body])).toMatch(/ 200 /);
    expect(drawbridge.output()).toContain("connections are dropped");
  },
);
