import { setImmediate } from "node:timers/promises";
import type { GenerateContext, Generated, ImageProvider, Order } from "../../core/provider.ts";
import { createPainter } from "./painted.ts";

interface Work {
  readonly order: Order;
  step: number;
  image: Uint8Array | undefined;
}

/** An image service in memory that takes orders under ids of its own and works on one after the other. */
export interface QueueingService {
  /** Orders that it took. */
  readonly orders: number;
  /** A provider as each new process makes one. */
  provider(): ImageProvider;
  /** Loses all its work, as its own restart does. */
  readonly forget: () => void;
}

const steps = 4;

export function queueingService(): QueueingService {
  const paint = createPainter();
  const works = new Map<string, Work>();
  const line: string[] = [];
  let orders = 0;
  let working = Promise.resolve();

  function accept(order: Order): string {
    const id = `work-${++orders}`;
    works.set(id, { order, step: 0, image: undefined });
    line.push(id);
    working = working.then(() => workOn(id));
    return id;
  }

  async function workOn(id: string): Promise<void> {
    const work = works.get(id);
    line.splice(line.indexOf(id), 1);
    for (; work && work.step < steps; work.step++) await setImmediate();
    if (!work) return;
    const { width, height, seed } = work.order;
    work.image = await paint({ width, height, format: "png", mark: String(seed) });
  }

  /** Looks at the work until it is done; undefined when it is lost. */
  async function follow(id: string, context: GenerateContext): Promise<Generated | undefined> {
    for (;;) {
      const work = works.get(id);
      if (!work) return undefined;
      const place = line.indexOf(id) + 1;
      if (context.signal.aborted && place > 0) works.delete(id);
      context.signal.throwIfAborted();
      if (work.image) return { image: work.image, notices: [], facts: {} };
      const { step: number } = work;
      if (place > 0) context.onProgress({ place });
      else if (number > 0) {
        context.onProgress({ fraction: number / steps, step: { number, of: steps } });
      }
      await setImmediate();
    }
  }

  const provider = (): ImageProvider => ({
    id: "queueing",
    capabilities: {
      seed: true,
      negative: false,
      steps: false,
      guidance: false,
      edit: "no",
      progress: true,
      preview: false,
      cancel: "queued",
      paid: true,
    },
    async generate(order, context) {
      context.signal.throwIfAborted();
      const id = accept(order);
      await context.onAccepted({ id });
      const generated = await follow(id, context);
      if (!generated) throw new Error("The work was lost.");
      return generated;
    },
    resume: (remote, _, context) => follow((remote as { id: string }).id, context),
  });

  return {
    provider,
    get orders() {
      return orders;
    },
    forget: () => works.clear(),
  };
}
