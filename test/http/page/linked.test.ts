import { describe, expect, test } from "vitest";
import type { aDoor } from "../../fakes/door.ts";
import { eventually, isWithoutBrowser, visit, withBrowser } from "../../fakes/page.ts";

withBrowser();

type Door = ReturnType<typeof aDoor>;

/** What a chat door ordered for this account, made. */
async function drawnFor(account: string, prompt: string, { studio }: Door): Promise<void> {
  const [door = ""] = account.split(":");
  const delivery = { door, place: { chat: "1" }, direct: true };
  const { code } = await studio.submit({ prompt }, { requester: { id: account }, delivery });
  await studio.finished(code);
}

/** The page of a person of Telegram, whose Discord account is linked, by a personal key. */
async function ofALinkedPerson() {
  let key = "";
  const visited = await visit({
    path: "",
    before: async (door) => {
      const { people } = door;
      await drawnFor("discord:2", "a fox of Discord", door);
      await people.join("discord:2", await people.invite("telegram:1"));
      await drawnFor("telegram:1", "an owl of Telegram", door);
      await drawnFor("telegram:3", "a secret of somebody else", door);
      key = await people.makeKey("telegram:1");
    },
  });
  await visited.page.goto("about:blank");
  await visited.page.goto(`${visited.url}/#key=${key}`);
  await visited.page.getByRole("link", { name: "Gallery" }).click();
  await visited.page.locator(".tile").first().waitFor();
  return { ...visited, key };
}

describe.skipIf(isWithoutBrowser)("the page of a person with linked accounts", () => {
  test("has what they made at Discord and Telegram, and nothing of others", async () => {
    const { page } = await ofALinkedPerson();
    const words = () =>
      page.evaluate<string[]>(
        '[...document.querySelectorAll(".tile button")].map(({ dataset }) => dataset.words)',
      );
    await eventually(words).toEqual(["an owl of Telegram", "a fox of Discord"]);
  });

  test("likes, makes again and deletes what was made under another account", async () => {
    const { page, painter } = await ofALinkedPerson();
    const drawn = painter.orders.length;
    const fox = page.getByRole("button", { name: "Open: a fox of Discord" });
    await fox.click();
    await page.locator(".lightbox .favorite").click();
    await eventually(() => page.locator(".lightbox .favorite").getAttribute("aria-pressed")).toBe(
      "true",
    );
    await page.locator(".lightbox").getByRole("button", { name: "Again" }).click();
    await painter.begun(drawn + 1);
    await page.getByRole("link", { name: "Gallery" }).click();
    await eventually(() => page.locator(".tile").count()).toBe(3);
    await fox.last().click();
    await page.locator(".lightbox").getByRole("button", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Yes, delete" }).click();
    await eventually(() => page.locator(".tile").count()).toBe(2);
    expect(painter.orders).toHaveLength(drawn + 1);
  });
});
