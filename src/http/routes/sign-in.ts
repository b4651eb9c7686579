import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { recordAudit } from '../../audit/record-audit.ts';
import { operations } from '../../contract/operations.ts';
import type { SignInWay, signInSchema } from '../../contract/session.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { requirePlace } from '../../web/passkeys/passkey-place.ts';
import { route } from '../../web/route.ts';
import { checkSameOrigin } from '../../web/same-origin.ts';
import { browserCookie, findBrowser, knowBrowser } from '../access/known-browsers.ts';
import type { Challenges } from '../access/passkeys/challenges.ts';
import { beginPasskeySignIn, usePasskey } from '../access/passkeys/use-passkey.ts';
import { Attempts } from '../access/password/attempts.ts';
import { hasPassword, usePassword } from '../access/password/password.ts';
import type { Principal } from '../access/principal.ts';
import { createSession, findSessionPrincipal, type SignIn, sessionCookie } from '../access/sessions.ts';
import { SignInCookies } from '../access/sign-in-cookies.ts';
import { useSignInCode } from '../access/sign-in-links.ts';
import { placesOf, showSignInWays } from '../access/sign-in-ways.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';
import { limitPerAddress } from '../limit-per-address.ts';

/**
 * Neither a code nor a signature can be guessed: this bounds what wrong ones cost, and the rows that they leave. Right ones do
 * not count.
 */
const wrongPerMinute = 10;

export const presentCaller = ({ kind, actor, scopes, expiresAt }: Principal) => ({
  kind,
  actor,
  scopes: [...scopes],
  expiresAt: expiresAt?.toISOString() ?? null,
});

/** What is said of a wrong one, whatever is wrong with it. */
const wrong: Record<SignInWay, () => AlfredError> = {
  link: () =>
    new AlfredError('E_UNAUTHENTICATED', 'This sign-in link was used already, or is older than 15 minutes', {
      remedy: 'Ask for a new one on the machine that runs the VM: starting it prints one.',
    }),
  passkey: () =>
    new AlfredError('E_UNAUTHENTICATED', 'This passkey does not sign in here', {
      remedy:
        'Try once more, or sign in by a link and look at Settings › Signing in: whether it was removed there.',
    }),
  password: () =>
    new AlfredError('E_UNAUTHENTICATED', 'The password is not right', {
      remedy: 'Who has forgotten it signs in by a link, and sets another.',
    }),
};

type SignInRequest = FastifyRequest<{ Body: z.output<typeof signInSchema> }>;
type Proof = { isRight: boolean } & Pick<SignIn, 'way' | 'passkeyId' | 'passwordId'>;

export function signInRoutes(app: App, deps: ServerDeps & { challenges: Challenges }): void {
  const { db, settings } = deps;
  const cookies = new SignInCookies(settings);
  const places = placesOf(app, settings);

  async function prove(request: SignInRequest, reply: FastifyReply): Promise<Proof> {
    const { code, passkey, password } = request.body;
    if (code !== undefined) return { way: 'link', isRight: await useSignInCode(db, code) };
    if (password !== undefined) {
      const browser = await browserIn(request);
      const onWait = (seconds: number) => void reply.header('retry-after', seconds);
      const used = await usePassword({ ...deps, attempts }, password, browser, onWait);
      return { way: 'password', isRight: used !== undefined, passwordId: used?.id };
    }
    if (passkey === undefined) throw new Error('A sign-in has one way: the schema sees to it');
    const place = requirePlace(places(), request.headers.host);
    const used = await usePasskey(deps, passkey, { place, cookie: cookies.takeChallenge(request, reply) });
    return { way: 'passkey', isRight: used !== undefined, passkeyId: used?.id };
  }

  const attempts = new Attempts();
  const browserIn = ({ cookies: all }: FastifyRequest) => findBrowser(db, all[browserCookie]);

  const limitWrong = limitPerAddress(app, wrongPerMinute);
  route(app, operations.signIn, async (request, reply) => {
    checkSameOrigin(request, { mayBeSilent: true });
    const { isRight, ...proved } = await prove(request, reply);
    const address = addressOf(request);
    if (!isRight) {
      await limitWrong(request, reply);
      const data = { way: proved.way, address: address ?? null };
      await recordAudit(db.prisma, { action: 'sign_in.failed', actor: 'unknown', data });
      throw wrong[proved.way]();
    }
    // Only for the sake of a password are browsers told apart.
    const browser = (await hasPassword(db.prisma)) ? await knowBrowser(db, await browserIn(request)) : {};
    const { value, principal } = await createSession(db, {
      ...proved,
      browserId: browser.id,
      userAgent: request.headers['user-agent'],
      address,
      replaces: await sessionIn(request),
    });
    cookies.setSession(request, reply, value);
    if (browser.cookie !== undefined) cookies.setBrowser(request, reply, browser.cookie);
    return presentCaller(principal);
  });

  /** Where a sign-in comes from; unknown where a proxy on this machine keeps it to itself. */
  const addressOf = (request: FastifyRequest): string | undefined =>
    cookies.isPublic(request) && /^(127\.|::1$|::ffff:127\.)/.test(request.ip) ? undefined : request.ip;

  /** The session that this browser has already. */
  const sessionIn = async (request: FastifyRequest): Promise<string | undefined> =>
    (await findSessionPrincipal(db, request.cookies[sessionCookie] ?? ''))?.id;

  route(app, operations.showSignInWays, async (request) =>
    showSignInWays({ db }, places(), request.headers.host),
  );

  route(app, operations.beginPasskeySignIn, async (request, reply) => {
    checkSameOrigin(request, { mayBeSilent: true });
    const place = requirePlace(places(), request.headers.host);
    const { options, cookie } = beginPasskeySignIn(deps, place);
    cookies.setChallenge(request, reply, { cookie });
    return { ...options };
  });
}
