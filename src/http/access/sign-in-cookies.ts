/** The cookies of signing in: for this host alone, out of every script's reach, sent by our own pages alone. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../../kernel/settings.ts';
import { nameOf } from '../../web/hosts.ts';
import { type Begun, challengeLifetime } from '../../web/passkeys/challenges.ts';
import { browserCookie, browserLifetime } from './known-browsers.ts';
import { challengeCookie } from './passkeys/challenges.ts';
import { sessionCookie, sessionLifetime } from './sessions.ts';

export class SignInCookies {
  readonly #publicName: string | undefined;

  constructor({ publicUrl }: Pick<Settings, 'publicUrl'>) {
    this.#publicName = publicUrl === undefined ? undefined : new URL(publicUrl).hostname;
  }

  /** Whether a request was made at the public address. */
  isPublic({ headers }: FastifyRequest): boolean {
    return this.#publicName !== undefined && nameOf(headers.host ?? '') === this.#publicName;
  }

  setSession(request: FastifyRequest, reply: FastifyReply, value: string): void {
    reply.setCookie(sessionCookie, value, { ...this.#options(request), path: '/', maxAge: sessionLifetime });
  }

  clearSession(request: FastifyRequest, reply: FastifyReply): void {
    reply.clearCookie(sessionCookie, { ...this.#options(request), path: '/' });
  }

  /** Known from now on: cookies of others are not in its way (known-browsers.ts). */
  setBrowser(request: FastifyRequest, reply: FastifyReply, value: string): void {
    const maxAge = browserLifetime;
    reply.setCookie(browserCookie, value, { ...this.#options(request), path: '/api/v1/session', maxAge });
  }

  setChallenge(request: FastifyRequest, reply: FastifyReply, { cookie }: Pick<Begun, 'cookie'>): void {
    const maxAge = challengeLifetime / 1000;
    reply.setCookie(challengeCookie, cookie, { ...this.#options(request), path: '/api/v1', maxAge });
  }

  /** What this browser was asked to have signed; it is asked once. */
  takeChallenge(request: FastifyRequest, reply: FastifyReply): string | undefined {
    reply.clearCookie(challengeCookie, { ...this.#options(request), path: '/api/v1' });
    return request.cookies[challengeCookie];
  }

  #options(request: FastifyRequest) {
    return {
      httpOnly: true,
      sameSite: 'strict' as const,
      // Never over plain HTTP at the public address; on loopback there is no TLS to insist on.
      secure: this.isPublic(request),
    };
  }
}
