import type { JobStatus } from "../../core/studio/watch.ts";
import type { Postgres } from "../storage/postgres.ts";
import type { Signals } from "./signals.ts";

/** Previews larger than this are not told of, in bytes. */
const largestPreview = 300_000;

/** Tells doors how the jobs of this worker stand. */
export class Standings {
  readonly #database: Postgres;
  readonly #signals: Pick<Signals, "tell">;
  readonly #told = new Map<string, string>();

  constructor(tools: { readonly database: Postgres; readonly signals: Pick<Signals, "tell"> }) {
    this.#database = tools.database;
    this.#signals = tools.signals;
  }

  /** Tells how these jobs stand, where that has changed. */
  async tell(all: ReadonlyMap<string, JobStatus>): Promise<void> {
    const changed = [...all]
      .map(([code, status]) => [code, toText(status)] as const)
      .filter(([code, standing]) => this.#told.get(code) !== standing);
    if (changed.length === 0) return;
    const sql = `INSERT INTO standings (code, standing) SELECT * FROM unnest($1::TEXT[], $2::TEXT[])
      ON CONFLICT (code) DO UPDATE SET standing = excluded.standing`;
    const [codes, standings] = [changed.map(([code]) => code), changed.map(([, text]) => text)];
    await this.#database.run(sql, codes, standings);
    for (const [code, standing] of changed) {
      this.#told.set(code, standing);
      this.#signals.tell("job", code);
    }
  }

  forget(code: string): void {
    this.#told.delete(code);
  }
}

function toText({ state, stage, startedAt, progress }: JobStatus): string {
  const { preview, ...rest } = progress ?? {};
  const small = preview && preview.byteLength <= largestPreview;
  const shown = small ? { preview: Buffer.from(preview).toString("base64") } : {};
  return JSON.stringify({ state, stage, startedAt, progress: progress && { ...rest, ...shown } });
}
