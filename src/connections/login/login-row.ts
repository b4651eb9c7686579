/** The login of a connection in its row. Written only while the row is held, and signed with it. */
import type { OAuthLogin } from '../../contract/http-connections.ts';
import type { Transaction } from '../../database/client.ts';
import { AlfredError } from '../../kernel/errors.ts';
import type { Vault } from '../../vault/vault.ts';
import { openConfig } from '../config/config-secrets.ts';
import { leafLabel, leafPlace, sealLeaves } from '../config/leaves.ts';
import { parseConfig } from '../config/typed-config.ts';
import { type ConnectionRow, readRow, signRow } from '../connection-row.ts';

export type HttpRow = ConnectionRow<'mcp_http'>;

/**
 * A row that may have a login.
 *
 * @throws AlfredError E_VALIDATION for a connection of another type
 */
export function asHttpRow(row: ConnectionRow): HttpRow {
  if (row.type === 'mcp_http') return row;
  throw new AlfredError(
    'E_VALIDATION',
    `"${row.name}" is no MCP server by HTTP: there is nothing to sign in to.`,
    {
      remedy: 'Give it its credentials in its config.',
      fields: [{ field: '/name', message: 'is a connection without a sign-in' }],
    },
  );
}

/** The login with every secret open, for its authorization server and the MCP server alone. */
export function openLogin(vault: Vault, row: ConnectionRow): OAuthLogin | undefined {
  const opened = openConfig(vault, row);
  return opened.type === 'mcp_http' ? opened.config.oauth : undefined;
}

/** Names and places of the login's own secrets, for the record of their use. */
export const loginSecrets = (
  row: HttpRow,
  fields: readonly ('clientSecret' | 'accessToken' | 'refreshToken')[],
) =>
  fields
    .filter((field) => row.config.oauth?.[field] !== undefined)
    .map((field) => ({ place: leafPlace(row, ['oauth', field]), label: leafLabel(row, ['oauth', field]) }));

/**
 * Writes a login, its secrets open in `login`, or none. No change of the connection as its owner sees it: its ETag stays.
 *
 * @param row held by `tx`
 * @returns the row as it is now
 */
export async function writeLogin(
  tx: Transaction,
  vault: Vault,
  row: HttpRow,
  login: OAuthLogin | undefined,
): Promise<HttpRow> {
  const { oauth: _former, ...rest } = row.config;
  const sealed = login === undefined ? {} : { oauth: sealLeaves(vault, row, { oauth: login }).oauth };
  const { config } = parseConfig('mcp_http', { ...rest, ...sealed });
  await tx.$executeRaw`
    UPDATE connections SET config = ${JSON.stringify(config)}::text::jsonb WHERE id = ${row.id}::uuid`;
  return asHttpRow(
    readRow(await signRow(tx, await tx.connection.findUniqueOrThrow({ where: { id: row.id } }))),
  );
}
