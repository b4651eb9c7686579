/** Indexes that are made once all rows are there: one by one, rows take several times as long, above all in the search's. */
import type pg from 'pg';

/**
 * Takes away what only speeds up reading; what is unique stays, and is held against each row.
 *
 * @returns the statements that make them again, with what was set of them
 */
export async function dropPlainIndexes(client: Pick<pg.ClientBase, 'query'>): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string; settings: string[] }>(
    `SELECT format('%I', c.relname) AS name, pg_get_indexdef(i.indexrelid) AS definition,
       ARRAY(SELECT format('ALTER INDEX %I ALTER COLUMN %s SET STATISTICS %s', c.relname, a.attnum, a.attstattarget)
         FROM pg_attribute a WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0) AS settings
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE c.relnamespace = current_schema()::regnamespace AND NOT i.indisunique ORDER BY 1`,
  );
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
  return rows.flatMap(({ definition, settings }) => [definition, ...settings]);
}
