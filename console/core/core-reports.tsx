/** Every report that was made, with its exact bytes. */
import { useInfiniteQuery } from '@tanstack/react-query';
import type { KeptReport } from '../../src/contract/core.ts';
import { Button } from '../ui/button.tsx';
import { Empty, Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Ago } from '../ui/time.tsx';
import { t } from '../words/t.ts';
import { coreReportsQuery } from './core-queries.ts';

export function SentReports() {
  const reports = useInfiniteQuery(coreReportsQuery);
  const items = reports.data?.pages.flatMap((page) => page.items);
  return (
    <Panel title={t('Exactly what Core has been told')} flush>
      {reports.error ? <ProblemNote error={reports.error} /> : null}
      {reports.isPending ? <SkeletonRows rows={3} /> : null}
      {items?.length === 0 ? (
        <Empty title={t('Nothing')}>
          {t('Core has not been told anything. Each report will stand here, byte for byte.')}
        </Empty>
      ) : null}
      <ul className="divide-y divide-line">
        {items?.map((report) => (
          <li key={report.body} className="space-y-1.5 px-4 py-3">
            <p className="flex flex-wrap justify-between gap-x-4 text-[13px] text-ink-2">
              <span>{fateOf(report)}</span>
              <Ago at={report.acknowledgedAt ?? report.createdAt} />
            </p>
            <code className="block font-mono text-[13px] break-all">{report.body}</code>
            {report.lastError && report.acknowledgedAt === null ? (
              <p className="text-[13px] break-words text-bad">{report.lastError}</p>
            ) : null}
          </li>
        ))}
      </ul>
      {reports.hasNextPage ? (
        <div className="border-t border-line p-3 text-center">
          <Button size="sm" busy={reports.isFetchingNextPage} onClick={() => reports.fetchNextPage()}>
            {t('Earlier reports')}
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}

function fateOf({ acknowledgedAt, abandonedAt, attempts }: KeptReport): string {
  if (acknowledgedAt !== null) return t('Core has it');
  if (abandonedAt !== null) return t('Given up: the link ended before Core had it');
  return attempts === 0 ? t('Waits to be sent') : t('Not taken yet, after {attempts} tries', { attempts });
}
