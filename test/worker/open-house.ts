import type { DurableObjectNamespace, DurableObjectState } from "@cloudflare/workers-types";
import { ImageError } from "../../core/errors.ts";
import { noCapabilities, type ImageProvider } from "../../core/provider.ts";
import { exacgDialect } from "../../core/providers/exacg.ts";
import { House as Shipped, type HouseEnvironment } from "../../src/worker/house.ts";
import { partOf } from "../fakes/bucket-part.ts";
import {
  type EaselFailure,
  type HouseName,
  houseHeader,
  type InsideCall,
  insidePath,
} from "../fakes/inside.ts";

// The house as it is shipped, but for three things: its image service is an easel in the test's process, what is inside can be
// called from there, and each request names its house, whose variables are in the name.

interface Environment extends HouseEnvironment {
  readonly HOUSE: DurableObjectNamespace<House>;
}

const worker = {
  async fetch(request: Request, { HOUSE }: Environment): Promise<Response> {
    const house = HOUSE.getByName(request.headers.get(houseHeader) ?? "");
    return (await house.fetch(request as never)) as unknown as Response;
  },
};
export default worker;

/** One of the houses. */
export class House extends Shipped {
  constructor(state: DurableObjectState, environment: Environment) {
    const { id, variables } = JSON.parse(state.id.name ?? "") as HouseName;
    const PICTURES = partOf(environment.PICTURES, `${id}/`);
    super(state, { ...environment, ...variables, PICTURES });
  }

  override async fetch(request: Request): Promise<Response> {
    if (new URL(request.url).pathname !== insidePath) return super.fetch(request);
    const { path, args } = (await request.json()) as InsideCall;
    const furnished = await this.furnished;
    const inside = { ...furnished?.stores, ...furnished?.chat, object: { die: () => this.#die() } };
    const owner = path.slice(0, -1).reduce<object>(memberOf, inside);
    const method = memberOf(owner, path.at(-1) ?? "") as (...args: unknown[]) => unknown;
    return Response.json({ value: await method.apply(owner, [...args]) });
  }

  /** Ends this object with all that it is at. Only a request wakes it again. */
  async #die(): Promise<void> {
    await this.ctx.storage.deleteAlarm();
    setTimeout(() => this.ctx.abort("The test ends it."));
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
