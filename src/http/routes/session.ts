import { readPreferences } from '../../config/read-preferences.ts';
import { operations } from '../../contract/operations.ts';
import { requirePlace } from '../../web/passkeys/passkey-place.ts';
import { route } from '../../web/route.ts';
import { callerOf } from '../access/caller.ts';
import { closeSessions } from '../access/end-sessions.ts';
import { checkFreshSignIn } from '../access/fresh-sign-in.ts';
import { SignInCookies } from '../access/sign-in-cookies.ts';
import { createSignInLink } from '../access/sign-in-links.ts';
import { placesOf } from '../access/sign-in-ways.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';
import { presentCaller } from './sign-in.ts';

export function sessionRoutes(app: App, { db, settings }: ServerDeps): void {
  const cookies = new SignInCookies(settings);
  const places = placesOf(app, settings);

  route(app, operations.showSession, async (request) => {
    const caller = callerOf(request);
    return {
      ...presentCaller(caller),
      publicUrl: settings.publicUrl ?? null,
      ...(caller.kind === 'session' ? { preferences: await readPreferences(db.prisma) } : {}),
    };
  });

  route(app, operations.signOut, async (request, reply) => {
    const { kind, id, actor } = callerOf(request);
    if (kind === 'session') await db.transaction((tx) => closeSessions(tx, { id }, actor));
    cookies.clearSession(request, reply);
    return reply.code(204).send();
  });

  route(app, operations.createSignInLink, async (request, reply) => {
    const caller = callerOf(request);
    checkFreshSignIn(caller);
    const own = settings.publicUrl ?? `http://${request.headers.host}`;
    const address = request.body.for === 'passkeys' ? passkeyAddress() : own;
    return reply.code(201).send(await createSignInLink({ db }, address, caller.actor));
  });

  const passkeyAddress = (): string => {
    const [first] = places();
    return first?.origin ?? requirePlace([], undefined).origin;
  };
}
