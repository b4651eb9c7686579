import { operations } from '../../contract/operations.ts';
import { requirePlace } from '../../web/passkeys/passkey-place.ts';
import { route } from '../../web/route.ts';
import { callerOf } from '../access/caller.ts';
import { checkFreshSignIn } from '../access/fresh-sign-in.ts';
import type { Challenges } from '../access/passkeys/challenges.ts';
import { listPasskeys, removePasskey, renamePasskey } from '../access/passkeys/passkeys.ts';
import { beginRegistration, registerPasskey } from '../access/passkeys/register-passkey.ts';
import { SignInCookies } from '../access/sign-in-cookies.ts';
import { placesOf } from '../access/sign-in-ways.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

export function passkeyRoutes(app: App, deps: ServerDeps & { challenges: Challenges }): void {
  const { db, settings } = deps;
  const cookies = new SignInCookies(settings);
  const places = placesOf(app, settings);

  route(app, operations.listPasskeys, async () => ({
    items: await listPasskeys({ db }),
    nextCursor: null,
  }));

  route(app, operations.beginPasskey, async (request, reply) => {
    const by = callerOf(request);
    checkFreshSignIn(by);
    const place = requirePlace(places(), request.headers.host);
    const { options, cookie } = await beginRegistration(deps, place, by);
    cookies.setChallenge(request, reply, { cookie });
    return { ...options };
  });

  route(app, operations.addPasskey, async (request, reply) => {
    const by = callerOf(request);
    checkFreshSignIn(by);
    const place = requirePlace(places(), request.headers.host);
    const cookie = cookies.takeChallenge(request, reply);
    return reply.code(201).send(await registerPasskey(deps, request.body, { place, by, cookie }));
  });

  route(app, operations.renamePasskey, async (request) =>
    renamePasskey({ db }, request.params.id, { name: request.body.name, by: callerOf(request) }),
  );

  route(app, operations.removePasskey, async (request) => {
    const by = callerOf(request);
    checkFreshSignIn(by);
    return { endedSessions: await removePasskey({ db }, request.params.id, by) };
  });
}
