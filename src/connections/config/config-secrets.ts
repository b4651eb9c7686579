/** The secrets of a connection's config: sealed in rows, marked on the wire, open only on their way to the server. */
import type { HttpApiConfigInput, McpHttpConfigInput } from '../../contract/http-connections.ts';
import { AlfredError } from '../../kernel/errors.ts';
import type { Vault } from '../../vault/vault.ts';
import type { ConnectionRow } from '../connection-row.ts';
import { plainValues, shownSource } from './http-config.ts';
import { type LeafOwner, markLeaves, sealLeaves } from './leaves.ts';
import { openLeaves } from './open-leaves.ts';
import { fillPlaceholders, parseConfig, type TypedConfig } from './typed-config.ts';

/** `typed` with every secret sealed; each is taken as the secret itself. */
export const sealConfig = (vault: Vault, owner: LeafOwner, { type, config }: TypedConfig): TypedConfig =>
  parseConfig(type, sealLeaves(vault, owner, config));

/** The config as it is shown: each secret as `{sealed, fingerprint}`, a document that was sent along by its digest. */
export function showConfig(
  vault: Vault,
  { id }: Pick<LeafOwner, 'id'>,
  { type, config }: TypedConfig,
): Record<string, unknown> {
  if (type !== 'http_api') return markLeaves(vault, { id }, config);
  const { openapi, ...rest } = config;
  return { ...markLeaves(vault, { id }, rest), ...shownSource(openapi) };
}

/** As `openConfig` gives it. */
export type OpenConfig =
  | { type: 'mcp_stdio'; args: string[]; env: Record<string, string> }
  | { type: 'mcp_http'; config: Omit<McpHttpConfigInput, 'headers'> & { headers: Record<string, string> } }
  | { type: 'http_api'; config: Omit<HttpApiConfigInput, 'headers'> & { headers: Record<string, string> } };

/**
 * The config with every secret open, for the server or address that it is of, and for nothing else. In `args` the
 * placeholders are filled; in addresses whoever dials them fills them, percent-encoded.
 *
 * @throws AlfredError E_VALIDATION when an argument names a secret that the connection does not have; E_SEALED_VALUE
 */
export function openConfig(vault: Vault, row: ConnectionRow): OpenConfig {
  const opened = parseConfig(row.type, openLeaves(vault, row, row.config));
  switch (opened.type) {
    case 'mcp_stdio': {
      const { args, env, secrets } = opened.config;
      const secretOf = (field: string) => {
        const value = Object.hasOwn(secrets, field) ? secrets[field] : undefined;
        if (value === undefined) throw missingSecret(row.name, field);
        return value;
      };
      return {
        type: opened.type,
        args: args.map((arg) => fillPlaceholders(arg, secretOf)),
        env: plainValues(env),
      };
    }
    case 'mcp_http':
      return { type: opened.type, config: { ...opened.config, headers: plainValues(opened.config.headers) } };
    case 'http_api':
      return { type: opened.type, config: { ...opened.config, headers: plainValues(opened.config.headers) } };
  }
}

const missingSecret = (name: string, field: string) =>
  new AlfredError('E_VALIDATION', `An argument of "${name}" names the secret ${field}, which is not there.`, {
    remedy: `Enter it as "secrets": {"${field}": …} of the connection.`,
    fields: [{ field: `/config/secrets/${field}`, message: 'is named by an argument and missing' }],
  });
