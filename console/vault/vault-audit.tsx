/** Who did what, the newest first; and whether the record is whole. */
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { type AuditEvent, type AuditVerification, auditNouns } from '../../src/contract/audit.ts';
import { api } from '../api/api.ts';
import { type AuditFilters, auditQuery } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Input, Select } from '../ui/field.tsx';
import { duration } from '../ui/format.ts';
import { JsonBox } from '../ui/json-tree.tsx';
import { ShieldCheck } from '../ui/more-icons.tsx';
import { Empty, Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Ago } from '../ui/time.tsx';
import { rich, t } from '../words/t.ts';

const wordsOf = (action: string): string => action.replaceAll(/[._]/g, ' ').replace(/^vm\b/, 'VM');

export function AuditLog() {
  const [filters, setFilters] = useState<AuditFilters>({});
  const events = useInfiniteQuery({ ...auditQuery(filters), placeholderData: (before) => before });
  const verify = useMutation({ mutationFn: () => api.verifyAudit() });
  const items = events.data?.pages.flatMap((page) => page.items);
  return (
    <Panel
      title={t('What was done here')}
      flush
      className="mt-5"
      aside={
        <Button
          size="sm"
          icon={<ShieldCheck className="size-4" />}
          busy={verify.isPending}
          onClick={() => verify.mutate()}
        >
          {t('Verify the chain')}
        </Button>
      }
    >
      <div className="space-y-3 border-b border-line px-4 py-3">
        {verify.error ? <ProblemNote error={verify.error} /> : null}
        {verify.data ? <Verified result={verify.data} /> : null}
        <div className="flex flex-wrap gap-2">
          <Select
            aria-label={t('Kind')}
            value={filters.action ?? ''}
            onChange={({ target }) => setFilters({ ...filters, action: target.value })}
            className="w-auto!"
          >
            <option value="">{t('everything')}</option>
            {auditNouns.map((kind) => (
              <option key={kind} value={kind}>
                {wordsOf(kind)}
              </option>
            ))}
          </Select>
          <Input
            aria-label={t('Done to')}
            placeholder={t('done to: a name or id, in full')}
            value={filters.subject ?? ''}
            onChange={({ target }) => setFilters({ ...filters, subject: target.value.trim() })}
            className="w-64! max-w-full"
          />
        </div>
      </div>
      {events.error ? <ProblemNote error={events.error} /> : null}
      {events.isPending ? <SkeletonRows rows={5} /> : null}
      {items?.length === 0 ? (
        <Empty
          title={t('Nothing like that')}
          action={<Button onClick={() => setFilters({})}>{t('Show everything')}</Button>}
        >
          {t('Each act is written down, linked to the one before it.')}
        </Empty>
      ) : null}
      <ul
        aria-label={t('What was done')}
        aria-busy={events.isPlaceholderData}
        className={cx('divide-y divide-line', events.isPlaceholderData && 'opacity-60')}
      >
        {items?.map((event) => (
          <li key={event.seq}>
            <EventPart event={event} />
          </li>
        ))}
      </ul>
      {events.hasNextPage ? (
        <div className="border-t border-line p-3 text-center">
          <Button size="sm" busy={events.isFetchingNextPage} onClick={() => events.fetchNextPage()}>
            {t('Earlier')}
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}

const EventPart = ({ event: { seq, at, actor, action, subject, data } }: { event: AuditEvent }) => (
  <details>
    <summary className="flex cursor-pointer flex-wrap items-baseline gap-x-3 gap-y-0.5 px-4 py-2 hover:bg-hover">
      <span className="w-12 shrink-0 text-[13px] text-ink-2 tabular-nums">{seq}</span>
      <span className="min-w-0 flex-1 basis-48 break-words">
        <span className="inline-block font-medium first-letter:uppercase">{wordsOf(action)}</span>{' '}
        <span className="wrap-anywhere text-ink-2">{subject}</span>
      </span>
      <span className="text-[13px] break-all text-ink-2">{t('by {actor}', { actor })}</span>
      <Ago at={at} className="text-[13px] text-ink-2" />
    </summary>
    <div className="px-4 pt-1 pb-3">
      {data === null ? (
        <p className="text-[13px] text-ink-2">
          {t('Its particulars were pruned; its hash stays in the chain.')}
        </p>
      ) : (
        <JsonBox value={data} />
      )}
    </div>
  </details>
);

/** The verdict in a sentence, and the first place that is not right. */
function Verified({ result }: { result: AuditVerification }) {
  const { ok, firstBad, findingCount, events, executions, warnings, durationMs } = result;
  return (
    <div
      role="status"
      className={cx(
        'space-y-1 rounded-xl border px-4 py-3',
        ok ? 'border-good/30 bg-good-soft' : 'border-bad/30 bg-bad-soft',
      )}
    >
      <p className="font-medium">
        {ok
          ? t('The record is whole: nothing was changed, taken out or put in.')
          : t(
              'The record is not whole: {places, plural, one {# place is} other {# places are}} not as written.',
              { places: findingCount },
            )}
      </p>
      {firstBad ? (
        <p className="break-words">
          {firstBad.seq === null
            ? t('First: {message}', { message: firstBad.message })
            : t('First at event {seq}: {message}', { seq: firstBad.seq, message: firstBad.message })}
        </p>
      ) : null}
      {ok ? null : (
        <p className="text-ink-2">
          {rich(
            'Keep the database as it is, and compare it with a backup: <code>npx alfred audit verify</code> lists every place.',
            { code: (words) => <code>{words}</code> },
          )}
        </p>
      )}
      {warnings.map((warning) => (
        <p key={warning} className="text-ink-2">
          {warning}
        </p>
      ))}
      <p className="text-[13px] text-ink-2">
        {t(
          '{events, plural, one {# event} other {# events}} and {executions, plural, one {# finished run} other {# finished runs}} gone over in {durationMs}.',
          { events, executions, durationMs: duration(durationMs) },
        )}
      </p>
    </div>
  );
}
