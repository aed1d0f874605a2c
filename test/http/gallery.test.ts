import { createHash } from "node:crypto";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { aDoor } from "../fakes/door.ts";
import { easel } from "../fakes/studio.ts";

interface Recipe {
  readonly code: string;
  readonly state: string;
  readonly original_prompt: string;
  readonly data: readonly {
    readonly url: string;
    readonly thumbnail_url: string;
    readonly favorite: boolean;
  }[];
}

interface Page {
  readonly data: readonly Recipe[];
  readonly next: string | null;
}

async function withPictures(...words: readonly string[]) {
  const door = aDoor({ easel: easel({ auto: true }) });
  const codes: string[] = [];
  for (const prompt of words) {
    const answer = await door.post("/v1/images/generations", { prompt, response_format: "url" });
    codes.push(((await answer.json()) as Recipe).code);
  }
  const list = async (query = "", headers?: Record<string, string>) =>
    (await (await door.get(`/v1/images${query}`, headers)).json()) as Page;
  const words_ = async (query: string) =>
    (await list(query)).data.map((one) => one.original_prompt);
  return { ...door, codes, list, wordsOf: words_ };
}

/** The longest words that there may be, nearly, with this at their end. */
function long(end: string): string {
  return `${"very ".repeat(3_900)}${end}`;
}

describe("the list of one's own pictures", () => {
  test("begins with the newest and goes on where the page before it ended", async () => {
    const { list } = await withPictures("one", "two", "three");
    const first = await list("?limit=2");
    expect(first.data.map((one) => one.original_prompt)).toEqual(["three", "two"]);
    const second = await list(`?limit=2&after=${first.next}`);
    expect(second.data.map((one) => one.original_prompt)).toEqual(["one"]);
    expect(second.next).toBeNull();
  });

  test("ends a page early where its words are long, and goes on there", async () => {
    const { list } = await withPictures(...["a", "b", "c", "d", "e", "f", "g"].map(long));
    const shown: string[] = [];
    const pages: number[] = [];
    for (let next: string | null = ""; next !== null; ) {
      const page = await list(next && `?after=${next}`);
      shown.push(...page.data.map((one) => one.original_prompt.slice(-1)));
      pages.push(page.data.length);
      next = page.next;
    }
    expect(shown.join("")).toBe("gfedcba");
    expect(pages).toEqual([5, 2]);
  });

  test("goes on although the picture at which it stopped was removed", async () => {
    const { list, send, codes } = await withPictures("one", "two");
    const { next } = await list("?limit=1");
    await send("DELETE", `/v1/images/${codes[1]}`);
    expect((await list(`?after=${next}`)).data.map((one) => one.original_prompt)).toEqual(["one"]);
  });

  test("shows nobody else's", async () => {
    const { list } = await withPictures("one");
    expect((await list("", { authorization: "Bearer ben-key" })).data).toEqual([]);
  });

  test("finds words wherever they stand, and takes no sign for a pattern", async () => {
    const { wordsOf } = await withPictures("a Fox", "100% owl", "under_score");
    expect(await wordsOf("?q=fox")).toEqual(["a Fox"]);
    expect(await wordsOf("?q=%25")).toEqual(["100% owl"]);
    expect(await wordsOf("?q=_")).toEqual(["under_score"]);
  });

  test("knows models by all their names", async () => {
    const { wordsOf } = await withPictures("one");
    expect(await wordsOf("?model=dall-e-3")).toEqual(["one"]);
    expect(await wordsOf("?model=other")).toEqual([]);
  });

  test("keeps favourites, picture by picture", async () => {
    const { list, send, codes } = await withPictures("one", "two --n 2");
    const [, two] = codes;
    const path = `/v1/images/${two}/favorite`;
    const answer = await send("PUT", path, { favorite: true, picture: 2 });
    expect(answer.status).toBe(200);
    const { data } = await list("?favorite=true");
    expect(data.map(({ code }) => code)).toEqual([two]);
    expect(data[0]?.data.map(({ favorite }) => favorite)).toEqual([false, true]);
    await send("PUT", path, { favorite: false, picture: 2 });
    expect((await list("?favorite=true")).data).toEqual([]);
  });

  test("has what is not made yet where that is asked for", async () => {
    const painter = easel();
    const { get, post } = aDoor({ easel: painter });
    await post("/v1/images/generations", { prompt: "a fox" }, { prefer: "respond-async" });
    await painter.begun(1);
    const open = (await (await get("/v1/images?state=open")).json()) as Page;
    expect(open.data.map((one) => [one.original_prompt, one.state])).toEqual([
      ["a fox", "running"],
    ]);
    expect(((await (await get("/v1/images")).json()) as Page).data).toEqual([]);
    painter.finish();
  });

  test("finds the picture of a file by its hash", async () => {
    const { list, get } = await withPictures("one");
    const [recipe] = (await list()).data;
    const file = await get(new URL(recipe?.data[0]?.url ?? "").pathname);
    const hash = createHash("sha256")
      .update(await file.bytes())
      .digest("hex");
    expect((await list(`?hash=${hash}`)).data.map(({ code }) => code)).toEqual([recipe?.code]);
  });

  test.each(["?limit=0", "?limit=x", "?after=x", "?hash=x", "?state=x", "?favorite=x"])(
    "refuses %s in words",
    async (query) => {
      const { get } = aDoor();
      expect((await get(`/v1/images${query}`)).status).toBe(400);
    },
  );
});

describe("a picture that its owner removes", () => {
  test("is gone with its file and its recipe", async () => {
    const { list, send, get, codes } = await withPictures("one");
    const [recipe] = (await list()).data;
    expect((await send("DELETE", `/v1/images/${codes[0]}`)).status).toBe(200);
    expect((await list()).data).toEqual([]);
    expect((await get(`/v1/images/${codes[0]}`)).status).toBe(404);
    expect((await get(new URL(recipe?.data[0]?.url ?? "").pathname)).status).toBe(404);
  });

  test("is nobody else's to remove or to like", async () => {
    const { send, codes, list } = await withPictures("one");
    const ben = { authorization: "Bearer ben-key" };
    expect((await send("DELETE", `/v1/images/${codes[0]}`, undefined, ben)).status).toBe(403);
    const like = await send("PUT", `/v1/images/${codes[0]}/favorite`, { favorite: true }, ben);
    expect(like.status).toBe(403);
    expect((await list()).data).toHaveLength(1);
  });
});

describe("a thumbnail", () => {
  test("weighs at most 30 KB, even of noise, and is made once", async () => {
    const noise = await sharp({
      create: {
        width: 1024,
        height: 1024,
        channels: 3,
        background: "black",
        noise: { type: "gaussian", mean: 128, sigma: 90 },
      },
    })
      .png()
      .toBuffer();
    const painter = easel({ auto: true });
    painter.generate = async () => ({ image: noise, notices: [], facts: {} });
    const { post, get, images } = aDoor({ easel: painter });
    await post("/v1/images/generations", { prompt: "noise", response_format: "url" });
    const [recipe] = ((await (await get("/v1/images")).json()) as Page).data;
    const path = new URL(recipe?.data[0]?.thumbnail_url ?? "").pathname;
    const answer = await get(path);
    const bytes = await answer.bytes();
    expect(bytes.byteLength).toBeLessThanOrEqual(30_000);
    expect(await sharp(bytes).metadata()).toMatchObject({ format: "webp", width: 400 });
    expect(answer.headers.get("cache-control")).toContain("immutable");
    const forms = [...images.forms.values()].flatMap((form) => [...form.keys()]);
    await (await get(path)).bytes();
    expect([...images.forms.values()].flatMap((form) => [...form.keys()])).toEqual(forms);
  });

  test("of nothing is not found", async () => {
    expect((await aDoor().get("/thumbnails/00000000000000000000000000000000.webp")).status).toBe(
      404,
    );
  });
});
