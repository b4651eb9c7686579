import { z } from 'zod';
import type { Secret, SecretUsesQuery, secretUseSchema } from '../contract/secret-uses.ts';
import type { Database } from '../database/client.ts';
import { cutPage, nameCursor, nameOfCursor } from '../database/pages.ts';
import { AlfredError } from '../kernel/errors.ts';
import { findSealedPlaces, type SealedPlace } from '../vault/sealed-places.ts';
import type { Vault } from '../vault/vault.ts';
import { readDependents } from './secret-dependents.ts';

type Use = z.output<typeof secretUseSchema>;

type Row = {
  place: string;
  execution_id: string | null;
  step_id: number | null;
  destination: string;
  uses: string;
  first_used_at: Date;
  last_used_at: Date;
};

const recentOfOne = 50;

/** What a cursor that is none would hardly decode to. */
const labelOf = (cursor: string): string => nameOfCursor(cursor, z.string().regex(/^[^\p{C}\ufffd]+$/u));

/**
 * The secrets that are sealed, by name, where they were used and what stands on them. The values are nowhere in it.
 *
 * @throws AlfredError E_NOT_FOUND for a secret that is not there; E_VALIDATION for a cursor that no page gave
 */
export async function listSecretUses(
  { db, vault }: { db: Database; vault: Vault },
  { limit, cursor, secret, execution }: SecretUsesQuery,
): Promise<{ items: Secret[]; nextCursor: string | null }> {
  const last = cursor === undefined ? '' : labelOf(cursor);
  const dependents = await readDependents(db);
  const all = (await findSealedPlaces(db.prisma)).toSorted((a, b) => (a.label < b.label ? -1 : 1));
  const named = secret === undefined ? all : all.filter(({ label }) => label === secret);
  if (secret !== undefined && named.length === 0) {
    throw new AlfredError('E_NOT_FOUND', `There is no secret "${secret}".`, {
      remedy: 'See which there are: npx alfred secret list',
    });
  }
  const totals = await readTotals(db, execution);
  // Some dozens of secrets at the most, so the page is cut here.
  const after = named.filter(
    ({ place, label }) => label > last && (execution === undefined || totals.has(keyOf(place))),
  );
  const page = after.slice(0, limit);
  const items = await Promise.all(
    page.map(async ({ place, sealed, label }) => {
      const total = totals.get(keyOf(place));
      return {
        secret: label,
        fingerprint: vault.fingerprintOf(place, sealed),
        uses: total?.uses ?? 0,
        lastUsedAt: total?.lastUsedAt.toISOString() ?? null,
        destinations: total?.destinations ?? [],
        breaks: dependents.of(place, label),
        recent: secret === undefined && execution === undefined ? [] : await readRecent(db, place, execution),
      };
    }),
  );
  return { items, nextCursor: cutPage(after, limit, ({ label }) => nameCursor(label)).nextCursor };
}

const keyOf = ({ table, rowId, pointer }: SealedPlace['place']) => `${table} ${rowId} ${pointer}`;

async function readTotals(db: Pick<Database, 'pool'>, execution: string | undefined) {
  const { rows } = await db.pool.query<{
    place: string;
    uses: string;
    last: Date;
    destinations: string[];
  }>(
    `SELECT place_table || ' ' || place_row || ' ' || place_pointer AS place, sum(uses) AS uses,
       max(last_used_at) AS last, array_agg(DISTINCT destination) AS destinations
     FROM secret_uses WHERE $1::uuid IS NULL OR execution_id = $1 GROUP BY 1`,
    [execution ?? null],
  );
  return new Map(
    rows.map(({ place, uses, last, destinations }) => [
      place,
      { uses: Number(uses), lastUsedAt: last, destinations },
    ]),
  );
}

async function readRecent(
  db: Pick<Database, 'pool'>,
  { table, rowId, pointer }: SealedPlace['place'],
  execution: string | undefined,
): Promise<Use[]> {
  const { rows } = await db.pool.query<Row>(
    `SELECT execution_id, step_id, destination, uses, first_used_at, last_used_at FROM secret_uses
     WHERE place_table = $1 AND place_row = $2 AND place_pointer = $3 AND ($4::uuid IS NULL OR execution_id = $4)
     ORDER BY last_used_at DESC LIMIT ${recentOfOne}`,
    [table, rowId, pointer, execution ?? null],
  );
  return rows.map((row) => ({
    executionId: row.execution_id,
    stepId: row.step_id,
    destination: row.destination,
    uses: Number(row.uses),
    firstUsedAt: row.first_used_at.toISOString(),
    lastUsedAt: row.last_used_at.toISOString(),
  }));
}
