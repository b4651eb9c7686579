/** The secret leaves of a connection's config: sealed in rows, marked on the wire, open only on their way to the server. */
import type { SealedMarker } from '../contract/common.ts';
import { AlfredError } from '../kernel/errors.ts';
import { openSealed } from '../vault/open.ts';
import type { Place } from '../vault/place.ts';
import type { Vault } from '../vault/vault.ts';
import type { StoredStdioConfig } from './connection-row.ts';

export type Owner = { id: string; name: string };

/** Which part of `config` a secret stands in. */
export type SecretPart = 'env' | 'secrets';

const placeOf = (id: string, part: SecretPart, field: string): Place => ({
  table: 'connections',
  rowId: id,
  pointer: `/config/${part}/${field}`,
});

/** What a redacted value of it reads: `[redacted:<connection>.<field>]`. */
const labelOf = (name: string, field: string) => `${name}.${field}`;

export const sealSecret = (
  vault: Vault,
  { id, name }: Owner,
  part: SecretPart,
  field: string,
  value: string,
): string => vault.seal(placeOf(id, part, field), value, labelOf(name, field));

export const markOf = (
  vault: Vault,
  id: string,
  part: SecretPart,
  field: string,
  sealed: string,
): SealedMarker => ({
  sealed: true,
  fingerprint: vault.fingerprintOf(placeOf(id, part, field), sealed),
});

/** `config` as it is shown: each secret as `{sealed, fingerprint}`. */
export function markConfig(vault: Vault, id: string, config: StoredStdioConfig): Record<string, unknown> {
  const mark = (part: SecretPart) =>
    Object.fromEntries(
      Object.entries(config[part]).map(([field, value]) => [
        field,
        typeof value === 'string' ? markOf(vault, id, part, field, value) : value,
      ]),
    );
  return { ...config, env: mark('env'), secrets: mark('secrets') };
}

/**
 * `args` and `env` with every secret open. For the server's own process, and for nothing else.
 *
 * @throws AlfredError E_VALIDATION when an argument names a secret that the connection does not have; E_SEALED_VALUE
 */
export function openConfig(
  vault: Vault,
  { id, name }: Owner,
  config: StoredStdioConfig,
): { args: string[]; env: Record<string, string> } {
  const open = (part: SecretPart, field: string, sealed: string) =>
    openSealed(vault, placeOf(id, part, field), sealed, labelOf(name, field));
  const env = Object.entries(config.env).map(([field, value]) => [
    field,
    typeof value === 'string' ? open('env', field, value) : value.plain,
  ]);
  const args = config.args.map((arg) =>
    arg.replace(secretInArgument, (_whole, field: string) => {
      const sealed = config.secrets[field];
      if (sealed === undefined) throw missingSecret(name, field);
      return open('secrets', field, sealed);
    }),
  );
  return { args, env: Object.fromEntries(env) };
}

/** `${NAME}` in an argument stands for `secrets.NAME`. */
export const secretInArgument = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

const missingSecret = (name: string, field: string) =>
  new AlfredError('E_VALIDATION', `An argument of "${name}" names the secret ${field}, which is not there.`, {
    remedy: `Enter it as "secrets": {"${field}": …} of the connection.`,
    fields: [{ field: `/config/secrets/${field}`, message: 'is named by an argument and missing' }],
  });
