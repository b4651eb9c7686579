/** What somebody must see to, and where that is told. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AlertKind, Alerts as AlertsRead } from '../../src/contract/core-alerts.ts';
import type { CoreSession } from '../../src/contract/core-people.ts';
import { Button } from '../ui/button.tsx';
import { Check, TriangleAlert, Webhook } from '../ui/icons.tsx';
import { Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Ago } from '../ui/time.tsx';
import { sayProblem } from '../ui/toast.ts';
import { api } from './api.ts';
import { plural } from './plural.ts';
import { alertsQuery } from './queries.ts';
import { VmById } from './vm-dialog.tsx';

const words: Readonly<Record<AlertKind, string>> = {
  silent: 'no report for two days',
  refused: 'its reports are refused',
  copied: 'reports twice: two copies of it run, or it was set back',
  never: 'enrolled two days ago, no report yet',
};
/** More stand in the table of VMs, which can be searched. */
const shown = 8;

export function Alerts({ session }: { session: CoreSession }) {
  const alerts = useQuery(alertsQuery);
  const queries = useQueryClient();
  const [opened, setOpened] = useState<string>();
  const test = useMutation({
    mutationFn: () => api.testAlerts(),
    onError: sayProblem,
    onSettled: () => queries.invalidateQueries({ queryKey: ['alerts'] }),
  });
  const { items = [], channels = [] } = alerts.data ?? {};
  const mayTest = session.role !== 'billing' && channels.length > 0;
  return (
    <Panel
      title="Alerts"
      aside={
        mayTest ? (
          <Button
            size="sm"
            icon={<Webhook className="size-4" />}
            busy={test.isPending}
            onClick={() => test.mutate()}
          >
            Send a test
          </Button>
        ) : undefined
      }
    >
      {opened === undefined ? null : <VmById vmId={opened} onClose={() => setOpened(undefined)} />}
      {alerts.error ? <ProblemNote error={alerts.error} /> : null}
      {alerts.isPending ? <SkeletonRows rows={2} /> : null}
      {alerts.data ? (
        <>
          <ul aria-label="Alerts" className="divide-y divide-line">
            {items.slice(0, shown).map(({ id, vmId, label, owner, kind, beganAt, lastReportAt }) => (
              <li key={id} className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5 py-2">
                <span className="min-w-0">
                  <button
                    type="button"
                    onClick={() => setOpened(vmId)}
                    className="font-medium hover:underline"
                  >
                    {label === '' ? vmId : label}
                  </button>
                  {owner === null ? null : <span className="text-ink-2"> of {owner}</span>}
                  <span className="block text-[13px] text-wait">{words[kind]}</span>
                </span>
                <span className="text-[13px] text-ink-2">
                  {kind === 'silent' && lastReportAt !== null ? 'last report ' : 'noticed '}
                  <Ago at={kind === 'silent' && lastReportAt !== null ? lastReportAt : beganAt} />
                </span>
              </li>
            ))}
            {items.length > shown ? (
              <li className="py-2 text-ink-2">And {items.length - shown} more, in the list of VMs.</li>
            ) : null}
            {items.length === 0 ? (
              <li className="py-2 text-ink-2">
                Nothing to see to. A VM stands here that has been silent for two days, whose reports are
                refused, that reports twice or never began.
              </li>
            ) : null}
          </ul>
          <Channels channels={channels} />
        </>
      ) : null}
      {test.data ? (
        <ul aria-label="Test" role="status" className="mt-2 space-y-1 text-[13px]">
          {test.data.items.map(({ channel, to, ok, error }) => (
            <li key={channel} className={ok ? 'text-ink-2' : 'text-wait'}>
              {ok ? `The test was taken by ${to}.` : `The test was not taken: ${error}`}
            </li>
          ))}
        </ul>
      ) : null}
    </Panel>
  );
}

function Channels({ channels }: { channels: AlertsRead['channels'] }) {
  if (channels.length === 0) {
    return (
      <p className="border-t border-line pt-3 text-[13px] text-ink-2">
        They stand here alone, and nobody is told: to have them sent, start Core with{' '}
        <code>CORE_ALERT_WEBHOOK</code>, or with <code>CORE_ALERT_MAIL</code>, <code>CORE_SMTP_URL</code> and{' '}
        <code>CORE_MAIL_FROM</code>.
      </p>
    );
  }
  return (
    <ul aria-label="Told to" className="space-y-1 border-t border-line pt-3 text-[13px] text-ink-2">
      {channels.map(({ channel, to, waiting, givenUp, lastDeliveredAt, lastError }) => {
        const isGood = waiting === 0 && lastError === null;
        const StateIcon = isGood ? Check : TriangleAlert;
        return (
          <li key={channel} className="flex items-start gap-1.5">
            <StateIcon
              aria-hidden="true"
              className={`mt-0.5 size-3.5 shrink-0 ${isGood ? 'text-good' : 'text-wait'}`}
            />
            <span className="min-w-0 break-words">
              {channel === 'mail' ? 'Mail to' : 'Webhook'} {to}
              {lastDeliveredAt === null ? null : (
                <>
                  , last taken <Ago at={lastDeliveredAt} />
                </>
              )}
              {waiting === 0 ? null : `, ${plural(waiting, 'message')} waiting`}
              {givenUp === 0 ? null : `, ${plural(givenUp, 'message')} given up`}
              {lastError === null ? null : <span className="block text-wait">{lastError}</span>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
