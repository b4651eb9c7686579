/** Calls that wait for a person: nothing of a run is left while it waits, and what is called is what was approved, once. */
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { putConfig } from '../../src/config/put-config.ts';
import type { Approval } from '../../src/contract/approvals.ts';
import { cancelExecution } from '../../src/executions/cancel-execution.ts';
import { decideApproval } from '../../src/executions/decide-approval.ts';
import { expireApprovals } from '../../src/executions/expire-approvals.ts';
import { getExecution } from '../../src/executions/get-execution.ts';
import { listApprovals } from '../../src/executions/list-approvals.ts';
import { purgeExecution } from '../../src/executions/purge-execution.ts';
import { until } from '../helpers/mcp/stdio-link.ts';
import type { MessagesBody } from '../helpers/messages-api-script.ts';
import { createRunnerBench, type RunnerBench } from '../helpers/runner.ts';

const server = path.join(import.meta.dirname, '../helpers/mcp/ledger-server.ts');
const secret = 'swordfish-8812-northwind';
let bench: RunnerBench;
let ledger: string;
beforeAll(async () => {
  bench = await createRunnerBench(() => ({ text: 'Nothing is scripted.' }));
  ledger = path.join(bench.home, 'ledger.jsonl');
  await bench.addConnection('ledger', [server, ledger], { env: { SECRET: secret } });
  const allowedTools = ['mcp__ledger__*'];
  await bench.addSkill({ slug: 'pay', steps: [{ prompt: 'Pay', allowedTools, approval: 'destructive' }] });
  await bench.addSkill({ slug: 'all', steps: [{ prompt: 'Pay', allowedTools, approval: 'always' }] });
  await bench.addSkill({ slug: 'free', steps: [{ prompt: 'Pay', allowedTools }] });
});
afterAll(() => bench.close());
beforeEach(() => {
  bench.api.requests.length = 0;
  rmSync(ledger, { force: true });
});

const called = (): unknown[] => {
  try {
    return readFileSync(ledger, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  } catch {
    return []; // no call has come yet
  }
};
const pay = (input: unknown, tool = 'pay') => ({ name: `mcp__ledger__${tool}`, input });
const pending = async (execution: string, count = 1): Promise<Approval[]> => {
  let items: Approval[] = [];
  await until(async () => {
    ({ items } = await listApprovals(bench, { execution, status: 'pending', limit: 50 }));
    return items.length === count;
  });
  return items.toReversed();
};
const decide = (id: string, decision: 'approve' | 'deny', note?: string, actor = 'owner') =>
  decideApproval(bench, id, { decision, note, actor });
const only = async (execution: string): Promise<Approval> => {
  const [approval] = await pending(execution);
  if (!approval) throw new Error('Nothing waits');
  return approval;
};
/** Whatever tools answered in the conversation: after a decision the last message is ours. */
const resultsOf = (body: MessagesBody): string =>
  JSON.stringify(
    body.messages.flatMap(({ content }) =>
      Array.isArray(content) ? content.filter((block) => block.type === 'tool_result') : [],
    ),
  );
/** Asks for `calls`, and is done when they are answered. */
const once = (...calls: { name: string; input: unknown }[]) =>
  bench.api.setScript(({ body }) =>
    resultsOf(body) !== '[]' ? { text: 'Done.' } : { text: 'I pay.', toolCalls: calls },
  );

describe('a call that needs a person', () => {
  it('waits with nothing running, and is made once, with exactly what was shown', async () => {
    const input = { to: 'Zoë', amount: 1.5, nested: { z: 1, a: ['<b>', null] } };
    once(pay(input));
    const id = await bench.start('pay');
    const approval = await only(id);
    expect(approval).toMatchObject({
      name: 'mcp__ledger__pay',
      arguments: input,
      stepId: 1,
      skillSlug: 'pay',
    });
    await until(() => bench.agents().length === 0);
    await until(async () => (await bench.runFolders()).length === 0);
    const waiting = await getExecution(bench, id);
    expect(waiting.status).toBe('waiting_approval');
    const row = await bench.db.prisma.execution.findUniqueOrThrow({ where: { id } });
    expect(row.claimedBy).toBeNull();
    expect(called()).toEqual([]);

    await decide(approval.id, 'approve');
    const { execution, events } = await bench.ended(id);
    expect(execution).toMatchObject({ status: 'succeeded', output: 'Done.' });
    expect(called()).toEqual([['pay', input]]);
    expect(execution.toolCalls).toMatchObject([{ toolUseId: approval.toolUseId, status: 'done' }]);
    expect(execution.usage.modelCalls).toBe(2);
    expect(events.flatMap(({ kind, data }) => (kind === 'status' ? [data.status] : []))).toEqual([
      'queued',
      'running',
      'waiting_approval',
      'queued',
      'running',
      'succeeded',
    ]);
    // The model goes on in its own conversation: what it had said, its call, and the answer.
    const body = bench.api.requests.at(-1)?.body;
    expect(JSON.stringify(body?.messages)).toContain('I pay.');
    // Which the agent's program would have it say between the answer and what it is told.
    expect(JSON.stringify(body?.messages)).not.toContain('No response requested.');
    expect(body && resultsOf(body)).toContain('pay is done');
    expect(await bench.db.prisma.stepSession.count({ where: { executionId: id } })).toBe(0);
    await purgeExecution(bench, id, 'owner');
    const { items } = await listApprovals(bench, { execution: id, limit: 5 });
    expect(items).toMatchObject([{ status: 'approved', arguments: null }]);
  });

  it('is refused with the reason, which the agent hears', async () => {
    once(pay({ amount: 9 }));
    const id = await bench.start('pay');
    await decide((await only(id)).id, 'deny', 'Too dear; ask Anna.');
    const { execution } = await bench.ended(id);
    expect(execution.status).toBe('succeeded');
    expect(called()).toEqual([]);
    const body = bench.api.requests.at(-1)?.body;
    expect(body && resultsOf(body)).toContain('Too dear; ask Anna.');
  });

  it('asks again for other arguments, and for a second call of the same', async () => {
    let turn = 0;
    const inputs = [{ amount: 1 }, { amount: 2 }, { amount: 2 }];
    bench.api.setScript(() => {
      const input = inputs[turn++];
      return input ? { toolCalls: [pay(input)] } : { text: 'Done.' };
    });
    const id = await bench.start('pay');
    for (const [index, input] of inputs.entries()) {
      await until(async () => (await bench.db.prisma.approval.count({ where: { executionId: id } })) > index);
      const approval = await only(id);
      expect(approval.arguments).toEqual(input);
      expect(called()).toHaveLength(index);
      await decide(approval.id, 'approve');
    }
    const { execution } = await bench.ended(id);
    expect(execution).toMatchObject({ status: 'succeeded', steps: [{ attempt: 4 }] });
    expect(called()).toEqual(inputs.map((input) => ['pay', input]));
  });

  it('waits beside calls of the same turn that do not, and beside another that does', async () => {
    once(pay({ amount: 1 }), pay({ sleepMs: 300 }, 'look'), pay({ amount: 2 }), pay({ text: 'x' }, 'note'));
    const id = await bench.start('pay');
    const [first, second] = await pending(id, 2);
    if (!first || !second) throw new Error('Two wait');
    expect(called().toSorted()).toEqual([
      ['look', { sleepMs: 300 }],
      ['note', { text: 'x' }],
    ]);
    await decide(first.id, 'deny', 'Not this one');
    expect((await getExecution(bench, id)).status).toBe('waiting_approval');
    await decide(second.id, 'approve');
    const { execution } = await bench.ended(id);
    expect(execution.status).toBe('succeeded');
    expect(called().slice(2)).toEqual([['pay', { amount: 2 }]]);
    const body = bench.api.requests.at(-1)?.body;
    const heard = body ? resultsOf(body) : '';
    for (const text of ['look is done', 'note is done', 'Not this one', 'pay is done'])
      expect(heard).toContain(text);
  });

  it('is asked for where the step says always, and never in a rehearsal or where it does not say', async () => {
    once(pay({}, 'look'));
    const id = await bench.start('all');
    expect((await only(id)).name).toBe('mcp__ledger__look');
    await cancelExecution(bench, id, 'owner');
    expect((await bench.ended(id)).execution.status).toBe('cancelled');
    expect((await listApprovals(bench, { execution: id, limit: 50 })).items).toMatchObject([
      { status: 'cancelled' },
    ]);

    once(pay({ amount: 3 }));
    expect((await bench.run('free')).execution.status).toBe('succeeded');
    expect(called()).toEqual([['pay', { amount: 3 }]]);
    const rehearsed = await bench.run('all', {}, { mode: 'rehearsal' });
    expect(rehearsed.execution.status).toBe('succeeded');
    expect(called()).not.toContainEqual(expect.arrayContaining(['pay', { amount: 4 }]));
    expect(await bench.db.prisma.approval.count({ where: { executionId: rehearsed.execution.id } })).toBe(0);
  });

  it('is not put to a person when it holds a secret', async () => {
    once(pay({ password: secret }));
    const { execution } = await bench.run('pay');
    expect(execution).toMatchObject({ status: 'succeeded', toolCalls: [{ status: 'denied' }] });
    expect(called()).toEqual([]);
    expect(await bench.dump()).not.toContain(secret);
  });

  it('is decided once: by whoever came first', async () => {
    once(pay({ amount: 1 }));
    const id = await bench.start('pay');
    const { id: approvalId, argumentsHash } = await only(id);
    const other = decideApproval(bench, approvalId, {
      decision: 'approve',
      argumentsHash: argumentsHash.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
      actor: 'owner',
    });
    await expect(other).rejects.toMatchObject({ code: 'E_CONFLICT' });
    const both = await Promise.allSettled([
      decide(approvalId, 'approve', undefined, 'owner'),
      decide(approvalId, 'deny', undefined, 'token:other'),
    ]);
    const lost = both.filter((one) => one.status === 'rejected');
    expect(lost).toMatchObject([{ reason: { code: 'E_CONFLICT' } }]);
    await expect(decide(approvalId, 'approve')).rejects.toMatchObject({ code: 'E_CONFLICT' });
    await bench.ended(id);
    const approved = both[0]?.status === 'fulfilled';
    expect(called()).toHaveLength(approved ? 1 : 0);
    await expect(decide('0192f0c1-2b3c-7def-8123-456789abcdef', 'approve')).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
    });
  });

  it('does not expire by a clock that jumped ahead', async () => {
    await putConfig(bench, 'approval_timeout_ms', '1000');
    once(pay({ amount: 1 }));
    const id = await bench.start('pay');
    const approval = await only(id);
    await putConfig(bench, 'approval_timeout_ms', '600000');
    // An hour of what passed since then was none.
    await bench.db.pool.query(
      `INSERT INTO clock (at, uptime_ms, ahead_ms, ahead_since_ms) VALUES (now(), 1, 3600000, 1)`,
    );
    await until(() => Date.now() > Date.parse(approval.expiresAt));
    expect(await expireApprovals(bench)).toBe(0);
    await decide(approval.id, 'approve');
    await bench.db.pool.query('DELETE FROM clock');
    expect((await bench.ended(id)).execution.status).toBe('succeeded');
  });

  it('expires closed: the run fails, and nothing is called', async () => {
    await putConfig(bench, 'approval_timeout_ms', '1000');
    once(pay({ amount: 1 }));
    const id = await bench.start('pay');
    const approval = await only(id);
    await until(async () => (await expireApprovals(bench)) === 1);
    await putConfig(bench, 'approval_timeout_ms', '600000');
    const { execution } = await bench.ended(id);
    expect(execution).toMatchObject({ status: 'failed', errorCode: 'E_APPROVAL_EXPIRED' });
    // Waiting is none of the time that it took.
    expect(execution.durationMs).toBeLessThan(
      Date.parse(execution.completedAt ?? '') - Date.parse(execution.startedAt ?? '') - 900,
    );
    await expect(decide(approval.id, 'approve')).rejects.toMatchObject({ code: 'E_CONFLICT' });
    expect(called()).toEqual([]);
  });

  it("leaves its skill's turn to another run while it waits", async () => {
    once(pay({ amount: 1 }));
    const first = await bench.start('pay');
    await only(first);
    const second = await bench.start('pay');
    await decide((await only(second)).id, 'approve');
    expect((await bench.ended(second)).execution.status).toBe('succeeded');
    await decide((await only(first)).id, 'approve');
    expect((await bench.ended(first)).execution.status).toBe('succeeded');
    expect(called()).toHaveLength(2);
  });

  it('is on record: asked, decided and expired', async () => {
    const rows = await bench.db.prisma.auditInbox.findMany({
      where: { action: { startsWith: 'approval.' } },
    });
    const actions = new Set(rows.map(({ action }) => action));
    expect([...actions].sort()).toEqual(['approval.decided', 'approval.expired', 'approval.requested']);
  });
});
