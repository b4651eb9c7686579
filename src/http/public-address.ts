import type { Settings } from '../kernel/settings.ts';
import type { App } from './app.ts';

/**
 * The address under which others reach this VM, without a slash at its end: the public one, or the one that the server
 * listens on. Never what a request says of itself.
 */
export function publicAddress(
  app: App,
  { publicUrl, host, port }: Pick<Settings, 'publicUrl' | 'host' | 'port'>,
): string {
  if (publicUrl !== undefined) return publicUrl.replace(/\/+$/, '');
  const bound = app.server.address();
  const at = typeof bound === 'object' && bound !== null ? bound.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${at}`;
}
