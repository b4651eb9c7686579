/** The login of a connection in its row. Written only while the row is held, and signed with it. */
import { maySignIn, type SignInType } from '../../contract/connection-types.ts';
import type { OAuthLogin, WaitingDevice } from '../../contract/login-config.ts';
import type { Transaction } from '../../database/client.ts';
import { AlfredError } from '../../kernel/errors.ts';
import type { Vault } from '../../vault/vault.ts';
import { openConfig } from '../config/config-secrets.ts';
import { leafLabel, leafPlace, sealLeaves } from '../config/leaves.ts';
import { parseConfig } from '../config/typed-config.ts';
import { type ConnectionRow, readRow, signRow } from '../connection-row.ts';

/** A connection that a person may sign in to. */
export type LoginRow = ConnectionRow<SignInType>;

/**
 * A row that may have a login.
 *
 * @throws AlfredError E_VALIDATION for a connection of another type
 */
export function asLoginRow(row: ConnectionRow): LoginRow {
  if (maySignIn(row)) return row;
  throw new AlfredError(
    'E_VALIDATION',
    `"${row.name}" is a program on this machine: there is nothing to sign in to.`,
    {
      remedy: 'Give it its credentials in its config.',
      fields: [{ field: '/name', message: 'is a connection without a sign-in' }],
    },
  );
}

/** The login with every secret open, for its authorization server and the MCP server alone. */
export function openLogin(vault: Vault, row: ConnectionRow): OAuthLogin | undefined {
  const opened = openConfig(vault, row);
  return maySignIn(opened) ? opened.config.oauth : undefined;
}

/** The sign-in by a code that waits for its person, its secrets open. */
export function openDevice(vault: Vault, row: ConnectionRow): WaitingDevice | undefined {
  const opened = openConfig(vault, row);
  return maySignIn(opened) ? opened.config.device : undefined;
}

/** Names and places of the login's own secrets, for the record of their use. */
export const loginSecrets = (
  row: LoginRow,
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
export const writeLogin = (
  tx: Transaction,
  vault: Vault,
  row: LoginRow,
  login: OAuthLogin | undefined,
): Promise<LoginRow> => writePart(tx, vault, row, { oauth: login });

/** Writes a sign-in that waits for its person, or none, as `writeLogin` does. */
export const writeDevice = (
  tx: Transaction,
  vault: Vault,
  row: LoginRow,
  device: WaitingDevice | undefined,
): Promise<LoginRow> => writePart(tx, vault, row, { device });

async function writePart(
  tx: Transaction,
  vault: Vault,
  row: LoginRow,
  part: { oauth: OAuthLogin | undefined } | { device: WaitingDevice | undefined },
): Promise<LoginRow> {
  const { config } = parseConfig(row.type, { ...row.config, ...sealLeaves(vault, row, part) });
  await tx.$executeRaw`
    UPDATE connections SET config = ${JSON.stringify(config)}::text::jsonb WHERE id = ${row.id}::uuid`;
  return asLoginRow(
    readRow(await signRow(tx, await tx.connection.findUniqueOrThrow({ where: { id: row.id } }))),
  );
}
