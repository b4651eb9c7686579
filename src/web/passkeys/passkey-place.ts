/**
 * Where browsers take passkeys. A passkey is for one host name, and what it signs says at which origin it was asked
 * for; which these are is decided here, and never by what a request says of itself: a page at another port of this machine, or
 * at another name of it, can ask for a signature too, and must get nowhere with it.
 */
import { isIP } from 'node:net';
import { AlfredError } from '../../kernel/errors.ts';

export type PasskeyPlace = {
  /** As the browser signs it: `https://alfred.example`. */
  origin: string;
  /** The host name that a passkey is for. */
  rpId: string;
};

/** Addresses to listen on that a browser reaches as `localhost`. */
const reachedLocally = new Set(['127.0.0.1', '::1', 'localhost', '0.0.0.0', '::']);

/**
 * The addresses of a server at which passkeys work: its public one, unless that is an IP address, which no passkey can be for;
 * and `localhost`, which browsers trust without TLS, while they take no passkey at 127.0.0.1.
 *
 * @param port the one that the server listens on
 */
export function passkeyPlaces(
  { publicUrl, host }: { publicUrl: string | undefined; host: string },
  port: number,
): PasskeyPlace[] {
  const places: PasskeyPlace[] = [];
  if (publicUrl !== undefined) {
    const { origin, hostname } = new URL(publicUrl);
    if (isIP(hostname) === 0 && !hostname.startsWith('[')) places.push({ origin, rpId: hostname });
  }
  if (reachedLocally.has(host)) {
    places.push({ origin: new URL(`http://localhost:${port}`).origin, rpId: 'localhost' });
  }
  return places;
}

/** The one of them at which a request was made, by its `Host`. */
export const placeAt = (
  places: readonly PasskeyPlace[],
  host: string | undefined,
): PasskeyPlace | undefined => places.find(({ origin }) => new URL(origin).host === host?.toLowerCase());

/**
 * @param words whose passkeys they are, and the variable that names the public address
 * @throws AlfredError E_CONFLICT at an address where browsers refuse passkeys
 */
export function requirePlace(
  places: readonly PasskeyPlace[],
  host: string | undefined,
  { whose = 'this VM', variable = 'ALFRED_PUBLIC_URL' }: { whose?: string; variable?: string } = {},
): PasskeyPlace {
  const place = placeAt(places, host);
  if (place !== undefined) return place;
  const [other] = places;
  throw new AlfredError('E_CONFLICT', `Browsers take no passkey of ${whose} at this address`, {
    remedy:
      other === undefined
        ? `They want https and a host name: set ${variable} to such an address.`
        : `Open ${other.origin} instead.`,
  });
}
