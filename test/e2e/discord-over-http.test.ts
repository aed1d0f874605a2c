import { describe, expect, onTestFinished, test } from "vitest";
import { startBalancer } from "../fakes/balancer.ts";
import { type Discord, startDiscord } from "../fakes/discord.ts";
import { ownDrawbridge } from "../fakes/drawbridge.ts";
import type { Environment } from "../fakes/process.ts";

const path = "/discord/interactions";

/** A server with Anna in it, and a Drawbridge that is its bot, behind a public address. */
async function aBot(variables: (discord: Discord, publicUrl: string) => Environment) {
  const discord = await startDiscord();
  onTestFinished(() => discord.close());
  const guild = discord.guild({ name: "Studio" });
  const channel = discord.channel(guild);
  const anna = discord.user({ username: "anna" });
  discord.member(guild, anna);
  const balancer = await startBalancer();
  onTestFinished(() => balancer.close());
  const { url, service } = await ownDrawbridge({
    environment: {
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
      ...variables(discord, balancer.url),
    },
  });
  balancer.send(url);
  const draws = async () => {
    const asked = discord.slash(anna, channel, "imagine", { prompt: "a cat" });
    await discord.until(() => asked.message?.files.length === 1);
    expect(service.ordersOf({ prompt: "a cat" })).toBe(1);
  };
  const isReady = () => expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(200);
  return { discord, url, publicUrl: balancer.url, draws, isReady };
}

describe("A server that is Discord's bot", () => {
  test("takes interactions at its public address, and opens no gateway, where the public key is set", async () => {
    const { discord, publicUrl, draws, isReady } = await aBot(({ endpoint }, PUBLIC_URL) => ({
      DISCORD_PUBLIC_KEY: endpoint.publicKey,
      PUBLIC_URL,
    }));
    await discord.until(() => discord.endpoint.url === publicUrl + path);
    await isReady();
    await draws();
    expect(discord.endpoint.responses).toEqual([202]);
    expect(discord.gateway.identifications).toEqual([]);
    const forged = await fetch(publicUrl + path, { method: "POST", body: '{"id":"1","type":1}' });
    expect(forged.status).toBe(401);
  });

  test("takes them where its owner pasted the address, which it does not know itself", async () => {
    const { discord, url, draws, isReady } = await aBot(({ endpoint }) => ({
      DISCORD_PUBLIC_KEY: endpoint.publicKey,
    }));
    await isReady();
    await discord.until(() => discord.commands().length > 0);
    expect(discord.endpoint.url).toBeNull();
    await discord.endpoint.change(url + path);
    await draws();
    expect(discord.gateway.identifications).toEqual([]);
  });

  test("goes by the key that Discord tells of its application, where another one was set", async () => {
    const { discord, url, draws, isReady } = await aBot(() => ({
      DISCORD_PUBLIC_KEY: "ab".repeat(32),
    }));
    await isReady();
    await discord.until(() => discord.commands().length > 0);
    await discord.endpoint.change(url + path);
    await draws();
  });

  test("connects to the gateway where no key is set, and has no such address", async () => {
    const { discord, url, draws, isReady } = await aBot(() => ({}));
    await isReady();
    await discord.until(() => discord.commands().length > 0);
    await draws();
    expect(discord.gateway.identifications).toHaveLength(1);
    const body = '{"id":"1","type":1}';
    const headers = discord.endpoint.signed(body);
    expect((await fetch(url + path, { method: "POST", headers, body })).status).toBe(404);
  });
});
