/** Several runs that are called off at once: marked together, so that none of them is begun while others are being ended. */
import { isAlfredError } from '../kernel/errors.ts';
import { cancelExecution } from './cancel-execution.ts';
import type { StartDeps } from './start-execution.ts';

/** So many at once. */
const together = 8;

/** Ends runs that are marked: those that wait at once, those that run in a moment. */
export async function endMarked(deps: StartDeps, ids: readonly string[], actor: string): Promise<void> {
  const left = ids.values();
  const work = async () => {
    for (const id of left) {
      try {
        await cancelExecution(deps, id, actor);
      } catch (error) {
        // It ended by itself in the meantime.
        if (!isAlfredError(error, 'E_NOT_CANCELLABLE')) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: together }, work));
}

/** Ends what waits of a skill and is marked, so that it need not come to its turn for that. */
export async function endWaiting(deps: StartDeps, slug: string, actor: string): Promise<void> {
  const marked = await deps.db.prisma.execution.findMany({
    where: { skillSlug: slug, status: 'queued', cancelRequestedAt: { not: null }, completedAt: null },
    select: { id: true },
  });
  await endMarked(
    deps,
    marked.map(({ id }) => id),
    actor,
  );
}
