/** What a database says of its migrations: Prisma's table, read without Prisma's engine. */
import type pg from 'pg';
import { migrationsTable } from './tables.ts';

export type AppliedMigration = { name: string; checksum: string; state: 'applied' | 'failed' };

/** The migrations that were applied, or begun and not finished, oldest first; none when there is no such table. */
export async function readAppliedMigrations(client: pg.ClientBase): Promise<AppliedMigration[]> {
  const table = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
    migrationsTable,
  ]);
  if (!table.rows[0]?.there) return [];
  const { rows } = await client.query<AppliedMigration>(
    `SELECT migration_name AS name, checksum,
            CASE WHEN finished_at IS NULL THEN 'failed' ELSE 'applied' END AS state
     FROM ${migrationsTable} WHERE rolled_back_at IS NULL ORDER BY migration_name`,
  );
  return rows;
}
