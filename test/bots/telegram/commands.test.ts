import { describe, expect, test } from "vitest";
import { translatorFor } from "../../../bots/i18n.ts";
import { aScene, codeIn, eventually, labels, textOf } from "./scene.ts";

const t = translatorFor("en");

describe("The Telegram door's commands", () => {
  test("/again makes the picture of this code again, also that of another person", async () => {
    const scene = await aScene();
    const picture = await scene.drawn("a cat --seed 7");
    await scene.say(`/again ${codeIn(picture).toLowerCase()}`, { by: scene.ben });
    await scene.paint();
    await scene.telegram.until(() => scene.pictures().length === 2);
    expect((await scene.newestJob(scene.ben)).parent).toBe(codeIn(picture));
  });

  test("/again says so where there is nothing yet", async () => {
    const scene = await aScene();
    await scene.say("/again");
    await scene.saying("You have no pictures yet. Ask for one with /draw.");
  });

  test("/show brings a picture without uploading it again", async () => {
    const scene = await aScene();
    const picture = await scene.drawn("a cat");
    await scene.say(`/show ${codeIn(picture)}`, { by: scene.ben });
    await scene.telegram.until(() => scene.pictures().length === 2);
    const [first, second] = scene.pictures();
    expect(second?.photo?.fileId).toBe(first?.photo?.fileId);
    expect(labels(second!)).toEqual(labels(first!));
  });

  test("/show brings an album with its buttons, and a failure with its reason", async () => {
    const scene = await aScene();
    await scene.say("/draw a cat --n 2");
    await scene.paint(2);
    const album = await scene.saying("zi-");
    await scene.say(`/show ${codeIn(album)}`);
    await scene.telegram.until(() => scene.pictures().length === 4);
    await scene.say("/draw a dog");
    await scene.easel.begun(3);
    scene.easel.finish(new Error("a bug"));
    const failure = await scene.saying(t("errors.internal"));
    await scene.say(`/show ${codeIn(failure)}`);
    await scene.telegram.until(
      () => scene.ofBot().filter((one) => textOf(one).includes("Something went wrong")).length > 1,
    );
  });

  test("/show of a picture whose file is gone keeps recipe and buttons", async () => {
    const scene = await aScene();
    const picture = await scene.drawn("a cat");
    const job = await scene.newestJob();
    await scene.stores.pictures.remove(job.code);
    await scene.say(`/show ${codeIn(picture)}`);
    const shown = await scene.saying("not kept any more");
    expect(labels(shown)).toContain("Again");
  });

  test.each(["garbage", "@durov", "zi-!!!!!!!!!!", "\u202e\u200b", `${"a".repeat(39)}😀😀`])(
    "/show %s says that there is no such code",
    async (code) => {
      const scene = await aScene();
      await scene.say(`/show ${code}`);
      const answer = await scene.saying("There is no picture with the code");
      expect(answer.entities.filter(({ type }) => type !== "code")).toEqual([]);
    },
  );

  test("/show of a job with more words than a message holds says as much as it can", async () => {
    const scene = await aScene({ easel: { auto: true } });
    const submission = {
      requester: { id: "http:someone" },
      delivery: { door: "http", place: null },
    };
    const { code } = await scene.studio.submit({ prompt: "🐈".repeat(9_000) }, submission);
    await scene.studio.finished(code);
    await scene.say(`/show ${code}`);
    await scene.telegram.until(() => scene.pictures()[0]?.caption?.endsWith(code));
    const job = await scene.studio.finished(code);
    const error = { code: "internal", details: {}, message: "a bug" } as const;
    await scene.stores.ledger.settle({ ...job, state: "failed", error });
    await scene.say(`/show ${code}`);
    expect(textOf(await scene.saying(t("errors.internal")))).toContain(code);
  });

  test("/show asks for a code where there is none", async () => {
    const scene = await aScene();
    await scene.say("/show");
    await scene.saying("Which code?");
  });

  test("/queue cancels by its buttons, in the order of the line", async () => {
    const scene = await aScene({ studio: { slots: 1 } });
    for (const animal of ["a cat", "a dog"]) await scene.say(`/draw ${animal}`);
    await scene.easel.begun(1);
    await scene.say("/queue");
    const list = await scene.saying(t("ask.queue"));
    expect(textOf(list)).toMatch(/1\. a cat · Painting.*\n2\. a dog · In line/);
    scene.telegram.userPresses(list, "Cancel 2", scene.anna);
    await scene.saying(t("errors.cancelled"));
  });

  test("/history shows thumbnails in pages that turn in place", async () => {
    const scene = await aScene({ easel: { auto: true } });
    for (let count = 1; count <= 11; count++) {
      await scene.studio.finished(
        (
          await scene.studio.submit(
            { prompt: `picture ${count}` },
            {
              requester: { id: `telegram:${scene.anna.id}` },
              delivery: { door: "http", place: null },
            },
          )
        ).code,
      );
    }
    await scene.say("/history");
    const page = await scene.telegram.until(() => scene.pictures()[0]);
    expect(textOf(page)).toContain("picture 11");
    expect(labels(page)).toEqual(["1", "2", "3", "4", "5", "6", "7", "8", "9", "Older"]);
    scene.telegram.userPresses(page, "Older", scene.anna);
    await scene.telegram.until(() => textOf(page).includes("picture 1"));
    await scene.telegram.until(() => labels(page).join() === "1,2,Newer");
    scene.telegram.userPresses(page, "2", scene.anna);
    await scene.telegram.until(() => scene.pictures().length === 2);
    expect(textOf(scene.pictures()[1]!)).toContain("picture 1\n");
  });

  test("/history is turned by its owner alone", async () => {
    const scene = await aScene();
    await scene.drawn("a cat");
    await scene.say("/history");
    const page = await scene.telegram.until(() => scene.pictures()[1]);
    const press = scene.telegram.forgePress(page, `l;;${scene.anna.id} 1`, scene.ben);
    await scene.telegram.until(() => press.answer);
    expect(press.answer?.text).toBe(t("ask.notForYou"));
  });

  test("/forgetme by another's button erases nothing", async () => {
    const scene = await aScene();
    const picture = await scene.drawn("a cat");
    await scene.say("/forgetme");
    const question = await scene.saying(t("privacy.confirm"));
    const yes = t("buttons.confirmForget");
    const press = scene.telegram.userPresses(question, yes, scene.ben);
    await scene.telegram.until(() => press.answer);
    expect(press.answer?.text).toBe(t("ask.notForYou"));
    expect(await scene.stores.archive.find(codeIn(picture))).toBeDefined();
  });

  test("/forgetme erases settings too, and can be refused", async () => {
    const scene = await aScene();
    const scope = `telegram:${scene.anna.id}`;
    await scene.settings.set(scope, { ratio: "3:4" });
    await scene.say("/forgetme");
    const question = await scene.saying(t("privacy.confirm"));
    scene.telegram.userPresses(question, t("buttons.keep"), scene.anna);
    await scene.saying(t("privacy.kept"));
    expect(scene.settings.kept.get(scope)).toEqual({ ratio: "3:4" });
    await scene.say("/forgetme");
    const again = await scene.saying(t("privacy.confirm"));
    scene.telegram.userPresses(again, t("buttons.confirmForget"), scene.anna);
    await scene.saying(t("privacy.forgotten"));
    expect(scene.settings.kept.has(scope)).toBe(false);
  });
});

describe("The Telegram door's settings", () => {
  test("are chosen by buttons, and count where the words say nothing", async () => {
    const scene = await aScene();
    await scene.say("/settings");
    const menu = await scene.saying(t("settings.own"));
    scene.telegram.userPresses(menu, "Ratio", scene.anna);
    await scene.telegram.until(() => labels(menu).includes("16:9"));
    scene.telegram.userPresses(menu, "16:9", scene.anna);
    await scene.telegram.until(() => textOf(menu).includes("Ratio: 16:9"));
    for (const [count, text] of ["a cat", "a cat ratio 3:4", "a cat --ar 1:1"].entries()) {
      await scene.say(`/draw ${text}`);
      await scene.easel.begun(count + 1);
      scene.easel.finish();
    }
    expect(scene.easel.orders.map(({ width, height }) => `${width}x${height}`)).toEqual([
      "128x72",
      "96x128",
      "64x64",
    ]);
  });

  test("are taken back to what is usual", async () => {
    const scene = await aScene();
    await scene.settings.set(`telegram:${scene.anna.id}`, { enhance: false });
    await scene.say("/settings");
    const menu = await scene.saying("Enhance my words: No");
    scene.telegram.userPresses(menu, "Enhance my words", scene.anna);
    await scene.telegram.until(() => labels(menu).includes("As usual"));
    scene.telegram.userPresses(menu, "As usual", scene.anna);
    await scene.telegram.until(() => textOf(menu).includes("Enhance my words: as usual"));
  });

  test("of language change the menu at once, and everything after", async () => {
    const scene = await aScene();
    await scene.say("/settings");
    const menu = await scene.saying(t("settings.own"));
    scene.telegram.userPresses(menu, "Language", scene.anna);
    await scene.telegram.until(() => labels(menu).includes("简体中文"));
    scene.telegram.userPresses(menu, "简体中文", scene.anna);
    await scene.telegram.until(() => textOf(menu).includes("你的设置"));
    await scene.say("/privacy");
    await scene.saying("会保存");
  });

  test("send the untouched files too, where they are wanted", async () => {
    const scene = await aScene();
    await scene.settings.set(`telegram:${scene.anna.id}`, { originals: true });
    await scene.drawn("a cat");
    await scene.telegram.until(() => scene.ofBot().some(({ document }) => document));
  });

  test("of the group are its administrators' business", async () => {
    const scene = await aScene();
    const admin = scene.telegram.addUser();
    const chat = scene.telegram.addGroup({
      supergroup: true,
      admins: [admin],
      members: [scene.anna],
    });
    await scene.say("/settings", { chat });
    const menu = await scene.saying(t("settings.own"), chat);
    const refused = scene.telegram.userPresses(menu, "For this chat", scene.anna);
    await scene.telegram.until(() => refused.answer);
    expect(refused.answer?.text).toBe(t("ask.adminsOnly"));
    await scene.say("/settings", { chat, by: admin });
    const theirs = await scene.telegram.until(() => scene.ofBot(chat)[1]);
    scene.telegram.userPresses(theirs, "For this chat", admin);
    await scene.telegram.until(() => textOf(theirs).includes(t("settings.place")));
    scene.telegram.userPresses(theirs, "Ratio", admin);
    await scene.telegram.until(() => labels(theirs).includes("3:4"));
    scene.telegram.userPresses(theirs, "3:4", admin);
    await eventually(() =>
      expect(scene.settings.kept.get(`telegram:chat:${chat}`)).toEqual({ ratio: "3:4" }),
    );
    await scene.say("/draw a cat", { chat });
    await scene.easel.begun(1);
    expect(scene.easel.orders[0]).toMatchObject({ width: 96, height: 128 });
  });

  test("cannot be changed by another's press", async () => {
    const scene = await aScene();
    await scene.say("/settings");
    const menu = await scene.saying(t("settings.own"));
    const press = scene.telegram.userPresses(menu, "Ratio", scene.ben);
    await scene.telegram.until(() => press.answer);
    expect(press.answer?.text).toBe(t("ask.notForYou"));
  });
});
