/** Two processes: what one adds or changes, `alfred worker` redacts and takes up before it stores or uses anything. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { putConfig } from '../../src/config/put-config.ts';
import { updateConnection } from '../../src/connections/update-connection.ts';
import { until } from '../helpers/mcp/stdio-link.ts';
import { toolResultsOf } from '../helpers/messages-api.ts';
import { createRunnerBench, processesOf, type RunnerBench } from '../helpers/runner.ts';

const program = path.resolve(import.meta.dirname, '../../bin/alfred.js');
let bench: RunnerBench;
let worker: ChildProcess;
beforeAll(async () => {
  // The test's own process is the VM that people talk to; it runs nothing itself.
  bench = await createRunnerBench(() => ({ text: 'Nothing is scripted.' }), { start: false });
  await bench.addEverything('everything', { MODE: { plain: 'first' } });
  await bench.addSkill({
    slug: 'use',
    steps: [{ prompt: 'Use {{it}}', allowedTools: ['mcp__everything__echo', 'mcp__everything__get-env'] }],
  });
  worker = spawn(process.execPath, [program, 'worker', '--json'], {
    env: {
      PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ''}`,
      ...{ HOME: bench.home, ALFRED_HOME: bench.home, DATABASE_URL: bench.db.url, LANG: 'C.UTF-8' },
      ...{ ALFRED_SPARE_AGENTS: '0', ALFRED_LOG_LEVEL: 'warn' },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await Promise.race([once(worker.stdout ?? worker, 'data'), once(worker, 'exit')]);
  expect(worker.exitCode).toBeNull();
});
afterAll(async () => {
  const gone = once(worker, 'exit');
  worker.kill('SIGTERM');
  await gone;
  await bench.close();
});

const servers = () => processesOf(bench.home).filter(({ name }) => name === 'node' || name === 'MainThread');
const call = (name: string, input: Record<string, unknown>) =>
  bench.api.setScript(({ body }) => {
    const [result] = toolResultsOf(body);
    return result ? { text: `It said ${JSON.stringify(result)}` } : { toolCalls: [{ name, input }] };
  });

it('redacts a secret that came after its start, in results, arguments, words and all that is stored', async () => {
  call('mcp__everything__echo', { message: 'warm' });
  expect((await bench.run('use', { it: 'x' })).execution.status).toBe('succeeded');
  const canary = 'late-canary-7d1e40aa92';
  // Sealed by this process; in the worker nothing but the news of it is.
  await putConfig(bench, 'door_password', canary);
  call('mcp__everything__echo', { message: `the word is ${canary}` });
  const { execution } = await bench.run('use', { it: 'y' });
  expect(execution.status).toBe('succeeded');
  expect(execution.output).toContain('[redacted:door_password]');
  expect(execution.toolCalls[0]).toMatchObject({
    arguments: { message: 'the word is [redacted:door_password]' },
  });
  expect(await bench.dump()).not.toContain(canary);
  // The model is told nothing else either: its own words came back to it redacted.
  expect(JSON.stringify(toolResultsOf(bench.api.requests.at(-1)?.body as never))).not.toContain(canary);
});

it('knows a secret from the moment of its commit, also before it was told', async () => {
  const canary = 'sudden-canary-55e1b7c3';
  bench.api.setScript(async ({ body }) => {
    if (toolResultsOf(body).length > 0) return { text: `It was ${canary}.` };
    // Committed while the model answers, and used in the same answer.
    await putConfig(bench, 'gate_password', canary);
    return { toolCalls: [{ name: 'mcp__everything__echo', input: { message: canary } }] };
  });
  const { execution } = await bench.run('use', { it: 'z' });
  expect(execution.output).toBe('It was [redacted:gate_password].');
  expect(await bench.dump()).not.toContain(canary);
});

it('ends the warm server of a connection that was changed, and starts it as it is now', async () => {
  call('mcp__everything__get-env', {});
  const result = async () =>
    JSON.stringify((await bench.run('use', { it: 'env' })).execution.toolCalls[0]?.result);
  expect(await result()).toContain('first');
  const before = servers().map(({ pid }) => pid);
  await updateConnection(
    bench,
    'everything',
    { config: { env: { MODE: { plain: 'second' } } } },
    { actor: 'owner', mayApprove: true },
  );
  await until(() => servers().every(({ pid }) => !before.includes(pid)));
  expect(await result()).toContain('second');
});

it('keeps a server that nobody changed, and ends that of one that was switched off', async () => {
  call('mcp__everything__get-env', {});
  await bench.run('use', { it: 'env' });
  const before = servers().map(({ pid }) => pid);
  expect(before.length).toBeGreaterThan(0);
  // Its use and its health are on record by then, and a catalogue was looked at.
  await bench.run('use', { it: 'env' });
  expect(servers().map(({ pid }) => pid)).toEqual(before);
  await updateConnection(bench, 'everything', { isActive: false }, { actor: 'owner', mayApprove: true });
  await until(() => servers().length === 0);
});
