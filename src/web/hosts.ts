/** The names under which this server may be asked for. DNS rebinding makes a stranger's name point here; that name is refused. */
import { AlfredError } from '../kernel/errors.ts';
import type { Settings } from '../kernel/settings.ts';

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/** An address to listen on that stands for every address is no name to be asked for by. */
const wildcards = new Set(['0.0.0.0', '::', '[::]']);

/** In what a refusal says: what is asked, and the variable that names its public address. */
const servers = {
  vm: { name: 'VM', variable: 'ALFRED_PUBLIC_URL' },
  core: { name: 'Core', variable: 'CORE_PUBLIC_URL' },
} as const;

/**
 * The check for a `Host` header. Ports do not matter: they are often forwarded, and rebinding is about names.
 *
 * @returns a function that throws AlfredError E_HOST_REFUSED
 */
export function hostCheck(
  { host, publicUrl }: Pick<Settings, 'host' | 'publicUrl'>,
  server: keyof typeof servers = 'vm',
): (header: string | undefined) => void {
  const { name, variable } = servers[server];
  const names = new Set(loopbackNames);
  if (!wildcards.has(host)) names.add(host.includes(':') ? `[${host}]` : host.toLowerCase());
  if (publicUrl !== undefined) names.add(new URL(publicUrl).hostname);
  return (header) => {
    if (header !== undefined && names.has(nameOf(header))) return;
    throw new AlfredError('E_HOST_REFUSED', `This ${name} does not answer to that host name`, {
      remedy: `Use its own address; if it has a public one, set ${variable} to it.`,
    });
  };
}

/** The name in a `Host` header, without its port; empty for one that is none. */
export const nameOf = (header: string): string =>
  /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/.exec(header.toLowerCase())?.[1] ?? '';

/**
 * Gives a `Host` the port of the public address, where a proxy left that out, as nginx's `$host` does: pages name their origin with
 * it, and by both it is known whether they are of this server.
 */
export function publicPort(
  publicUrl: string | undefined,
): (header: string | undefined) => string | undefined {
  if (publicUrl === undefined) return (header) => header;
  const { hostname, host } = new URL(publicUrl);
  return (header) => (header?.toLowerCase() === hostname ? host : header);
}
