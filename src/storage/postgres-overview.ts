import type { KeptPreset, Overview, Person } from "../http/context.ts";
import { fromColumn, type Postgres } from "./postgres.ts";
import { jobsWhere, postgresPictures } from "./postgres-archive.ts";

/** How many failures and people are shown. */
const most = 50;

/** Everything that is under way and was made, of everybody; `freeBytes` is the room for pictures, null without limit. */
export async function overviewIn(database: Postgres, freeBytes: number | null): Promise<Overview> {
  const promised = "SELECT code FROM ledger WHERE NOT settled ORDER BY created_at LIMIT 500";
  const failures = `SELECT code FROM archive WHERE state = 'failed'
    ORDER BY finished_at DESC LIMIT ${most}`;
  const keptBytes = await postgresPictures(database).keptBytes();
  return {
    open: await jobsWhere(database, `code IN (${promised}) ORDER BY created_at`),
    failed: await jobsWhere(database, `code IN (${failures}) ORDER BY created_at DESC`),
    people: await peopleIn(database),
    presets: await presetsIn(database),
    storage: { keptBytes, freeBytes },
  };
}

async function presetsIn(database: Postgres): Promise<readonly KeptPreset[]> {
  const sql = `SELECT scope, name FROM presets ORDER BY scope COLLATE "C", name COLLATE "C" LIMIT 500`;
  const rows = await database.all<KeptPreset>(sql);
  return rows.map(({ scope, name }) => ({ scope: fromColumn(scope), name: fromColumn(name) }));
}

async function peopleIn(database: Postgres): Promise<readonly Person[]> {
  const sql = `SELECT requester AS id, count(*) AS jobs, max(created_at) AS "lastAt" FROM jobs
    GROUP BY requester ORDER BY "lastAt" DESC LIMIT ${most}`;
  const rows = await database.all<Person>(sql);
  return rows.map((row) => ({ ...row, id: fromColumn(row.id) }));
}
