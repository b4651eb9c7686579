/** Exactly what Core has been told, byte for byte, and what it will be told next. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CoreLink } from '../../src/contract/core.ts';
import { api } from '../api/api.ts';
import { coreQuery } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { count, duration } from '../ui/format.ts';
import { PageHead, Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Ago } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { t } from '../words/t.ts';
import { CoreCopied } from './core-copied.tsx';
import { LinkForm } from './core-link.tsx';
import { NextReport } from './core-next.tsx';
import { SentReports } from './core-reports.tsx';
import { CoreAnchors, CoreRights } from './core-rights.tsx';

export function CorePage() {
  const core = useQuery(coreQuery);
  if (core.error) return <ProblemNote error={core.error} />;
  if (!core.data) return <SkeletonRows />;
  return (
    <>
      <PageHead
        title={t('Core')}
        help="operations#alfred-core"
        lead={t(
          'Alfred Core is your provider’s control plane. It learns three numbers and nothing else: how many executions ended, how long they took, how many tokens they used.',
        )}
        actions={core.data.linked ? <ReportNow /> : undefined}
      />
      <div className="space-y-5">
        {core.data.linked ? <Linked core={core.data} /> : <LinkForm />}
        <NextReport />
        <SentReports />
      </div>
    </>
  );
}

function ReportNow() {
  const queries = useQueryClient();
  const report = useMutation({
    mutationFn: () => api.reportToCore(),
    onSuccess: ({ sent, waiting, lastError }) =>
      lastError === null
        ? say(
            sent === 0
              ? t('There was nothing to report')
              : t('Core took {sent, plural, one {# report} other {# reports}}', { sent }),
          )
        : say(
            t('{waiting, plural, one {# report} other {# reports}} still to be sent', { waiting }),
            t('{lastError} It is tried again by itself.', { lastError }),
          ),
    onError: sayProblem,
    onSettled: () => queries.invalidateQueries({ queryKey: ['core'] }),
  });
  return (
    <Button busy={report.isPending} onClick={() => report.mutate()}>
      {t('Report now')}
    </Button>
  );
}

function Linked({ core }: { core: CoreLink }) {
  const queries = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const unlink = useMutation({
    mutationFn: () => api.unlinkCore(),
    onSuccess: ({ abandonedReports }) =>
      say(
        t('The link has ended'),
        abandonedReports > 0
          ? t(
              '{abandonedReports, plural, one {# report} other {# reports}} that Core had not taken will never be sent.',
              { abandonedReports },
            )
          : undefined,
      ),
    onError: sayProblem,
    onSettled: async () => {
      setAsked(false);
      await queries.invalidateQueries({ queryKey: ['core'] });
    },
  });
  const { reported, waiting } = core;
  return (
    <>
      {core.copiedAt === null ? null : <CoreCopied since={core.copiedAt} />}
      {core.lastError && core.copiedAt === null ? (
        <div role="alert" className="rounded-xl border border-bad/30 bg-bad-soft px-4 py-3">
          <p className="font-medium">
            {t('Core could not be told lately. It is tried again by itself, for days.')}
          </p>
          <p className="break-words text-ink-2">{core.lastError}</p>
        </div>
      ) : null}
      <div className="grid gap-5 lg:grid-cols-2">
        <Panel
          title={t('Told so far')}
          aside={
            core.lastAcknowledgedAt ? (
              <span className="text-[13px] text-ink-2">
                <Ago at={core.lastAcknowledgedAt} />
              </span>
            ) : null
          }
        >
          <dl className="grid grid-cols-3 gap-4">
            <Figure name={t('executions')}>{count(reported.executions)}</Figure>
            <Figure name={t('duration')}>{duration(reported.durationMs)}</Figure>
            <Figure name={t('tokens')}>{count(reported.tokens)}</Figure>
          </dl>
          <p className="mt-4 text-[13px] text-ink-2">
            {waiting.executions === 0 && waiting.reports === 0
              ? t('Nothing waits to be told.')
              : t(
                  '{executions, plural, one {# execution} other {# executions}} and {reports, plural, one {# report} other {# reports}} wait to be told.',
                  { executions: waiting.executions, reports: waiting.reports },
                )}{' '}
            {t('Reports go out every {minutes, plural, one {# minute} other {# minutes}}.', {
              minutes: core.reportMinutes,
            })}
          </p>
        </Panel>
        <Panel
          title={t('The link')}
          aside={
            <Button size="sm" look="danger" onClick={() => setAsked(true)}>
              {t('End the link')}
            </Button>
          }
        >
          <dl className="space-y-2">
            <Fact name={t('Core')}>{core.url}</Fact>
            <Fact name={t('Since')}>{core.linkedAt ? <Ago at={core.linkedAt} /> : t('unknown')}</Fact>
            <Fact name={t('Known there as')}>
              <code className="font-mono text-[13px]">{core.vmId}</code>
            </Fact>
            <Fact name={t('Its key')}>
              <code className="font-mono text-[13px]">{core.keyFingerprint}</code>
            </Fact>
          </dl>
        </Panel>
      </div>
      <CoreRights scopes={core.tokenScopes} />
      <CoreAnchors anchors={core.anchors} />
      <Confirm
        open={isAsked}
        onClose={() => setAsked(false)}
        onConfirm={() => unlink.mutate()}
        busy={unlink.isPending}
        title={t('End the link to Core?')}
        verb={t('End the link')}
      >
        {t(
          'Nothing is reported any more, and nobody can sign in here through Core. Linking again needs a new token from Core.',
        )}
      </Confirm>
    </>
  );
}

const Figure = ({ name, children }: { name: string; children: string }) => (
  <div className="min-w-0">
    <dt className="text-[13px] text-ink-2">{name}</dt>
    <dd className="truncate text-lg font-semibold tabular-nums">{children}</dd>
  </div>
);

const Fact = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div className="flex justify-between gap-4">
    <dt className="shrink-0 text-ink-2">{name}</dt>
    <dd className="min-w-0 text-right break-words [overflow-wrap:anywhere]">{children}</dd>
  </div>
);
