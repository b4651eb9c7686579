/** Proposals on the wire: skills that were taught, and wait for a person's word. */
import { z } from 'zod';
import { pageQuerySchema, slugSchema, timeSchema } from './common.ts';
import { skillDefinitionSchema } from './skills.ts';

export const proposalStatuses = ['open', 'accepted', 'rejected', 'stale'] as const;

const originSchema = z.union([
  z.object({ executionId: z.guid() }).strict(),
  z.object({ conversationId: z.guid() }).strict(),
  z.object({ skillMd: z.string().min(1).max(1_000_000) }).strict(),
]);

export const newProposalSchema = z.object({ from: originSchema, slug: slugSchema.optional() }).strict();
export type NewProposal = z.infer<typeof newProposalSchema>;

export const proposalSchema = z.object({
  id: z.uuid(),
  status: z
    .enum(proposalStatuses)
    .describe('stale: the skill changed since, or a tool is not there any more'),
  definition: z.record(z.string(), z.unknown()),
  diff: z
    .array(z.object({ field: z.string(), before: z.unknown().optional(), after: z.unknown().optional() }))
    .describe('Against the skill of this slug as it is; all of it where there is none'),
  reach: z.array(z.string()).describe('What it may reach, in plain words'),
  newTools: z.array(z.string()).describe('Tools that the skill does not have yet'),
  risks: z.array(z.string()).describe('What of that may change something, and what keeps it from running'),
  rehearsalId: z.uuid().nullable().describe('The last execution in which it was rehearsed'),
  from: z.record(z.string(), z.unknown()),
  createdBy: z.string(),
  decidedBy: z.string().nullable(),
  decidedAt: timeSchema.nullable(),
  createdAt: timeSchema,
});
export type Proposal = z.infer<typeof proposalSchema>;

export const proposalQuerySchema = pageQuerySchema;

export const rehearseProposalSchema = z
  .object({
    input: z
      .record(z.string(), z.unknown())
      .optional()
      .describe(
        'Left out: that of the execution it was learnt from, where that fits; otherwise one that is made up',
      ),
  })
  .strict();
export type RehearseProposal = z.infer<typeof rehearseProposalSchema>;

export const proposalDecisionSchema = z
  .object({
    decision: z.enum(['accept', 'reject']),
    definition: skillDefinitionSchema
      .optional()
      .describe('In place of what was proposed: the person edited it'),
  })
  .strict();
export type ProposalDecision = z.infer<typeof proposalDecisionSchema>;
