/**
 * Bearers whose signature was looked at: a VM shows the same one with each report for two hours, and a signature that was right
 * stays right. What may have changed since is looked at each time: the clock, and whether the key that signed it is still Core's.
 */
import { millisNow } from '../../src/kernel/clock.ts';
import type { Signer } from '../keys/signer.ts';

type Proved = { vmId: string; kid: string; issuer: string; expiresAt: number };

/** Of one process; some 400 bytes each. */
const most = 20_000;

/** Each signer's own: what one key signed is nothing to another. */
const proved = new WeakMap<Signer, Map<string, Proved>>();

export function isProved(signer: Signer, token: string, vmId: string, issuer: string): boolean {
  const seen = proved.get(signer)?.get(token);
  return (
    seen !== undefined &&
    seen.vmId === vmId &&
    seen.issuer === issuer &&
    seen.expiresAt > millisNow() &&
    signer.publicKeys.has(seen.kid)
  );
}

export function keepProved(signer: Signer, token: string, seen: Proved): void {
  const own = proved.get(signer) ?? new Map<string, Proved>();
  proved.set(signer, own);
  // The oldest goes first; it is proved anew when it comes again.
  const [oldest] = own.size >= most ? own.keys() : [];
  if (oldest !== undefined) own.delete(oldest);
  own.set(token, seen);
}
