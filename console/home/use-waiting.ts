import { useQuery } from '@tanstack/react-query';
import { troubledIn } from '../../src/contract/home.ts';
import { approvalsQuery, connectionsQuery } from '../api/queries.ts';

/** How much waits for the owner: calls to decide on, and connections that cannot go on without a person. */
export function useWaiting(): number {
  const approvals = useQuery(approvalsQuery(undefined));
  // As far as they were read: a list of all tools is no small thing to fetch for a number.
  const connections = useQuery({ ...connectionsQuery, enabled: false });
  return (approvals.data?.length ?? 0) + troubledIn(connections.data ?? []).length;
}
