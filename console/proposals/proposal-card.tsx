/** A proposal where it was made, in a conversation. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { proposalQuery } from '../api/queries.ts';
import { WandSparkles } from '../ui/icons.tsx';
import { Skeleton } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { rich, t } from '../words/t.ts';
import { ProposalActions } from './proposal-actions.tsx';
import { aboutOf, Facts, nameOf, ProposalMark, Rehearsal, StaleNote } from './proposal-parts.tsx';

export function ProposalCard({ id }: { id: string }) {
  const { data: proposal, error } = useQuery(proposalQuery(id));
  if (error) return <ProblemNote error={error} />;
  if (!proposal) return <Skeleton className="h-48" />;
  const { status, baseVersion, staleBecause, rehearsalId } = proposal;
  const isUndecided = status === 'open' || status === 'stale';
  return (
    <section
      aria-label={t('Proposal: {proposal}', { proposal: nameOf(proposal) })}
      className="space-y-4 rounded-xl border border-accent/40 bg-surface p-4"
    >
      <header className="space-y-1">
        <p className="flex flex-wrap items-center justify-between gap-2 text-[13px] text-ink-2">
          <span className="inline-flex items-center gap-1.5">
            <WandSparkles aria-hidden="true" className="size-3.5 text-accent" />
            {baseVersion === null ? t('A new skill is proposed') : t('A change of a skill is proposed')}
          </span>
          <ProposalMark status={status} />
        </p>
        <h2 className="text-base font-semibold">
          <Link to="/proposals/$id" params={{ id }} className="hover:underline">
            {nameOf(proposal)}
          </Link>
        </h2>
        {aboutOf(proposal) === '' ? null : <p className="text-ink-2">{aboutOf(proposal)}</p>}
      </header>
      {status === 'stale' ? <StaleNote reasons={staleBecause} /> : null}
      {isUndecided ? <Facts proposal={proposal} /> : null}
      {rehearsalId === null ? null : <Rehearsal id={rehearsalId} />}
      <ProposalActions proposal={proposal} />
      {isUndecided ? (
        <p className="text-[13px] text-ink-2">
          {rich('Nothing is saved before you accept it. <link>Every word of it</link>', {
            link: (words) => (
              <Link to="/proposals/$id" params={{ id }} className="font-medium text-accent hover:underline">
                {words}
              </Link>
            ),
          })}
        </p>
      ) : null}
    </section>
  );
}
