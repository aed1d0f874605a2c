import { describe, expect, test } from "vitest";
import { namesIn, readable } from "../../../bots/discord/readable.ts";

const names = namesIn(
  {
    users: { "1": { username: "anna", global_name: "Anna" }, "2": { username: "ben" } },
    members: { "2": { nick: "Benny" } },
    roles: { "3": { name: "painters" } },
    channels: { "4": { name: "pictures" } },
  },
  [{ username: "cleo", id: "5" }],
);

describe("Discord's markup in words", () => {
  test.each([
    ["<@1> and <@!2>", "Anna and Benny"],
    ["<@5>", "cleo"],
    ["for <@&3> in <#4>", "for painters in pictures"],
    ["a <:owl:1> and a <a:snow_owl:2>", "a owl and a snow_owl"],
    ["<t:1618953630>", "2021-04-20 21:20 UTC"],
    ["<t:1618953630:t>", "21:20 UTC"],
    ["<t:1618953630:d>", "2021-04-20"],
    ["<t:99999999999999:R>", ""],
    ["</show code:12>", "/show code"],
    ["who is <@404>?", "who is ?"],
    ["see <id:customize> or <id:linked-roles:7>", "see  or "],
    ["a < b, <3, <b>bold</b>", "a < b, <3, <b>bold</b>"],
  ])("becomes what it stands for: %s", (text, expected) => {
    expect(readable(text, names)).toBe(expected);
  });
});
