/** Ends sessions: what they hold open is told of it by the database (access-feed.ts), whichever process does it. */
import { recordAudits } from '../../audit/record-audit.ts';
import type { Database, Prisma, Transaction } from '../../database/client.ts';
import { AlfredError } from '../../kernel/errors.ts';

/** Closes those that are open, each on record. @returns how many */
export async function closeSessions(
  tx: Transaction,
  which: Prisma.SessionWhereInput,
  actor: string,
): Promise<number> {
  // Without its MAC no later change of a row opens it again.
  const closed = await tx.session.updateManyAndReturn({
    where: { AND: [which, { revokedAt: null }] },
    data: { revokedAt: new Date(), mac: null },
    select: { id: true },
  });
  if (closed.length > 0) {
    await recordAudits(
      tx,
      closed.map(({ id }) => ({ action: 'session.closed', actor, subject: id })),
    );
  }
  return closed.length;
}

/** Ends one. @throws AlfredError E_NOT_FOUND, also when it is over already */
export async function endSession({ db }: { db: Database }, id: string, actor: string): Promise<void> {
  const isOpen = { id, expiresAt: { gt: new Date() } };
  const count = await db.transaction((tx) => closeSessions(tx, isOpen, actor));
  if (count === 0) throw new AlfredError('E_NOT_FOUND', `There is no session ${id}`);
}

/** Ends all but the one with the id `keep`. @returns how many that were not over already */
export function endSessions(
  { db }: { db: Database },
  keep: string | undefined,
  actor: string,
): Promise<number> {
  const which = { expiresAt: { gt: new Date() }, ...(keep === undefined ? {} : { id: { not: keep } }) };
  return db.transaction((tx) => closeSessions(tx, which, actor));
}
