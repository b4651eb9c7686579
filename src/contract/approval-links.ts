/** Links that decide about one call, on the wire. */
import { z } from 'zod';
import { approvalSchema, decisionSchema } from './approvals.ts';

const tokenSchema = z.string().max(100).describe('What stands behind the # of the link');

export const linkLookSchema = z.object({ token: tokenSchema }).strict();

/** The call that was looked at is named: no other is decided about. */
export const linkDecisionSchema = decisionSchema.extend({ token: tokenSchema, argumentsHash: z.string() });

/** All that is shown to who has a link: the call, and nothing else of the run. */
export const linkedApprovalSchema = approvalSchema
  .omit({ id: true, executionId: true, toolUseId: true, decidedBy: true, decidedAt: true, note: true })
  .extend({ skillName: z.string() });
export type LinkedApproval = z.infer<typeof linkedApprovalSchema>;

export const linkAnswerSchema = approvalSchema.pick({ status: true });
