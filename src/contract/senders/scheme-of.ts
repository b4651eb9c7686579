import { listOf, splitPlace } from '../delivery-place.ts';
import { type WebhookScheme, webhookSchemeSchema } from '../webhook-scheme.ts';
import { type SenderName, senders } from './senders.ts';

/** What a trigger says of it: a sender's name, `custom` with a scheme, or `none`. */
export type Proof = { auth: SenderName | 'custom' | 'none'; scheme?: WebhookScheme | undefined };

const known = new Map<SenderName, WebhookScheme>();

/** How the calls of a hook prove themselves; undefined for one that is not signed. */
export function schemeOf({ auth, scheme }: Proof): WebhookScheme | undefined {
  if (auth === 'none') return undefined;
  if (auth === 'custom') return scheme;
  let found = known.get(auth);
  if (found === undefined) {
    found = webhookSchemeSchema.parse(senders[auth].scheme);
    known.set(auth, found);
  }
  return found;
}

/**
 * Of these a stranger who saw a delivery cannot send another body, but can send the same to another address: its query is
 * not signed. What holds a plain secret was sent by who knows it, address and all.
 */
export function signsBodyAlone(proof: Proof): boolean {
  const scheme = schemeOf(proof);
  return scheme !== undefined && scheme.algorithm !== 'plain' && !scheme.signed.includes('{url}');
}

/** Whether a sender with no more than the public key can be proved: then nothing can be signed here. */
export const isAsymmetric = ({ algorithm }: WebhookScheme): boolean =>
  algorithm === 'ed25519' || algorithm === 'ecdsa-sha256';

/** The headers that prove a delivery: never shown to a skill, and never kept. */
export const proofHeaders = (scheme: WebhookScheme | undefined): string[] =>
  listOf(scheme?.signature.from).flatMap((place) => {
    const [kind, name] = splitPlace(place);
    return kind === 'header' ? [name.toLowerCase()] : [];
  });
