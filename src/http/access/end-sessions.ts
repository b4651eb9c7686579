/** Ends sessions: what they hold open is told of it by the database (access-feed.ts), whichever process does it. */

import { recordAudits } from '../../audit/record-audit.ts';
import type { Database, Prisma, Transaction } from '../../database/client.ts';
import { timeNow } from '../../kernel/clock.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { forgetBrowsers } from './known-browsers.ts';

type Closed = { id: string; browserId: string | null };

/** Closes those that are open, each on record. */
export async function closeSessions(
  tx: Transaction,
  which: Prisma.SessionWhereInput,
  actor: string,
): Promise<Closed[]> {
  // Without its MAC no later change of a row opens it again.
  const closed = await tx.session.updateManyAndReturn({
    where: { AND: [which, { revokedAt: null }] },
    data: { revokedAt: timeNow(), mac: null },
    select: { id: true, browserId: true },
  });
  if (closed.length > 0) {
    await recordAudits(
      tx,
      closed.map(({ id }) => ({ action: 'session.closed', actor, subject: id })),
    );
  }
  return closed;
}

/** Ends those that are not over, from elsewhere: their browsers are strangers again. @returns how many there were */
async function showOut(db: Database, which: Prisma.SessionWhereInput, actor: string): Promise<number> {
  return await db.transaction(async (tx) => {
    const closed = await closeSessions(tx, { ...which, expiresAt: { gt: timeNow() } }, actor);
    await forgetBrowsers(
      tx,
      closed.map(({ browserId }) => browserId),
    );
    return closed.length;
  });
}

/** Ends one. @throws AlfredError E_NOT_FOUND, also when it is over already */
export async function endSession({ db }: { db: Database }, id: string, actor: string): Promise<void> {
  const count = await showOut(db, { id }, actor);
  if (count === 0) throw new AlfredError('E_NOT_FOUND', `There is no session ${id}`);
}

/** Ends all but the one with the id `keep`. @returns how many that were not over already */
export const endSessions = (
  { db }: { db: Database },
  keep: string | undefined,
  actor: string,
): Promise<number> => showOut(db, keep === undefined ? {} : { id: { not: keep } }, actor);
