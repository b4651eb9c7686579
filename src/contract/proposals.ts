/** Proposals on the wire: skills that were taught, and wait for a person's word. */
import { z } from 'zod';
import { pageQuerySchema, slugSchema, timeSchema } from './common.ts';
import { sentFolderSchema } from './skill-folder.ts';
import { newSkillResultSchema, skillDefinitionSchema } from './skills.ts';

const proposalStatuses = ['open', 'accepted', 'rejected', 'stale'] as const;

const originSchema = z.union([
  z.object({ executionId: z.guid() }).strict(),
  z.object({ conversationId: z.guid() }).strict(),
  z.object({ skillMd: z.string().min(1).max(1_000_000) }).strict(),
  z.object({ files: sentFolderSchema }).strict().describe('A folder with its SKILL.md'),
]);

export const newProposalSchema = z.object({ from: originSchema, slug: slugSchema.optional() }).strict();
export type NewProposal = z.infer<typeof newProposalSchema>;

export const proposalSchema = z.object({
  id: z.uuid(),
  status: z
    .enum(proposalStatuses)
    .describe('stale: the skill changed since, or a tool is not there any more'),
  staleBecause: z.array(z.string()).describe('Each reason in a sentence; PATCH looks at it anew'),
  slug: z.string(),
  baseVersion: z
    .int()
    .nullable()
    .describe('Of the skill that it would change, when it was proposed; null: it would be new'),
  definition: z.record(z.string(), z.unknown()),
  when: z.string().describe('When it would run, in plain words'),
  diff: z
    .array(
      z.object({
        part: z.string().describe('The skill as a whole, or one of its steps'),
        field: z.string(),
        before: z.string().optional(),
        after: z.string().optional(),
      }),
    )
    .describe('Against the skill of this slug as it is; all of it where there is none'),
  reach: z.array(z.string()).describe('What it may reach, in plain words'),
  newTools: z.array(z.string()).describe('Of a skill that is there: the tools that it does not have yet'),
  risks: z.array(z.string()).describe('What of that may change something, and what keeps it from running'),
  notes: z.array(z.string()).describe('What could not be taken over, or was left out'),
  rehearsalId: z
    .uuid()
    .nullable()
    .describe('The last execution in which it was rehearsed, as it stands here'),
  from: z.record(z.string(), z.unknown()),
  createdBy: z.string(),
  decidedBy: z.string().nullable(),
  decidedAt: timeSchema.nullable(),
  createdAt: timeSchema,
});
export type Proposal = z.infer<typeof proposalSchema>;

/** One that was just decided. */
export const decidedProposalSchema = proposalSchema.extend({
  skill: newSkillResultSchema.optional().describe('Accepted: the skill that was saved'),
});
export type DecidedProposal = z.infer<typeof decidedProposalSchema>;

export const proposalQuerySchema = pageQuerySchema.extend({
  status: z.enum(['open', 'accepted', 'rejected']).optional().describe('open: the stale ones too'),
  conversationId: z.guid().optional().describe('Those that were made in this conversation'),
});
export type ProposalQuery = z.infer<typeof proposalQuerySchema>;

export const proposalEditSchema = z
  .object({
    definition: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('In place of what was proposed; left out: as it is, against the skill and the tools of now'),
  })
  .strict();
export type ProposalEdit = z.infer<typeof proposalEditSchema>;

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
