import type { Job, Picture } from "../../core/job.ts";
import type { QuotaCharge } from "../../core/quota.ts";
import type { Queries } from "./postgres.ts";
import { searchable } from "./postgres-archive.ts";
import { giveBack } from "./postgres-quota.ts";
import { packDelivery, packJob } from "./record.ts";

/** Writes the record of a job whose rows the transaction holds; `open`: it is still promised. */
export async function settleIn(
  tx: Queries,
  job: Job,
  { refunds, open }: { readonly refunds: readonly QuotaCharge[]; readonly open: boolean },
): Promise<void> {
  await giveBack(tx, refunds);
  if (open) await endPromise(tx, job);
  else if (await replaceRecord(tx, job)) {
    for (const picture of job.pictures) await index(tx, job.code, picture);
  }
}

/**
 * Replaces the promise to make a job by its record, in one statement. The job may have lost its key meanwhile, or been
 * published. False where it is promised no more, or by another holder than this one.
 */
export async function endPromise(
  queries: Queries,
  job: Job,
  holder: string | null = null,
): Promise<boolean> {
  const toShow = `UPDATE ledger SET settled = true, key = NULL, record = '', begun = NULL, pictures = NULL,
    remotes = NULL`;
  const isToShow = job.delivery.state === "open";
  const sql = `WITH promise AS (
      SELECT * FROM ledger
        WHERE code = $1 AND NOT settled AND ($2::TEXT IS NULL OR holder = $2) FOR UPDATE),
    kept AS (
      INSERT INTO archive (code, requester, key, fingerprint, state, private, created_at, finished_at, record, delivery,
        holder, model, said)
      SELECT code, requester, key, fingerprint, $3, private, created_at, $4, $5, $6, holder, model, $7
        FROM promise RETURNING code),
    pictured AS (
      INSERT INTO pictures (id, job, hash, bytes, created_at)
      SELECT id, code, hash, bytes, $9 FROM kept,
        json_to_recordset($8::JSON) AS picture (id TEXT, hash TEXT, bytes BIGINT)
      ON CONFLICT DO NOTHING)
    ${isToShow ? toShow : "DELETE FROM ledger"} WHERE code IN (SELECT code FROM kept)`;
  const pictures = job.pictures.map(({ id, hash, bytes }) => ({ id, hash, bytes }));
  const ended = await queries.run(
    sql,
    job.code,
    holder,
    job.state,
    job.finishedAt,
    packJob(job),
    packDelivery(job),
    saidIn(job),
    JSON.stringify(pictures),
    Date.now(),
  );
  return ended > 0;
}

/** False where the job was forgotten meanwhile. */
async function replaceRecord(tx: Queries, job: Job): Promise<boolean> {
  const sql = "UPDATE archive SET state = $1, record = $2 WHERE code = $3";
  return (await tx.run(sql, job.state, packJob(job), job.code)) > 0;
}

/** Lets a picture be found by its id. */
export async function index(
  tx: Queries,
  code: string,
  { id, hash, bytes }: Picture,
): Promise<void> {
  const sql = `INSERT INTO pictures (id, job, hash, bytes, created_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT DO NOTHING`;
  await tx.run(sql, id, code, hash, bytes, Date.now());
}

/** What a job is found by: the person's words and the final prompt. */
export function saidIn({ brief, recipe }: Job): string {
  return searchable(`${brief.words}\u0001${recipe?.prompt ?? brief.prompt}`);
}
