/** How a redirect changes a request: RFC 9110 section 15.4, and what must not follow to another origin. */
import { AlfredError } from '../kernel/errors.ts';
import { checkUrl } from './check-url.ts';

export type OutgoingRequest = {
  url: URL;
  method: string;
  headers: Headers;
  body: string | Uint8Array<ArrayBuffer> | undefined;
};

const statuses = new Set([301, 302, 303, 307, 308]);
export const isRedirect = (status: number): boolean => statuses.has(status);

/** All that goes along to another origin. Whatever else the caller set may be a credential under a name of its own. */
const harmless = new Set(['accept', 'accept-language', 'user-agent', 'content-type']);

/** True when a secret stands in the URL, as it is or percent-encoded. */
const holdsSecret = (url: URL, secrets: readonly string[]): boolean =>
  secrets.some(
    (secret) => secret !== '' && (url.href.includes(secret) || url.href.includes(encodeURIComponent(secret))),
  );

/**
 * The request that follows `from` after a redirect to `location`.
 *
 * @param secrets values that must not travel to another origin in the new URL either
 * @throws AlfredError E_ADDRESS_REFUSED when the target may not be dialled, or when content or a secret would go to another origin
 */
export function followRedirect(
  from: OutgoingRequest,
  response: { status: number; location: string },
  options: { allowPrivateNetwork: boolean; secrets: readonly string[] },
): OutgoingRequest {
  let target: URL;
  try {
    target = new URL(response.location, from.url);
  } catch {
    throw new AlfredError('E_CONNECTION_FAILED', `${from.url.origin} redirects to something that is no URL`);
  }
  const url = checkUrl(target, options);
  const becomesGet =
    (response.status === 303 && from.method !== 'HEAD') ||
    ((response.status === 301 || response.status === 302) && from.method === 'POST');
  const headers = new Headers(from.headers);
  if (becomesGet) headers.delete('content-type');
  const body = becomesGet ? undefined : from.body;
  if (url.origin !== from.url.origin) {
    if (body !== undefined || holdsSecret(url, options.secrets)) {
      throw new AlfredError(
        'E_ADDRESS_REFUSED',
        `${from.url.origin} redirects this request, with its ${body === undefined ? 'credential' : 'content'}, to ${url.origin}`,
        { remedy: `If ${url.origin} is the right server, give its address to the connection.` },
      );
    }
    for (const name of [...headers.keys()]) if (!harmless.has(name)) headers.delete(name);
  }
  return { url, method: becomesGet ? 'GET' : from.method, headers, body };
}
