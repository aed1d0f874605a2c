import type { DurableObjectNamespace } from "@cloudflare/workers-types";
import type { House, HouseEnvironment } from "./house.ts";
import { closedResponse, openingOf } from "./opening.ts";

export { House } from "./house.ts";

interface Environment extends HouseEnvironment {
  readonly HOUSE: DurableObjectNamespace<House>;
}

/** Hands every request to the one house. */
const worker = {
  async fetch(request: Request, environment: Environment): Promise<Response> {
    const opening = openingOf(environment);
    if ("closed" in opening) return closedResponse(request, opening.closed);
    const house = environment.HOUSE.getByName("house");
    return (await house.fetch(request as never)) as unknown as Response;
  },
};
export default worker;
