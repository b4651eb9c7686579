/** Programs that were let in: each has one grant, which its codes and tokens hang on. */

import { recordAudit } from '../audit/record-audit.ts';
import type { Transaction } from '../database/client.ts';
import { storableText } from '../database/storable.ts';
import { millisNow, timeNow } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import { addToken, lifetimes, newText } from './app-tokens.ts';
import type { AppRequest } from './read-request.ts';

/** How long a grant that is over is kept, in milliseconds; from then on only the audit log tells of it. */
const keptFor = 90 * 24 * 3_600_000;

/** @returns the grant, and the code by which the program comes for its tokens */
export async function createGrant(
  tx: Transaction,
  { client, redirectUri, resource, challenge, skills }: AppRequest & { skills: readonly string[] | null },
): Promise<{ id: string; code: string }> {
  const now = millisNow();
  await tx.appGrant.deleteMany({ where: { expiresAt: { lt: new Date(now - keptFor) } } });
  const row = {
    ...{ id: newId(), clientId: client.id, name: storableText(client.name), redirectUri, resource },
    skills: skills === null ? null : [...new Set(skills)],
    createdAt: new Date(now),
  };
  const { skills: chosen, ...rest } = row;
  await tx.appGrant.create({
    data: {
      ...rest,
      ...(chosen === null ? {} : { skills: chosen }),
      expiresAt: new Date(now + lifetimes.code),
      mac: rowGuardOf(tx).sign('app_grants', row),
    },
  });
  const code = newText('code');
  await addToken(tx, { grantId: row.id, kind: 'code', text: code, challenge });
  return { id: row.id, code };
}

/** Notes that the program came again, and until when it is in: that is shown, while its tokens decide. */
export async function prolongGrant(tx: Transaction, id: string): Promise<void> {
  const expiresAt = new Date(millisNow() + lifetimes.refresh);
  await tx.appGrant.update({ where: { id }, data: { expiresAt } });
}

/**
 * Shuts a program out at once: its codes and tokens go, and without its MAC no later change of the row lets it in again.
 *
 * @param why for the record
 * @returns whether it was in
 */
export async function endGrant(tx: Transaction, id: string, actor: string, why: string): Promise<boolean> {
  const data = { revokedAt: timeNow(), mac: null };
  const { count } = await tx.appGrant.updateMany({ where: { id, revokedAt: null }, data });
  await tx.appToken.deleteMany({ where: { grantId: id } });
  if (count > 0) await recordAudit(tx, { action: 'app.revoked', actor, subject: id, data: { why } });
  return count > 0;
}
