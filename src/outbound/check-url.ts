/** What a URL must be before anything is dialled for it. Names are checked again when they are resolved (dialer.ts). */
import { isIP } from 'node:net';
import { AlfredError } from '../kernel/errors.ts';
import { addressKind, isDialable } from './address.ts';

/** The address that a URL's host spells out, without brackets, or undefined when it is a name. */
export function literalAddress(hostname: string): string | undefined {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(bare) === 0 ? undefined : bare;
}

/** The refusal of an address: says which, why, and what the owner can do. */
export function refusedAddress(host: string, address: string): AlfredError {
  const at = host === address ? address : `${host} (${address})`;
  return addressKind(address) === 'private'
    ? new AlfredError(
        'E_ADDRESS_REFUSED',
        `${at} is in a private network, and this connection may dial public addresses only`,
        { remedy: 'If this server is really yours, set allowPrivateNetwork to true in the connection.' },
      )
    : new AlfredError('E_ADDRESS_REFUSED', `${at} is a reserved address, and no connection may dial it`, {
        remedy: 'Use the public address or the name of the server.',
      });
}

/**
 * Parses a URL as the WHATWG standard does, so that octal, hex, decimal and full-width spellings of an address become
 * the address, and refuses what may not be dialled.
 *
 * @throws AlfredError E_VALIDATION for no http(s) URL or one with a user name; E_ADDRESS_REFUSED for a forbidden
 * address. Neither quotes the URL: its path and query may hold a credential.
 */
export function checkUrl(text: string | URL, options: { allowPrivateNetwork: boolean }): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new AlfredError('E_VALIDATION', 'This is not a URL', {
      remedy: 'Give a whole address that starts with https:// or http://.',
    });
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new AlfredError('E_VALIDATION', `A connection cannot dial ${url.protocol} addresses`, {
      remedy: 'Give an address that starts with https:// or http://.',
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new AlfredError('E_VALIDATION', 'The address holds a user name or password', {
      remedy: 'Leave them out of the address and give them as auth or in headers.',
    });
  }
  const address = literalAddress(url.hostname);
  if (address !== undefined && !isDialable(address, options.allowPrivateNetwork)) {
    throw refusedAddress(address, address);
  }
  return url;
}
