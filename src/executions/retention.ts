/**
 * Retention: drops the payloads of executions that are too old (`retention_days`), and of the oldest once all payloads take
 * too much (`retention_max_bytes`), and the data of old acts (`audit_retention_days`). In small batches, so that nothing else
 * waits for it; one process at a time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { pruneAudit } from '../audit/prune-audit.ts';
import { systemActor } from '../audit/record-audit.ts';
import { getConfig } from '../config/get-config.ts';
import type { Database } from '../database/client.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { type PurgeRequest, purgeExecutions } from './purge-executions.ts';

export type RetentionDeps = { db: Database; log: Logger; clock?: Clock };

export type Retention = {
  /** Purges and prunes what is due now; returns how many executions were purged. */
  tick(): Promise<number>;
  /** Looks every few minutes from now on. */
  start(): void;
  stop(): Promise<void>;
};

const batch = 100;
/** Between two batches, in milliseconds: others shall get at the disk. */
const pauseMs = 100;
const everyMs = 5 * 60_000;
const day = 86_400_000;
/** Of pg_try_advisory_lock; any number that nobody else uses. */
const lockKey = 7_301_552;

export function createRetention({ db, log, clock = systemClock }: RetentionDeps): Retention {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;

  async function tick(): Promise<number> {
    const days = await getConfig(db, 'retention_days');
    const maxBytes = await getConfig(db, 'retention_max_bytes');
    const auditDays = await getConfig(db, 'audit_retention_days');
    if (days === undefined && maxBytes === undefined && auditDays === undefined) return 0;
    const client = await db.pool.connect();
    let broken: Error | undefined;
    try {
      const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [
        lockKey,
      ]);
      if (rows[0]?.mine !== true) return 0;
      const byAge = days === undefined ? 0 : await purgeOld(Number(days));
      const byBytes = maxBytes === undefined ? 0 : await purgeBeyond(Number(maxBytes));
      if (byAge + byBytes > 0) log.info({ byAge, byBytes }, 'payloads of old executions were dropped');
      if (auditDays !== undefined) await pruneOldActs(Number(auditDays));
      return byAge + byBytes;
    } catch (error) {
      broken = error instanceof Error ? error : new Error(String(error));
      throw error;
    } finally {
      if (broken === undefined) await client.query('SELECT pg_advisory_unlock($1)', [lockKey]);
      client.release(broken);
    }
  }

  const daysAgo = (days: number) => new Date(clock.now().getTime() - days * day);

  async function pruneOldActs(days: number): Promise<void> {
    const { signal } = stopping;
    const upTo = await pruneAudit({ db }, { before: daysAgo(days), actor: systemActor, signal });
    if (upTo > 0) log.info({ upTo }, 'the data of old acts was dropped from the audit log');
  }

  async function purgeOld(days: number): Promise<number> {
    const before = daysAgo(days);
    let count = 0;
    for (;;) {
      const ids = (await oldest(before)).map(({ id }) => id);
      const { purged } = await purge(ids, 'by age');
      count += purged;
      if (ids.length < batch || purged === 0 || stopping.signal.aborted) return count;
      await pause();
    }
  }

  async function purgeBeyond(maxBytes: number): Promise<number> {
    const { rows } = await db.pool.query<{ bytes: string }>(
      `SELECT coalesce(sum(payload_bytes), 0) AS bytes FROM executions
       WHERE completed_at IS NOT NULL AND purged_at IS NULL`,
    );
    let excess = Number(rows[0]?.bytes ?? 0) - maxBytes;
    let count = 0;
    while (excess > 0 && !stopping.signal.aborted) {
      const ids: string[] = [];
      let sum = 0;
      for (const { id, bytes } of await oldest(clock.now())) {
        if (sum >= excess) break;
        ids.push(id);
        sum += Number(bytes ?? 0);
      }
      const { purged, bytes } = await purge(ids, 'by total bytes');
      if (purged === 0) break;
      count += purged;
      excess -= bytes;
      await pause();
    }
    return count;
  }

  const oldest = async (before: Date) =>
    (
      await db.pool.query<{ id: string; bytes: string | null }>(
        `SELECT id::text, payload_bytes AS bytes FROM executions
         WHERE completed_at < $1 AND completed_at IS NOT NULL AND purged_at IS NULL
         ORDER BY completed_at, id LIMIT ${batch}`,
        [before],
      )
    ).rows;

  const purge = (ids: string[], reason: PurgeRequest['reason']) =>
    purgeExecutions({ db }, { ids, reason, actor: systemActor });

  const pause = () => sleep(pauseMs, undefined, { signal: stopping.signal, ref: false }).catch(() => {});

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await tick();
      } catch (error) {
        log.warn(`what is too old could not be dropped, and is looked at again later: ${messageOf(error)}`);
      }
      await sleep(everyMs, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
    }
  }

  return {
    tick,
    start() {
      running ??= loop();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
