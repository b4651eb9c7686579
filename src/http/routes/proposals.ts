import { decideProposal, findProposal, listProposals } from '../../chat/proposals/decide-proposal.ts';
import { presentProposal } from '../../chat/proposals/present-proposal.ts';
import { propose } from '../../chat/proposals/propose.ts';
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
    presentProposal(deps.db.prisma, await findProposal(deps, request.params.id)),
  );
  route(app, operations.decideProposal, async (request) =>
    decideProposal(deps, request.params.id, { ...request.body, actor: callerOf(request).actor }),
  );
}
