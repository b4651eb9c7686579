/** A way through a proxy: it is asked to connect to a host (RFC 9110 section 9.3.6), and passes on what goes both ways. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { AlfredError } from '../kernel/errors.ts';

/**
 * @param authority host and port that the proxy shall connect to, an IPv6 address in brackets
 * @throws AlfredError E_CONNECTION_FAILED, E_CONNECTION_TIMEOUT; they name the proxy, and no login for it
 */
export async function openTunnel(proxy: URL, authority: string, timeoutMs: number): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const asked = (proxy.protocol === 'https:' ? httpsRequest : httpRequest)({
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, ...loginFor(proxy) },
    agent: false,
  });
  // Not by a signal: that would end the tunnel as well.
  const timer = setTimeout(() => {
    reject(new AlfredError('E_CONNECTION_TIMEOUT', `The proxy ${proxy.host} did not answer in time`));
    asked.destroy();
  }, timeoutMs);
  asked.once('connect', (answer, socket, early) => {
    if (answer.statusCode === 200) {
      if (early.length > 0) socket.unshift(early);
      // An HTTP request has nothing but sockets to give, plain or under TLS.
      resolve(socket as Socket);
      return;
    }
    socket.destroy();
    reject(refused(proxy, authority, answer));
  });
  asked.once('error', (error: NodeJS.ErrnoException) => reject(unreachable(proxy, error)));
  asked.end();
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

function loginFor({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` };
}

function refused({ host }: URL, authority: string, { statusCode }: IncomingMessage): AlfredError {
  if (statusCode === 407)
    return new AlfredError('E_CONNECTION_FAILED', `The proxy ${host} asks for a login (HTTP 407)`, {
      remedy: 'Give it in HTTP_PROXY and HTTPS_PROXY, as http://name:password@host:port.',
    });
  return new AlfredError(
    'E_CONNECTION_FAILED',
    `The proxy ${host} does not connect to ${authority} (HTTP ${statusCode})`,
    {
      remedy:
        'Have it let this pass, or name the host in NO_PROXY. A proxy that judges by names: ALFRED_PROXY_NAMES=proxy (docs/security.md, "Through a proxy").',
    },
  );
}

const unreachable = ({ host }: URL, { code = 'no answer' }: NodeJS.ErrnoException): AlfredError =>
  new AlfredError('E_CONNECTION_FAILED', `The proxy ${host} cannot be reached (${code})`, {
    remedy: 'Check HTTP_PROXY and HTTPS_PROXY, and that the proxy runs.',
  });
