import { rmdir } from 'node:fs/promises';
import { recordAudit, systemActor } from '../audit/record-audit.ts';
import { maySignIn } from '../contract/connection-types.ts';
import type { Transaction } from '../database/client.ts';
import { underLock } from '../database/locks.ts';
import { AlfredError, messageOf } from '../kernel/errors.ts';
import { type ConnectionRow, type IsExpected, lockToRemove } from './connection-row.ts';
import { revokeRemoved } from './login/log-out.ts';
import type { ConnectionDeps, ConnectionPool } from './pool/pool.ts';
import { folderOf } from './stdio/spawn-server.ts';

type Removal = { isExpected?: IsExpected; actor?: string };

/**
 * Removes a connection, ends its server and its sign-in, and deletes its folder if the server left nothing in it.
 *
 * @param removal.actor who removes it; the VM itself when left out
 * @throws AlfredError E_NOT_FOUND, E_PRECONDITION, or E_IN_USE while an active skill names it
 */
export async function removeConnection(
  deps: ConnectionDeps & { pool: ConnectionPool },
  name: string,
  removal: Removal = {},
): Promise<void> {
  const { db, log, home, pool } = deps;
  const remove = () => db.transaction((tx) => removeRow(tx, name, removal));
  const known = await db.prisma.connection.findUnique({ where: { name }, select: { id: true } });
  // A renewal that is under way is waited for: what it is given is revoked as well.
  const { id, intact } = await (known === null
    ? remove()
    : underLock(db.pool, { each: 'login', id: known.id }, remove));
  await pool.evict(name);
  if (intact !== undefined && maySignIn(intact)) await revokeRemoved(deps, intact);
  const folder = folderOf(home, id);
  try {
    await rmdir(folder);
  } catch (error) {
    // Never made, or not empty: what a server wrote is the owner's, and is not thrown away with the connection.
    log.debug({ connection: name, folder, reason: messageOf(error) }, 'folder of the connection left');
  }
}

async function removeRow(
  tx: Transaction,
  name: string,
  { isExpected, actor = systemActor }: Removal,
): Promise<{ id: string; intact: ConnectionRow | undefined }> {
  const row = await lockToRemove(tx, name, isExpected);
  const skills = await tx.skill.findMany({
    where: { isActive: true, connectionNames: { has: name } },
    select: { slug: true },
    orderBy: { slug: 'asc' },
  });
  // One that somebody else changed is of no use to them: it is removed and added again.
  if (skills.length > 0 && row.intact !== undefined) {
    const slugs = skills.map(({ slug }) => `"${slug}"`).join(', ');
    throw new AlfredError(
      'E_IN_USE',
      `"${name}" is used by ${skills.length === 1 ? 'the skill' : 'the skills'} ${slugs}.`,
      {
        remedy: 'Change, switch off or remove what uses it first.',
      },
    );
  }
  await tx.connection.delete({ where: { id: row.id } });
  await recordAudit(tx, { action: 'connection.removed', actor, subject: name });
  return row;
}
