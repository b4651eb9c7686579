import { operations } from '../../contract/operations.ts';
import { decideByLink, lookAtLink } from '../../notices/approval-links.ts';
import { route } from '../../web/route.ts';
import { checkSameOrigin } from '../../web/same-origin.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

/** Without a session: who has the token decides about that one call, from a page of ours. */
export function approvalLinkRoutes(app: App, deps: ServerDeps): void {
  route(app, operations.lookAtApprovalLink, async (request) => {
    checkSameOrigin(request);
    return lookAtLink(deps, request.body.token);
  });

  route(app, operations.decideByApprovalLink, async (request) => {
    checkSameOrigin(request);
    const { token, ...decision } = request.body;
    return { status: await decideByLink(deps, token, decision) };
  });
}
