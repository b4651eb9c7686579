/** Stopping that really stops: cancelled, timed out or shut down, nothing of a run goes on and nothing of it is left. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noUsage } from '../../src/contract/usage.ts';
import { appendEvents } from '../../src/executions/append-events.ts';
import { cancelExecution } from '../../src/executions/cancel-execution.ts';
import { newId } from '../../src/kernel/ids.ts';
import { until } from '../helpers/mcp/stdio-link.ts';
import { toolResultsOf } from '../helpers/messages-api.ts';
import { createRunnerBench, gate, type RunnerBench } from '../helpers/runner.ts';

let bench: RunnerBench;
beforeAll(async () => {
  bench = await createRunnerBench(() => ({ text: 'Nothing is scripted.' }));
  await bench.addHostile();
  await bench.addSkill({ slug: 'talk', steps: ['Talk', 'Go on'] });
  await bench.addSkill({
    slug: 'sleep',
    steps: [{ prompt: 'Sleep', allowedTools: ['mcp__hostile__sleep'] }],
    timeoutMs: 86_000_000,
  });
});
afterAll(() => bench.close());
beforeEach(() => {
  bench.api.requests.length = 0;
});

const cancel = (id: string) => cancelExecution(bench, id, 'owner');
const nothingLeft = async () => {
  await until(() => bench.agents().length === 0);
  await until(async () => (await bench.runFolders()).length === 0);
};

describe('cancelling', () => {
  it('ends a run while the model speaks, and closes its call', async () => {
    bench.api.setScript(() => ({ text: 'A very long story. '.repeat(200), eventDelayMs: 60_000 }));
    const id = await bench.start('talk');
    const request = await bench.api.request(0);
    expect(bench.agents()).toHaveLength(1);
    await cancel(id);
    const { execution, events } = await bench.ended(id);
    expect(execution).toMatchObject({
      status: 'cancelled',
      errorCode: 'E_CANCELLED',
      output: null,
      steps: [{ status: 'failed' }, { status: 'skipped' }],
    });
    expect(await request.closed).toBe('aborted');
    expect(events.at(-1)).toMatchObject({ kind: 'end', data: { status: 'cancelled' } });
    expect(bench.api.requests).toHaveLength(1);
    await nothingLeft();
    await expect(cancel(id)).rejects.toMatchObject({ code: 'E_NOT_CANCELLABLE' });
  });

  it('ends a run while a tool works: the call is cut off, and the model is not asked again', async () => {
    bench.api.setScript((request) =>
      toolResultsOf(request.body).length > 0
        ? { text: 'A late success.' }
        : { toolCalls: [{ name: 'mcp__hostile__sleep', input: { count: 600_000 } }] },
    );
    const id = await bench.start('sleep');
    await until(
      async () =>
        (await bench.db.prisma.toolCall.count({ where: { executionId: id, status: 'dispatched' } })) > 0,
    );
    await cancel(id);
    const { execution } = await bench.ended(id);
    expect(execution).toMatchObject({
      status: 'cancelled',
      errorCode: 'E_CANCELLED',
      output: null,
      toolCalls: [{ name: 'mcp__hostile__sleep', status: 'failed' }],
    });
    expect(bench.api.requests).toHaveLength(1);
    await nothingLeft();
  });

  it('ends a run that waits for a person, keeps what it spent, and its job starts nothing', async () => {
    bench.api.setScript(() => ({ text: 'Never asked for.' }));
    const id = await bench.start('talk', {}, { trigger: 'schedule' });
    await bench.ended(id);
    // As the approvals leave one: claimed by nobody, in the middle of a step, with what it has spent so far.
    const waiting = await bench.db.transaction(async (tx) => {
      const { id: _, completedAt: _end, ...row } = await tx.execution.findUniqueOrThrow({ where: { id } });
      const copy = newId();
      await tx.execution.create({
        data: {
          id: copy,
          skillId: row.skillId,
          skillSlug: row.skillSlug,
          skillVersion: row.skillVersion,
          skillHash: row.skillHash,
          ...{ actor: 'owner', trigger: 'manual', status: 'waiting_approval', startedAt: new Date() },
        },
      });
      await tx.executionStep.create({
        data: { executionId: copy, stepId: 1, status: 'running', attempt: 1 },
      });
      const usage = { ...noUsage(), inputTokens: 7, modelCalls: 1, costUsd: 0.25 };
      await appendEvents(tx, copy, [{ kind: 'usage', step: 1, data: usage }]);
      return copy;
    });
    await cancel(waiting);
    const { execution, events } = await bench.ended(waiting);
    expect(execution).toMatchObject({
      ...{ status: 'cancelled', errorCode: 'E_CANCELLED', tokenCount: 7, costUsd: 0.25 },
      error: 'Cancelled by owner while it waited.',
      steps: [{ status: 'failed' }],
    });
    expect(events.at(-1)).toMatchObject({ kind: 'end', data: { status: 'cancelled' } });
    await expect(cancel(waiting)).rejects.toMatchObject({ code: 'E_NOT_CANCELLABLE' });
  });

  it('ends a run that waits for its turn, which then never begins', async () => {
    const go = gate();
    bench.api.setScript(async () => {
      await go.passed;
      return { text: 'Done.' };
    });
    const first = await bench.start('talk');
    await bench.api.request(0);
    // The skill runs one at a time.
    const second = await bench.start('talk');
    await cancel(second);
    const { execution } = await bench.ended(second);
    expect(execution).toMatchObject({ status: 'cancelled', errorCode: 'E_CANCELLED', startedAt: null });
    go.open();
    expect((await bench.ended(first)).execution.status).toBe('succeeded');
    await until(async () => {
      const { rows } = await bench.db.pool.query(`SELECT 1 FROM pgboss.job WHERE state < 'completed'`);
      return rows.length === 0;
    });
    expect((await bench.ended(second)).execution.startedAt).toBeNull();
    expect(bench.api.requests).toHaveLength(2);
    await nothingLeft();
  });

  it('ends at once what is cancelled right after its start, many times over', async () => {
    bench.api.setScript(() => ({ text: 'Done.' }));
    for (let round = 0; round < 6; round += 1) {
      const id = await bench.start('talk');
      await new Promise((resolve) => setTimeout(resolve, round * 60));
      try {
        await cancel(id);
        expect((await bench.ended(id)).execution.status).toBe('cancelled');
      } catch (error) {
        // It was quicker than we were.
        expect(error).toMatchObject({ code: 'E_NOT_CANCELLABLE' });
      }
    }
    await nothingLeft();
  });
});
