import { z } from "zod";
import { invalidRequest } from "../../core/errors.ts";
import { idsOf, type Requester } from "../../core/request.ts";
import type { Answer } from "./answer.ts";
import { parseBody, readJson } from "./body.ts";
import type { RequestContext, ServedDoor } from "./context.ts";
import { accountOf } from "./keys.ts";

/** The body of `POST /v1/link`: the code that `/link` showed in a chat. */
export const linkBody = z.object({ code: z.string().min(1).max(40) });

/** `GET /v1/link`: whose the key is, with all of their accounts. */
export function showLink(_: ServedDoor, context: RequestContext): Answer {
  return linkAnswer(context.get("requester"));
}

/** `POST /v1/link`: makes the key that of the person who was given this code. Throws what `People.join` throws. */
export async function linkKey(door: ServedDoor, context: RequestContext): Promise<Answer> {
  const { people, account } = linkable(door, context);
  const { code } = parseBody(linkBody, await readJson(context));
  return linkAnswer(await people.join(account, code));
}

/** `DELETE /v1/link`: the key is its own person again. */
export async function unlinkKey(door: ServedDoor, context: RequestContext): Promise<Answer> {
  const { people, account } = linkable(door, context);
  return linkAnswer(await people.leave(account));
}

/** Throws `invalid-request` for keys that cannot become one person's. */
function linkable({ people }: ServedDoor, context: RequestContext) {
  const key = context.get("key");
  if (!key || !people) {
    throw invalidRequest(
      "key",
      "This is a personal key: it is linked to its person already, and /link in a chat revokes it.",
    );
  }
  if (key.shared) {
    throw invalidRequest(
      "key",
      "Several people share this key, so it cannot be linked to one of them. Ask for a key of your own.",
    );
  }
  return { people, account: accountOf(key) };
}

function linkAnswer(requester: Requester): Answer {
  return { json: { object: "link", person: requester.id, accounts: idsOf(requester) } };
}
