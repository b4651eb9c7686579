/** SIGKILL of everything at every stage of an approval: the call is made once, with exactly what was approved, or it is said why not. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { decideApproval } from '../../src/executions/decide-approval.ts';
import { getExecution } from '../../src/executions/get-execution.ts';
import { listApprovals } from '../../src/executions/list-approvals.ts';
import { endStragglers } from '../../src/processes/end-stragglers.ts';
import { until } from '../helpers/mcp/stdio-link.ts';
import type { MessagesBody, ScriptedTurn } from '../helpers/messages-api-script.ts';
import { createRunnerBench, processesOf, type RunnerBench } from '../helpers/runner.ts';

const server = path.join(import.meta.dirname, '../helpers/mcp/ledger-server.ts');
let bench: RunnerBench;
let ledger: string;
const workers: ChildProcess[] = [];
beforeAll(async () => {
  bench = await createRunnerBench(() => ({ text: 'Nothing is scripted.' }), { start: false });
  ledger = path.join(bench.home, 'ledger.jsonl');
  await bench.addConnection('ledger', [server, ledger]);
  await bench.pool.evict('ledger');
  await bench.addSkill({
    slug: 'pay',
    steps: [{ prompt: 'Pay', allowedTools: ['mcp__ledger__*'], approval: 'destructive' }],
  });
});
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await endStragglers(bench.home, bench);
  await bench.close();
});
beforeEach(() => rmSync(ledger, { force: true }));

async function startWorker(): Promise<ChildProcess> {
  const worker = spawn(
    process.execPath,
    [path.join(import.meta.dirname, '../helpers/abandon-run.ts'), bench.db.url, bench.home, '300'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  workers.push(worker);
  await once(worker.stdout, 'data');
  return worker;
}
/** The worker, its agents and its servers. */
async function killAll(worker: ChildProcess): Promise<void> {
  const gone = once(worker, 'exit');
  worker.kill('SIGKILL');
  await gone;
  await endStragglers(bench.home, bench);
  expect(processesOf(bench.home)).toEqual([]);
}
const called = (): unknown[] =>
  existsSync(ledger)
    ? readFileSync(ledger, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown)
    : [];
const hasResult = (body: MessagesBody): boolean => JSON.stringify(body.messages).includes('"tool_result"');
const script = (input: unknown, then: ScriptedTurn) =>
  bench.api.setScript(({ body }) =>
    hasResult(body) ? then : { toolCalls: [{ name: 'mcp__ledger__pay', input }] },
  );
const waitingOf = async (execution: string) => {
  await until(async () => (await getExecution(bench, execution)).status === 'waiting_approval');
  const { items } = await listApprovals(bench, { execution, status: 'pending', limit: 5 });
  if (!items[0]) throw new Error('Nothing waits');
  return items[0];
};
const approve = (id: string) => decideApproval(bench, id, { decision: 'approve', actor: 'owner' });

it('survives a kill before it waits, while it waits, and after the decision', async () => {
  const input = { amount: 7, to: 'Zoë' };
  // The model is asked, and speaks for ever.
  bench.api.setScript(() => ({ text: 'Hmm. '.repeat(100), eventDelayMs: 60_000 }));
  const first = await startWorker();
  const asked = bench.api.requests.length;
  const id = await bench.start('pay');
  await until(() => bench.api.requests.length > asked);
  await killAll(first);
  script(input, { text: 'Done.' });
  const second = await startWorker();
  const approval = await waitingOf(id);
  await killAll(second);
  expect(called()).toEqual([]);
  // Nobody is there to run it: the decision is kept with its job.
  await approve(approval.id);
  expect((await getExecution(bench, id)).status).toBe('queued');
  const third = await startWorker();
  const { execution } = await bench.ended(id);
  expect(execution).toMatchObject({ status: 'succeeded', output: 'Done.' });
  expect(called()).toEqual([['pay', input]]);
  await killAll(third);
});

it('does not send an approved call again that was sent', {
  tags: ['exhaustive'],
}, async () => {
  const input = { amount: 8, sleepMs: 60_000 };
  script(input, { text: 'Done.' });
  const first = await startWorker();
  const id = await bench.start('pay');
  await approve((await waitingOf(id)).id);
  await until(() => called().length === 1);
  await killAll(first);
  const second = await startWorker();
  const { execution } = await bench.ended(id);
  expect(execution).toMatchObject({ status: 'failed', errorCode: 'E_INTERRUPTED' });
  expect(called()).toEqual([['pay', input]]);
  await killAll(second);
});

it('goes on behind an approved call that was answered', {
  tags: ['exhaustive'],
}, async () => {
  const input = { amount: 9 };
  script(input, { text: 'Hmm. '.repeat(100), eventDelayMs: 60_000 });
  const first = await startWorker();
  const id = await bench.start('pay');
  await approve((await waitingOf(id)).id);
  await until(() => called().length === 1 && bench.api.requests.some(({ body }) => hasResult(body)));
  await until(async () => (await getExecution(bench, id)).toolCalls.at(-1)?.status === 'done');
  const asked = bench.api.requests.length;
  await until(() => bench.agents().length > 0);
  await killAll(first);
  script(input, { text: 'Done.' });
  const second = await startWorker();
  const { execution } = await bench.ended(id);
  expect(execution).toMatchObject({ status: 'succeeded', output: 'Done.' });
  expect(called()).toEqual([['pay', input]]);
  // It went on from the decision, with the answer on record.
  expect(JSON.stringify(bench.api.requests.slice(asked).at(0)?.body.messages)).toContain('pay is done');
  await killAll(second);
});
