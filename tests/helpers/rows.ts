/** Rows that tests start from: whole and valid, each with an id of its own. */
import type { Database, Prisma } from '../../src/database/client.ts';
import { hashOf, sha256 } from '../../src/kernel/hash.ts';
import { newId } from '../../src/kernel/ids.ts';
import type { Covered } from '../../src/vault/guarded-rows.ts';
import { rowGuardOf } from '../../src/vault/row-guard.ts';

/** A skill of one step; `slug` is its id unless given. */
export async function insertSkill(db: Database, data: Partial<Prisma.SkillUncheckedCreateInput> = {}) {
  const id = newId();
  const row = await db.prisma.skill.create({
    data: { id, slug: id, name: 'A skill', steps: [{ id: 1, prompt: 'Do it.' }], ...data },
  });
  const mac = rowGuardOf(db.prisma).sign('skills', row);
  await db.prisma.$executeRaw`UPDATE skills SET mac = ${mac} WHERE id = ${row.id}::uuid`;
  return { ...row, mac };
}

/** A queued execution, of no skill unless given. */
export async function insertExecution(
  db: Database,
  data: Partial<Prisma.ExecutionUncheckedCreateInput> = {},
) {
  const input = { to: 'you' };
  const start = {
    id: newId(),
    skillSlug: 'a-skill',
    skillVersion: 1,
    skillHash: sha256('definition'),
    mode: 'live' as const,
    model: null,
    actor: 'owner',
    trigger: 'manual' as const,
    triggerDetail: {},
    retryOf: null,
    input,
    inputHash: new Uint8Array(hashOf(data.input ?? input)),
    ...data,
  };
  const mac = rowGuardOf(db.prisma).sign('executions', start as Covered<'executions'>);
  return db.prisma.execution.create({ data: { ...start, mac } });
}

/** One that has ended, with everything that a finished execution has. */
export async function insertFinishedExecution(
  db: Database,
  data: Partial<Prisma.ExecutionUncheckedCreateInput> = {},
) {
  return insertExecution(db, {
    status: 'succeeded',
    output: 'done',
    outputHash: sha256('done'),
    trace: [{ type: 'result' }],
    traceHash: sha256('trace'),
    contentHash: sha256('content'),
    durationMs: 1200,
    tokenCount: 42n,
    costUsd: '0.012345',
    startedAt: new Date(),
    completedAt: new Date(),
    ...data,
  });
}

/** One call of a tool that was answered. */
export async function insertToolCall(
  db: Database,
  data: Partial<Prisma.ToolCallUncheckedCreateInput> & { executionId: string },
) {
  return db.prisma.toolCall.create({
    data: {
      ...{ id: newId(), stepId: 1, connection: 'files', tool: 'read' },
      ...{ arguments: {}, argumentsHash: sha256('{}'), status: 'done', result: [] },
      ...data,
    },
  });
}
