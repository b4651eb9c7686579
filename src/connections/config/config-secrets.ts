/** The secrets of a connection's config: sealed in rows, marked on the wire, open only on their way to the server. */
import type { ConnectionType } from '../../contract/connection-types.ts';
import { AlfredError } from '../../kernel/errors.ts';
import type { Vault } from '../../vault/vault.ts';
import type { ConnectionRow } from '../connection-row.ts';
import { type Opened, rulesOf } from './by-type.ts';
import { type LeafOwner, markLeaves, sealLeaves } from './leaves.ts';
import { openLeaves } from './open-leaves.ts';
import { type ConfigOf, parseConfig, type TypedConfig } from './typed-config.ts';

/** `typed` with every secret sealed; each is taken as the secret itself. */
export const sealConfig = (vault: Vault, owner: LeafOwner, { type, config }: TypedConfig): TypedConfig =>
  parseConfig(type, sealLeaves(vault, owner, config));

/**
 * The config as it is shown: each secret as `{sealed, fingerprint}`, a document that was sent along by its digest. A sign-in that
 * waits for its person is shown by itself, to whoever may sign in.
 */
export function showConfig(
  vault: Vault,
  { id }: Pick<LeafOwner, 'id'>,
  { type, config }: TypedConfig,
): Record<string, unknown> {
  const { shown } = rulesOf({ type });
  const { device: _waiting, ...rest }: Record<string, unknown> = { ...config, ...shown?.(config) };
  return markLeaves(vault, { id }, rest);
}

/** As `openConfig` gives it. */
export type OpenConfig<T extends ConnectionType = ConnectionType> = {
  [P in T]: { type: P; config: Opened<ConfigOf<P>> };
}[T];

/**
 * The config with every secret open, for the server or address that it is of, and for nothing else.
 *
 * @param home what stands for it in the config of a program; an address has none
 * @throws AlfredError E_VALIDATION when an argument names a secret that the connection does not have; E_SEALED_VALUE
 */
export function openConfig(vault: Vault, row: ConnectionRow, home = ''): OpenConfig {
  const { type, config } = parseConfig(row.type, openLeaves(vault, row, row.config));
  const secretOf = (field: string) => {
    const value = Object.hasOwn(config.secrets, field) ? config.secrets[field] : undefined;
    if (value === undefined) throw missingSecret(row.name, field);
    return value;
  };
  // The rules of a type open configs of that type.
  return { type, config: rulesOf({ type }).opened(config, secretOf, home) } as OpenConfig;
}

const missingSecret = (name: string, field: string) =>
  new AlfredError('E_VALIDATION', `An argument of "${name}" names the secret ${field}, which is not there.`, {
    remedy: `Enter it as "secrets": {"${field}": …} of the connection.`,
    fields: [{ field: `/config/secrets/${field}`, message: 'is named by an argument and missing' }],
  });
