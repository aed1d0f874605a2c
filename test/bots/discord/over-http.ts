import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import type { ConnectionState } from "../../../bots/discord/connection.ts";
import type { DiscordDoor, DiscordDoorOptions } from "../../../bots/discord/door.ts";
import { createDiscordHttpDoor } from "../../../bots/discord/http-door.ts";

/** A door whose interactions come over HTTP, behind a server of its own and used as one with a connection is. */
export async function doorOverHttp(
  options: DiscordDoorOptions,
): Promise<DiscordDoor & { readonly address: string }> {
  const door = createDiscordHttpDoor({ ...options, publicKey: undefined });
  const server = serve({ fetch: door.webhook, hostname: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const stop = async () => {
    door.stop();
    server.close();
  };
  return {
    address,
    deliverer: door.deliverer,
    get state() {
      return door.state as ConnectionState;
    },
    start: () => door.start(address),
    pause: stop,
    stop,
  };
}
