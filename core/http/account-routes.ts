/** One's own account: passwords, passkeys, links; and how strangers sign in by them. */

import type { AddressInfo } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { coreApiOperations } from '../../src/contract/core-api/operations.ts';
import { challengeLifetime } from '../../src/web/passkeys/challenges.ts';
import { passkeyPlaces, placeAt, requirePlace } from '../../src/web/passkeys/passkey-place.ts';
import { route } from '../../src/web/route.ts';
import { checkSameOrigin } from '../../src/web/same-origin.ts';
import { changePassword } from '../access/change-password.ts';
import {
  addPasskey,
  type Browser,
  beginPasskey,
  beginPasskeySignIn,
  listPasskeys,
  removePasskey,
  signInByPasskey,
} from '../access/passkeys.ts';
import { coreCookie, findPerson } from '../access/people.ts';
import { followLink, mailForgotten } from '../access/sign-in-links.ts';
import type { CoreApp, CoreDeps } from './app.ts';
import { cookieOf } from './session-routes.ts';

/** A cookie of its own: it is there before anybody is signed in. */
const challengeCookie = 'alfred_core_challenge';

export function accountRoutes(app: CoreApp, deps: CoreDeps): void {
  const { db, issuer, mailer, log, attemptsPerMinute = 10 } = deps;
  const config = { rateLimit: { max: attemptsPerMinute, timeWindow: 60_000 } };
  const links = { db, issuer, mailer, log };

  route(app, coreApiOperations.readSignInWays, async (request) => ({
    passkey: placeAt(placesOf(app, deps), request.headers.host) !== undefined,
    forgotten: mailer !== undefined,
  }));

  route(
    app,
    coreApiOperations.forgotPassword,
    async (request, reply) => {
      mailForgotten(links, request.body.login);
      return reply.code(202).send({});
    },
    { config },
  );

  route(
    app,
    coreApiOperations.followLink,
    async (request, reply) => {
      checkSameOrigin(request);
      return signedIn(reply, issuer, await followLink(db, request.body));
    },
    { config },
  );

  route(
    app,
    coreApiOperations.changePassword,
    async (request, reply) => {
      await changePassword(db, await findPerson(db, request), request.body);
      return reply.code(204).send();
    },
    { config },
  );

  passkeyRoutes(app, deps);
}

const placesOf = (app: CoreApp, { issuer, host }: CoreDeps) => {
  const { port } = app.server.address() as AddressInfo;
  return passkeyPlaces({ publicUrl: issuer, host }, port);
};

const signedIn = (
  reply: FastifyReply,
  issuer: string,
  { token, expiresAt }: { token: string; expiresAt: string },
) =>
  reply
    .setCookie(coreCookie, token, { ...cookieOf(issuer), expires: new Date(expiresAt) })
    .code(204)
    .send();

/** Where a browser is, and the challenge that it keeps in a cookie meanwhile. */
function challengesOf(app: CoreApp, deps: CoreDeps) {
  const cookie = cookieOf(deps.issuer);
  const placeOf = (request: FastifyRequest) =>
    requirePlace(placesOf(app, deps), request.headers.host, { whose: 'Core', variable: 'CORE_PUBLIC_URL' });
  const ask = (reply: FastifyReply, { cookie: value, options }: { cookie: string; options: object }) => {
    reply.setCookie(challengeCookie, value, { ...cookie, maxAge: challengeLifetime / 1000 });
    return { ...options } as { challenge: string };
  };
  const browserOf = (request: FastifyRequest, reply: FastifyReply): Browser => {
    reply.clearCookie(challengeCookie, cookie);
    return { place: placeOf(request), cookie: request.cookies[challengeCookie] };
  };
  return { placeOf, ask, browserOf };
}

function passkeyRoutes(app: CoreApp, deps: CoreDeps): void {
  const { db, issuer, attemptsPerMinute = 10 } = deps;
  const config = { rateLimit: { max: attemptsPerMinute, timeWindow: 60_000 } };
  const { placeOf, ask, browserOf } = challengesOf(app, deps);

  route(
    app,
    coreApiOperations.beginPasskeySignIn,
    async (request, reply) => {
      checkSameOrigin(request);
      return ask(reply, beginPasskeySignIn(deps, placeOf(request)));
    },
    { config },
  );

  route(
    app,
    coreApiOperations.signInByPasskey,
    async (request, reply) => {
      checkSameOrigin(request);
      return signedIn(reply, issuer, await signInByPasskey(deps, request.body, browserOf(request, reply)));
    },
    { config, bodyLimit: longestPasskey },
  );

  route(app, coreApiOperations.listPasskeys, async (request) => ({
    items: await listPasskeys(db, await findPerson(db, request)),
  }));

  route(app, coreApiOperations.beginPasskey, async (request, reply) =>
    ask(reply, await beginPasskey(deps, await findPerson(db, request), placeOf(request))),
  );

  route(
    app,
    coreApiOperations.addPasskey,
    async (request, reply) => {
      const person = await findPerson(db, request);
      const made = await addPasskey(deps, person, request.body, browserOf(request, reply));
      return reply.code(201).send(made);
    },
    { bodyLimit: longestPasskey },
  );

  route(app, coreApiOperations.removePasskey, async (request, reply) => {
    await removePasskey(db, await findPerson(db, request), request.params.id);
    return reply.code(204).send();
  });
}

/** What a device says of itself is longer than all else that Core is sent, in bytes. */
const longestPasskey = 96 * 1024;
