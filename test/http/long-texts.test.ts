import { describe, expect, test } from "vitest";
import { aDoor } from "../fakes/door.ts";
import { easel } from "../fakes/studio.ts";

const mebibyte = 1024 * 1024;

describe("a text of megabytes without an end in sight", () => {
  const runs = [
    "A",
    " ",
    "\n",
    "\n ",
    "=",
    "%41",
    "`",
    "#",
    "-",
    "，",
    "字",
    "1",
    '"',
    "[",
    "{",
    "![](data:,",
    "<a>",
  ];
  const begun = runs.flatMap((run) => ["", "data:image/png;base64,"].map((start) => [start, run]));

  test.each(begun)("after %j, of %j, is no bug wherever it stands", async (start, run) => {
    const models = [{ id: "Editor", provider: "easel", edits: true }];
    const { post } = aDoor({ easel: easel({ auto: true, edit: "bytes" }), models });
    const long = (bytes: number) =>
      JSON.stringify(start + run.repeat(Math.ceil(bytes / Buffer.byteLength(run))));
    // Of words less is taken than of pictures, and a repetition of more than 4 Mi characters is too much for V8.
    const text = long(3.9 * mebibyte);
    const picture = long(4.5 * mebibyte);
    const imagePart = `{"type":"image_url","image_url":{"url":${picture}}}`;
    const parts = `[${imagePart},{"type":"text","text":"red"}]`;
    const asSystem = `{"role":"system","content":${text}}`;
    const sent: [string, string][] = [
      ["/v1/images/edits", `{"prompt":"red","image":${picture}}`],
      ["/v1/images/edits", `{"prompt":${text},"image":"AAAA"}`],
      ["/v1/chat/completions", `{"messages":[{"role":"user","content":${text}}]}`],
      [
        "/v1/chat/completions",
        `{"messages":[${asSystem},{"role":"user","content":"hi there, red"}]}`,
      ],
      ["/v1/chat/completions", `{"messages":[{"role":"user","content":${parts}}]}`],
      ["/v1/responses", `{"input":${text},"tools":[{"type":"image_generation"}]}`],
    ];
    for (const [where, body] of sent) {
      const answer = await post(where, body);
      const told = (await answer.text()).slice(0, 200);
      expect(answer.status, `${where}: ${told}`).toBeLessThan(500);
    }
  });
});
