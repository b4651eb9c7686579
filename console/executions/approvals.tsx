/** Calls that wait for a person. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { approvalsQuery } from '../api/queries.ts';
import { ApprovalCard } from './approval-card.tsx';

/** All that wait, or those of one execution. Nothing when none does. */
export function Approvals({ execution }: { execution?: string }) {
  const approvals = useQuery(approvalsQuery(execution));
  if (!approvals.data?.length) return null;
  return (
    <section aria-label="Waits for you" className="mb-5 space-y-3">
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
                {approval.skillSlug}
              </Link>
            ) : (
              'It'
            )
          }
        />
      ))}
    </section>
  );
}
