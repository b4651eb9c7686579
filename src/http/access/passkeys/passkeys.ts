import type { z } from 'zod';
import { recordAudit } from '../../../audit/record-audit.ts';
import type { passkeySchema } from '../../../contract/passkeys.ts';
import type { Database } from '../../../database/client.ts';
import { storableText } from '../../../database/storable.ts';
import { AlfredError } from '../../../kernel/errors.ts';
import { rowGuardOf } from '../../../vault/row-guard.ts';
import { presentPasskey } from '../../../web/passkeys/present-passkey.ts';
import { closeSessions } from '../end-sessions.ts';
import { forgetBrowsers } from '../known-browsers.ts';
import type { Principal } from '../principal.ts';

/** All of them, the newest first: there are few. */
export async function listPasskeys({ db }: { db: Database }): Promise<z.output<typeof passkeySchema>[]> {
  return (await db.prisma.passkey.findMany({ orderBy: { id: 'desc' } })).map(presentPasskey);
}

/** Calls one by another name, which is for people alone. @throws AlfredError E_NOT_FOUND, E_ROW_ALTERED */
export async function renamePasskey(
  { db }: { db: Database },
  id: string,
  { name, by }: { name: string; by: Principal },
): Promise<z.output<typeof passkeySchema>> {
  return await db.transaction(async (tx) => {
    const before = await tx.passkey.findUnique({ where: { id } });
    if (!before) throw noPasskey(id);
    rowGuardOf(tx).check('passkeys', before);
    const row = await tx.passkey.update({ where: { id }, data: { name: storableText(name) } });
    const data = { name: row.name, before: before.name };
    await recordAudit(tx, { action: 'passkey.renamed', actor: by.actor, subject: id, data });
    return presentPasskey(row);
  });
}

const noPasskey = (id: string) => new AlfredError('E_NOT_FOUND', `There is no passkey ${id}`);

/**
 * Removes one, and ends the sessions that it opened but the caller's own: whoever found the device is shown out.
 *
 * @returns how many sessions were ended
 * @throws AlfredError E_NOT_FOUND
 */
export async function removePasskey({ db }: { db: Database }, id: string, by: Principal): Promise<number> {
  return await db.transaction(async (tx) => {
    const row = await tx.passkey.findUnique({ where: { id }, select: { name: true } });
    const { count } = await tx.passkey.deleteMany({ where: { id } });
    if (!row || count === 0) throw noPasskey(id);
    const data = { name: row.name };
    await recordAudit(tx, { action: 'passkey.removed', actor: by.actor, subject: id, data });
    const keep = by.kind === 'session' ? { id: { not: by.id } } : {};
    const closed = await closeSessions(tx, { passkeyId: id, ...keep }, by.actor);
    await forgetBrowsers(
      tx,
      closed.map(({ browserId }) => browserId),
    );
    return closed.length;
  });
}
