/** What was proposed: what waits for a person's word, and what came of the others. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Proposal } from '../../src/contract/proposals.ts';
import { proposalsQuery } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { Empty, PageHead, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Ago } from '../ui/time.tsx';
import { t } from '../words/t.ts';
import { nameOf, ProposalMark } from './proposal-parts.tsx';
import { TeachFromText, TeachInChat } from './teach.tsx';

export function ProposalsPage() {
  const list = useInfiniteQuery(proposalsQuery());
  const proposals = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      <PageHead
        title={t('Proposals')}
        help="operations#teaching"
        lead={t(
          'Skills that Alfred was taught. Each waits for your word: nothing of it runs, and nothing is saved, before you accept it.',
        )}
        actions={
          <>
            <TeachFromText />
            <TeachInChat look="primary" />
          </>
        }
      />
      {list.error ? <ProblemNote error={list.error} /> : null}
      <section
        aria-label={t('Proposals')}
        className="overflow-hidden rounded-xl border border-line bg-surface"
      >
        {list.isPending ? <SkeletonRows /> : null}
        {list.isSuccess && proposals.length === 0 ? <Nothing /> : null}
        <ul className="divide-y divide-line">
          {proposals.map((proposal) => (
            <li key={proposal.id}>
              <ProposalRow proposal={proposal} />
            </li>
          ))}
        </ul>
      </section>
      {list.hasNextPage ? (
        <Button className="mt-4" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('Earlier ones')}
        </Button>
      ) : null}
    </>
  );
}

const Nothing = () => (
  <Empty title={t('Nothing is proposed')}>
    <ul className="list-disc space-y-1 pl-4 text-left">
      <li>
        {t(
          'In a conversation, say “Teach a new skill: …” and what is to be done. Alfred asks what it has to know.',
        )}
      </li>
      <li>{t('On the page of a run that went well, press “Teach from this run”.')}</li>
      <li>{t('Paste a SKILL.md, or drop it anywhere on this page.')}</li>
    </ul>
  </Empty>
);

export const ProposalRow = ({ proposal }: { proposal: Proposal }) => (
  <Link
    to="/proposals/$id"
    params={{ id: proposal.id }}
    className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 hover:bg-hover"
  >
    <span className="min-w-0 flex-1 basis-60">
      <span className="block truncate font-medium">{nameOf(proposal)}</span>
      <span className="block truncate text-[13px] text-ink-2">{lineOf(proposal)}</span>
    </span>
    <span className="text-[13px] text-ink-2">
      <Ago at={proposal.createdAt} />
    </span>
    <ProposalMark status={proposal.status} />
  </Link>
);

function lineOf({ baseVersion, slug, newTools, risks, status }: Proposal): string {
  const what = baseVersion === null ? t('A new skill, {slug}', { slug }) : t('A change of {slug}', { slug });
  const tools =
    newTools.length === 0
      ? []
      : [t('{newTools, plural, one {# new tool} other {# new tools}}', { newTools: newTools.length })];
  const risky =
    risks.length === 0 || status !== 'open'
      ? []
      : [t('{risks, plural, one {# thing} other {# things}} to look at', { risks: risks.length })];
  return [what, ...tools, ...risky].join(' · ');
}
