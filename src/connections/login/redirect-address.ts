/** Where a person comes back to, and what authorization servers accept as such. */
import type { BeginLogin } from '../../contract/logins.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { isLoopbackHost } from './choose-client.ts';

/** The page of the console that a sign-in ends at. */
const callbackPath = '/oauth/callback';
const documentPath = '/oauth/client.json';

export type Addresses = {
  /** The scheme and host by which the caller reached the VM. */
  origin: string;
  /** The port on which the VM listens. */
  port: number;
  publicCallback: string | undefined;
  /** The address of the client metadata document, which only a public one can have. */
  documentUrl: string | undefined;
};

export function addressesOf(
  publicUrl: string | undefined,
  { host, port }: { host: string; port: number },
): Addresses {
  const isPublic = publicUrl !== undefined && new URL(publicUrl).host === host.toLowerCase();
  return {
    origin: isPublic ? new URL(publicUrl).origin : `http://${host}`,
    port,
    publicCallback: publicUrl === undefined ? undefined : new URL(callbackPath, publicUrl).href,
    documentUrl: publicUrl === undefined ? undefined : new URL(documentPath, publicUrl).href,
  };
}

/** @throws AlfredError E_VALIDATION where the console is at an address that no authorization server sends a browser to */
export function redirectFor(
  { way, port, redirectUri }: Pick<BeginLogin, 'way' | 'port' | 'redirectUri'>,
  addresses: Addresses,
): string {
  if (redirectUri !== undefined) return ownRedirect(way, redirectUri);
  // 127.0.0.1 and localhost are two hosts to every server: the one or the other, all the way (RFC 8252, section 7.3).
  if (way === 'loopback' && port !== undefined) return `http://127.0.0.1:${port}/callback`;
  if (way !== 'console')
    return addresses.publicCallback ?? `http://127.0.0.1:${addresses.port}${callbackPath}`;
  const address = new URL(callbackPath, addresses.origin);
  if (address.protocol === 'https:' || isLoopbackHost(address.hostname)) return address.href;
  const message = 'needs a console at an https:// address, or on this machine';
  throw new AlfredError('E_VALIDATION', `The way "console" ${message}.`, {
    remedy: 'Use the way "paste": copy the address at which the browser ends.',
    fields: [{ field: '/way', message }],
  });
}

/** An address of the person's own choice: they see it in their browser, and paste it. */
function ownRedirect(way: BeginLogin['way'], redirectUri: string): string {
  const { origin, pathname, search, hash } = new URL(redirectUri);
  const message =
    way === 'paste'
      ? search === '' && hash === '' && !redirectUri.includes('@')
        ? undefined
        : 'is to be a plain address, without a query'
      : 'goes with the way "paste"';
  if (message === undefined) return `${origin}${pathname}`;
  throw new AlfredError('E_VALIDATION', `The address to come back to ${message}.`, {
    fields: [{ field: '/redirectUri', message }],
  });
}

export const clientDocument = (publicUrl: string) => ({
  client_id: new URL(documentPath, publicUrl).href,
  client_name: 'Alfred',
  client_uri: new URL('/', publicUrl).href,
  redirect_uris: [new URL(callbackPath, publicUrl).href],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none' as const,
  application_type: 'web' as const,
});
