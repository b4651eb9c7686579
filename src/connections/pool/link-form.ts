import type { Vault } from '../../vault/vault.ts';
import { markLeaves } from '../config/leaves.ts';
import type { ConnectionRow } from '../connection-row.ts';

/**
 * What a link depends on, without a secret in it: when it differs, the link is another's. Tokens of a login are left out:
 * whoever renews them goes on with them.
 */
export function linkFormOf(
  vault: Vault,
  { id, type, config, isActive, approvedHash }: ConnectionRow,
): string {
  const { oauth: _, ...rest } = markLeaves(vault, { id }, config) as Record<string, unknown>;
  const hash = approvedHash === null ? null : Buffer.from(approvedHash).toString('hex');
  return JSON.stringify([type, rest, isActive, hash]);
}
