import { z } from 'zod';
import {
  linkAnswerSchema,
  linkDecisionSchema,
  linkedApprovalSchema,
  linkLookSchema,
} from '../approval-links.ts';
import { approvalQuerySchema, approvalSchema, decisionSchema } from '../approvals.ts';
import { pageOf } from '../common.ts';
import { operation } from '../operation.ts';
import { routes } from '../routes.ts';

const params = z.object({ id: z.guid() });

export const approvalsOperations = {
  listApprovals: operation(routes.listApprovals, {
    summary: 'List calls that wait for a person, or waited, the newest first',
    tags: ['approvals'],
    query: approvalQuerySchema,
    responses: { 200: pageOf(approvalSchema) },
  }),
  getApproval: operation(routes.getApproval, {
    summary: 'Show exactly what would be called',
    tags: ['approvals'],
    params,
    responses: { 200: approvalSchema },
  }),
  decideApproval: operation(routes.decideApproval, {
    summary: 'Approve or deny a call',
    description:
      'The first decision stands; another one is 409 `E_CONFLICT`. A refusal is told to the agent, with the note. Without the scope `read` the answer has null for the arguments.',
    tags: ['approvals'],
    params,
    body: decisionSchema,
    responses: { 200: approvalSchema },
  }),
  lookAtApprovalLink: operation(routes.lookAtApprovalLink, {
    summary: 'Show exactly what a link would approve',
    description: 'By the token that stands behind the # of a link in a notice. Nothing is decided by it.',
    tags: ['approvals'],
    body: linkLookSchema,
    responses: { 200: linkedApprovalSchema },
  }),
  decideByApprovalLink: operation(routes.decideByApprovalLink, {
    summary: 'Approve or deny a call by a link',
    description: 'Once, for that one call, from a page of this server. On record as `link:<channel>`.',
    tags: ['approvals'],
    body: linkDecisionSchema,
    responses: { 200: linkAnswerSchema },
  }),
};
