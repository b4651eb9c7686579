import type { ExecutionRow } from './find-execution.ts';

/** What a notice and a failure skill are told of a run: which it was, and nothing of what it was given or made. */
export const factsOfRun = (row: ExecutionRow) => ({
  id: row.id,
  skillSlug: row.skillSlug,
  skillVersion: row.skillVersion,
  mode: row.mode,
  trigger: row.trigger,
  actor: row.actor,
  createdAt: row.createdAt.toISOString(),
  startedAt: row.startedAt?.toISOString() ?? null,
});
