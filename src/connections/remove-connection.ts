import { rmdir } from 'node:fs/promises';
import { recordAudit, systemActor } from '../audit/record-audit.ts';
import { AlfredError, messageOf } from '../kernel/errors.ts';
import { type IsExpected, lockToRemove } from './connection-row.ts';
import type { ConnectionDeps, ConnectionPool } from './pool/pool.ts';
import { folderOf } from './stdio/spawn-server.ts';

/**
 * Removes a connection, ends its server, and deletes its folder if the server left nothing in it.
 *
 * @param options.actor who removes it; the VM itself when left out
 * @throws AlfredError E_NOT_FOUND, E_PRECONDITION, or E_IN_USE while an active skill names it
 */
export async function removeConnection(
  deps: ConnectionDeps & { pool: ConnectionPool },
  name: string,
  { isExpected, actor = systemActor }: { isExpected?: IsExpected; actor?: string } = {},
): Promise<void> {
  const { db, log, home, pool } = deps;
  const id = await db.transaction(async (tx) => {
    const row = await lockToRemove(tx, name, isExpected);
    const skills = await tx.skill.findMany({
      where: { isActive: true, connectionNames: { has: name } },
      select: { slug: true },
      orderBy: { slug: 'asc' },
    });
    // One that somebody else changed is of no use to them: it is removed and added again.
    if (skills.length > 0 && !row.isAltered) {
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
    return row.id;
  });
  await pool.evict(name);
  const folder = folderOf(home, id);
  try {
    await rmdir(folder);
  } catch (error) {
    // Never made, or not empty: what a server wrote is the owner's, and is not thrown away with the connection.
    log.debug({ connection: name, folder, reason: messageOf(error) }, 'folder of the connection left');
  }
}
