/** Which waiting calls a person means: by the approval's id, or by the execution's. */

import type { Approval } from '../contract/approvals.ts';
import { listItems } from '../contract/list-items.ts';
import type { Api } from './api.ts';
import { resolveExecutionId } from './execution-id.ts';
import { CliProblem } from './problem.ts';

export const readWaiting = (api: Api, execution?: string): Promise<Approval[]> =>
  listItems(api.listApprovals, {
    query: { status: 'pending', ...(execution === undefined ? {} : { execution }) },
  });

/**
 * The calls that wait and that `typed` names, the oldest first.
 *
 * @throws CliProblem E_NOT_FOUND when none does
 */
export async function resolveWaiting(api: Api, typed: string): Promise<Approval[]> {
  const waiting = (await readWaiting(api)).toReversed();
  const text = typed.toLowerCase().replace(/^…/, '');
  if (waiting.length > 0 && text === 'last') return waiting.slice(-1);
  const byApproval = text.length < 4 ? [] : waiting.filter(({ id }) => id.endsWith(text));
  if (byApproval.length === 1) return byApproval;
  const executionId = await resolveExecutionId(api, typed);
  const own = waiting.filter((approval) => approval.executionId === executionId);
  if (own.length > 0) return own;
  throw new CliProblem('E_NOT_FOUND', `Nothing of ${typed} waits for a decision`, {
    remedy: 'see what waits with alfred execution approvals',
  });
}
