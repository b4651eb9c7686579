import { type Mark, type MarkChange, noMark } from '../contract/marks.ts';
import type { Database } from '../database/client.ts';
import { storableText } from '../database/storable.ts';
import type { Redactor } from '../vault/redact.ts';
import { findExecution } from './find-execution.ts';
import { type MarkRow, markColumns, presentMark } from './mark-row.ts';

/**
 * Pins, rates or comments what came of a run. The record of the run is not touched.
 *
 * @throws AlfredError E_NOT_FOUND
 */
export async function markExecution(
  { db, vault: { redactor } }: { db: Database; vault: { redactor: Redactor } },
  id: string,
  { pinned, rating, comment }: MarkChange,
): Promise<Mark> {
  await findExecution(db.prisma, id);
  const said = comment?.trim() ? redactor.text(storableText(comment.trim())) : null;
  // Two devices at once: each changes what it names, and no more.
  const { rows } = await db.pool.query<MarkRow>(
    `INSERT INTO execution_marks AS m (execution_id, pinned_at, rating, comment)
     VALUES ($1, CASE WHEN $2 THEN now() END, $3, $4)
     ON CONFLICT (execution_id) DO UPDATE SET updated_at = now(),
       pinned_at = CASE WHEN $2::boolean IS NULL THEN m.pinned_at WHEN $2 THEN coalesce(m.pinned_at, now()) END,
       rating = CASE WHEN $5 THEN $3 ELSE m.rating END,
       comment = CASE WHEN $6 THEN $4 ELSE m.comment END
     RETURNING ${markColumns}`,
    [id, pinned ?? null, rating ?? null, said, rating !== undefined, comment !== undefined],
  );
  return rows[0] === undefined ? noMark : presentMark(rows[0]);
}

/** What the owner said of a run; nothing where they said nothing. */
export async function readMark({ db }: { db: Pick<Database, 'pool'> }, id: string): Promise<Mark> {
  const { rows } = await db.pool.query<MarkRow>(
    `SELECT ${markColumns} FROM execution_marks AS m WHERE m.execution_id = $1`,
    [id],
  );
  return rows[0] === undefined ? noMark : presentMark(rows[0]);
}
