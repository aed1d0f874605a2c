import type { KeptPreset, Person } from "../http/context.ts";
import type { Database } from "./database.ts";
import { jobsWhere, sqlitePictures } from "./sqlite-archive.ts";

/** How many failures and people are shown. */
const most = 50;

/** Everything that is under way and was made, of everybody; `freeBytes` is the room for pictures, null without limit. */
export async function overviewOf(database: Database, freeBytes: number | null) {
  const open = jobsWhere(
    database,
    "code IN (SELECT code FROM ledger WHERE settled = 0) ORDER BY created_at LIMIT 500",
  );
  const failed = jobsWhere(
    database,
    `code IN (SELECT code FROM archive WHERE state = 'failed' ORDER BY rowid DESC LIMIT ${most})
     ORDER BY created_at DESC`,
  );
  const keptBytes = await sqlitePictures(database).keptBytes();
  return {
    open,
    failed,
    people: peopleIn(database),
    presets: presetsIn(database),
    storage: { keptBytes, freeBytes },
  };
}

function presetsIn(database: Database): readonly KeptPreset[] {
  return database
    .statement("SELECT scope, name FROM presets ORDER BY scope, name LIMIT 500")
    .all()
    .map((row) => ({ scope: String(row["scope"]), name: String(row["name"]) }));
}

function peopleIn(database: Database): readonly Person[] {
  const sql = `SELECT requester, count(*) AS jobs, max(created_at) AS lastAt FROM jobs
    GROUP BY requester ORDER BY lastAt DESC LIMIT ${most}`;
  return database
    .statement(sql)
    .all()
    .map((row) => ({
      id: String(row["requester"]),
      jobs: Number(row["jobs"]),
      lastAt: Number(row["lastAt"]),
    }));
}
