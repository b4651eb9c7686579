/**
 * Retention: drops the payloads of executions that are too old (`retention_days`), and of the oldest once all payloads take
 * too much (`retention_max_bytes`), and the data of old acts (`audit_retention_days`). In small batches, so that nothing else
 * waits for it; one process at a time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { pruneAudit } from '../audit/prune-audit.ts';
import { systemActor } from '../audit/record-audit.ts';
import { readConfig } from '../config/read-config.ts';
import type { Database } from '../database/client.ts';
import { underLock } from '../database/locks.ts';
import { readSettledNow } from '../database/times.ts';
import type { Clock } from '../kernel/clock.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { repeat } from '../kernel/repeat.ts';
import { type PurgeRequest, purgeExecutions } from './purge-executions.ts';

export type RetentionDeps = {
  db: Database;
  log: Logger;
  /** Which moment it is. Without one, the database's clock, but for a jump that may still be put right. */
  clock?: Clock;
};

export type Retention = {
  /** Purges and prunes what is due now; returns how many executions were purged. */
  tick(): Promise<number>;
  /** Looks every few minutes from now on. */
  start(): void;
  stop(): Promise<void>;
};

type Work = RetentionDeps & { signal: AbortSignal };

const batch = 100;
/** Between two batches, in milliseconds: others shall get at the disk. */
const pauseMs = 100;
const everyMs = 5 * 60_000;
const day = 86_400_000;

export function createRetention({ db, log, clock }: RetentionDeps): Retention {
  async function tick(): Promise<number> {
    const {
      retention_days: days,
      retention_max_bytes: maxBytes,
      audit_retention_days: auditDays,
    } = await readConfig(db.prisma, 'retention_days', 'retention_max_bytes', 'audit_retention_days');
    if (days === undefined && maxBytes === undefined && auditDays === undefined) return 0;
    const purgeAll = async () => {
      const byAge = days === undefined ? 0 : await purgeOld(work, days);
      const byBytes = maxBytes === undefined ? 0 : await purgeBeyond(work, maxBytes);
      if (byAge + byBytes > 0) log.info({ byAge, byBytes }, 'payloads of old executions were dropped');
      if (auditDays !== undefined) await pruneOldActs(work, auditDays);
      return byAge + byBytes;
    };
    return underLock(db.pool, 'retention', purgeAll, { ifTaken: 0 });
  }

  const { signal, start, stop } = repeat(tick, {
    everyMs,
    onTrouble: (error) =>
      log.warn(`what is too old could not be dropped, and is looked at again later: ${messageOf(error)}`),
  });
  const work: Work = { db, log, signal, ...(clock === undefined ? {} : { clock }) };
  return { tick, start, stop };
}

const nowOf = async ({ db, clock }: Work): Promise<Date> => clock?.now() ?? (await readSettledNow(db.pool));
const daysAgo = async (work: Work, days: number) => new Date((await nowOf(work)).getTime() - days * day);

async function pruneOldActs(work: Work, days: number): Promise<void> {
  const { db, log, signal } = work;
  const before = await daysAgo(work, days);
  const upTo = await pruneAudit({ db }, { before, actor: systemActor, signal });
  if (upTo > 0) log.info({ upTo }, 'the data of old acts was dropped from the audit log');
}

/** @returns how many were purged */
async function purgeOld(work: Work, days: number): Promise<number> {
  const { db, signal } = work;
  const before = await daysAgo(work, days);
  let count = 0;
  for (;;) {
    const ids = (await readOldest(db, before)).map(({ id }) => id);
    const { purged } = await purge(db, ids, 'by age');
    count += purged;
    if (ids.length < batch || purged === 0 || signal.aborted) return count;
    await pause(signal);
  }
}

/** @returns how many were purged */
async function purgeBeyond(work: Work, maxBytes: number): Promise<number> {
  const { db, signal } = work;
  const { rows } = await db.pool.query<{ bytes: string }>(
    `SELECT coalesce(sum(payload_bytes), 0) AS bytes FROM executions
     WHERE completed_at IS NOT NULL AND purged_at IS NULL`,
  );
  let excess = Number(rows[0]?.bytes ?? 0) - maxBytes;
  let count = 0;
  while (excess > 0 && !signal.aborted) {
    const ids: string[] = [];
    let sum = 0;
    for (const { id, bytes } of await readOldest(db, await nowOf(work))) {
      if (sum >= excess) break;
      ids.push(id);
      sum += Number(bytes ?? 0);
    }
    const { purged, bytes } = await purge(db, ids, 'by total bytes');
    if (purged === 0) break;
    count += purged;
    excess -= bytes;
    await pause(signal);
  }
  return count;
}

async function readOldest(db: Database, before: Date): Promise<{ id: string; bytes: string | null }[]> {
  const { rows } = await db.pool.query<{ id: string; bytes: string | null }>(
    `SELECT id::text, payload_bytes AS bytes FROM executions
     WHERE completed_at < $1 AND completed_at IS NOT NULL AND purged_at IS NULL
     ORDER BY completed_at, id LIMIT ${batch}`,
    [before],
  );
  return rows;
}

const purge = (db: Database, ids: string[], reason: PurgeRequest['reason']) =>
  purgeExecutions({ db }, { ids, reason, actor: systemActor });

const pause = (signal: AbortSignal) => sleep(pauseMs, undefined, { signal, ref: false }).catch(() => {}); // stopped
