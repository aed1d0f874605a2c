import { StatementSync } from "node:sqlite";
import type { Job } from "../../core/job.ts";
import type { QuotaCharge } from "../../core/quota.ts";
import { openDatabase } from "../../src/storage/sqlite.ts";
import { sqliteLedger } from "../../src/storage/sqlite-ledger.ts";

/** What the process is told: one job's life, and at which of its statements to die. */
export interface DyingLife {
  readonly directory: string;
  readonly job: Job;
  /** The same job, ended. */
  readonly ended: Job;
  readonly charges: readonly QuotaCharge[];
  readonly refunds: readonly QuotaCharge[];
  /** 1: before its first statement. */
  readonly dieAt: number;
}

const life = JSON.parse(process.argv[2] ?? "") as DyingLife;

/** Kills this process, as `kill -9` does, before the statement with this number. */
function dieBefore(number: number): void {
  const { prototype } = StatementSync;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- It is called with the statement as its `this`.
  const { run } = prototype;
  let statements = 0;
  prototype.run = new Proxy(run, {
    apply(_, statement: StatementSync, values: Parameters<StatementSync["run"]>) {
      if (++statements === number) process.kill(process.pid, "SIGKILL");
      return run.apply(statement, values);
    },
  });
}

const database = openDatabase(life.directory);
const ledger = sqliteLedger(database);
const { job, ended } = life;
const { code, pictures, delivery } = ended;
dieBefore(life.dieAt);
await ledger.accept(job, life.charges, 1000);
if (ended.recipe) {
  await ledger.begin(code, { attempts: 1, startedAt: 1, recipe: ended.recipe, notices: [] });
}
await ledger.note(code, { pictures });
await ledger.settle(ended, life.refunds);
await ledger.close(code, delivery);
database.close();
