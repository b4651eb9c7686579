/**
 * Sign-ins by a code that wait for their person: in the rows of their connections, so that they go on after a restart. One process
 * asks, in the pauses that the server wants; whoever finishes, forgets or replaces one does so in the row, which is looked at first.
 */

import type { WaitingDevice } from '../../contract/login-config.ts';
import type { BeginDeviceLogin, DeviceLogin } from '../../contract/logins.ts';
import { millisNow } from '../../kernel/clock.ts';
import { AlfredError, messageOf } from '../../kernel/errors.ts';
import { createGuardedFetch } from '../../outbound/guarded-fetch.ts';
import { assertMayOpen } from '../config/approval.ts';
import { findRow, isIntact, lockRow, readRow } from '../connection-row.ts';
import { begunFor } from './begun.ts';
import { askDevice, planDevice } from './device-flow.ts';
import { atLogin } from './find-login.ts';
import { type KeepDeps, keepLogin, toolsAfter } from './keep-login.ts';
import { clientIn } from './known-clients.ts';
import { asLoginRow, openDevice, openLogin, writeDevice } from './login-row.ts';

export class DeviceLogins {
  readonly #deps: KeepDeps;
  /** The timers of sign-ins that wait, by the id of their connection. */
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #asking = new Set<Promise<void>>();
  #isStopped = false;

  constructor(deps: KeepDeps) {
    this.#deps = deps;
  }

  /**
   * Asks for a code, and from then on whether it was entered. A code from before is forgotten; a login that is there stays until the new one is finished.
   *
   * @throws AlfredError E_NOT_FOUND, E_NOT_APPROVED, E_CONNECTION_INACTIVE before anything is dialled; E_VALIDATION, E_LOGIN_FAILED,
   *   and what keeps the servers from answering
   */
  async begin(name: string, wish: BeginDeviceLogin, begunBy: string): Promise<DeviceLogin> {
    const { db, vault, log } = this.#deps;
    const row = asLoginRow(await findRow(db.prisma, name));
    assertMayOpen(row);
    const { clientId, clientSecret } = wish;
    // The secret is redacted from now on.
    if (clientSecret !== undefined) vault.redactor.register(`${name}.clientSecret`, clientSecret);
    const plan = await atLogin(this.#deps, row, wish, (place, fetch) =>
      planDevice({
        ...place,
        known: clientIn(openLogin(vault, row)),
        byHand: clientId === undefined ? undefined : { clientId, clientSecret },
        fetch,
      }),
    );
    const { approvedHash } = begunFor(row);
    const device: WaitingDevice = { ...plan, begunBy, approvedHash };
    await db.transaction(async (tx) => {
      await writeDevice(tx, vault, asLoginRow(await lockRow(tx, name)), device);
    });
    log.info({ connection: name, actor: begunBy, issuer: device.issuer }, 'a sign-in by a code was begun');
    this.#askIn(row.id, device.intervalMs);
    return present(device);
  }

  /** @throws AlfredError E_NOT_FOUND where none is under way, and none came to nothing */
  async read(name: string): Promise<DeviceLogin> {
    const { db, vault } = this.#deps;
    const device = openDevice(vault, await findRow(db.prisma, name));
    if (device !== undefined) return present(device);
    throw new AlfredError('E_NOT_FOUND', `No sign-in by a code is under way for "${name}".`, {
      remedy: 'Whether somebody is signed in, the connection says.',
    });
  }

  async cancel(name: string): Promise<void> {
    const { db, vault } = this.#deps;
    const id = await db.transaction(async (tx) => {
      const row = asLoginRow(await lockRow(tx, name));
      if (row.config.device !== undefined) await writeDevice(tx, vault, row, undefined);
      return row.id;
    });
    this.#forget(id);
  }

  /** Goes on with the sign-ins that wait. */
  async start(): Promise<void> {
    const { db } = this.#deps;
    const waiting = await db.pool.query<{ id: string; ms: number }>(
      `SELECT id::text, (config -> 'device' ->> 'intervalMs')::float8 AS ms FROM connections
       WHERE config ? 'device' AND NOT config -> 'device' ? 'failed'`,
    );
    for (const { id, ms } of waiting.rows) this.#askIn(id, ms);
  }

  /** Asks no more. A question that is under way is waited for, as its answer may be the tokens. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    await Promise.all(this.#asking);
  }

  #forget(id: string): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  #askIn(id: string, ms: number): void {
    this.#forget(id);
    if (this.#isStopped) return;
    const timer = setTimeout(() => {
      const asking = this.#ask(id)
        .catch((error: unknown) => {
          this.#deps.log.warn(
            { id, reason: messageOf(error) },
            'a sign-in by a code could not be asked after',
          );
          this.#askIn(id, 60_000);
        })
        .finally(() => this.#asking.delete(asking));
      this.#asking.add(asking);
    }, ms);
    timer.unref();
    this.#timers.set(id, timer);
  }

  async #ask(id: string): Promise<void> {
    const { db, vault } = this.#deps;
    const raw = await db.prisma.connection.findUnique({ where: { id } });
    // A row that somebody else changed is not acted on.
    if (raw === null || !isIntact(db.prisma, raw)) return;
    const row = asLoginRow(readRow(raw));
    const device = openDevice(vault, row);
    if (device === undefined || device.failed !== undefined) return;
    if (begunFor(row).approvedHash !== device.approvedHash)
      return this.#note(row.name, device, {
        failed: { state: 'failed', why: `"${row.name}" is not what it was when the sign-in was begun.` },
      });
    if (Date.parse(device.expiresAt) <= millisNow())
      return this.#note(row.name, device, {
        failed: { state: 'expired', why: 'The code was not entered in time.' },
      });
    const guarded = createGuardedFetch({ allowPrivateNetwork: row.config.allowPrivateNetwork });
    const answer = await askDevice(device, guarded.fetch).finally(() => guarded.close());
    switch (answer.outcome) {
      case 'given': {
        const begun = { id, name: row.name, approvedHash: device.approvedHash };
        await keepLogin(this.#deps, begun, answer.login, device.begunBy, device.deviceCode);
        await toolsAfter(this.#deps, row.name);
        return;
      }
      case 'later':
        if (answer.intervalMs !== device.intervalMs)
          await this.#note(row.name, device, { intervalMs: answer.intervalMs });
        this.#askIn(id, answer.intervalMs);
        return;
      default: {
        const { outcome: state, why } = answer;
        await this.#note(row.name, device, { failed: { state, why } });
      }
    }
  }

  /** Notes what came of a sign-in, unless it was replaced or forgotten meanwhile. */
  async #note(
    name: string,
    asked: WaitingDevice,
    change: Partial<Pick<WaitingDevice, 'failed' | 'intervalMs'>>,
  ): Promise<void> {
    const { db, vault, log } = this.#deps;
    await db.transaction(async (tx) => {
      const row = asLoginRow(await lockRow(tx, name));
      const now = openDevice(vault, row);
      if (now?.deviceCode === asked.deviceCode) await writeDevice(tx, vault, row, { ...now, ...change });
    });
    if (change.failed !== undefined)
      log.info({ connection: name, ...change.failed }, 'a sign-in by a code came to nothing');
  }
}

const present = (device: WaitingDevice): DeviceLogin => ({
  state: device.failed?.state ?? 'waiting',
  userCode: device.userCode,
  verificationUri: device.verificationUri,
  verificationUriComplete: device.verificationUriComplete ?? null,
  expiresAt: device.expiresAt,
  issuer: device.issuer,
  scope: device.scope ?? null,
  begunBy: device.begunBy,
  why: device.failed?.why ?? null,
});
