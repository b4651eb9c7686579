import { decideProposal } from '../../chat/proposals/decide-proposal.ts';
import { editProposal } from '../../chat/proposals/edit-proposal.ts';
import { listProposals } from '../../chat/proposals/list-proposals.ts';
import { presentProposal } from '../../chat/proposals/present-proposal.ts';
import { findProposal } from '../../chat/proposals/proposal-row.ts';
import { propose } from '../../chat/proposals/propose.ts';
import { rehearseProposal } from '../../chat/proposals/rehearse-proposal.ts';
import { operations } from '../../contract/operations.ts';
import { route } from '../../web/route.ts';
import { callerOf } from '../access/caller.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

export function proposalRoutes(app: App, deps: ServerDeps): void {
  route(app, operations.listProposals, async (request) => listProposals(deps, request.query));
  route(app, operations.createProposal, async (request, reply) =>
    reply.code(201).send(await propose(deps, request.body, callerOf(request).actor)),
  );
  route(app, operations.getProposal, async (request) =>
    presentProposal(deps.db.prisma, await findProposal(deps.db.prisma, request.params.id)),
  );
  route(app, operations.rehearseProposal, async (request, reply) => {
    const { actor } = callerOf(request);
    const { executionId } = await rehearseProposal(deps, request.params.id, { ...request.body, actor });
    reply.header('location', `/api/v1/executions/${executionId}`);
    return reply.code(202).send({ executionId });
  });
  route(app, operations.editProposal, async (request) => editProposal(deps, request.params.id, request.body));
  route(app, operations.decideProposal, async (request) =>
    decideProposal(deps, request.params.id, { ...request.body, actor: callerOf(request).actor }),
  );
}
