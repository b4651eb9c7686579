/** Trouble of the VM's own: an agent that dies, a record that cannot be written, a job that comes twice. Nothing is left behind. */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startAgent } from '../../src/agents/agent.ts';
import { AgentSandbox } from '../../src/agents/sandbox.ts';
import { cancelExecution } from '../../src/executions/cancel-execution.ts';
import { countOpenFiles, mostFiles } from '../../src/processes/open-files.ts';
import { systemPrompt } from '../../src/runner/prompt.ts';
import { until } from '../helpers/mcp/stdio-link.ts';
import { createRunnerBench, gate, modelName, processesOf, type RunnerBench } from '../helpers/runner.ts';

let bench: RunnerBench;
beforeAll(async () => {
  bench = await createRunnerBench(() => ({ text: 'Nothing is scripted.' }));
  await bench.addSkill({ slug: 'one', steps: ['Do it', 'Do more'], concurrency: 5 });
});
afterAll(() => bench.close());
beforeEach(() => {
  bench.api.requests.length = 0;
});

const nothingLeft = async () => {
  await until(() => bench.agents().length === 0);
  await until(async () => (await bench.runFolders()).length === 0);
};
const jobsLeft = async () =>
  (await bench.db.pool.query(`SELECT 1 FROM pgboss.job WHERE state < 'completed'`)).rowCount;

it('an agent that is killed ends its run as E_AGENT_FAILED', async () => {
  const never = gate();
  bench.api.setScript(async () => {
    await never.passed;
    return { text: 'Too late.' };
  });
  const id = await bench.start('one');
  await bench.api.request(0);
  for (const { pid } of bench.agents()) process.kill(pid, 'SIGKILL');
  const { execution } = await bench.ended(id);
  expect(execution).toMatchObject({
    status: 'failed',
    errorCode: 'E_AGENT_FAILED',
    steps: [{ status: 'failed' }, { status: 'skipped' }],
  });
  never.open();
  await nothingLeft();
});

it('a run whose events cannot be written stops, keeps what it cost, and leaves nothing behind', async () => {
  await bench.db.pool.query(`
    CREATE FUNCTION refuse_event() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$;
    CREATE TRIGGER refuse_event BEFORE INSERT ON execution_events
      FOR EACH ROW WHEN (NEW.data::text LIKE '%unwritable%') EXECUTE FUNCTION refuse_event();`);
  bench.api.setScript(() => ({ text: 'This is unwritable.' }));
  const id = await bench.start('one');
  const { execution } = await bench.ended(id);
  expect(execution).toMatchObject({
    status: 'failed',
    errorCode: 'E_INTERNAL',
    tokenCount: 120,
    steps: [{ status: 'failed' }, { status: 'skipped' }],
  });
  await nothingLeft();
  await until(async () => (await jobsLeft()) === 0);
  await bench.db.pool.query('DROP TRIGGER refuse_event ON execution_events; DROP FUNCTION refuse_event');
});

it('a job that comes again while its run goes on changes nothing', async () => {
  const go = gate();
  bench.api.setScript(async () => {
    await go.passed;
    return { text: 'Done.' };
  });
  const id = await bench.start('one');
  await bench.api.request(0);
  await bench.db.transaction((tx) =>
    bench.queue.resend(tx, 'execution.run', id, { executionId: id }, { group: 'one', groupConcurrency: 5 }),
  );
  await until(() => bench.logged().includes('a job came again'));
  go.open();
  const { execution } = await bench.ended(id);
  expect(execution).toMatchObject({
    status: 'succeeded',
    steps: [
      { status: 'done', attempt: 1 },
      { status: 'done', attempt: 1 },
    ],
  });
  expect(bench.api.requests).toHaveLength(2);
});

/** Lets this process open a few more files, too few to start a program. @returns what gives all back */
function useUpFiles(): () => void {
  const before = mostFiles();
  const setMost = (most: number) => execFileSync('prlimit', ['--pid', `${process.pid}`, `--nofile=${most}:`]);
  setMost((countOpenFiles() ?? 0) + 100);
  const held: number[] = [];
  try {
    for (;;) held.push(openSync('/dev/null', 'r'));
  } catch (error) {
    expect(error).toMatchObject({ code: 'EMFILE' });
  }
  for (const file of held.splice(0, 4)) closeSync(file);
  return () => {
    for (const file of held) closeSync(file);
    setMost(before);
  };
}
const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0;

it.runIf(hasPrlimit)(
  'a run for which no more files can be opened waits, and goes on once they can',
  async () => {
    bench.api.setScript(() => ({ text: 'Done.' }));
    const giveBack = useUpFiles();
    let id: string;
    try {
      id = await bench.start('one');
      await until(() => bench.logged().includes('this process may open no more files (ulimit -n)'));
    } finally {
      giveBack();
    }
    const { execution, events } = await bench.ended(id);
    expect(execution).toMatchObject({ status: 'succeeded', steps: [{ status: 'done' }, { status: 'done' }] });
    expect(events).toContainEqual(
      expect.objectContaining({
        data: { status: 'queued', error: 'It waits, as this process may open no more files (ulimit -n).' },
      }),
    );
    await nothingLeft();
  },
);

it('one that was cancelled by a process that then died is ended by whoever takes it', async () => {
  bench.api.setScript(() => ({ text: 'Done.' }));
  const { id } = await bench.db.prisma.execution.findFirstOrThrow({ where: { status: 'succeeded' } });
  await expect(cancelExecution(bench, id, 'owner')).rejects.toMatchObject({ code: 'E_NOT_CANCELLABLE' });
  // Marked and not ended, as a killed process leaves it, before its job is taken.
  await bench.db.pool.query(`
    CREATE FUNCTION mark_cancelled() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.cancel_requested_at := now(); RETURN NEW; END $$;
    CREATE TRIGGER mark_cancelled BEFORE INSERT ON executions FOR EACH ROW EXECUTE FUNCTION mark_cancelled();`);
  const marked = await bench.start('one');
  await bench.db.pool.query('DROP TRIGGER mark_cancelled ON executions; DROP FUNCTION mark_cancelled');
  const { execution } = await bench.ended(marked);
  expect(execution).toMatchObject({
    status: 'cancelled',
    errorCode: 'E_CANCELLED',
    startedAt: null,
    steps: [{ status: 'skipped' }, { status: 'skipped' }],
  });
});

it('many runs at once all end, with no more agents starting than there are cores', {
  tags: ['exhaustive'],
}, async () => {
  bench.api.setScript(() => ({ text: 'Done.' }));
  const ids = await Promise.all(Array.from({ length: 6 }, () => bench.start('one')));
  const ends = await Promise.all(ids.map((id) => bench.ended(id)));
  expect(ends.map(({ execution }) => execution.status)).toEqual(ids.map(() => 'succeeded'));
  await nothingLeft();
});

it('an agent that does not start says why, and leaves no process and no folder', async () => {
  // Nobody can make a folder below a file.
  const home = path.join(bench.home, 'no-folder');
  await writeFile(home, '');
  const deps = {
    owner: 'nobody',
    proxy: bench.proxy,
    sandbox: new AgentSandbox('/usr/bin:/bin'),
    childEnvironment: bench.settings.childEnvironment,
    systemPrompt,
  };
  await expect(startAgent({ ...deps, home }, { model: modelName, maxTurns: 1 })).rejects.toThrow();
  expect(processesOf(bench.home).filter(({ name }) => name === 'claude')).toEqual([]);
  expect(await bench.runFolders()).toEqual([]);
});
