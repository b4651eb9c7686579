import { z } from 'zod';
import { approvalQuerySchema, approvalSchema, decisionSchema } from '../../contract/approvals.ts';
import { pageOf } from '../../contract/common.ts';
import { decideApproval } from '../../executions/decide-approval.ts';
import { getApproval, listApprovals } from '../../executions/list-approvals.ts';
import { callerOf } from '../access/caller.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

const tags = ['approvals'];
const params = z.object({ id: z.guid() });

export function approvalRoutes(app: App, deps: ServerDeps): void {
  app.get(
    '/api/v1/approvals',
    {
      schema: {
        summary: 'List calls that wait for a person, or waited, the newest first',
        tags,
        querystring: approvalQuerySchema,
        response: { 200: pageOf(approvalSchema) },
      },
    },
    async (request) => listApprovals(deps, request.query),
  );

  app.get(
    '/api/v1/approvals/:id',
    {
      schema: {
        summary: 'Show exactly what would be called',
        tags,
        params,
        response: { 200: approvalSchema },
      },
    },
    async (request) => getApproval(deps, request.params.id),
  );

  app.post(
    '/api/v1/approvals/:id',
    {
      schema: {
        summary: 'Approve or refuse a call',
        description:
          'The first decision stands; another one is 409 `E_CONFLICT`. A refusal is told to the agent, with the note.',
        tags,
        params,
        body: decisionSchema,
        response: { 200: approvalSchema },
      },
    },
    async (request) =>
      decideApproval(deps, request.params.id, { ...request.body, actor: callerOf(request).actor }),
  );
}
