/**
 * Who gets in after a restore. A backup knows nothing of what was taken away since it was made: what the owner revoked then would be
 * good again. So what can be had anew ends with the restore, each on record; passkeys and the password stay, as they are the
 * owner's own ways in, and are named.
 */

import { endGrant } from '../../apps/grants.ts';
import type { RestoredAccess } from '../../backup/restore-backup.ts';
import { ownerTokenName } from '../../contract/owner-token.ts';
import type { Transaction } from '../../database/client.ts';
import { timeNow } from '../../kernel/clock.ts';
import { closeSessions } from './end-sessions.ts';
import { hasPassword } from './password/password.ts';
import { endToken } from './tokens.ts';

/**
 * @param keep whether tokens, apps and sessions stay good
 * @param actor who restores, for the audit log
 */
export async function settleAccess(
  tx: Transaction,
  { keep, actor }: { keep: boolean; actor: string },
): Promise<RestoredAccess> {
  const now = timeNow();
  // The owner's own token is the one that stands in the home: the next start sees to it.
  const tokens = await tx.accessToken.findMany({
    where: {
      ...{ revokedAt: null, name: { not: ownerTokenName } },
      OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
    },
    select: { id: true, name: true },
    orderBy: { id: 'asc' },
  });
  const apps = await tx.appGrant.findMany({
    where: { revokedAt: null, expiresAt: { gt: now } },
    select: { id: true, name: true },
    orderBy: { id: 'asc' },
  });
  const passkeys = await tx.passkey.findMany({ select: { name: true }, orderBy: { id: 'asc' } });
  const own = { passkeys: namesOf(passkeys), hasPassword: await hasPassword(tx) };
  // A link was good for minutes, in another time.
  await tx.signInLink.deleteMany({ where: { usedAt: null } });
  const named = { tokens: namesOf(tokens), apps: namesOf(apps) };
  if (keep) return { ended: { tokens: [], apps: [], sessions: 0 }, good: { ...named, ...own } };
  for (const { id } of tokens) await endToken(tx, id, actor);
  for (const { id } of apps) await endGrant(tx, id, actor, 'a backup was restored');
  const sessions = await closeSessions(tx, { expiresAt: { gt: now } }, actor);
  await tx.knownBrowser.deleteMany();
  return { ended: { ...named, sessions: sessions.length }, good: { tokens: [], apps: [], ...own } };
}

const namesOf = (rows: readonly { name: string }[]): string[] => rows.map(({ name }) => name);
