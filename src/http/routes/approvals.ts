import { operations } from '../../contract/operations.ts';
import { decideApproval } from '../../executions/decide-approval.ts';
import { getApproval, listApprovals } from '../../executions/list-approvals.ts';
import { route } from '../../web/route.ts';
import { callerOf } from '../access/caller.ts';
import { may } from '../access/policy.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

export function approvalRoutes(app: App, deps: ServerDeps): void {
  route(app, operations.listApprovals, async (request) => listApprovals(deps, request.query));

  route(app, operations.getApproval, async (request) => getApproval(deps, request.params.id));

  route(app, operations.decideApproval, async (request) => {
    const caller = callerOf(request);
    const { actor } = caller;
    const approval = await decideApproval(deps, request.params.id, { ...request.body, actor });
    return may(caller, 'see what a call is made with') ? approval : { ...approval, arguments: null };
  });
}
