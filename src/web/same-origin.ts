/** Against requests that another site makes in the owner's browser, which adds the session's cookie by itself. */
import type { FastifyRequest } from 'fastify';
import { AlfredError } from '../kernel/errors.ts';

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD';

/**
 * A request with a cookie must come from our own pages. Browsers say where one comes from in `Sec-Fetch-Site` (Fetch
 * Metadata) and `Origin` (RFC 6454), which no page can set; a write that says neither is refused. Another port of the
 * same host is another origin, although cookies do not tell ports apart.
 *
 * @throws AlfredError E_FORBIDDEN
 */
export function checkSameOrigin(
  request: FastifyRequest,
  { mayBeSilent = isRead(request.method) } = {},
): void {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (site !== undefined && site !== 'same-origin' && !(site === 'none' && isRead(request.method))) {
    throw foreign();
  }
  const { host } = request.headers;
  if (origin !== undefined && hostOf(origin) !== host?.toLowerCase()) {
    // The browser says that its page is of the address that it asked: then the proxy between has put another into `Host`.
    throw site === 'same-origin' ? renamed(origin, host) : foreign();
  }
  if (site === undefined && origin === undefined && !mayBeSilent) throw foreign();
}

/** Behind a proxy that ends TLS the scheme differs from ours, so host and port are what is compared. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

const foreign = (): AlfredError =>
  new AlfredError('E_FORBIDDEN', 'A session can be used from the pages of this server alone', {
    remedy: 'Programs use an access token: Authorization: Bearer <token>.',
  });

const renamed = (origin: string, host: string | undefined): AlfredError =>
  new AlfredError('E_FORBIDDEN', `A proxy asks for ${host} what a page of ${origin} asked for`, {
    remedy:
      'Have the proxy pass on the Host that it was asked for, with its port: docs/operations.md, “Behind a proxy”.',
  });
