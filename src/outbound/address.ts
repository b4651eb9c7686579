/**
 * Which addresses an outgoing HTTP request may dial: `ipaddr.js` range unicast alone, minus the
 * ranges that slip through it. Everything here is about one address in canonical text; names are resolved elsewhere.
 */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * `public`: anybody's, may be dialled. `private`: the owner's own network, only with allowPrivateNetwork.
 * `never`: metadata services, link-local, multicast, translated and reserved ranges; nothing may dial them.
 */
export type AddressKind = 'public' | 'private' | 'never';

/** Metadata and wire services of clouds that stand in ranges which are otherwise unicast, shared or private. */
const metadataServices = new Set(['168.63.129.16', '100.100.100.200', 'fd00:ec2::254']);

const privateRanges = new Set(['private', 'loopback', 'carrierGradeNat', 'uniqueLocal']);

/** The part of IPv6 that IANA has given out for global unicast; `::/96` and the unassigned rest lie outside it. */
const globalUnicast = ipaddr.parseCIDR('2000::/3');

/**
 * The kind of an address in canonical text, as URL parsing and resolvers write it. Anything else, zone ids included,
 * is `never`. IPv4 inside IPv6 (mapped, NAT64, 6to4, Teredo) is `never` whatever it holds: it has an IPv4 spelling.
 */
export function addressKind(address: string): AddressKind {
  if (isIP(address) === 0 || address.includes('%')) return 'never';
  const parsed = ipaddr.parse(address);
  if (metadataServices.has(parsed.toString())) return 'never';
  const range = parsed.range();
  if (privateRanges.has(range)) return 'private';
  if (range !== 'unicast') return 'never';
  return parsed.kind() === 'ipv4' || parsed.match(globalUnicast) ? 'public' : 'never';
}

export const isDialable = (address: string, allowPrivateNetwork: boolean): boolean => {
  const kind = addressKind(address);
  return kind === 'public' || (kind === 'private' && allowPrivateNetwork);
};
