/** How one can sign in, as the page that asks for it must know. */
import type { z } from 'zod';
import type { signInWaysSchema } from '../../contract/session.ts';
import type { Database } from '../../database/client.ts';
import type { Settings } from '../../kernel/settings.ts';
import { type PasskeyPlace, passkeyPlaces, placeAt } from '../../web/passkeys/passkey-place.ts';
import type { App } from '../app.ts';
import { hasPassword } from './password/password.ts';

/** Where passkeys work; asked at each request, as a server that asks the system for its port knows it later. */
export const placesOf =
  (app: App, settings: Pick<Settings, 'publicUrl' | 'host' | 'port'>): (() => PasskeyPlace[]) =>
  () => {
    const bound = app.server.address();
    return passkeyPlaces(settings, typeof bound === 'object' && bound !== null ? bound.port : settings.port);
  };

/** Strangers see it too: that there is a passkey, or a password, they learn, and nothing of it. */
export async function showSignInWays(
  { db }: { db: Database },
  places: readonly PasskeyPlace[],
  host: string | undefined,
): Promise<z.output<typeof signInWaysSchema>> {
  const here = placeAt(places, host);
  const there = here ?? places[0];
  const count = there === undefined ? 0 : await db.prisma.passkey.count({ where: { rpId: there.rpId } });
  return {
    passkey: { isSet: count > 0, isHere: here !== undefined, address: there?.origin ?? null },
    password: await hasPassword(db.prisma),
  };
}
