/** Exactly what Core has been told, byte for byte, and what it will be told next. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CoreLink } from '../../src/contract/core.ts';
import { api } from '../api/api.ts';
import { coreQuery } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { duration, plural } from '../ui/format.ts';
import { PageHead, Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Ago } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.tsx';
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
        title="Core"
        help="operations#alfred-core"
        lead="Alfred Core is your provider’s control plane. It learns three numbers and nothing else: how many executions ended, how long they took, how many tokens they used."
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
        ? say(sent === 0 ? 'There was nothing to report' : `Core took ${plural(sent, 'report')}`)
        : say(`${plural(waiting, 'report')} still to be sent`, `${lastError} It is tried again by itself.`),
    onError: sayProblem,
    onSettled: () => queries.invalidateQueries({ queryKey: ['core'] }),
  });
  return (
    <Button busy={report.isPending} onClick={() => report.mutate()}>
      Report now
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
        'The link has ended',
        abandonedReports > 0
          ? `${plural(abandonedReports, 'report')} that Core had not taken will never be sent.`
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
          <p className="font-medium">Core could not be told lately. It is tried again by itself, for days.</p>
          <p className="break-words text-ink-2">{core.lastError}</p>
        </div>
      ) : null}
      <div className="grid gap-5 lg:grid-cols-2">
        <Panel
          title="Told so far"
          aside={
            core.lastAcknowledgedAt ? (
              <span className="text-[13px] text-ink-2">
                <Ago at={core.lastAcknowledgedAt} />
              </span>
            ) : null
          }
        >
          <dl className="grid grid-cols-3 gap-4">
            <Figure name="executions">{reported.executions.toLocaleString()}</Figure>
            <Figure name="duration">{duration(reported.durationMs)}</Figure>
            <Figure name="tokens">{reported.tokens.toLocaleString()}</Figure>
          </dl>
          <p className="mt-4 text-[13px] text-ink-2">
            {waiting.executions === 0 && waiting.reports === 0
              ? 'Nothing waits to be told.'
              : `${plural(waiting.executions, 'execution')} and ${plural(waiting.reports, 'report')} wait to be told.`}{' '}
            Reports go out every {plural(core.reportMinutes, 'minute')}.
          </p>
        </Panel>
        <Panel
          title="The link"
          aside={
            <Button size="sm" look="danger" onClick={() => setAsked(true)}>
              End the link
            </Button>
          }
        >
          <dl className="space-y-2">
            <Fact name="Core">{core.url}</Fact>
            <Fact name="Since">{core.linkedAt ? <Ago at={core.linkedAt} /> : 'unknown'}</Fact>
            <Fact name="Known there as">
              <code className="font-mono text-[13px]">{core.vmId}</code>
            </Fact>
            <Fact name="Its key">
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
        title="End the link to Core?"
        verb="End the link"
      >
        Nothing is reported any more, and nobody can sign in here through Core. Linking again needs a new
        token from Core.
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
