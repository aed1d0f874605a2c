import { expect, test } from "vitest";
import { ownDrawbridge } from "../fakes/drawbridge.ts";

const path = "/v1/images/generations";
const keys = "alone:key-alone-7Hq2,team:key:team-4Wd9:shared";
const alone = "key-alone-7Hq2";
const team = "key:team-4Wd9";

interface Who {
  readonly key: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly fields?: object;
}

async function ask(url: string, { key, headers, fields }: Who, prompt = "a cat") {
  const response = await fetch(url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, ...headers },
    body: JSON.stringify({ prompt, response_format: "url", ...fields }),
  });
  await response.text();
  return response;
}

/** The statuses of so many requests at once, which all wait until as many as can be are in line. */
async function statusesOf(count: number, who: (at: number) => Who) {
  const { url, service } = await ownDrawbridge({
    environment: { GATEWAY_API_KEY: keys, SD_CONCURRENCY: "1" },
  });
  const release = service.hold();
  const all = Array.from({ length: count }, (_, at) => ask(url, who(at), `cat ${at}`));
  await service.arrived(1);
  // What is refused is refused at once; a further request of another person shows that the line was reached.
  const settled = all.map((one) => one.then(({ status }) => status));
  await expect
    .poll(async () => (await fetch(`${url}/metrics`)).text())
    .toMatch(new RegExp(`drawbridge_jobs_waiting ${Math.min(count - 1, limitFor(who(0)))}\\b`));
  release();
  return Promise.all(settled);
}

function limitFor({ key }: Who): number {
  return key === alone ? 20 : 1000;
}

const people: readonly (readonly [string, (name: string) => Pick<Who, "headers" | "fields">])[] = [
  ["Open WebUI's header", (name) => ({ headers: { "X-OpenWebUI-User-Id": name } })],
  ["user", (user) => ({ fields: { user } })],
  ["safety_identifier", (safety_identifier) => ({ fields: { safety_identifier } })],
];

test.each(people)("people behind a shared key have turns of their own: %s", async (_, name) => {
  const statuses = await statusesOf(30, (at) => ({ key: team, ...name(`person ${at % 12}`) }));
  expect(new Set(statuses)).toEqual(new Set([200]));
});

test("a key that is not shared has 20 jobs waiting, whoever is named beside it", async () => {
  const statuses = await statusesOf(25, (at) => ({ key: alone, fields: { user: `person ${at}` } }));
  expect(statuses.filter((status) => status === 200)).toHaveLength(21);
  expect(statuses.filter((status) => status === 429)).toHaveLength(4);
});

test("one person behind a shared key has 5 jobs waiting, as anyone has", async () => {
  const { url, service } = await ownDrawbridge({
    environment: { GATEWAY_API_KEY: keys, SD_CONCURRENCY: "1" },
  });
  const release = service.hold();
  const who = { key: team, fields: { user: "anna" } };
  const asked = Array.from({ length: 9 }, (_, at) => ask(url, who, `cat ${at}`));
  const first = await Promise.race(asked);
  expect(first.status).toBe(429);
  release();
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(6);
});

test("people behind a shared key have quotas of their own; without a name it is the key's", async () => {
  const { url } = await ownDrawbridge({
    environment: { GATEWAY_API_KEY: keys, QUOTA_IMAGES_PER_DAY: "1" },
  });
  const strange = "ü".repeat(5000);
  for (const fields of [{ user: "anna" }, { user: "ben" }, { user: strange }, {}, { user: "" }]) {
    const { status, headers } = await ask(url, { key: team, fields });
    const isKeys = !("user" in fields) || fields.user === "";
    const again = await ask(url, { key: team, fields });
    expect([status, again.status]).toEqual(isKeys && "user" in fields ? [429, 429] : [200, 429]);
    expect(headers.get("x-ratelimit-limit")).toBe("1");
  }
  const header = { "x-openwebui-user-id": "carl" };
  expect((await ask(url, { key: team, headers: header, fields: { user: "anna" } })).status).toBe(
    200,
  );
  for (const user of ["anna", "ben"]) {
    const expected = user === "anna" ? 200 : 429;
    expect((await ask(url, { key: alone, fields: { user } })).status).toBe(expected);
  }
});
