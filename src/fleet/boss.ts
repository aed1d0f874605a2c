import { type Db, PgBoss } from "pg-boss";
import type { Log } from "../../core/observe.ts";
import { asleepMs, type Queries, type SqlValue } from "../storage/postgres.ts";

/** How the engine of the line is opened. */
export interface BossOptions {
  readonly url: string;
  /** Each has a queue of its own. */
  readonly providers: readonly string[];
  /** This process looks for workers that have died. */
  readonly watches: boolean;
  readonly log: Log;
}

/** A worker that has not been heard of for this long has died, in seconds. The engine takes no less. */
const heartbeatSeconds = 10;

/** The longest that a job may be at work, in seconds: its providers' own deadlines end it long before. */
const longestSeconds = 86_000;

/** Opens the engine, with its tables, on two connections of its own, so that beats are never waited for. */
export async function openBoss({ url, providers, watches, log }: BossOptions): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: url,
    application_name: "drawbridge-line",
    // What it writes outside of our transactions may be written again after a failure of the database's machine.
    options: `-c idle_in_transaction_session_timeout=${asleepMs} -c synchronous_commit=off`,
    max: 2,
    schedule: false,
    supervise: watches,
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
    warningQueueSize: 1_000_000,
  });
  boss.on("error", (error) => log.warn({ error }, "the line's engine has a problem"));
  await boss.start();
  for (const queue of providers.flatMap((provider) => Object.values(queuesOf(provider)))) {
    await boss.createQueue(queue, {
      // Asked for once more after a death; what dies twice is given up.
      retryLimit: 1,
      retryDelay: 0,
      heartbeatSeconds,
      expireInSeconds: longestSeconds,
      deleteAfterSeconds: 3_600,
    });
  }
  return boss;
}

/** The names of a provider's queues: of jobs that need nothing but their turn, and of those whose words are to be enhanced. */
export function queuesOf(provider: string): { readonly turns: string; readonly words: string } {
  const escaped = provider.replace(/[^a-zA-Z0-9-]/g, (sign) => `_${sign.codePointAt(0)}_`);
  return { turns: `turns.${escaped}`, words: `words.${escaped}` };
}

/** A transaction of ours, as the engine takes it. */
export function engineOf(tx: Queries): Db {
  return {
    async executeSql(text, values = []) {
      return { rows: await tx.all(text, ...(values as SqlValue[])) };
    },
  };
}
