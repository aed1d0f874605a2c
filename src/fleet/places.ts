import type { Queries } from "../storage/postgres.ts";

/** What is before a job in its line. */
export interface Place {
  readonly jobs: number;
  /** Pictures that begin before its first one. */
  readonly pictures: number;
  /** Pictures that are at its provider. */
  readonly begun: number;
  readonly provider: string;
}

interface Row extends Place {
  readonly code: string;
}

/** Where these jobs stand in line, by the numbers that decide whose turn is next. */
export async function placesOf(
  codes: readonly string[],
  queries: Queries,
): Promise<ReadonlyMap<string, Place>> {
  if (codes.length === 0) return new Map();
  const sql = `SELECT code, provider, jobs, pictures,
      (SELECT count(*) FROM turns WHERE turns.provider = line.provider AND begun) AS begun
    FROM (
      SELECT code, provider, row_number() OVER line - 1 AS jobs,
        coalesce(sum(waiting) OVER (line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::BIGINT
          AS pictures
      FROM ledger WHERE NOT settled AND NOT turned AND provider IS NOT NULL
      WINDOW line AS (PARTITION BY provider ORDER BY start, created_at, code)
    ) AS line WHERE code = ANY($1)`;
  const rows = await queries.all<Row>(sql, codes);
  return new Map(rows.map(({ code, ...place }) => [code, place]));
}
