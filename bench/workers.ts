/**
 * One queue, worked off by a VM and workers beside it (`alfred worker`), each with one run at a time: runs a minute with one, two and four
 * processes. The model takes its time, as real ones do, so that processes are what is short until the cores are; the least that a number of
 * processes could take is the model's time alone.
 *
 *   node bench/workers.ts [runs] [seconds of the model's answer]      24 and 4 when left out
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, loadavg } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMessagesApi } from '../tests/helpers/messages-api.ts';
import { startTestVm, type TestVm } from '../tests/helpers/vm.ts';
import { addSkill, answer, ask, environmentOf, runSkill } from './one-tool.ts';

const [runs = 24, seconds = 4] = process.argv.slice(2).map(Number);
const program = path.resolve(import.meta.dirname, '../bin/alfred.js');
/** A run asks twice: for the tool, and for what is said in the end. */
const requestsOfRun = 2;

async function startWorker(vm: TestVm, environment: Record<string, string>): Promise<ChildProcess> {
  const worker = spawn(process.execPath, [program, 'worker', '--json'], {
    env: {
      PATH: process.env.PATH ?? '',
      HOME: vm.home,
      ALFRED_HOME: vm.home,
      LANG: 'C.UTF-8',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await Promise.race([once(worker.stdout, 'data'), once(worker, 'exit')]);
  if (worker.exitCode !== null) throw new Error('a worker ended at its start');
  return worker;
}

async function endWorker(worker: ChildProcess): Promise<void> {
  const exit = once(worker, 'exit');
  worker.kill('SIGTERM');
  await exit;
}

/** Starts runs all at once, and waits until each has succeeded. Who waits for an answer of the VM's waits two minutes at most. */
async function workOff(count: number): Promise<void> {
  const ids = await Promise.all(
    Array.from({ length: count }, async () => {
      const begun = (await ask(vm, 'POST', '/api/v1/skills/one-tool/run', {})) as { executionId: string };
      return begun.executionId;
    }),
  );
  for (const id of ids) {
    for (;;) {
      const { status } = (await ask(vm, 'GET', `/api/v1/executions/${id}`)) as { status: string };
      if (status === 'succeeded') break;
      if (status === 'failed' || status === 'cancelled') throw new Error(`a run ended ${status}`);
      await sleep(100);
    }
  }
}

const api = await startMessagesApi((request) => ({
  ...answer(request),
  delayMs: (seconds * 1000) / requestsOfRun,
}));
const one = { ALFRED_CONCURRENCY: '1', ALFRED_SPARE_AGENTS: '1', ALFRED_LOG_LEVEL: 'error' };
const vm = await startTestVm({ env: { ...environmentOf(api.url), ...one } });
const workers: ChildProcess[] = [];
try {
  await addSkill(vm, runs);
  await runSkill(vm);
  console.log(
    `${runs} runs, the model takes ${seconds} s for each; ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}`,
  );
  let alone: number | undefined;
  for (const processes of [1, 2, 4]) {
    while (workers.length < processes - 1) workers.push(await startWorker(vm, one));
    const began = performance.now();
    await workOff(runs);
    const took = (performance.now() - began) / 1000;
    alone ??= took;
    const least = (runs * seconds) / processes;
    console.log(
      `${processes} at work: ${took.toFixed(1)} s, ×${(alone / took).toFixed(2)} of one; the model alone ${least.toFixed(1)} s, ratio ×${(took / least).toFixed(2)}`,
    );
  }
} finally {
  await Promise.all(workers.map(endWorker));
  await vm.stop();
  await api.close();
}
