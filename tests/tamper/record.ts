/** A VM's record to tamper with: settings, skills, calls by hand, and executions that ended, with steps, calls and events. */
import type { Appender } from '../../src/audit/appender.ts';
import { callsHashOf } from '../../src/audit/execution-record.ts';
import { recordAudit } from '../../src/audit/record-audit.ts';
import { putConfig } from '../../src/config/put-config.ts';
import { skillDefinitionSchema } from '../../src/contract/skills.ts';
import type { Database } from '../../src/database/client.ts';
import { appendEvents } from '../../src/executions/append-events.ts';
import { finishExecution } from '../../src/executions/finish-execution.ts';
import type { StartDeps } from '../../src/executions/start-execution.ts';
import { sha256 } from '../../src/kernel/hash.ts';
import { newId } from '../../src/kernel/ids.ts';
import { createSkill } from '../../src/skills/create-skill.ts';
import { rowGuardOf } from '../../src/vault/row-guard.ts';
import type { Vault } from '../../src/vault/vault.ts';
import { insertExecution } from '../helpers/rows.ts';

type Deps = { db: Database; vault: Vault; appender: Appender };

const usage = {
  ...{ inputTokens: 100, outputTokens: 20, cacheReadTokens: 0, cacheWriteTokens: 0 },
  ...{ costUsd: 0.0012, modelCalls: 2, turns: 2 },
};

/** What ends here starts nothing else. */
const queue = {
  send: () => Promise.reject(new Error('Nothing is queued here')),
} as unknown as StartDeps['queue'];

/** One that ended, as the runner leaves it. */
export async function insertEndedExecution(
  { db, vault }: Pick<Deps, 'db' | 'vault'>,
  skillId: string | null,
  number: number,
): Promise<string> {
  const row = await insertExecution(db, {
    skillId,
    model: 'rehearsal',
    input: { to: `person ${number}`, count: number, ratio: number / 7 },
  });
  await db.transaction(async (tx) => {
    await tx.execution.update({
      where: { id: row.id },
      data: { startedAt: new Date() },
    });
    await recordAudit(tx, { action: 'execution.queued', actor: 'owner', subject: row.id });
    await tx.execution.update({ where: { id: row.id }, data: { status: 'running' } });
    await tx.executionStep.createMany({
      data: [1, 2].map((stepId) => ({
        ...{ executionId: row.id, stepId, attempt: 1, status: 'done' as const, usage },
        ...{ startedAt: new Date(), finishedAt: new Date(), output: `step ${stepId} of ${number}` },
        mac: rowGuardOf(tx).sign('execution_steps', {
          ...{ executionId: row.id, stepId, output: `step ${stepId} of ${number}` },
        }),
      })),
    });
    await tx.toolCall.createMany({
      data: [1, 2, 3].map((call) => ({
        ...{ id: newId(), executionId: row.id, stepId: 1, attempt: 1, toolUseId: `toolu_${number}_${call}` },
        ...{ connection: 'files', tool: 'read', arguments: { path: `/${number}/${call}` } },
        ...{ argumentsHash: Uint8Array.from(sha256(`${call}`)), readOnly: true, status: 'done' as const },
        ...{ result: { text: `found ${number}.${call}` }, dispatchedAt: new Date(), finishedAt: new Date() },
      })),
    });
    await appendEvents(tx, row.id, [
      { kind: 'status', data: { status: 'running' } },
      { kind: 'message', step: 1, data: { type: 'assistant', text: `thinking about ${number}` } as never },
    ]);
  });
  await finishExecution({ db, vault, queue, settings: { model: undefined } }, row.id, {
    status: number % 5 === 4 ? 'failed' : 'succeeded',
    output: `done ${number}`,
    ...(number % 5 === 4 ? { error: { code: 'E_TOOL_FAILED' as const, message: `no ${number}` } } : {}),
    usage,
  });
  return row.id;
}

async function insertCallByHand(db: Database, number: number): Promise<void> {
  await db.transaction(async (tx) => {
    const row = await tx.toolCall.create({
      data: {
        ...{ id: newId(), connection: 'files', tool: 'list', arguments: { number }, status: 'done' },
        ...{ argumentsHash: Uint8Array.from(sha256('x')), result: { number }, finishedAt: new Date() },
      },
    });
    const data = { callsHash: callsHashOf([row]).toString('hex') };
    await recordAudit(tx, { action: 'connection.tool_called', actor: 'owner', subject: row.id, data });
  });
}

/** As a run is kept that ended before its events went into one row. */
async function keepAsBefore(db: Database, executionId: string): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.$executeRaw`
      INSERT INTO execution_events (execution_id, seq, at, step, kind, data)
      SELECT execution_id, seq, at, step, kind, data FROM all_events WHERE execution_id = ${executionId}::uuid`;
    await tx.$executeRaw`ALTER TABLE ended_events DISABLE TRIGGER USER`;
    await tx.endedEvents.deleteMany({ where: { executionId } });
    await tx.$executeRaw`ALTER TABLE ended_events ENABLE TRIGGER USER`;
  });
}

/** Fills an empty database; the chain has several checkpoints in the end. */
export async function fillRecord({ db, vault, appender }: Deps, executions: number): Promise<void> {
  const skills: string[] = [];
  for (const number of [1, 2, 3]) {
    const definition = skillDefinitionSchema.parse({
      ...{ slug: `skill-${number}`, name: `Skill ${number}`, triggerType: 'manual', triggerConfig: {} },
      steps: [{ id: 1, prompt: `Do ${number}.`, allowedTools: [] }],
    });
    skills.push((await createSkill({ db, vault }, definition, { actor: 'owner', mayLoosen: true })).id);
  }
  for (let number = 0; number < executions; number++) {
    const id = await insertEndedExecution({ db, vault }, skills[number % 4] ?? null, number);
    if (number % 3 === 0) await keepAsBefore(db, id);
    await putConfig({ db, vault }, `note_${number}`, `note ${number}`, { actor: 'owner' });
    if (number % 4 === 0) await insertCallByHand(db, number);
    if (number % 7 === 0) await appender.flush();
  }
  await appender.flush();
}
