/**
 * The logins of connections while they are in use: gives the access token to send, and has it renewed, ahead of its end and when it
 * was refused. Many servers give each renewal token out once and end the whole login when one comes again. So at most one renewal
 * of a login is under way, over all processes (an advisory lock); whoever had to wait looks at the row first; and a new token is
 * committed before anybody uses it.
 */

import type { OAuthLogin } from '../../contract/login-config.ts';
import type { Database } from '../../database/client.ts';
import { underLock } from '../../database/locks.ts';
import { type Backoff, pauseAfter } from '../../kernel/backoff.ts';
import { millisNow, timeNow } from '../../kernel/clock.ts';
import { type AlfredError, isAlfredError, messageOf } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/log.ts';
import { Turns } from '../../kernel/turns.ts';
import { createGuardedFetch } from '../../outbound/guarded-fetch.ts';
import { recordSecretUses } from '../../secrets/record-secret-uses.ts';
import type { Vault } from '../../vault/vault.ts';
import { findRow, lockRow } from '../connection-row.ts';
import { endLogin, needsLogin, nobodySignedIn, type TellOfLogin } from './login-ends.ts';
import { asLoginRow, type LoginRow, loginSecrets, openLogin, writeLogin } from './login-row.ts';
import { isRenewable, type Renewable, type Renewal, renewTokens } from './renew-tokens.ts';

export type LoginDeps = { db: Database; vault: Vault; log: Logger; tell: TellOfLogin };

/** An access token in use; `expiresAt` in milliseconds, infinite where nobody said it. */
export type HeldToken = { accessToken: string; expiresAt: number; tokenAt: number };

export type Need = {
  /** A token that the MCP server did not take. */
  refused?: string | undefined;
  /** How long the token must be good for, in milliseconds from now; else as long as one call may be on its way. */
  lifeMs?: number | undefined;
};

/** A token is renewed this long before its end, in milliseconds, or at four fifths of a short life. */
const marginMs = 60_000;
/** A renewed token so young, in milliseconds, that has not run out was not refused for its age: another would be refused as well. */
const youngMs = 30_000;
const backoff: Backoff = { baseMs: 1_000, capMs: 300_000 };
/** Each holds a connection of the database while its server answers. */
const renewalsAtOnce = 3;

export class Logins {
  readonly #deps: LoginDeps;
  readonly #underWay = new Map<string, Promise<HeldToken>>();
  readonly #failures = new Map<string, { count: number; retryAt: number; error: AlfredError }>();
  readonly #turns = new Turns(renewalsAtOnce);

  constructor(deps: LoginDeps) {
    this.#deps = deps;
  }

  /**
   * The token to use; renewed first where `need` asks for it. A renewal that fails while the token is good costs nothing.
   *
   * @throws AlfredError E_NEEDS_LOGIN when only a person can help; else what keeps the authorization server from answering
   */
  async token(name: string, need: Need = {}): Promise<HeldToken> {
    for (let shared = this.#underWay.get(name); shared !== undefined; shared = this.#underWay.get(name)) {
      const held = await shared;
      if (isEnough(held, need)) return held;
    }
    const renewing = this.#turns
      .take(() => this.#underLock(name, need))
      .finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, renewing);
    return renewing;
  }

  /** Keeps which scope a call was refused for want of. */
  async noteMissing(name: string, missing: string): Promise<void> {
    const { db, vault } = this.#deps;
    await db.transaction(async (tx) => {
      const row = asLoginRow(await lockRow(tx, name));
      const login = openLogin(vault, row);
      if (login !== undefined) await writeLogin(tx, vault, row, { ...login, missing });
    });
  }

  async #underLock(name: string, need: Need): Promise<HeldToken> {
    const { db } = this.#deps;
    const { id } = await findRow(db.prisma, name);
    return underLock(db.pool, { each: 'login', id }, () => this.#renew(name, need));
  }

  async #renew(name: string, need: Need): Promise<HeldToken> {
    const { db, vault, log } = this.#deps;
    const row = asLoginRow(await findRow(db.prisma, name));
    const login = openLogin(vault, row);
    const held = login && heldIn(login);
    if (held && isEnough(held, need)) return held;
    if (login?.ended !== undefined) throw needsLogin(name, login.ended.why);
    if (login === undefined || !hasTokens(login)) throw nobodySignedIn(name);
    const isGood = held !== undefined && held.accessToken !== need.refused && held.expiresAt > millisNow();
    if (!isRenewable(login)) {
      if (isGood) return held;
      return this.#cannotRenew(row, login);
    }
    if (held && held.accessToken === need.refused && isJustRenewed(login, held))
      throw needsLogin(name, `"${name}" refuses even the token that was just given for it.`);
    try {
      return await this.#ask(row, login);
    } catch (error) {
      if (!isGood || isAlfredError(error, 'E_NEEDS_LOGIN')) throw error;
      log.warn(
        { connection: name, reason: messageOf(error) },
        'a sign-in could not be renewed ahead of its end',
      );
      return held;
    }
  }

  async #ask(row: LoginRow, login: Renewable): Promise<HeldToken> {
    const { name } = row;
    const failed = this.#failures.get(row.id);
    if (failed !== undefined && performance.now() < failed.retryAt) throw failed.error;
    const renewal = await this.#send(row, login);
    switch (renewal.outcome) {
      case 'renewed':
        this.#failures.delete(row.id);
        return this.#keep(name, login, renewal.login);
      case 'refused':
        this.#failures.delete(row.id);
        return this.#end(name, login, whyRefused(login, renewal.why));
      case 'later':
        // The server has answered: nothing was lost on the way.
        await this.#change(name, login, ({ renewingSince: _asked, ...rest }) => rest);
        throw this.#noteFailure(row.id, renewal.error);
      case 'lost':
        throw this.#noteFailure(row.id, renewal.error);
    }
  }

  async #send(row: LoginRow, login: Renewable): Promise<Renewal> {
    const { db } = this.#deps;
    const guarded = createGuardedFetch({ allowPrivateNetwork: row.config.allowPrivateNetwork });
    try {
      return await renewTokens(login, guarded.fetch, async () => {
        await recordSecretUses(db, {
          secrets: loginSecrets(row, ['refreshToken', 'clientSecret']),
          destination: new URL(login.issuer).host,
        });
        // Whoever comes after a crash must know that the server may have answered.
        const renewingSince = login.renewingSince ?? timeNow().toISOString();
        await this.#change(row.name, login, (now) => ({ ...now, renewingSince }));
      });
    } finally {
      await guarded.close();
    }
  }

  /** Commits what was given. @throws AlfredError E_NEEDS_LOGIN when somebody signed out meanwhile */
  async #keep(name: string, asked: Renewable, next: OAuthLogin): Promise<HeldToken> {
    const { log } = this.#deps;
    const written = await this.#change(name, asked, (now) => ({ ...next, ...missingIn(now) }));
    const held = written && heldIn(written);
    if (held === undefined)
      throw needsLogin(name, `The sign-in to "${name}" was changed while it was renewed.`);
    log.info({ connection: name, expiresAt: written?.expiresAt }, 'a sign-in was renewed');
    return held;
  }

  async #end(name: string, asked: OAuthLogin, why: string): Promise<never> {
    const { db, vault, tell, log } = this.#deps;
    await db.transaction(async (tx) => {
      const row = asLoginRow(await lockRow(tx, name));
      const now = openLogin(vault, row);
      if (now && isSameLogin(now, asked)) await endLogin({ vault, tell, tx }, row, now, why);
    });
    log.warn({ connection: name, why }, 'a sign-in has ended');
    throw needsLogin(name, why);
  }

  /** A token that a person gave by hand is left where it is; a login of ours has ended. */
  async #cannotRenew(row: LoginRow, login: OAuthLogin): Promise<never> {
    const { name } = row;
    const why = `The sign-in to "${name}" has ended, and its server gave no leave to renew it.`;
    if (login.grantedAt === undefined)
      throw needsLogin(name, `"${name}" wants a login, or refuses the one it was given (HTTP 401).`);
    return this.#end(name, login, why);
  }

  /** @returns what is kept now; undefined when it is another login by now, which is left as it is */
  async #change(name: string, asked: OAuthLogin, change: (login: OAuthLogin) => OAuthLogin) {
    const { db, vault } = this.#deps;
    return db.transaction(async (tx) => {
      const row = asLoginRow(await lockRow(tx, name));
      const now = openLogin(vault, row);
      if (now === undefined || !isSameLogin(now, asked)) return undefined;
      const next = change(now);
      await writeLogin(tx, vault, row, next);
      return next;
    });
  }

  #noteFailure(id: string, error: AlfredError): AlfredError {
    const count = (this.#failures.get(id)?.count ?? 0) + 1;
    this.#failures.set(id, { count, retryAt: performance.now() + pauseAfter(count, backoff), error });
    return error;
  }
}

/** After a sign-out a client that a person made by hand is kept alone. */
const hasTokens = ({ accessToken, refreshToken }: OAuthLogin): boolean =>
  accessToken !== undefined || refreshToken !== undefined;

const isJustRenewed = ({ tokenAt = '', grantedAt = '' }: OAuthLogin, { expiresAt }: HeldToken): boolean =>
  Date.parse(tokenAt) > Date.parse(grantedAt) &&
  millisNow() - Date.parse(tokenAt) < youngMs &&
  expiresAt > millisNow();

/** Of one sign-in, with the renewal token that was sent. */
const isSameLogin = (now: OAuthLogin, asked: OAuthLogin): boolean =>
  now.refreshToken === asked.refreshToken &&
  now.accessToken === asked.accessToken &&
  now.issuer === asked.issuer;

const missingIn = ({ missing }: OAuthLogin) => (missing === undefined ? {} : { missing });

export function heldIn({ accessToken, expiresAt, tokenAt }: OAuthLogin): HeldToken | undefined {
  if (accessToken === undefined) return undefined;
  return {
    accessToken,
    expiresAt: expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(expiresAt),
    tokenAt: tokenAt === undefined ? 0 : Date.parse(tokenAt),
  };
}

/** Whether a token will do. */
export function isEnough({ accessToken, expiresAt, tokenAt }: HeldToken, { refused, lifeMs }: Need): boolean {
  if (accessToken === refused) return false;
  const margin = lifeMs ?? Math.min(marginMs, (expiresAt - tokenAt) / 5);
  return expiresAt - millisNow() > margin;
}

function whyRefused({ issuer, renewingSince }: Renewable, why: string): string {
  return renewingSince === undefined
    ? `${issuer} does not renew the sign-in (${why}).`
    : `The answer to a renewal of ${renewingSince} was lost before it was kept, and ${issuer} does not give it again (${why}).`;
}
