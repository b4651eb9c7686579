/** The chain itself (docs/security.md, "The audit chain"): how an event becomes a leaf, and a leaf a link. */
import { canonicalJson, hashOf, sha256 } from '../kernel/hash.ts';

const leafPrefix = Buffer.of(0x00);
const linkPrefix = Buffer.of(0x01);

export type Link = { seq: number; chain: Buffer };

export type ChainedEvent = {
  seq: number;
  id: string;
  at: Date;
  actor: string;
  action: string;
  subject: string | null;
};

/** What the first event is linked to: a VM's own beginning, so that no other VM's chain fits. */
export const genesisOf = (vaultId: string): Link => ({
  seq: 0,
  chain: sha256(`alfred-vm/audit/v1\0${vaultId}`),
});

export const payloadHashOf = (data: unknown): Buffer => hashOf(data);

/** `SHA-256(0x00 ‖ JCS(event with its payload's hash))` */
export function leafOf(event: ChainedEvent, payloadHash: Uint8Array): Buffer {
  const { seq, id, at, actor, action, subject } = event;
  const text = canonicalJson({
    seq,
    id,
    at: at.toISOString(),
    actor,
    action,
    subject,
    payloadHash: Buffer.from(payloadHash).toString('hex'),
  });
  return sha256(Buffer.concat([leafPrefix, Buffer.from(text)]));
}

/** `SHA-256(0x01 ‖ previous ‖ leaf)` */
export const chainOf = (previous: Uint8Array, leaf: Uint8Array): Buffer =>
  sha256(Buffer.concat([linkPrefix, previous, leaf]));
