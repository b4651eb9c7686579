/** Approvals on the wire: calls that wait for a person, or waited. */
import { z } from 'zod';
import { pageQuerySchema, timeSchema } from './common.ts';
import { executionModes } from './execution-status.ts';

const approvalStatuses = ['pending', 'approved', 'denied', 'expired', 'cancelled'] as const;

export const approvalSchema = z.object({
  id: z.uuid(),
  executionId: z.uuid(),
  skillSlug: z.string(),
  mode: z.enum(executionModes),
  stepId: z.int(),
  toolUseId: z.string().describe("The model's id of the call, as in the trace"),
  name: z.string().describe('mcp__<connection>__<tool>'),
  arguments: z.unknown().describe('Exactly what the tool is called with; null once the payload was dropped'),
  argumentsHash: z.string().describe('SHA-256 of the canonical JSON of the arguments (RFC 8785)'),
  status: z.enum(approvalStatuses),
  decidedBy: z.string().nullable(),
  decidedAt: timeSchema.nullable(),
  note: z.string().nullable(),
  createdAt: timeSchema,
  expiresAt: timeSchema,
});
export type Approval = z.infer<typeof approvalSchema>;

export const approvalQuerySchema = pageQuerySchema.extend({
  status: z.enum(approvalStatuses).optional(),
  execution: z.guid().optional(),
});
export type ApprovalQuery = z.infer<typeof approvalQuerySchema>;

export const decisionSchema = z
  .object({
    decision: z.enum(['approve', 'deny']),
    note: z.string().max(2000).optional().describe('Told to the agent when it is denied'),
    argumentsHash: z
      .string()
      .optional()
      .describe('Of the call that the person saw; another one is refused with 409'),
  })
  .strict();
export type Decision = z.infer<typeof decisionSchema>;
