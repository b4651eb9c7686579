/** Reports at an interval and on demand; enrols first where the environment says so. One thing at a time. */
import { readConfig } from '../config/read-config.ts';
import type { AuditVerification } from '../contract/audit.ts';
import type { CoreReport } from '../contract/core.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { repeat } from '../kernel/repeat.ts';
import type { Settings } from '../kernel/settings.ts';
import { reconcile } from './after-restore.ts';
import { anchorHead } from './anchor-head.ts';
import type { BearerCache } from './call-as-vm.ts';
import { checkAnchors } from './check-anchors.ts';
import { compareWithCore } from './compare-with-core.ts';
import { copied, isCopied, reconcileCopied } from './copied.ts';
import { enrolFromEnvironment } from './enrol-from-environment.ts';
import { followSuccession } from './follow-succession.ts';
import { type LinkState, notLinked, readLink } from './link-state.ts';
import type { CoreDeps } from './link-to-core.ts';
import { makeReport } from './make-report.ts';
import { sendReports } from './send-reports.ts';

export type ReporterDeps = CoreDeps & { log: Logger; settings: Pick<Settings, 'core'> };

export type Reporter = {
  start(): void;
  stop(): Promise<void>;
  /** Makes and sends what there is, those that wait after a failure too. @throws AlfredError E_NOT_LINKED */
  reportNow(): Promise<CoreReport>;
  /** Goes on reporting, though Core has other reports of this VM (copied.ts). */
  reconcile(actor: string): Promise<{ countedAsReported: number; toReport: number }>;
  /** Holds a verified chain against what Core has of it, where the owner wants that. */
  checkAnchors(verified: AuditVerification): Promise<AuditVerification>;
  /** Runs `work` while nothing is sent. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
};

const lookEveryMs = 20_000;
/** Whether Core has a new key is asked this seldom. */
const keyEveryMs = 3_600_000;
/** Whether Core has what it was told is asked at the start, and this seldom. */
const compareEveryMs = 24 * 3_600_000;

export function createReporter(given: ReporterDeps): Reporter {
  const { db, log } = given;
  const bearer: BearerCache = {};
  const reporting = repeat(() => exclusively(tick), {
    everyMs: lookEveryMs,
    onTrouble: (error) => log.warn(`could not report to Core: ${messageOf(error)}`),
  });
  const deps = { ...given, stopping: reporting.signal };
  const { compare, anchor } = asides({ ...deps, bearer }, log);
  let last: Promise<unknown> = Promise.resolve();
  let nextReportAt = 0;
  let nextKeyAt = 0;

  function exclusively<T>(work: () => Promise<T>): Promise<T> {
    const done = last.then(work, work);
    last = done.catch(() => {}); // whoever asked for it is told; the next begins all the same
    return done;
  }

  /** Makes all reports that there is something to say in, and sends what waits. */
  async function report(now: boolean): Promise<number> {
    const link = await readLink(db.prisma);
    if (!link) throw notLinked();
    if (await isCopied(db.prisma)) throw copied();
    await reconcile({ ...deps, bearer }, link);
    await compare(link);
    for (;;) {
      const made = await db.transaction((tx) => makeReport(tx, link.vmId), { timeoutMs: 120_000 });
      if (!made) break;
    }
    const sent = await sendReports({ ...deps, bearer }, link, { now });
    if (await isCopied(db.prisma)) throw copied();
    return sent;
  }

  /** The next report by itself is an interval from now. */
  async function putOff(): Promise<void> {
    const { core_report_minutes: minutes } = await readConfig(db.prisma, 'core_report_minutes');
    nextReportAt = performance.now() + minutes * 60_000;
  }

  async function tick(): Promise<void> {
    await enrolFromEnvironment(deps);
    const link = await readLink(db.prisma);
    if (!link) return;
    const now = performance.now();
    if (now >= nextKeyAt) {
      nextKeyAt = now + keyEveryMs;
      await followSuccession(deps, link).catch((error: unknown) => log.warn(messageOf(error)));
    }
    if (now >= nextReportAt) {
      await putOff();
      await report(false);
      await anchor(link);
    } else {
      await sendReports({ ...deps, bearer }, link, { now: false });
    }
  }

  return {
    exclusively,
    start: reporting.start,
    async stop() {
      await reporting.stop();
      await last;
    },
    reconcile: (actor) => exclusively(() => reconcileCopied({ ...deps, bearer }, actor)),
    checkAnchors: (verified) => checkAnchors({ ...deps, bearer }, verified),
    reportNow: () =>
      exclusively(async () => {
        const sent = await report(true);
        const link = await readLink(db.prisma);
        if (link) await anchor(link);
        await putOff();
        const waiting = await db.prisma.metricReport.findMany({
          where: { acknowledgedAt: null, abandonedAt: null },
          orderBy: { seq: 'asc' },
        });
        return { sent, waiting: waiting.length, lastError: waiting[0]?.lastError ?? null };
      }),
  };
}

/** What is asked and told beside the reports, which go their way whatever becomes of this. */
function asides(deps: CoreDeps & { bearer: BearerCache }, log: Logger) {
  let compared = { vmId: '', until: 0 };
  return {
    /** At the start, and once a day: a Core that cannot be asked is asked with the next report. */
    async compare(link: LinkState): Promise<void> {
      if (compared.vmId === link.vmId && performance.now() < compared.until) return;
      try {
        await compareWithCore(deps, link);
        compared = { vmId: link.vmId, until: performance.now() + compareEveryMs };
      } catch (error) {
        log.warn(`could not hold what Core has against what it was told: ${messageOf(error)}`);
      }
    },
    async anchor(link: LinkState): Promise<void> {
      await anchorHead(deps, link).catch((error: unknown) => {
        log.warn(`could not anchor the audit chain at Core: ${messageOf(error)}`);
      });
    },
  };
}
