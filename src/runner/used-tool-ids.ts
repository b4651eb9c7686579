import type { Database } from '../database/client.ts';

/** The ids of all tool calls of a run so far: those that were made or refused, and those that a person was asked for. */
export async function readUsedToolIds({ prisma }: Database, executionId: string): Promise<string[]> {
  const [calls, approvals] = await Promise.all([
    prisma.toolCall.findMany({
      where: { executionId, toolUseId: { not: null } },
      select: { toolUseId: true },
      distinct: ['toolUseId'],
    }),
    prisma.approval.findMany({ where: { executionId }, select: { toolUseId: true } }),
  ]);
  return [...calls, ...approvals].flatMap(({ toolUseId }) => toolUseId ?? []);
}
