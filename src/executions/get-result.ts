import type { WebhookResult } from '../contract/webhooks.ts';
import type { Database } from '../database/client.ts';

/** How an execution ended, without what happened on the way. */
export async function getResult(
  { db }: { db: Pick<Database, 'prisma'> },
  id: string,
): Promise<WebhookResult> {
  const { id: executionId, ...rest } = await db.prisma.execution.findUniqueOrThrow({
    where: { id },
    select: { id: true, status: true, output: true, error: true, errorCode: true },
  });
  return { executionId, ...rest };
}
