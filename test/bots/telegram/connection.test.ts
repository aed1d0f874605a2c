import { describe, expect, test } from "vitest";
import { createWebhook } from "../../../bots/telegram/webhook.ts";
import { startTelegram } from "../../fakes/telegram.ts";
import { openWire } from "../../fakes/wire.ts";
import { aScene, eventually, type Scene } from "./scene.ts";

/** No job reaches the disk until what it answers is called. */
function holdPromises({ stores: { ledger } }: Scene): () => void {
  const { promise: gate, resolve: open } = Promise.withResolvers<undefined>();
  const accept = ledger.accept.bind(ledger);
  ledger.accept = async (...promise) => {
    await gate;
    return accept(...promise);
  };
  return () => open(undefined);
}

describe("The Telegram door's connection", () => {
  test("tells in one clear sentence that the token is wrong, and is asked no more", async () => {
    const scene = await aScene({ door: { token: "1:wrong" } });
    await eventually(() =>
      expect(scene.door.state).toMatch(/^failed: Telegram does not accept TELEGRAM_BOT_TOKEN/),
    );
    const errors = scene.logged.filter(({ level }) => level === "error");
    expect(errors).toEqual([
      { level: "error", facts: {}, message: expect.stringMatching(/^Telegram does not accept/) },
    ]);
  });

  test("is found again when the platform comes back, and says so meanwhile", async () => {
    const scene = await aScene();
    await eventually(() => expect(scene.door.state).toBe("connected"));
    await scene.telegram.down();
    await eventually(() => expect(scene.door.state).toMatch(/^failed: .*cannot be reached/));
    await scene.say("/draw a cat");
    await scene.telegram.up();
    await scene.paint();
    await scene.telegram.until(() => scene.pictures().length === 1);
    expect(scene.door.state).toBe("connected");
  });

  test("answers a press once that comes again while it is being answered", async () => {
    const scene = await aScene();
    const picture = await scene.drawn("a cat");
    scene.telegram.faults.delayNext("getChatMember", 400);
    const press = scene.telegram.userPresses(picture, "Delete", scene.ben);
    await scene.telegram.until(() => scene.telegram.callsOf("getChatMember").length > 0);
    scene.telegram.faults.delayNext("getUpdates", 500);
    await scene.telegram.until(() => press.answer);
    await scene.telegram.until(() => scene.telegram.faults.left === 0);
    await scene.settled();
    await scene.drawn("a dog");
    expect(scene.telegram.callsOf("answerCallbackQuery")).toHaveLength(1);
  });

  test("waits for a platform that is not there at the start", async () => {
    const telegram = await startTelegram();
    await telegram.down();
    const wire = await openWire(telegram.url);
    const scene = await aScene({ door: { apiUrl: wire.url, token: telegram.token } });
    await eventually(() => expect(scene.door.state).toMatch(/^failed/));
    await telegram.up();
    await eventually(() => expect(scene.door.state).toBe("connected"));
    await scene.end();
    wire.cut();
    await telegram.close();
  });

  test("says that another process fetches the updates", async () => {
    const scene = await aScene();
    await eventually(() => expect(scene.door.state).toBe("connected"));
    scene.telegram.faults.failNext("getUpdates", {
      code: 409,
      description: "Conflict: terminated by other getUpdates request",
    });
    await scene.say("/help");
    await eventually(() => expect(scene.door.state).toMatch(/another process/));
    await eventually(() => expect(scene.door.state).toBe("connected"));
  });

  test("confirms an update only when its job is on disk", async () => {
    const scene = await aScene();
    await eventually(() => expect(scene.door.state).toBe("connected"));
    const open = holdPromises(scene);
    await scene.say("/draw a cat");
    await eventually(() => expect(scene.telegram.callsOf("getUpdates").length).toBe(1));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(scene.telegram.pendingUpdates).toHaveLength(1);
    open();
    await scene.settled();
    expect(await scene.newestJob()).toMatchObject({ brief: { prompt: "a cat" } });
  });

  test("lets an update that takes long hold up no other, and no other confirm it", async () => {
    const scene = await aScene();
    await eventually(() => expect(scene.door.state).toBe("connected"));
    const open = holdPromises(scene);
    await scene.say("/draw a cat");
    await scene.telegram.until(() => scene.telegram.callsOf("getUpdates")[0]?.endedAt);
    const asked = await scene.say("/help", { by: scene.ben });
    const help = await scene.saying("Commands:");
    expect(help.sentAt - asked.sentAt).toBeLessThan(1_000);
    await scene.say("/privacy", { by: scene.ben });
    await scene.saying("Kept:");
    expect(scene.telegram.pendingUpdates).toHaveLength(3);
    expect(scene.telegram.callsOf("getUpdates").length).toBeLessThan(8);
    open();
    await scene.settled();
    await scene.paint();
    await scene.telegram.until(() => scene.pictures().length === 1);
    expect(scene.ofBot()).toHaveLength(3);
  });

  test("hands an update to the next process when this one dies before it was on disk", async () => {
    const scene = await aScene();
    await eventually(() => expect(scene.door.state).toBe("connected"));
    scene.stores.ledger.accept = () => new Promise(() => {});
    await scene.say("/draw a cat");
    await eventually(() => expect(scene.telegram.callsOf("getUpdates").length).toBe(1));
    await scene.crash();
    await scene.restart();
    await scene.paint();
    await scene.telegram.until(() => scene.pictures().length === 1);
    expect(scene.ofBot()).toHaveLength(1);
  });

  test("leaves an update that came while the process stopped to the next one", async () => {
    const scene = await aScene();
    await eventually(() => expect(scene.door.state).toBe("connected"));
    await scene.studio.stop(0);
    const { promise: heard, resolve: hear } = Promise.withResolvers<undefined>();
    const get = scene.settings.get.bind(scene.settings);
    scene.settings.get = async (scope) => {
      hear(undefined);
      return get(scope);
    };
    await scene.say("/draw a cat");
    await heard;
    await scene.end();
    expect(scene.telegram.pendingUpdates).toHaveLength(1);
    await scene.restart();
    await scene.paint();
    await scene.telegram.until(() => scene.pictures().length === 1);
    expect(scene.ofBot()).toHaveLength(1);
    expect(scene.logged.filter(({ level }) => level === "error")).toEqual([]);
  });

  test("registers its commands although the platform wants it to wait", async () => {
    const scene = await aScene();
    await scene.telegram.until(() => scene.telegram.callsOf("setMyCommands")[1]?.endedAt);
    await scene.end();
    scene.telegram.faults.floodNext("setMyCommands", 0.05);
    await scene.restart();
    await scene.telegram.until(() => scene.telegram.callsOf("setMyCommands").length === 5);
  });

  test("lets no stopping process answer twice", async () => {
    const scene = await aScene();
    await scene.say("/help");
    await scene.saying("Commands:");
    await scene.end();
    await scene.restart();
    await eventually(() => expect(scene.door.state).toBe("connected"));
    await scene.say("/privacy");
    await scene.saying("Kept:");
    expect(scene.ofBot()).toHaveLength(2);
  });
});

describe("The Telegram door's webhook", () => {
  const update = { update_id: 7, message: {} };

  function post(body: unknown, secret = "right"): Request {
    return new Request("http://here/hook", {
      method: "POST",
      headers: { "x-telegram-bot-api-secret-token": secret },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  }

  function aWebhook(handle: (update: unknown) => Promise<void> = async () => {}) {
    const handled: unknown[] = [];
    const webhook = createWebhook({
      secret: "right",
      ready: () => true,
      async handle(update) {
        handled.push(update);
        await handle(update);
      },
    });
    return { webhook, handled };
  }

  /** A door that waits for updates, which a test hands over by itself. */
  async function aHookedScene() {
    const webhook = { url: "http://127.0.0.1:9/hook", secret: "right" };
    const scene = await aScene({ door: { webhook } });
    await eventually(() => expect(scene.door.state).toBe("connected"));
    return scene;
  }

  const handOver = (scene: Scene) =>
    scene.door.webhook?.(post(scene.telegram.pendingUpdates[0])) ??
    Promise.reject(new Error("There is no webhook."));

  test("says 200 only when the job is on disk", async () => {
    const scene = await aHookedScene();
    const { promise: gate, resolve: open } = Promise.withResolvers<undefined>();
    const { ledger } = scene.stores;
    const accept = ledger.accept.bind(ledger);
    let inserted = false;
    ledger.accept = async (...promise) => {
      await gate;
      const accepted = await accept(...promise);
      inserted = true;
      return accepted;
    };
    await scene.say("/draw a cat");
    const answer = handOver(scene).then(({ status }) => ({ status, inserted }));
    await new Promise((resolve) => setTimeout(resolve, 50));
    open(undefined);
    expect(await answer).toEqual({ status: 200, inserted: true });
  });

  test("makes one job of an update that comes again after a restart", async () => {
    const scene = await aHookedScene();
    await scene.say("/draw a cat");
    expect((await handOver(scene)).status).toBe(200);
    await scene.telegram.until(() => scene.ofBot().length === 1);
    await eventually(async () => {
      const { delivery } = await scene.newestJob();
      expect(delivery.sends["status"]?.answer).toBeDefined();
    });
    await scene.crash();
    await scene.restart();
    await eventually(() => expect(scene.door.state).toBe("connected"));
    expect((await handOver(scene)).status).toBe(200);
    await scene.paint();
    await scene.telegram.until(() => scene.pictures().length === 1);
    const jobs = await scene.studio.history({ id: `telegram:${scene.anna.id}` }, { limit: 9 });
    expect(jobs).toHaveLength(1);
    expect(scene.ofBot()).toHaveLength(1);
  });

  test("takes nothing while the process stops", async () => {
    const scene = await aHookedScene();
    await scene.studio.stop(0);
    await scene.say("/draw a cat");
    expect((await handOver(scene)).status).toBe(503);
  });

  test("takes updates with the right secret alone", async () => {
    const { webhook, handled } = aWebhook();
    expect((await webhook(post(update, "wrong"))).status).toBe(401);
    expect((await webhook(post(update, ""))).status).toBe(401);
    expect(handled).toEqual([]);
    expect((await webhook(post(update))).status).toBe(200);
    expect(handled).toEqual([update]);
  });

  test("handles an update once, also when it comes again meanwhile", async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const { webhook, handled } = aWebhook(async () => {
      await promise;
    });
    const answers = [webhook(post(update)), webhook(post(update))];
    await eventually(() => expect(handled).toHaveLength(1));
    resolve(undefined);
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await webhook(post(update))).status).toBe(200);
    expect(handled).toHaveLength(1);
  });

  test("asks for an update again that was not taken", async () => {
    let taken = false;
    const { webhook, handled } = aWebhook(async () => {
      if (!taken) throw new Error("the disk is full");
    });
    expect((await webhook(post(update))).status).toBe(503);
    taken = true;
    expect((await webhook(post(update))).status).toBe(200);
    expect(handled).toHaveLength(2);
  });

  test.each(["", "{", "[]", '{"update_id":"x"}', `"${"x".repeat(1_100_000)}"`])(
    "refuses what is no update",
    async (body) => {
      const { webhook, handled } = aWebhook();
      expect((await webhook(post(body))).status).toBe(400);
      expect(handled).toEqual([]);
    },
  );
});
