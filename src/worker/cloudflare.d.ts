/** The part of the runtime's own module that is used here. */
declare module "cloudflare:workers" {
  import type { DurableObjectState } from "@cloudflare/workers-types";

  export abstract class DurableObject<Environment> {
    /** So that a namespace knows the class of its objects. */
    readonly __DURABLE_OBJECT_BRAND: never;
    protected readonly ctx: DurableObjectState;
    protected readonly env: Environment;
    constructor(state: DurableObjectState, environment: Environment);
    fetch?(request: Request): Response | Promise<Response>;
    alarm?(): void | Promise<void>;
  }
}
