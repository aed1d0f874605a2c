/** How long pictures are expected to take. */
export interface Estimate {
  /** Records that a picture of this model and size took `tookMs` at its provider, which is given up after `mostMs`. */
  record(model: string, pixels: number, tookMs: number, mostMs?: number): void;
  /** Milliseconds for one picture; undefined while nothing is known about the model. */
  expect(model: string, pixels: number): number | undefined;
}

/** The weight of the newest picture in the moving average. */
const newest = 0.3;

/** Averages by model and number of pixels; a size not seen yet is judged by the model's time per pixel. */
export function createEstimate(): Estimate {
  const bySize = new Map<string, number>();
  const perPixel = new Map<string, number>();
  const most = new Map<string, number>();

  function blend(averages: Map<string, number>, key: string, value: number): void {
    const average = averages.get(key);
    averages.set(key, average === undefined ? value : average + newest * (value - average));
  }

  return {
    record(model, pixels, tookMs, mostMs = Infinity) {
      most.set(model, mostMs);
      blend(bySize, `${model} ${pixels}`, tookMs);
      blend(perPixel, model, tookMs / pixels);
    },
    expect(model, pixels) {
      const rate = perPixel.get(model);
      if (rate === undefined) return undefined;
      const known = bySize.get(`${model} ${pixels}`) ?? rate * pixels;
      return Math.min(known, most.get(model) ?? Infinity);
    },
  };
}
