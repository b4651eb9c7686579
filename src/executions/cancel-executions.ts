import { recordAudits } from '../audit/record-audit.ts';
import { endMarked } from './cancel-runs.ts';
import type { StartDeps } from './start-execution.ts';

/**
 * Cancels those of these that have not ended.
 *
 * @returns how many there were
 */
export async function cancelExecutions(
  deps: StartDeps,
  ids: readonly string[],
  actor: string,
): Promise<number> {
  const marked = await deps.db.transaction(async (tx) => {
    const open = await tx.$queryRaw<{ id: string }[]>`
      UPDATE executions SET cancel_requested_at = now() WHERE id = ANY(${ids}::uuid[]) AND cancel_requested_at IS NULL
        AND status IN ('queued', 'running', 'waiting_approval') RETURNING id::text`;
    await recordAudits(
      tx,
      open.map(({ id }) => ({ action: 'execution.cancel_requested', actor, subject: id })),
    );
    return open.map(({ id }) => id);
  });
  await endMarked(deps, marked, actor);
  return marked.length;
}
