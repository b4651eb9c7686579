/**
 * The proxies that this machine's programs go out through, as HTTP_PROXY, HTTPS_PROXY and NO_PROXY say it to all of them. They
 * are of the machine and not of a connection, so that they are said once, at the start.
 */
import ipaddr from 'ipaddr.js';
import { z } from 'zod';

export type Proxies = {
  /** For `http:` addresses. */
  http: URL | undefined;
  /** For `https:` addresses. */
  https: URL | undefined;
  /** What is asked for directly: hosts with all that is below them, addresses, ranges, each with a port or for any; `*`. */
  direct: readonly string[];
  /** Where names of hosts become addresses: here, so that they are checked and dialled as they were checked, or at the proxy. */
  names: 'here' | 'proxy';
};

const none: Proxies = { http: undefined, https: undefined, direct: [], names: 'here' };

let inUse: Proxies = none;

/** Has all that this process asks for from now on go by `proxies`. */
export const useProxies = (proxies: Proxies): void => {
  inUse = proxies;
};

export const proxiesInUse = (): Proxies => inUse;

/** `http://proxy.example:3128`, or without the beginning. */
const proxySchema = z.string().transform((text, context) => {
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (url !== null && /^https?:$/.test(url.protocol) && url.hostname !== '') return url;
  context.addIssue({
    code: 'custom',
    message: 'use the http:// or https:// address of a proxy, such as http://proxy.example:3128',
  });
  return z.NEVER;
});

/** The variables, which other programs read too: that in small letters comes first where there are both. */
export const proxyVariables = {
  http_proxy: proxySchema.optional(),
  HTTP_PROXY: proxySchema.optional(),
  https_proxy: proxySchema.optional(),
  HTTPS_PROXY: proxySchema.optional(),
  no_proxy: z.string().optional(),
  NO_PROXY: z.string().optional(),
  ALFRED_PROXY_NAMES: z.enum(['here', 'proxy'], { error: 'use here or proxy' }).default('here'),
};

const variablesSchema = z.object(proxyVariables);

export function proxiesOf(env: z.output<typeof variablesSchema>): Proxies {
  const direct = env.no_proxy ?? env.NO_PROXY ?? '';
  return {
    http: env.http_proxy ?? env.HTTP_PROXY,
    https: env.https_proxy ?? env.HTTPS_PROXY,
    direct: direct
      .toLowerCase()
      .split(/[\s,]+/)
      .filter((entry) => entry !== ''),
    names: env.ALFRED_PROXY_NAMES,
  };
}

/** What is asked for: of an `http:` or `https:` address, as URL has it. */
export type Target = { protocol: string; hostname: string; port?: string | undefined };

/** The proxy that `target` is asked for through; undefined: directly, as this machine itself always is. */
export function proxyFor({ http, https, direct }: Proxies, target: Target): URL | undefined {
  const proxy = target.protocol === 'https:' ? https : http;
  if (proxy === undefined) return undefined;
  const host = target.hostname.toLowerCase().replace(/^\[|\]$|\.$/g, '');
  const port = portOf(target);
  return isThisMachine(host) || direct.some((entry) => covers(entry, host, port)) ? undefined : proxy;
}

export const portOf = ({ protocol, port }: Target): string => port || (protocol === 'https:' ? '443' : '80');

function isThisMachine(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback';
}

/** An entry of NO_PROXY with its port apart; an IPv6 address has one only behind its brackets. */
const withPort = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/;

function covers(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const [, inBrackets, plain, ofPort] = withPort.exec(entry) ?? [];
  if (ofPort !== undefined && ofPort !== port) return false;
  const named = (inBrackets ?? plain ?? entry).replace(/^\*?\./, '');
  if (named.includes('/')) return isInRange(host, named);
  return host === named || (!ipaddr.isValid(host) && host.endsWith(`.${named}`));
}

function isInRange(host: string, range: string): boolean {
  if (!ipaddr.isValid(host) || !ipaddr.isValidCIDR(range)) return false;
  const [address, within] = [ipaddr.process(host), ipaddr.parseCIDR(range)];
  return address.kind() === within[0].kind() && address.match(within);
}
