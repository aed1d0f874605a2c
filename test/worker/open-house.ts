import { ImageError } from "../../core/errors.ts";
import { noCapabilities, type ImageProvider } from "../../core/provider.ts";
import { exacgDialect } from "../../core/providers/exacg.ts";
import { House as Shipped } from "../../src/worker/house.ts";
import worker from "../../src/worker/worker.ts";
import { type EaselFailure, type InsideCall, insidePath } from "../fakes/inside.ts";

// The Worker as it is shipped, but for two things: its image service is an easel in the test's process, and what is inside
// the house can be called from there.

export default worker;

/** The house that answers them. */
export class House extends Shipped {
  override async fetch(request: Request): Promise<Response> {
    if (new URL(request.url).pathname !== insidePath) return super.fetch(request);
    const { path, args } = (await request.json()) as InsideCall;
    const furnished = await this.furnished;
    const inside = { ...furnished?.stores, ...furnished?.chat };
    const owner = path.slice(0, -1).reduce<object>(memberOf, inside);
    const method = memberOf(owner, path.at(-1) ?? "") as (...args: unknown[]) => unknown;
    return Response.json({ value: await method.apply(owner, [...args]) });
  }
}

function memberOf(owner: object, name: string): object {
  return (owner as Readonly<Record<string, object>>)[name] ?? {};
}

/** Has each picture painted at this address. */
function distantEasel(url: string): ImageProvider {
  const hints = { seed: true, negative: true, steps: true, guidance: true } as const;
  return {
    id: exacgDialect.id,
    capabilities: { ...noCapabilities, ...hints, paid: true },
    async generate(order, { signal }) {
      const response = await fetch(url, { method: "POST", body: JSON.stringify(order), signal });
      if (response.ok) {
        return { image: new Uint8Array(await response.arrayBuffer()), notices: [], facts: {} };
      }
      const failure = (await response.json()) as EaselFailure;
      if ("bug" in failure) throw new TypeError(failure.bug);
      throw new ImageError(failure.code, failure.details, failure);
    },
  };
}

const create: typeof exacgDialect.create = ({ SD_API_BASE_URL }) => distantEasel(SD_API_BASE_URL);
Object.assign(exacgDialect, { create });
