/**
 * Dials what was checked: a name is resolved once per TCP connection, every address it has must be allowed, and exactly
 * those addresses are dialled, by ourselves or by the machine's proxy. TLS still names and verifies the host.
 */
import { lookup as systemLookup } from 'node:dns/promises';
import { isIPv6, type LookupFunction, type Socket } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { type Proxies, portOf, proxiesInUse, proxyFor } from '../kernel/proxies.ts';
import { isDialable } from './address.ts';
import { literalAddress, refusedAddress } from './check-url.ts';
import { openTunnel } from './tunnel.ts';

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
  /** Those of this process unless a test brings its own. */
  proxies?: Proxies;
};

const usualTimeoutMs = 10_000;

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

/** The hosts that a proxy is asked to connect to in place of `hostname`, the next where the one before cannot be had. */
async function hostsFor(
  hostname: string,
  names: Proxies['names'],
  options: DialerOptions,
): Promise<string[]> {
  if (literalAddress(hostname) !== undefined) return [hostname];
  try {
    const addresses = await resolveChecked(hostname, options);
    if (names === 'proxy') return [hostname];
    return addresses.map(({ address }) => (isIPv6(address) ? `[${address}]` : address));
  } catch (error) {
    // What nobody here knows the proxy may know, and the owner leaves names to it. A refusal stays one.
    if (names === 'proxy' && error instanceof Error && 'syscall' in error) return [hostname];
    throw error;
  }
}

type Way = {
  timeoutMs: number;
  ca?: string | undefined;
  proxies: Proxies | undefined;
  hostsOf: (hostname: string, names: Proxies['names']) => Promise<string[]>;
};

/** `direct`, or the proxy where there is one for the target. */
function byProxyOr(direct: buildConnector.connector, way: Way): buildConnector.connector {
  const { timeoutMs, ca, hostsOf } = way;
  const within = buildConnector({
    timeout: timeoutMs,
    allowH2: false,
    ...(ca === undefined ? {} : { ca }),
  });
  return (target, callback) => {
    const proxies = way.proxies ?? proxiesInUse();
    const proxy = proxyFor(proxies, target);
    if (proxy === undefined) {
      direct(target, callback);
      return;
    }
    const through = async (): Promise<Socket> => {
      let last: unknown;
      for (const host of await hostsOf(target.hostname, proxies.names)) {
        try {
          return await openTunnel(proxy, `${host}:${portOf(target)}`, timeoutMs);
        } catch (error) {
          last = error;
        }
      }
      throw last;
    };
    through().then(
      (socket) => {
        if (target.protocol === 'https:') within({ ...target, httpSocket: socket }, callback);
        else callback(null, socket);
      },
      (error: Error) => callback(error, null),
    );
  };
}

/** An undici dispatcher that can reach allowed addresses only. Close it when its connection is closed. */
export function createDialer(options: DialerOptions): Agent {
  const timeoutMs = options.connectTimeoutMs ?? usualTimeoutMs;
  const direct = buildConnector({
    lookup: checkedLookup(options),
    timeout: timeoutMs,
    allowH2: false,
    autoSelectFamily: true,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });
  const connect = byProxyOr(direct, {
    timeoutMs,
    ca: options.ca,
    proxies: options.proxies,
    hostsOf: (hostname, names) => hostsFor(hostname, names, options),
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

/**
 * A dispatcher for addresses that the owner alone sets (the model's endpoint, Core): any may be dialled, and a proxy is asked
 * for them by their names.
 */
export function createOwnDialer({
  connectTimeoutMs = usualTimeoutMs,
  proxies,
}: Pick<DialerOptions, 'connectTimeoutMs' | 'proxies'> = {}): Agent {
  const direct = buildConnector({ timeout: connectTimeoutMs, allowH2: false });
  const way: Way = { timeoutMs: connectTimeoutMs, proxies, hostsOf: async (hostname) => [hostname] };
  return new Agent({ allowH2: false, connect: byProxyOr(direct, way) });
}
