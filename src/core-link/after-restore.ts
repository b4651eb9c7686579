/**
 * A database that was set back does not know what Core was told since: an execution that is in no report here may be in one there.
 * So Core is asked how far it was told, before anything new is; until it answers, no report is made. Reports that were made
 * by then go out again as they are, and Core knows them by their ids.
 */
import { recordAudit, systemActor } from '../audit/record-audit.ts';
import { readConfig } from '../config/read-config.ts';
import { lastReportSchema } from '../contract/core.ts';
import { vmOperations } from '../contract/core-api/vms.ts';
import type { Transaction } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import { removeEntries, writePlain } from '../vault/plain-rows.ts';
import { type BearerCache, callAsVm } from './call-as-vm.ts';
import { CoreRefusal, lineOf } from './call-core.ts';
import { type LinkState, linkKeys, readLink } from './link-state.ts';
import type { CoreDeps } from './link-to-core.ts';

/**
 * Has Core asked before the next report.
 *
 * @returns how many executions it is about; none where the VM was linked to no Core
 */
export async function askBeforeReporting(tx: Transaction): Promise<number> {
  if (!(await readLink(tx))) return 0;
  await writePlain(tx, { [linkKeys.askFirst]: 'true' });
  return await tx.execution.count({
    where: { mode: 'live', completedAt: { not: null }, reportedToCore: false, metricReportId: null },
  });
}

/** Whether Core is to be asked first. */
export const isToAskFirst = async (db: Pick<Transaction, 'config'>): Promise<boolean> =>
  (await readConfig(db, linkKeys.askFirst))[linkKeys.askFirst] !== undefined;

/**
 * Asks Core, where that is due: what ended before the end of its last report counts as told, and the rest is reported.
 *
 * @throws AlfredError E_CORE_UNREACHABLE, E_CORE_REFUSED: it is asked again
 */
export async function reconcile(deps: CoreDeps & { bearer: BearerCache }, link: LinkState): Promise<void> {
  const { db } = deps;
  if (!(await isToAskFirst(db.prisma))) return;
  const { until, counter } = await askCore(deps, link);
  await db.transaction(
    async (tx) => {
      const counted = await countAsReported(tx, until);
      await takeUpCounter(tx, counter);
      await removeEntries(tx, [linkKeys.askFirst]);
      await recordAudit(tx, {
        action: 'core.reconciled',
        actor: systemActor,
        subject: link.vmId,
        data: { until: until === 'all' ? null : (until?.toISOString() ?? null), countedAsReported: counted },
      });
    },
    { timeoutMs: 120_000 },
  );
}

/** How far Core was told. */
type Told = {
  /** The end of its last report; undefined before the first; `all` of a Core that is older than the question. */
  until: Date | undefined | 'all';
  /** The number of its last report; 0 of a Core that does not count, and before the first. */
  counter: number;
  /** The number of the first one that it does not have, of those that it should. */
  firstMissing: number | null;
};

/** @throws AlfredError E_CORE_UNREACHABLE, E_CORE_REFUSED */
export async function askCore(deps: CoreDeps & { bearer: BearerCache }, link: LinkState): Promise<Told> {
  try {
    const answer = lastReportSchema.safeParse(
      await callAsVm(deps, link, lineOf(vmOperations.readLastReport, link)),
    );
    if (!answer.success) throw new AlfredError('E_CORE_REFUSED', `What answers at ${link.url} is no Core.`);
    const { periodEnd, counter, firstMissing } = answer.data;
    const until = periodEnd === null ? undefined : new Date(periodEnd);
    return { until, counter: counter ?? 0, firstMissing };
  } catch (error) {
    // That nothing is counted twice goes before that all is counted.
    if (error instanceof CoreRefusal && error.coreStatus === 404) {
      return { until: 'all', counter: 0, firstMissing: null };
    }
    throw error;
  }
}

/** The next report has the number after Core's last one. */
export async function takeUpCounter(tx: Transaction, counter: number): Promise<void> {
  const own = (await readConfig(tx, linkKeys.counter)).core_counter ?? 0;
  if (counter > own) await writePlain(tx, { [linkKeys.counter]: String(counter) });
}

/**
 * Counts executions as told that ended by then and are in no report.
 *
 * @returns how many
 */
export async function countAsReported(tx: Transaction, until: Date | undefined | 'all'): Promise<number> {
  if (until === undefined) return 0;
  const { count } = await tx.execution.updateMany({
    where: {
      mode: 'live',
      completedAt: until === 'all' ? { not: null } : { lte: until },
      reportedToCore: false,
      metricReportId: null,
    },
    data: { reportedToCore: true },
  });
  return count;
}
