import { describe, expect, test } from "vitest";
import { ImageError } from "../../../core/errors.ts";
import {
  eventually,
  isWithoutBrowser,
  order,
  textOf,
  visit,
  withBrowser,
} from "../../fakes/page.ts";
import { easel } from "../../fakes/studio.ts";

withBrowser();

const operators = new Set(["http:anna"]);

/** The overview, after ben's order failed and while anna's waits for another one of hers. */
async function anOverview(locale = "en-GB") {
  const painter = easel();
  const visited = await visit({
    easel: painter,
    slots: 1,
    perDay: 9,
    operators,
    locale,
    providers: [
      {
        id: "easel",
        slots: 1,
        failuresInRow: 3,
        lastFault: "no-points",
        lastFailedAt: Date.UTC(2026, 1, 3),
        lastMadeAt: null,
      },
    ],
    before: async ({ app, studio }) => {
      const headers = { authorization: "Bearer ben-key", prefer: "respond-async" };
      const body = JSON.stringify({ prompt: "a secret of ben's" });
      const ordered = app.request("/v1/images/generations", { method: "POST", headers, body });
      await painter.begun(1);
      const details = { provider: "easel", fault: "no-points", transient: false, paid: false };
      painter.finish(new ImageError("provider-failed", details as never));
      await ordered;
      await studio.presets.save("telegram:chat:7", { name: "noir", words: "{prompt}, film noir" });
    },
  });
  const { page } = visited;
  await order(page, "a fox");
  await painter.begun(2);
  await order(page, "an owl");
  await page
    .locator(".stage", { hasText: locale === "en-GB" ? "Next in line" : "下一个" })
    .waitFor();
  await page.getByRole("link", { name: locale === "en-GB" ? "Admin" : "管理" }).click();
  await page.locator("table").first().waitFor();
  return { ...visited, painter };
}

describe.skipIf(isWithoutBrowser)("the page of operators", () => {
  test("shows the line, failures with their reasons, services, quotas, presets, doors and room", async () => {
    const { page } = await anOverview();
    const tableOf = (heading: string) =>
      page
        .locator(".table", { has: page.getByRole("heading", { name: heading, exact: true }) })
        .innerText();
    expect(await tableOf("Under way")).toContain("Next in line");
    expect(await tableOf("Failed lately")).toContain("account at the image service is empty");
    expect(await tableOf("Image services")).toContain("failed 3 times: the account is empty");
    expect(await tableOf("Image services")).toContain("1 of 1 busy");
    expect(await tableOf("People")).toMatch(/http:ben[\s\S]*9 of 9 left this day/);
    expect(await tableOf("Presets of people and places")).toMatch(/telegram:chat:7\s+noir/);
    expect(await tableOf("Doors")).toContain("connected");
    expect(await tableOf("Storage")).toContain("Pictures kept");
    expect(await textOf(page, "main")).not.toContain("secret of ben");
  });

  test("says what only this process sees, where several share the rest", async () => {
    const { page } = await anOverview();
    await page.route("**/v1/overview", async (route) => {
      const answer = (await (await route.fetch()).json()) as object;
      await route.fulfill({ json: { ...answer, processes: 3 } });
    });
    for (const view of ["Make", "Admin"]) await page.getByRole("link", { name: view }).click();
    const said = page.getByText("As one of 3 processes sees it");
    await eventually(() => said.count()).toBe(2);
  });

  test("cancels an order of anybody", async () => {
    const { page, painter } = await anOverview();
    await page
      .getByRole("row", { name: /Next in line/ })
      .getByRole("button")
      .click();
    await eventually(() => page.getByRole("row", { name: /Next in line/ }).count()).toBe(0);
    painter.finish();
    expect(painter.orders).toHaveLength(2);
  });

  test("says everything in Chinese where that is read", async () => {
    const { page } = await anOverview("zh-CN");
    const said = (await page.locator("main").allInnerTexts()).join("\n");
    const names = /http:\w+|telegram:\S+|zi-\w+|Z-Image|easel|noir|HTTP|\b(?:http|[kMGT]?B)\b/g;
    expect(said.replace(names, "")).not.toMatch(/[a-z]{3}/i);
  });

  test("tells others how to become one", async () => {
    const { page } = await visit({ path: "admin#key=ben-key", operators });
    await page.getByText("OPERATORS: http:ben").waitFor();
  });
});
