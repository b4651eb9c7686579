/** Rows that tests start from: whole and valid, each with an id of its own. */
import type { Database, Prisma } from '../../src/database/client.ts';
import { sha256 } from '../../src/kernel/hash.ts';
import { newId } from '../../src/kernel/ids.ts';

/** A skill of one step; `slug` is its id unless given. */
export async function insertSkill(db: Database, data: Partial<Prisma.SkillUncheckedCreateInput> = {}) {
  const id = newId();
  return db.prisma.skill.create({
    data: { id, slug: id, name: 'A skill', steps: [{ id: 1, prompt: 'Do it.' }], ...data },
  });
}

/** A queued execution, of no skill unless given. */
export async function insertExecution(
  db: Database,
  data: Partial<Prisma.ExecutionUncheckedCreateInput> = {},
) {
  return db.prisma.execution.create({
    data: {
      ...{ id: newId(), skillSlug: 'a-skill', skillVersion: 1, skillHash: sha256('definition') },
      ...{ actor: 'owner', trigger: 'manual', input: { to: 'you' }, inputHash: sha256('input') },
      ...data,
    },
  });
}

/** One that has ended, with everything that a finished execution has. */
export async function insertFinishedExecution(
  db: Database,
  data: Partial<Prisma.ExecutionUncheckedCreateInput> = {},
) {
  return insertExecution(db, {
    ...{ status: 'succeeded', output: 'done', outputHash: sha256('done'), trace: [{ type: 'result' }] },
    ...{ traceHash: sha256('trace'), contentHash: sha256('content'), durationMs: 1200, tokenCount: 42n },
    ...{ costUsd: '0.012345', startedAt: new Date(), completedAt: new Date() },
    ...data,
  });
}
