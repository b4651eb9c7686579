import type { ConnectionTest } from '../contract/connections.ts';
import { AlfredError } from '../kernel/errors.ts';
import { assertMayOpen } from './config/approval.ts';
import { findRow } from './connection-row.ts';
import type { ConnectionDeps, ConnectionPool } from './pool/pool.ts';

/**
 * Tries a connection out and says in plain words what came of it.
 *
 * @throws AlfredError E_NOT_FOUND, E_NOT_APPROVED, E_CONNECTION_INACTIVE: then nothing was tried
 */
export async function testConnection(
  { db, pool }: ConnectionDeps & { pool: ConnectionPool },
  name: string,
): Promise<ConnectionTest> {
  assertMayOpen(await findRow(db.prisma, name));
  const start = performance.now();
  const durationMs = () => Math.round(performance.now() - start);
  try {
    const { server, toolCount, found } = await pool.probe(name);
    const who = server === undefined ? 'its server' : `${server.name} ${server.version}`.trim();
    const tools = toolCount === 1 ? '1 tool' : `${toolCount} tools`;
    return {
      ok: true,
      message:
        found === undefined
          ? `"${name}" works: ${who} answered with ${tools}.`
          : `"${name}" works: ${who} describes ${tools}, and ${found}.`,
      durationMs: durationMs(),
      ...(server === undefined ? {} : { server }),
      toolCount,
    };
  } catch (error) {
    if (!(error instanceof AlfredError)) throw error;
    const { code, message, remedy } = error;
    return {
      ok: false,
      code,
      message,
      ...(remedy === undefined ? {} : { remedy }),
      durationMs: durationMs(),
    };
  }
}
