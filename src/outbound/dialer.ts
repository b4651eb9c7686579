/**
 * Dials what was checked: a name is resolved once per TCP connection, every address it has must be allowed, and exactly
 * those addresses are dialled. TLS still names and verifies the host. No proxy is taken from the environment.
 */
import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { isDialable } from './address.ts';
import { literalAddress, refusedAddress } from './check-url.ts';

type ResolvedAddress = { address: string; family: number };
export type Resolve = (hostname: string) => Promise<ResolvedAddress[]>;

export type DialerOptions = {
  allowPrivateNetwork: boolean;
  /** In milliseconds, name resolution and TLS handshake included. */
  connectTimeoutMs?: number;
  /** The system's resolver unless a test brings its own. */
  resolve?: Resolve;
  /** PEM certificates to trust in place of the public ones; for tests. */
  ca?: string;
};

const resolveBySystem: Resolve = (hostname) => systemLookup(hostname, { all: true, verbatim: true });

/** All addresses of a name, when every one of them may be dialled: one that may not refuses the name. */
async function resolveChecked(hostname: string, options: DialerOptions): Promise<ResolvedAddress[]> {
  const addresses = await (options.resolve ?? resolveBySystem)(hostname);
  if (addresses.length === 0) throw Object.assign(new Error('No address'), { code: 'ENOTFOUND' });
  const refused = addresses.find(({ address }) => !isDialable(address, options.allowPrivateNetwork));
  if (refused) throw refusedAddress(hostname, refused.address);
  return addresses;
}

/** A resolver for sockets: it gives addresses that may be dialled, or the refusal. */
export const checkedLookup =
  (options: DialerOptions): LookupFunction =>
  (hostname, { all }, callback) => {
    resolveChecked(hostname, options).then(
      (addresses) => {
        if (all) callback(null, addresses);
        else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };

/** An undici dispatcher that can reach allowed addresses only. Close it when its connection is closed. */
export function createDialer(options: DialerOptions): Agent {
  const connect = buildConnector({
    lookup: checkedLookup(options),
    timeout: options.connectTimeoutMs ?? 10_000,
    allowH2: false,
    autoSelectFamily: true,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });
  return new Agent({
    // The socket layer resolves names only, so an address spelled out in the URL is checked here.
    connect(target, callback) {
      const address = literalAddress(target.hostname);
      if (address !== undefined && !isDialable(address, options.allowPrivateNetwork)) {
        callback(refusedAddress(address, address), null);
        return;
      }
      connect(target, callback);
    },
    allowH2: false,
    connections: 64,
    // guarded-fetch.ts keeps its own, per request.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: 32 * 1024,
  });
}
