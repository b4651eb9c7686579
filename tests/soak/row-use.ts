/** Uses what a changed row is about: connections, skills, and a run that waits for its owner. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RowChanger } from './row-changer.ts';
import type { RowClient } from './row-client.ts';
import type { Places } from './row-places.ts';

const settledWithinMs = 15_000;

export class RowUse {
  /** How many calls the owner approved. */
  decided = 0;
  readonly #client: RowClient;
  readonly #places: Places;
  readonly #below: (below: number) => number;
  #waiting: string | undefined;

  constructor(client: RowClient, places: Places, below: (below: number) => number) {
    this.#client = client;
    this.#places = places;
    this.#below = below;
  }

  /** The run that waits, if it is this one. */
  isWaiting(executionId: string | undefined): executionId is string {
    return executionId !== undefined && executionId === this.#waiting;
  }

  async useConnections(): Promise<void> {
    // A process of the server that is gone has to be started again, by what the row says now.
    const pid = this.#places.lastStarted();
    if (pid !== undefined && this.#below(3) === 0) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
    for (const [name, tool] of [
      ['ledger', 'look'],
      ['web', 'echo'],
    ] as const) {
      const route = `/api/v1/connections/${name}`;
      const called = await this.#client.asOwner('POST', `${route}/tools/${tool}`, { arguments: {} });
      this.#client.note(`tool by hand: ${called.status}`);
      this.#client.note(
        `connection test: ${(await this.#client.asOwner('POST', `${route}/test`, {})).status}`,
      );
      if (this.#below(4) === 0) await this.#client.asOwner('POST', `${route}/discover`, {});
    }
  }

  async testModel(): Promise<void> {
    this.#client.note(`model test: ${(await this.#client.asOwner('POST', '/api/v1/model/test', {})).status}`);
  }

  async runPlain(): Promise<void> {
    const { status, body } = await this.#client.asOwner('POST', '/api/v1/skills/plain/run', { input: {} });
    const end = status === 202 ? await this.#settled(String(body.executionId)) : status;
    this.#client.note(`skill run: ${end}`);
  }

  /** @returns the run that waits for a person; a new one when the last has ended */
  async keepOneWaiting(): Promise<string> {
    if (this.#waiting !== undefined && (await this.#statusOf(this.#waiting)) === 'waiting_approval')
      return this.#waiting;
    const { body } = await this.#client.asOwner('POST', '/api/v1/skills/asks/run', { input: {} });
    const id = String(body.executionId);
    const status = await this.#settled(id);
    if (status !== 'waiting_approval')
      throw new Error(`The skill that asks: ${status} ${JSON.stringify(body)}`);
    this.#waiting = id;
    return id;
  }

  /** Has the execution taken up, as who owns the queue's tables can; or has the call decided by the owner. */
  async goOnWith(id: string, changer: RowChanger): Promise<void> {
    if (this.#below(3) === 0) await this.#decide(id);
    else await this.#wake(id, changer);
    this.#client.note(`went on: ${await this.#settled(id)}`);
  }

  async #decide(id: string): Promise<void> {
    const { body } = await this.#client.asOwner('GET', `/api/v1/approvals?execution=${id}`);
    const [approval] = (body.items ?? []) as { id: string }[];
    if (!approval) return;
    const decision = { decision: 'approve' };
    const { status } = await this.#client.asOwner('POST', `/api/v1/approvals/${approval.id}`, decision);
    if (status < 300) this.decided += 1;
    this.#client.note(`decided: ${status}`);
  }

  async #wake(id: string, changer: RowChanger): Promise<void> {
    const to = `UPDATE executions SET status = 'queued' WHERE id = $1 AND status = 'waiting_approval'`;
    const woken = await changer.query(to, [id]).catch(() => undefined);
    this.#client.note(woken === undefined ? 'waking refused' : 'woken');
    await changer.query('DELETE FROM pgboss.job WHERE id = $1', [id]);
    await changer.query(`INSERT INTO pgboss.job (id, name, data) VALUES ($1, 'execution.run', $2)`, [
      id,
      JSON.stringify({ executionId: id }),
    ]);
    await changer.query(`SELECT pg_notify('alfred_jobs', 'execution.run')`);
    await sleep(300);
  }

  async #statusOf(id: string): Promise<unknown> {
    return (await this.#client.asOwner('GET', `/api/v1/executions/${id}`)).body.status;
  }

  async #settled(id: string): Promise<unknown> {
    for (const until = Date.now() + settledWithinMs; Date.now() < until; await sleep(50)) {
      const status = await this.#statusOf(id);
      if (status !== 'queued' && status !== 'running') return status;
    }
    return 'not settled';
  }
}
