/** The one place that an API's document may name: it is noted when it is first read, and approved with the rest. */
import { recordAudit, systemActor } from '../audit/record-audit.ts';
import type { Database, Prisma } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import { approvalOf, isApproved } from './approval.ts';
import { type ConnectionRow, lockRow, readRow } from './connection-row.ts';
import type { TypedConfig } from './typed-config.ts';

/**
 * Sees that the API of a connection is where it was when its document was first read after an approval; that first time it
 * is noted, and part of what is approved from then on.
 *
 * @returns the row as it is now
 * @throws AlfredError E_NOT_APPROVED for another place, or where what was approved has changed meanwhile
 */
export async function pinOrigin(db: Database, name: string, origin: string): Promise<ConnectionRow> {
  return db.transaction(async (tx) => {
    const row = await lockRow(tx, name);
    if (row.type !== 'http_api') return row;
    const { origin: pinned } = row.config;
    if (pinned !== undefined && new URL(pinned).origin === origin) return row;
    if (pinned !== undefined || !isApproved(row)) throw notApproved(name, pinned, origin);
    const typed: TypedConfig = { type: row.type, config: { ...row.config, origin } };
    const noted = await tx.connection.update({
      where: { id: row.id },
      data: { config: typed.config as Prisma.InputJsonValue, ...approvalOf(typed) },
    });
    const data = { origin };
    await recordAudit(tx, { action: 'connection.changed', actor: systemActor, subject: name, data });
    return readRow(noted);
  });
}

const notApproved = (name: string, pinned: string | undefined, origin: string): AlfredError =>
  new AlfredError(
    'E_NOT_APPROVED',
    `The document of "${name}" says that its API is at ${origin}, and ${
      pinned === undefined ? 'what it calls was changed meanwhile' : `approved is ${pinned}`
    }. Nothing was sent there.`,
    {
      remedy: `If the API has moved, set "origin" of the connection to ${origin} and enter its secrets again.`,
    },
  );
