import { BodyTooLarge, readCapped } from "../../core/wire/fetch.ts";
import type { RequestContext } from "./context.ts";
import type { refusals } from "./errors.ts";

const maxBytes = 1024 * 1024;

/** What a body holds, or which refusal it deserves. */
export type JsonBody =
  | { readonly json: unknown; readonly refusal?: undefined }
  | { readonly json?: undefined; readonly refusal: keyof typeof refusals };

/** The body as JSON, whatever its content type. A body that is too large and says so is not read at all. */
export async function readJson(context: RequestContext): Promise<JsonBody> {
  try {
    return { json: JSON.parse(await readText(context)) };
  } catch (error) {
    if (error instanceof BodyTooLarge) return { refusal: "too-large" };
    return { refusal: error instanceof SyntaxError ? "not-json" : "cut-off" };
  }
}

async function readText({ req }: RequestContext): Promise<string> {
  const length = req.header("content-length");
  if (Number(length) > maxBytes) throw new BodyTooLarge(maxBytes);
  // The server takes no more than the length that was announced.
  if (length !== undefined && req.header("transfer-encoding") === undefined) return req.text();
  return new TextDecoder().decode(await readCapped(req.raw, maxBytes));
}
