/**
 * Core has a report of a number that this VM gave to another one: another copy of this VM reports, or this one's database was set
 * back behind what it had told. Which of the two it is, only a person knows; until they say so nothing is reported.
 */

import { recordAudit, systemActor } from '../audit/record-audit.ts';
import { readConfig } from '../config/read-config.ts';
import type { Database, Transaction } from '../database/client.ts';
import { holdLock } from '../database/locks.ts';
import { timeNow } from '../kernel/clock.ts';
import { AlfredError } from '../kernel/errors.ts';
import { removeEntries, writePlain } from '../vault/plain-rows.ts';
import { askCore, countAsReported, takeUpCounter } from './after-restore.ts';
import type { BearerCache } from './call-as-vm.ts';
import { copiedRemedy } from './call-core.ts';
import { type LinkState, linkKeys, notLinked, readLink } from './link-state.ts';
import type { CoreDeps } from './link-to-core.ts';

export const isCopied = async (db: Pick<Transaction, 'config'>): Promise<boolean> =>
  (await readConfig(db, linkKeys.copied))[linkKeys.copied] !== undefined;

export const copied = (): AlfredError =>
  new AlfredError(
    'E_COPIED',
    'Core has other reports of this VM: another copy of it reports, or its database was set back. Nothing is reported meanwhile.',
    { remedy: copiedRemedy },
  );

/** Keeps that Core refused a report, as it has another of its number. */
export async function noteCopied(db: Database, link: LinkState, reportId: string): Promise<void> {
  await db.transaction(async (tx) => {
    if (await isCopied(tx)) return;
    await tx.metricReport.update({ where: { id: reportId }, data: { refusedAt: timeNow() } });
    await writePlain(tx, { [linkKeys.copied]: timeNow().toISOString() });
    await recordAudit(tx, {
      action: 'core.copied',
      actor: systemActor,
      subject: link.vmId,
      data: { reportId },
    });
  });
}

/**
 * Goes on reporting, by an owner's word: this is the copy that stays, or the one that was set back. Core is asked how far it
 * was told; what ended by then counts as told, so that nothing is billed twice, and what ended since is told anew.
 *
 * @throws AlfredError E_NOT_LINKED; E_CONFLICT where there is nothing to reconcile; E_CORE_UNREACHABLE, E_CORE_REFUSED
 */
export async function reconcileCopied(
  deps: CoreDeps & { bearer: BearerCache },
  actor: string,
): Promise<{ countedAsReported: number; toReport: number }> {
  const { db } = deps;
  const link = await readLink(db.prisma);
  if (!link) throw notLinked();
  if (!(await isCopied(db.prisma))) {
    throw new AlfredError('E_CONFLICT', 'Core and this VM agree on what was reported');
  }
  const last = await askCore(deps, link);
  return await db.transaction(
    async (tx) => {
      await holdLock(tx, 'reports');
      const dropped = await dropWaiting(tx);
      const countedAsReported = await countAsReported(tx, last.until);
      await takeUpCounter(tx, last.counter);
      await removeEntries(tx, [linkKeys.copied, linkKeys.askFirst]);
      const toReport = await tx.execution.count({
        where: { mode: 'live', completedAt: { not: null }, reportedToCore: false, metricReportId: null },
      });
      await recordAudit(tx, {
        action: 'core.reconciled',
        actor,
        subject: link.vmId,
        data: { until: lastWords(last.until), countedAsReported, dropped },
      });
      return { countedAsReported, toReport };
    },
    { timeoutMs: 120_000 },
  );
}

const lastWords = (until: Date | undefined | 'all'): string | null =>
  until === undefined || until === 'all' ? null : until.toISOString();

/** The reports that Core did not take are sent no more, and what they counted is in none. @returns how many */
async function dropWaiting(tx: Transaction): Promise<number> {
  const waiting = { acknowledgedAt: null, abandonedAt: null };
  const now = timeNow();
  await tx.metricReport.updateMany({ where: waiting, data: { refusedAt: now } });
  await tx.$executeRaw`
    UPDATE executions SET metric_report_id = NULL WHERE NOT reported_to_core AND metric_report_id IN (
      SELECT id FROM metric_reports WHERE acknowledged_at IS NULL AND abandoned_at IS NULL)`;
  const { count } = await tx.metricReport.updateMany({ where: waiting, data: { abandonedAt: now } });
  return count;
}
