/** Calls that wait for a person. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { approvalsQuery, skillsQuery } from '../api/queries.ts';
import { onDemand } from '../ui/on-demand.tsx';
import { Skeleton } from '../ui/panel.tsx';
import { t } from '../words/t.ts';
import { namesOf } from './execution-row.tsx';

// Seldom there: its code comes when something waits.
const ApprovalCard = onDemand(
  async () => (await import('./approval-card.tsx')).ApprovalCard,
  () => <Skeleton className="h-56" />,
);

/** All that wait, or those of one execution. Nothing when none does. */
export function Approvals({ execution }: { execution?: string }) {
  const approvals = useQuery(approvalsQuery(execution));
  const names = namesOf(useQuery({ ...skillsQuery, enabled: execution === undefined }).data);
  if (!approvals.data?.length) return null;
  return (
    <section aria-label={t('Waits for you')} className="mb-5 space-y-3">
      {approvals.data.map((approval) => (
        <ApprovalCard
          key={approval.id}
          approval={approval}
          asker={
            execution === undefined ? (
              <Link
                to="/executions/$id"
                params={{ id: approval.executionId }}
                className="font-semibold hover:underline"
              >
                {names.get(approval.skillSlug) ?? approval.skillSlug}
              </Link>
            ) : (
              t('It')
            )
          }
        />
      ))}
    </section>
  );
}
