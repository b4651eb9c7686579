import { recordAudit } from '../audit/record-audit.ts';
import { AlfredError } from '../kernel/errors.ts';
import { endMarked } from './cancel-runs.ts';
import type { StartDeps } from './start-execution.ts';

/**
 * Cancels every run of a skill that has not ended, also of one that was removed.
 *
 * @returns how many there were
 * @throws AlfredError E_NOT_FOUND where there is no such skill, and no run of one
 */
export async function cancelSkillRuns(deps: StartDeps, slug: string, actor: string): Promise<number> {
  const open = await deps.db.transaction(async (tx) => {
    const marked = await tx.$queryRaw<{ id: string }[]>`
      UPDATE executions SET cancel_requested_at = coalesce(cancel_requested_at, now())
      WHERE skill_slug = ${slug} AND status IN ('queued', 'running', 'waiting_approval') RETURNING id`;
    if (marked.length === 0 && (await tx.skill.count({ where: { slug } })) === 0)
      throw new AlfredError('E_NOT_FOUND', `There is no skill "${slug}", and no run of one.`);
    const data = { executions: marked.length };
    await recordAudit(tx, { action: 'skill.runs_cancelled', actor, subject: slug, data });
    return marked;
  });
  await endMarked(
    deps,
    open.map(({ id }) => id),
    actor,
  );
  return open.length;
}
