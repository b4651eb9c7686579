/**
 * Sign-ins that have begun, in the memory of the process alone: each holds the verifier that its code is good with. A restart ends
 * them, and so do ten minutes: a page that shows an error never comes back.
 */
import { millisNow } from '../../kernel/clock.ts';
import { AlfredError } from '../../kernel/errors.ts';
import type { Begun } from './begun.ts';
import type { KnownClient } from './choose-client.ts';
import type { LoginPlan } from './plan-login.ts';

/** Who began it: only this very session or token may finish it. */
export type Beginner = { kind: string; id: string; actor: string };

export type PendingLogin = {
  plan: LoginPlan;
  connection: Begun;
  beginner: Beginner;
  expiresAt: Date;
};

/** How long a person may take, in milliseconds. */
export const loginTimeMs = 600_000;
/** How many may be under way at once: no person begins more. */
const most = 100;

export class PendingLogins {
  readonly #pending = new Map<string, PendingLogin>();
  readonly #registered = new Map<string, KnownClient>();

  /** Adds a sign-in beside others of the same connection, as a person may have two pages open. */
  add(login: PendingLogin): void {
    this.#dropOld();
    if (this.#pending.size >= most) {
      throw new AlfredError('E_RATE_LIMITED', 'Too many sign-ins are under way.', {
        remedy: 'Finish or cancel some, or wait ten minutes.',
      });
    }
    this.#pending.set(login.plan.state, login);
    const { client } = login.plan;
    if (client.clientFrom === 'registration') this.#registered.set(login.connection.id, client);
  }

  /** The client that was registered last for a connection: who begins again need not register again. */
  registeredFor(id: string): KnownClient[] {
    const client = this.#registered.get(id);
    return client === undefined ? [] : [client];
  }

  /** Forgets the registered clients of a connection, as the server does not know Alfred any more. */
  forgetRegistered(id: string): void {
    this.#registered.delete(id);
  }

  /**
   * Takes a sign-in out, whatever comes of it: a state is good once.
   *
   * @param name the connection that it must be of; undefined: any
   * @param address where the browser ended
   * @throws AlfredError E_LOGIN_FAILED, in the same words for one that is unknown, over, used, or another caller's
   */
  take(state: string, caller: Beginner, address: string, name?: string): PendingLogin {
    this.#dropOld();
    const login = this.#pending.get(state);
    const isTheirs =
      login !== undefined &&
      isSame(login.beginner, caller) &&
      (name === undefined || login.connection.name === name) &&
      login.plan.client.redirectUri === address;
    if (!isTheirs) {
      throw new AlfredError('E_LOGIN_FAILED', 'No sign-in that was begun here ends at this address.', {
        remedy:
          'Begin it again, and finish it where you began it, within ten minutes: in the same browser, or in the same terminal.',
      });
    }
    this.#pending.delete(state);
    return login;
  }

  /** Drops all that a caller began for a connection. */
  cancel(name: string, caller: Beginner): void {
    for (const [state, { connection, beginner }] of this.#pending) {
      if (connection.name === name && isSame(beginner, caller)) this.#pending.delete(state);
    }
  }

  #dropOld(): void {
    for (const [state, { expiresAt }] of this.#pending) {
      if (expiresAt.getTime() <= millisNow()) this.#pending.delete(state);
    }
  }
}

const isSame = (one: Beginner, other: Beginner): boolean => one.kind === other.kind && one.id === other.id;
