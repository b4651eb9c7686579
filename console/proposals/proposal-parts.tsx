/** What a proposal says of itself: when it would run, what it may reach, and what one should look at. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { isFinal } from '../../src/contract/execution-status.ts';
import type { Proposal } from '../../src/contract/proposals.ts';
import { executionQuery } from '../api/queries.ts';
import { InnerRun } from '../executions/inner-run.tsx';
import { cx } from '../ui/cx.ts';
import { Ban, Check, CircleDashed, type Icon, TriangleAlert } from '../ui/icons.tsx';
import { Plus } from '../ui/more-icons.tsx';
import { ExecutionStatusMark } from '../ui/status.tsx';
import { t } from '../words/t.ts';

const looks: Record<Proposal['status'], { word: string; icon: Icon; tone: string }> = {
  open: { word: t('waits for you'), icon: CircleDashed, tone: 'bg-wait-soft text-wait' },
  stale: { word: t('stale'), icon: TriangleAlert, tone: 'bg-wait-soft text-wait' },
  accepted: { word: t('accepted'), icon: Check, tone: 'bg-good-soft text-good' },
  rejected: { word: t('declined'), icon: Ban, tone: 'bg-sunken text-ink-2' },
};

export function ProposalMark({ status }: { status: Proposal['status'] }) {
  const { word, icon: StatusIcon, tone } = looks[status];
  return (
    <span
      className={cx(
        'inline-flex h-6 items-center gap-1.5 rounded-full pr-2.5 pl-2 text-[13px] font-medium whitespace-nowrap',
        tone,
      )}
    >
      <StatusIcon aria-hidden="true" className="size-3.5" strokeWidth={2.4} />
      {word}
    </span>
  );
}

/** Its name for people, as it is proposed. */
export const nameOf = ({ definition, slug }: Pick<Proposal, 'definition' | 'slug'>): string =>
  typeof definition.name === 'string' ? definition.name : slug;

export const aboutOf = ({ definition }: Pick<Proposal, 'definition'>): string =>
  typeof definition.description === 'string' ? definition.description : '';

export function Facts({ proposal }: { proposal: Proposal }) {
  const { when, reach, newTools, risks, notes } = proposal;
  return (
    <dl className="space-y-3">
      <Fact name={t('When it runs')}>
        <p>{when}.</p>
      </Fact>
      <Fact name={t('What it may reach')}>
        <Sentences items={reach} />
      </Fact>
      {newTools.length === 0 ? null : (
        <Fact name={t('Tools that it does not have yet')}>
          <Sentences items={newTools} icon={Plus} tone="text-accent" />
        </Fact>
      )}
      <Fact name={t('What is risky')}>
        {risks.length === 0 ? (
          <p className="text-ink-2">{t('Nothing that is known: it changes nothing unasked.')}</p>
        ) : (
          <Sentences items={risks} icon={TriangleAlert} tone="text-wait" />
        )}
      </Fact>
      {notes.length === 0 ? null : (
        <Fact name={t('Left out, or not taken over')}>
          <Sentences items={notes} />
        </Fact>
      )}
    </dl>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="space-y-0.5">
    <dt className="text-[13px] text-ink-2">{name}</dt>
    <dd>{children}</dd>
  </div>
);

const Sentences = ({
  items,
  icon: ItemIcon,
  tone = '',
}: {
  items: readonly string[];
  icon?: Icon;
  tone?: string;
}) => (
  <ul className="space-y-1">
    {items.map((item) => (
      <li key={item} className="flex gap-2">
        {ItemIcon === undefined ? null : (
          <ItemIcon aria-hidden="true" className={cx('mt-1 size-3.5 shrink-0', tone)} />
        )}
        <span className="min-w-0 break-words">{item}</span>
      </li>
    ))}
  </ul>
);

/** Why it cannot be accepted as it stands, and what to do. */
export const StaleNote = ({ reasons }: { reasons: readonly string[] }) => (
  <div className="flex gap-2 rounded-lg border border-wait/40 bg-wait-soft px-3 py-2">
    <TriangleAlert aria-hidden="true" className="mt-1 size-4 shrink-0 text-wait" />
    <div className="min-w-0">
      {reasons.map((reason) => (
        <p key={reason}>{reason}</p>
      ))}
      <p className="text-ink-2">
        {t(
          'Look at it anew: it is compared with what is there now, and can be accepted again. Or edit it first.',
        )}
      </p>
    </div>
  </div>
);

/** The run in which it was tried, as it goes. */
export function Rehearsal({ id }: { id: string }) {
  const run = useQuery(executionQuery(id));
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <span className="text-ink-2">{t('Its rehearsal')}</span>
      {run.data ? <ExecutionStatusMark status={run.data.status} /> : null}
      {run.data && !isFinal(run.data.status) ? (
        <span className="min-w-0 truncate text-[13px] text-ink-2">
          <InnerRun id={id} />
        </span>
      ) : null}
      <Link to="/executions/$id" params={{ id }} className="font-medium text-accent hover:underline">
        {t('What it did')}
      </Link>
    </p>
  );
}
