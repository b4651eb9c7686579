import { isRecord } from '../../contract/is-record.ts';
import type { Vault } from '../../vault/vault.ts';
import { markLeaves } from '../config/leaves.ts';
import type { ConnectionRow } from '../connection-row.ts';

/**
 * What a link depends on, without a secret in it: when it differs, the link is another's. Of a login it is when somebody signed
 * in: its tokens are left out, as whoever renews them goes on with them.
 */
export function linkFormOf(
  vault: Vault,
  { id, type, config, isActive, approvedHash }: ConnectionRow,
): string {
  const { oauth, device: _waiting, ...rest } = markLeaves(vault, { id }, config) as Record<string, unknown>;
  const signedInAt = isRecord(oauth) ? oauth.grantedAt : undefined;
  const hash = approvedHash === null ? null : Buffer.from(approvedHash).toString('hex');
  return JSON.stringify([type, rest, isActive, hash, signedInAt]);
}
