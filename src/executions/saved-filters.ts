/** What the owner looks for again among executions. */
import type { SavedFilter } from '../contract/saved-filters.ts';
import type { Database } from '../database/client.ts';
import { storableText } from '../database/storable.ts';
import { timeNow } from '../kernel/clock.ts';
import { AlfredError } from '../kernel/errors.ts';
import type { Redactor } from '../vault/redact.ts';

type Row = { name: string; filter: unknown; updatedAt: Date };

const present = ({ name, filter, updatedAt }: Row): SavedFilter => ({
  name,
  filter: filter as SavedFilter['filter'],
  updatedAt: updatedAt.toISOString(),
});

export async function listSavedFilters({ db }: { db: Database }): Promise<SavedFilter[]> {
  return (await db.prisma.savedFilter.findMany({ orderBy: { name: 'asc' } })).map(present);
}

/** @throws AlfredError E_VALIDATION when there are too many */
export async function saveFilter(
  { db, vault: { redactor } }: { db: Database; vault: { redactor: Redactor } },
  typed: string,
  filter: SavedFilter['filter'],
): Promise<SavedFilter> {
  const name = redactor.text(storableText(typed));
  const kept = Object.fromEntries(
    Object.entries(filter).map(([key, value]) => [key, redactor.text(storableText(value))]),
  );
  if ((await db.prisma.savedFilter.count({ where: { name: { not: name } } })) >= most)
    throw new AlfredError('E_VALIDATION', `There are ${most} saved filters already.`, {
      remedy: 'Forget one that is not needed any more.',
      fields: [{ field: '/name', message: 'is one too many' }],
    });
  const data = { filter: kept, updatedAt: timeNow() };
  return present(
    await db.prisma.savedFilter.upsert({ where: { name }, create: { name, ...data }, update: data }),
  );
}

const most = 100;

/** @throws AlfredError E_NOT_FOUND */
export async function removeSavedFilter({ db }: { db: Database }, name: string): Promise<void> {
  const { count } = await db.prisma.savedFilter.deleteMany({ where: { name } });
  if (count === 0) throw new AlfredError('E_NOT_FOUND', `There is no saved filter "${name.slice(0, 60)}".`);
}
