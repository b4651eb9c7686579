/** Turns of conversations: executions that answer a message of the owner's, one after the other in each conversation. */
import { z } from 'zod';

const turnSchema = z.object({
  conversationId: z.uuid(),
  /** The owner's message. */
  messageId: z.uuid(),
  /** The assistant's, which is written when the execution ends. */
  answerId: z.uuid(),
});

/** Which messages an execution is about. */
export type TurnMark = z.infer<typeof turnSchema>;

/** What `triggerDetail` says of the turn that an execution is; undefined for every other run. */
export function turnOf({ triggerDetail }: { triggerDetail: unknown }): TurnMark | undefined {
  const parsed = turnSchema.safeParse(triggerDetail);
  return parsed.success ? parsed.data : undefined;
}
