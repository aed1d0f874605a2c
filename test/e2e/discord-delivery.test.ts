import { PermissionFlagsBits } from "discord.js";
import sharp from "sharp";
import { describe, expect, test, vi } from "vitest";
import { consequences } from "../../bots/discord/errors.ts";
import type { ImageProvider } from "../../core/provider.ts";
import { codeIn, openedDoor, type Scene, type SceneOptions } from "../bots/discord/scene.ts";
import type { SentInteraction } from "../fakes/discord/interaction-view.ts";
import type { MessageView } from "../fakes/discord/message-view.ts";
import { easel, padded, painting } from "../fakes/studio.ts";

const minute = 60_000;
const mebibyte = 1024 * 1024;
const editAnswer = "PATCH /webhooks/:application/:token/messages/:message";

/** Asks for a picture and waits until its Cancel is to be seen; `finish` then ends it. */
async function waiting(options: SceneOptions & { readonly hidden?: boolean } = {}) {
  const scene = await openedDoor(options);
  const sent = scene.imagine("a cat", { options: { private: options.hidden ?? false } });
  await scene.discord.until(() => sent.message?.buttons.includes("Cancel"));
  await scene.easel.begun(1);
  return { ...scene, scene, sent };
}

/** The only message with pictures in a channel. */
async function pictureIn({ discord }: Scene, channel: string): Promise<MessageView> {
  const pictures = () => discord.messages(channel).filter(({ files }) => files.length > 0);
  await discord.until(() => pictures().length > 0);
  expect(pictures()).toHaveLength(1);
  return pictures()[0]!;
}

function gone({ logged }: Pick<Scene, "logged">) {
  return logged.find(({ message }) => message.includes("could not be shown"));
}

describe("Delivery in Discord", () => {
  test("edits the answer as long as its token lives", async () => {
    const { discord, sent, easel, channel } = await waiting();
    discord.advanceClock(14 * minute);
    easel.finish();
    await discord.until(() => sent.message?.files.length === 1);
    expect(discord.messages(channel)).toHaveLength(1);
  });

  test("50027: edits the same message through the channel once the token is dead", async () => {
    const { discord, scene, sent, easel, channel } = await waiting();
    discord.advanceClock(16 * minute);
    easel.finish();
    const message = await pictureIn(scene, channel.id);
    expect(message.id).toBe(sent.message?.id);
    expect(discord.messages(channel)).toHaveLength(1);
  });

  test("50027: shows progress through the channel once the token is dead", async () => {
    const { discord, sent, easel } = await waiting({ easel: { progress: true } });
    discord.advanceClock(16 * minute);
    easel.contexts[0]?.onProgress({ fraction: 0.4 });
    await discord.until(() => sent.message?.text.includes("40 %"));
    expect(sent.message?.buttons).toEqual(["Cancel"]);
    easel.contexts[0]?.onProgress({ fraction: 0.6 });
    await discord.until(() => sent.message?.text.includes("60 %"));
    expect(discord.calls.filter(({ code }) => code === 50027)).toHaveLength(1);
  });

  test("50027: does not go on with the progress of a private picture", async () => {
    const options = { easel: { progress: true }, hidden: true };
    const { discord, channel, sent, easel, anna, scene } = await waiting(options);
    discord.advanceClock(16 * minute);
    easel.contexts[0]?.onProgress({ fraction: 0.4 });
    await discord.until(() => discord.calls.some(({ code }) => code === 50027));
    easel.finish();
    await pictureIn(scene, discord.directMessages(anna).id);
    expect(discord.calls.filter(({ path }) => path.includes(`channels/${channel.id}`))).toEqual([]);
    expect(sent.message?.text).not.toContain("40 %");
  });

  test("40005: goes on without the preview that is too large", async () => {
    const guild = { realAttachmentLimit: mebibyte };
    const options = { easel: { progress: true }, guild };
    const { discord, sent, easel } = await waiting(options);
    const preview = Buffer.alloc(mebibyte + 1, "\u00ff\u00d8\u00ff\u00e0", "latin1");
    easel.contexts[0]?.onProgress({ fraction: 0.4, preview });
    await discord.until(() => sent.message?.text.includes("40 %"));
    easel.contexts[0]?.onProgress({ fraction: 0.6, preview });
    await discord.until(() => sent.message?.text.includes("60 %"));
    expect(sent.message?.files).toEqual([]);
    expect(discord.calls.filter(({ code }) => code === 40005)).toHaveLength(1);
  });

  test("10008: sends a new message where the old one was deleted, and calls nobody", async () => {
    const { discord, scene, sent, easel, anna, channel } = await waiting();
    await remove(discord, sent);
    easel.finish();
    const message = await pictureIn(scene, channel.id);
    expect(message.id).not.toBe(sent.message?.id);
    expect(message.text).toContain(`<@${anna.id}>`);
    expect(message.pings.users).toEqual([]);
    expect(message.nonce).toBe(`${codeIn(message)}:c`);
    const posted = discord.calls.filter(
      ({ route }) => route === "POST /channels/:channel/messages",
    );
    expect(posted.map(({ json }) => json)).toMatchObject([{ enforce_nonce: true }]);
    expect(message.buttons).toContain("Again");
  });

  test("30046: sends a new message where the old one takes no more edits, and deletes that", async () => {
    const { discord, scene, sent, easel, channel } = await waiting();
    discord.advanceClock(16 * minute);
    discord.failNext("PATCH /channels/:channel/messages/:message", {
      status: 429,
      code: 30046,
      retryAfterMs: 3_600_000,
    });
    easel.finish();
    await pictureIn(scene, channel.id);
    await discord.until(() => sent.message?.deleted);
    expect(discord.messages(channel)).toHaveLength(1);
  });

  test("50013: writes to the person where the bot may not write in the channel", async () => {
    const appPermissions = PermissionFlagsBits.ViewChannel;
    const { discord, scene, sent, easel, anna } = await waiting({ channel: { appPermissions } });
    await remove(discord, sent);
    easel.finish();
    await pictureIn(scene, discord.directMessages(anna).id);
    expect(discord.calls.some(({ code }) => code === 50013)).toBe(true);
  });

  test("50001: writes to the person where the bot is not any more", async () => {
    const { discord, scene, easel, anna, guild } = await waiting();
    const other = discord.guild();
    discord.member(other, anna);
    discord.kick(guild);
    discord.advanceClock(16 * minute);
    easel.finish();
    await pictureIn(scene, discord.directMessages(anna).id);
  });

  test("50007: keeps the picture for /show where the person takes no messages, and logs why", async () => {
    const { discord, scene, sent, easel, anna, channel } = await waiting({ hidden: true });
    anna.acceptsMessages = false;
    discord.advanceClock(16 * minute);
    easel.finish();
    await vi.waitFor(() => expect(gone(scene)).toBeDefined(), 60_000);
    expect(JSON.stringify(gone(scene))).toMatch(/answer: .*Invalid Webhook Token/);
    expect(JSON.stringify(gone(scene))).toMatch(/conversation: .*Cannot send messages/);
    expect(JSON.stringify(scene.logged)).not.toContain(sent.token);
    const { code } = await scene.newestJob();
    const shown = discord.slash(anna, channel, "show", { code });
    await discord.until(() => shown.message?.files.length === 1);
  });

  test("10062 and 10015: sends a message where the acknowledgement came too late", async () => {
    const scene = await openedDoor();
    const { discord, easel, channel } = scene;
    discord.failNext(/callback/, { status: 404, code: 10062 });
    scene.imagine("a cat");
    await easel.begun(1);
    easel.finish();
    await pictureIn(scene, channel.id);
    const codes = new Set(discord.calls.map(({ code }) => code));
    expect([codes.has(10062), codes.has(10015)]).toEqual([true, true]);
  });

  test("10062: leaves an answer that came too late, and goes on", async () => {
    const { discord, logged, anna, channel } = await openedDoor();
    discord.failNext(/callback/, { status: 404, code: 10062 });
    discord.slash(anna, channel, "help");
    await vi.waitFor(
      () =>
        expect(logged.some(({ message }) => message.includes("did not reach Discord"))).toBe(true),
      60_000,
    );
    await discord.slash(anna, channel, "privacy").answered();
    expect(discord.calls.filter(({ status }) => status === 404)).toHaveLength(1);
  });

  test("200000: explains an answer whose words the server's moderation blocks", async () => {
    const guild = { blockedWords: ["enhance"] };
    const { discord, anna, channel } = await openedDoor({ guild });
    const answer = await discord.slash(anna, channel, "settings").answered();
    expect(answer).toMatchObject({ ephemeral: true });
    expect(answer.text).toContain("Something went wrong here");
  });

  test("40060: goes on where the acknowledgement had arrived although its connection broke", async () => {
    const scene = await openedDoor();
    const { discord, easel, channel } = scene;
    discord.cutNext(/callback/, "after");
    const sent = scene.imagine("a cat");
    await easel.begun(1);
    easel.finish();
    const message = await pictureIn(scene, channel.id);
    expect(message.id).toBe(sent.message?.id);
  });

  test("50035: shows the picture without words where Discord finds fault with them", async () => {
    const { discord, scene, sent, easel } = await waiting({ door: { progressEveryMs: minute } });
    discord.failNext(editAnswer, { status: 400, code: 50035 });
    easel.finish();
    await discord.until(() => sent.message?.files.length === 1);
    expect(sent.message?.text).toMatch(/^1:1 · 64×64 · seed \d+ · zi-/);
    expect(sent.message?.files[0]?.description).toBe(codeIn(sent.message!));
    expect(scene.logged.some(({ level }) => level === "warn")).toBe(true);
  });

  test("200000: shows the picture without words where the server's moderation blocks them", async () => {
    const { discord, sent, easel } = await waiting({ guild: { blockedWords: ["cat"] } });
    easel.finish();
    await discord.until(() => sent.message?.files.length === 1);
    expect(sent.message?.text).not.toContain("cat");
    expect(sent.message?.buttons).toContain("Again");
  });

  test("429: waits as long as it is told, and asks once more", async () => {
    const { discord, sent, easel } = await waiting({ door: { progressEveryMs: minute } });
    const before = discord.calls.length;
    discord.failNext(editAnswer, { status: 429, retryAfterMs: 300 });
    easel.finish();
    await discord.until(() => sent.message?.files.length === 1);
    expect(discord.calls.length - before).toBe(2);
  });

  test("429: leaves a long wait to the outbox", async () => {
    const { discord, scene, easel, sent } = await waiting({ door: { progressEveryMs: minute } });
    discord.failNext(editAnswer, { status: 429, retryAfterMs: 11_500 }, 1);
    const job = await scene.newestJob();
    const sends = { once: async () => undefined, find: () => undefined };
    const delivering = scene.door.deliverer.deliver({ ...job, state: "failed" }, sends);
    await expect(delivering).rejects.toMatchObject({
      name: "DeliveryDelayed",
      retryAfterMs: expect.toSatisfy((ms: number) => ms >= 11_000 && ms < 13_000),
    });
    easel.finish();
    expect(sent.message?.files).toEqual([]);
  });

  test("goes on after faults of Discord's own", async () => {
    const { discord, sent, easel } = await waiting({ door: { progressEveryMs: minute } });
    discord.failNext(editAnswer, { status: 502 }, 6);
    discord.cutNext(editAnswer, "before", 2);
    easel.finish();
    await discord.until(() => sent.message?.files.length === 1);
  });

  test("sends a new message once, also when its connection broke after it had arrived", async () => {
    const { discord, scene, sent, easel, channel } = await waiting();
    await remove(discord, sent);
    discord.cutNext("POST /channels/:channel/messages", "after");
    easel.finish();
    await pictureIn(scene, channel.id);
    await vi.waitFor(async () => {
      expect((await scene.newestJob()).delivery.state).toBe("delivered");
    }, 60_000);
    expect(discord.messages(channel)).toHaveLength(1);
  });

  test("never shows a private picture in the channel", async () => {
    const { discord, scene, easel, anna, channel } = await waiting({ hidden: true });
    discord.advanceClock(16 * minute);
    easel.finish();
    await pictureIn(scene, discord.directMessages(anna).id);
    expect(discord.messages(channel)).toEqual([]);
  });

  test("blurs in a conversation what was asked for in an age-restricted channel", async () => {
    const studio = { policy: { judge: () => ({ spoiler: true }) } };
    const { discord, scene, sent, easel, anna } = await waiting({
      studio,
      channel: { nsfw: true, appPermissions: PermissionFlagsBits.ViewChannel },
    });
    await remove(discord, sent);
    easel.finish();
    const message = await pictureIn(scene, discord.directMessages(anna).id);
    expect(message.files[0]?.spoiler).toBe(true);
  });

  test("needs none of the five follow-ups of a place where only the person installed the app", async () => {
    const scene = await openedDoor({ easel: { progress: true } });
    const { discord, easel } = scene;
    const traveller = discord.user({ installed: true });
    const away = discord.channel(discord.guild({ installed: false }));
    discord.member(away.guild, traveller);
    const sent = scene.imagine("a cat", { by: traveller, where: away });
    await easel.begun(1);
    for (let percent = 10; percent <= 80; percent += 10) {
      easel.contexts[0]?.onProgress({ fraction: percent / 100 });
      await discord.until(() => sent.message?.text.includes(`${percent} %`));
    }
    easel.finish();
    await discord.until(() => sent.message?.files.length === 1);
    for (const button of ["Ratio", "Original", "Original", "Ratio", "Original", "Ratio"]) {
      const pressed = discord.pressButton(sent.message!, button, traveller);
      await pressed.answered();
      expect(pressed.followups).toEqual([]);
    }
    expect(sent.followups).toEqual([]);
    expect(discord.messages(away, traveller)).toHaveLength(7);
    expect(discord.calls.filter(({ status = 0 }) => status >= 400)).toEqual([]);
  });

  test("leaves out the channel where only the person installed the app", async () => {
    const scene = await openedDoor();
    const { discord, easel } = scene;
    const traveller = discord.user({ installed: true });
    const away = discord.channel(discord.guild({ installed: false }));
    discord.member(away.guild, traveller);
    const sent = scene.imagine("a cat", { by: traveller, where: away });
    await discord.until(() => sent.message?.buttons.includes("Cancel"));
    discord.advanceClock(16 * minute);
    easel.finish();
    await pictureIn(scene, discord.directMessages(traveller).id);
    expect(discord.calls.filter(({ path }) => path.includes(`channels/${away.id}`))).toEqual([]);
  });

  test("says by every way what failed, but follows nobody with what they cancelled", async () => {
    const failing = await waiting();
    await remove(failing.discord, failing.sent);
    failing.easel.finish(new TypeError("broken"));
    const { discord, channel, scene } = failing;
    await discord.until(() => discord.messages(channel)[0]?.buttons.includes("Try again"));
    expect(discord.messages(channel)[0]?.text).toContain(`<@${failing.anna.id}>\nSomething`);
    const second = scene.imagine("a dog");
    await discord.until(() => second.message?.buttons.includes("Cancel"));
    await remove(discord, second);
    await scene.studio.cancel((await scene.newestJob()).code, (await scene.newestJob()).requester);
    await vi.waitFor(() => expect(gone(scene)).toBeDefined(), 60_000);
    expect(discord.messages(channel)).toHaveLength(1);
  });

  test("apologises where the picture came too late, and /show brings it", async () => {
    const { discord, scene, sent, easel } = await waiting({ studio: { ttlMs: 300 } });
    await new Promise((resolve) => setTimeout(resolve, 320));
    easel.finish();
    await discord.until(() => sent.message?.text.includes("came too late"));
    expect(sent.message?.text).toContain(codeOf(scene));
  });
});

function codeOf({ discord, channel }: Scene): string {
  const [message] = discord.history(channel);
  return /zi-[0-9A-Z]{10}/.exec(JSON.stringify(message?.controls))?.[0] ?? "";
}

/** Somebody who may deletes the message. */
async function remove({ apiUrl, token, until }: Scene["discord"], sent: SentInteraction) {
  const { channelId = "", id = "" } = sent.message ?? {};
  const headers = { authorization: `Bot ${token}` };
  await fetch(`${apiUrl}/v10/channels/${channelId}/messages/${id}`, { method: "DELETE", headers });
  await until(() => sent.message?.deleted);
}

describe("Files that are too large for a server", () => {
  /** Paints noise, of which a PNG has about three megabytes. */
  const noisy: Pick<ImageProvider, "generate"> = {
    async generate() {
      const noise = { type: "gaussian", mean: 128, sigma: 60 } as const;
      const create = {
        width: 1024,
        height: 1024,
        channels: 3,
        noise,
        background: "white",
      } as const;
      return { image: await sharp({ create }).png().toBuffer(), notices: [], facts: {} };
    },
  };
  const options = (guild: SceneOptions["guild"]): SceneOptions => ({
    guild: guild ?? {},
    studio: {
      painter: {
        id: "noise",
        capabilities: { ...painting, paid: false },
        ...noisy,
      },
    },
  });

  test("40005: are made smaller, and the lower limit is remembered", async () => {
    const scene = await openedDoor(options({ realAttachmentLimit: 2 * mebibyte }));
    const { discord, guild, settings } = scene;
    const refusals = () => discord.calls.filter(({ status }) => status === 413).length;
    const first = scene.imagine("noise");
    await discord.until(() => first.message?.files.length === 1);
    expect(first.message?.files[0]?.contentType).toBe("image/jpeg");
    expect(first.message!.files[0]!.bytes.byteLength).toBeLessThanOrEqual(2 * mebibyte);
    expect(refusals()).toBe(1);
    expect(settings.kept.get(`discord:guild:${guild.id}`)).toEqual({ uploadLimit: 2 * mebibyte });
    const second = scene.imagine("more noise");
    await discord.until(() => second.message?.files.length === 1);
    expect(refusals()).toBe(1);
  });

  test("are fitted to 25 MiB for all together", async () => {
    const provider = { ...easel({ auto: true }), generate: padded(8 * mebibyte) };
    const { discord, imagine, anna } = await openedDoor({ studio: { painter: provider } });
    const sent = imagine("a cat", { options: { count: 4 } });
    await discord.until(() => sent.message?.files.length === 4);
    expect(sent.message?.files.map(({ contentType }) => contentType)).toEqual(
      Array.from({ length: 4 }, () => "image/jpeg"),
    );
    expect(discord.calls.every(({ status }) => status !== 413)).toBe(true);
    const one = await discord.selectOption(sent.message!, "2", anna).answered();
    expect(one.files).toMatchObject([{ contentType: "image/png" }]);
    expect(one.files[0]?.bytes.byteLength).toBe(8 * mebibyte);
  });

  test("are fitted to what the place says", async () => {
    const scene = await openedDoor(options({}));
    const { discord, channel } = scene;
    const where = { channel, attachmentSizeLimit: mebibyte };
    const sent = scene.imagine("noise", { where });
    await discord.until(() => sent.message?.files.length === 1);
    expect(sent.message!.files[0]!.bytes.byteLength).toBeLessThanOrEqual(mebibyte);
    expect(discord.calls.every(({ status }) => status !== 413)).toBe(true);
  });
});

describe("Discord's codes", () => {
  test.for([
    [10062, "closed"],
    [10008, "closed"],
    [10015, "closed"],
    [40005, "too-large"],
    [40060, "answered"],
    [50001, "closed"],
    [50007, "closed"],
    [50013, "closed"],
    [50027, "closed"],
    [50035, "unwelcome"],
    [30046, "closed"],
    [200000, "unwelcome"],
  ] as const)("%i has the consequence %s", ([code, consequence]) => {
    expect(consequences.get(code)).toBe(consequence);
  });
});
