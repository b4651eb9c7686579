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

const params = z.object({ id: z.guid() });

export const approvalsOperations = {
  listApprovals: operation('GET /api/v1/approvals', {
    access: 'read',
    summary: 'List calls that wait for a person, or waited, the newest first',
    tags: ['approvals'],
    query: approvalQuerySchema,
    responses: { 200: pageOf(approvalSchema) },
  }),
  getApproval: operation('GET /api/v1/approvals/:id', {
    access: 'read',
    summary: 'Show exactly what would be called',
    tags: ['approvals'],
    params,
    responses: { 200: approvalSchema },
  }),
  decideApproval: operation('POST /api/v1/approvals/:id', {
    // A person's word: no token that starts runs may let its own calls through.
    access: 'admin',
    records: ['approval.decided'],
    summary: 'Approve or deny a call',
    description:
      'The first decision stands; another one is 409 `E_CONFLICT`. A refusal is told to the agent, with the note. Without the scope `read` the answer has null for the arguments.',
    tags: ['approvals'],
    params,
    body: decisionSchema,
    responses: { 200: approvalSchema },
  }),
  lookAtApprovalLink: operation('POST /api/v1/approval-links/look', {
    // By the token of a link that was sent in a notice: for that one call, and without a session.
    access: 'public',
    summary: 'Show exactly what a link would approve',
    description: 'By the token that stands behind the # of a link in a notice. Nothing is decided by it.',
    tags: ['approvals'],
    body: linkLookSchema,
    responses: { 200: linkedApprovalSchema },
  }),
  decideByApprovalLink: operation('POST /api/v1/approval-links/decide', {
    access: 'public',
    records: ['approval.decided'],
    summary: 'Approve or deny a call by a link',
    description: 'Once, for that one call, from a page of this server. On record as `link:<channel>`.',
    tags: ['approvals'],
    body: linkDecisionSchema,
    responses: { 200: linkAnswerSchema },
  }),
};
