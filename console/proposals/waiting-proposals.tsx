/** Proposals that wait for a person's word. Nothing when none does. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { proposalsQuery } from '../api/queries.ts';
import { Panel } from '../ui/panel.tsx';
import { t } from '../words/t.ts';
import { ProposalRow } from './proposals.tsx';

/** More than these are on their own page. */
const most = 3;

export function WaitingProposals() {
  const list = useInfiniteQuery(proposalsQuery('open'));
  const proposals = list.data?.pages[0]?.items ?? [];
  if (proposals.length === 0) return null;
  return (
    <Panel
      title={t('Alfred was taught')}
      flush
      aside={
        <Link to="/proposals" className="text-[13px] font-medium text-accent hover:underline">
          {t('All proposals')}
        </Link>
      }
    >
      <ul className="divide-y divide-line">
        {proposals.slice(0, most).map((proposal) => (
          <li key={proposal.id}>
            <ProposalRow proposal={proposal} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
