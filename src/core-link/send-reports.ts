import { counterOf } from '../contract/core.ts';
import { vmOperations } from '../contract/core-api/vms.ts';
import { doubled } from '../kernel/backoff.ts';
import { millisNow, timeNow } from '../kernel/clock.ts';
import { isAlfredError, messageOf } from '../kernel/errors.ts';
import { type BearerCache, callAsVm } from './call-as-vm.ts';
import { type CoreRequest, lineOf } from './call-core.ts';
import { isCopied, noteCopied } from './copied.ts';
import type { LinkState } from './link-state.ts';
import type { CoreDeps } from './link-to-core.ts';
import { noteClock } from './note-clock.ts';

/** Nothing is ever given up. */
const backoff = { baseMs: 30_000, capMs: 6 * 3_600_000 };

/** How long to wait after so many attempts: doubling, with a third of it by chance, so that VMs do not come all at once. */
export const waitAfter = (attempts: number, chance = Math.random()): number =>
  doubled(attempts, backoff) * (1 + chance / 3);

/** Whether its time is to come; one that is further away than any pause was set before the clock was put back. */
function waits(nextAttemptAt: Date): boolean {
  const left = nextAttemptAt.getTime() - millisNow();
  return left > 0 && left <= (backoff.capMs * 4) / 3;
}

/** The request that carries a report. */
export const reportRequest = (link: LinkState, body: string): CoreRequest => ({
  ...lineOf(vmOperations.storeReport, link),
  body,
});

/**
 * Sends the kept reports that Core has not acknowledged, the oldest first, byte for byte as they are kept.
 *
 * @param options.now sends those too that wait after a failure
 * @returns how many were acknowledged
 */
export async function sendReports(
  deps: CoreDeps & { bearer: BearerCache },
  link: LinkState,
  options: { now: boolean },
): Promise<number> {
  const { db } = deps;
  let sent = 0;
  for (;;) {
    const [report] = await db.prisma.metricReport.findMany({
      where: { acknowledgedAt: null, abandonedAt: null },
      orderBy: { seq: 'asc' },
      take: 1,
    });
    if (!report || (!options.now && waits(report.nextAttemptAt)) || (await isCopied(db.prisma))) return sent;
    try {
      await noteClock(db, await callAsVm(deps, link, reportRequest(link, report.body)));
    } catch (error) {
      // No failure of Core's.
      if (deps.stopping?.aborted) return sent;
      if (isAlfredError(error, 'E_COPIED')) await noteCopied(db, link, report.id);
      const attempts = report.attempts + 1;
      await db.prisma.metricReport.update({
        where: { id: report.id },
        data: {
          attempts,
          nextAttemptAt: new Date(millisNow() + waitAfter(attempts)),
          lastError: messageOf(error).slice(0, 500),
        },
      });
      if (isAlfredError(error)) return sent;
      throw error;
    }
    await acknowledge(deps, report.id);
    sent++;
  }
}

/** Core has it: the report and its executions say so together. */
async function acknowledge({ db }: CoreDeps, id: string): Promise<void> {
  await db.transaction(
    async (tx) => {
      const { count } = await tx.metricReport.updateMany({
        where: { id, acknowledgedAt: null },
        data: { acknowledgedAt: timeNow(), attempts: { increment: 1 }, lastError: null },
      });
      if (count === 0) return;
      await tx.$executeRaw`
        UPDATE executions SET reported_to_core = true WHERE metric_report_id = ${id}::uuid AND NOT reported_to_core`;
    },
    { timeoutMs: 120_000 },
  );
}

/**
 * Sends reports again that Core acknowledged and does not have any more, as its own database was set back.
 *
 * @param counter the number of the first one that it may have lost
 * @returns how many were sent
 */
export async function sendAgain(
  deps: CoreDeps & { bearer: BearerCache },
  link: LinkState,
  counter: number,
): Promise<number> {
  let last = 0n;
  let sent = 0;
  for (;;) {
    const report = await deps.db.prisma.metricReport.findFirst({
      where: { vmId: link.vmId, acknowledgedAt: { not: null }, seq: { gt: last } },
      orderBy: { seq: 'asc' },
    });
    if (!report) return sent;
    last = report.seq;
    if ((counterOf(report.id) ?? 0) < counter) continue;
    await callAsVm(deps, link, reportRequest(link, report.body));
    sent++;
  }
}
