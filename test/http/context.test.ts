import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { onGone, type RequestContext } from "../../src/http/context.ts";

/** A request that has reached a server, as the app sees it. */
async function aRequest() {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const client = request({ port, host: "127.0.0.1" }).on("error", () => {});
  client.end();
  const [incoming, outgoing] = (await once(server, "request")) as [IncomingMessage, ServerResponse];
  const context = { env: { incoming, outgoing } } as unknown as RequestContext;
  return { client, outgoing, context };
}

function gone(context: RequestContext): Promise<boolean> {
  return new Promise((resolve) => onGone(context, resolve));
}

describe("onGone", () => {
  test("tells of a client that got its whole answer", async () => {
    const { outgoing, context } = await aRequest();
    const answered = gone(context);
    outgoing.end("answer");
    expect(await answered).toBe(true);
  });

  test("tells of a client that hangs up", async () => {
    const { client, context } = await aRequest();
    const answered = gone(context);
    client.destroy();
    expect(await answered).toBe(false);
  });

  test("tells of a client that hangs up in the middle of its answer", async () => {
    const { client, outgoing, context } = await aRequest();
    const answered = gone(context);
    outgoing.write("half of the answer");
    await once(client, "response");
    client.destroy();
    expect(await answered).toBe(false);
  });

  test("tells of a client that was gone before anybody asked", async () => {
    const { client, outgoing, context } = await aRequest();
    client.destroy();
    await once(outgoing, "close");
    expect(await gone(context)).toBe(false);
  });

  test.each([true, false])(
    "without a socket follows the request's signal, aborted: %s",
    async (already) => {
      const controller = new AbortController();
      if (already) controller.abort();
      const raw = new Request("http://localhost/", { signal: controller.signal });
      const answered = gone({ env: undefined, req: { raw } } as unknown as RequestContext);
      controller.abort();
      expect(await answered).toBe(false);
    },
  );
});
