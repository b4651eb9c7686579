import { z } from 'zod';
import { pageOf } from '../common.ts';
import { runAcceptedSchema } from '../executions.ts';
import { operation } from '../operation.ts';
import {
  decidedProposalSchema,
  newProposalSchema,
  proposalDecisionSchema,
  proposalEditSchema,
  proposalQuerySchema,
  proposalSchema,
  rehearseProposalSchema,
} from '../proposals.ts';

const params = z.object({ id: z.guid() });
const tags = ['chat'];

export const proposalsOperations = {
  listProposals: operation('GET /api/v1/proposals', {
    access: 'read',
    summary: 'List proposals of skills, the newest first',
    tags,
    query: proposalQuerySchema,
    responses: { 200: pageOf(proposalSchema) },
  }),
  createProposal: operation('POST /api/v1/proposals', {
    access: 'write',
    summary: 'Propose a skill: from an execution, a conversation, or a SKILL.md',
    description: 'Nothing is saved as a skill, and nothing runs, before a person accepts it.',
    tags,
    body: newProposalSchema,
    responses: { 201: proposalSchema },
  }),
  getProposal: operation('GET /api/v1/proposals/:id', {
    access: 'read',
    summary: 'Show a proposal: what it would change, and what it may reach',
    tags,
    params,
    responses: { 200: proposalSchema },
  }),
  rehearseProposal: operation('POST /api/v1/proposals/:id/rehearse', {
    access: 'run',
    summary: 'Rehearse what is proposed',
    description:
      'A run of mode `rehearsal`, as of any skill: the built-in model calls the read-only tools, nothing is changed and nothing costs. The proposal names it in `rehearsalId`, and the execution the proposal in `triggerDetail.proposalId`. 409 `E_CONFLICT` once it is decided.',
    tags,
    params,
    body: rehearseProposalSchema.default({}),
    responses: { 202: runAcceptedSchema },
  }),
  editProposal: operation('PATCH /api/v1/proposals/:id', {
    // A person's word: a session and the owner's token have every scope.
    access: 'every-scope',
    summary: 'Put other words in the place of what was proposed, or look at it anew',
    description:
      'A person’s, as to decide is. It is compared with the skill and the tools as they are now: what was stale is open again.',
    tags,
    params,
    body: proposalEditSchema,
    responses: { 200: proposalSchema },
  }),
  decideProposal: operation('POST /api/v1/proposals/:id', {
    access: 'every-scope',
    summary: 'Accept or reject a proposal',
    description:
      'A person’s word: of a session, or of the owner’s token. 409 `E_STALE_PROPOSAL` when the skill or a tool changed since.',
    tags,
    params,
    body: proposalDecisionSchema,
    responses: { 200: decidedProposalSchema },
  }),
};
