/** The runs and the reads of tests/soak/runs.ts, and the looks at the VM's memory meanwhile. */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { memoryOf } from '../../bench/process-cpu.ts';
import { newId } from '../../src/kernel/ids.ts';
import { insertLongTrace } from '../helpers/long-trace.ts';
import { startMessagesApi } from '../helpers/messages-api.ts';
import { startTestVm, type TestVm } from '../helpers/vm.ts';
import type { MemorySoak } from './memory.ts';
import { connect } from './watch-claims.ts';

type Soak = {
  runs: number;
  /** After so many no more runs are begun. */
  minutes: number;
  reads: number;
  megabytes: number;
  say(line: string): void;
};

const atOnce = 3;
const firstRuns = 30;
const restMs = 60_000;
const lookEveryMs = 2_000;
const collector = path.resolve(import.meta.dirname, '../../bench/live-memory.ts');

/** @throws Error when a run does not succeed */
export async function soakMemory({ runs, minutes, reads, megabytes, say }: Soak): Promise<MemorySoak> {
  const api = await startMessagesApi(() => {
    // A soak of hours shall not be one of its own memory.
    api.requests.length = 0;
    api.others.length = 0;
    return { text: 'Done.' };
  });
  const vm = await startTestVm({
    env: {
      ANTHROPIC_BASE_URL: api.url,
      ANTHROPIC_API_KEY: 'sk-ant-soak-1f2e3d4c5b6a7988',
      ALFRED_CONCURRENCY: String(atOnce),
      ALFRED_LOG_LEVEL: 'warn',
      NODE_OPTIONS: `--import ${collector}`,
    },
  });
  try {
    const step = { id: 1, prompt: 'Say that it is done.', allowedTools: [] };
    await ask(vm, 'POST', '/api/v1/skills', {
      slug: 'plain',
      name: 'Plain',
      concurrency: atOnce,
      steps: [step],
    });
    const fresh = await atRest(vm);
    await runMany(vm, { runs: firstRuns, minutes, say: () => {} });
    const warm = await atRest(vm);
    const liveWarm = await liveMemory(vm);
    say(
      `fresh ${fresh.toFixed(0)} MiB, after ${firstRuns} runs and a minute ${warm.toFixed(0)}, live ${liveWarm.toFixed(1)}`,
    );
    let done = 0;
    const atWork = await watched(vm, async () => {
      done = await runMany(vm, { runs, minutes, say });
    });
    const atReads = await readLong(vm, reads, megabytes);
    const rest = await atRest(vm);
    const live = { warm: liveWarm, rest: await liveMemory(vm) };
    return { ...{ runs: done, fresh, warm, atWork, atReads, rest, live }, collected: await atRest(vm) };
  } finally {
    await vm.stop();
    await api.close();
  }
}

async function ask(vm: TestVm, method: string, route: string, body?: unknown): Promise<unknown> {
  const answer = await vm.api(method, route, body);
  if (answer.status >= 400) throw new Error(`${route}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** @returns how many there were */
async function runMany(
  vm: TestVm,
  { runs, minutes, say }: Pick<Soak, 'runs' | 'minutes' | 'say'>,
): Promise<number> {
  const until = performance.now() + minutes * 60_000;
  let begun = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (begun < runs && performance.now() < until) {
        begun++;
        if (begun % 100 === 0)
          say(`${new Date().toISOString()} run ${begun}: ${memoryOf(vm.pid).toFixed(0)} MiB`);
        const ended = await ask(vm, 'POST', '/api/v1/skills/plain/run?wait=120', {});
        if ((ended as { status: string }).status !== 'succeeded') throw new Error(JSON.stringify(ended));
      }
    }),
  );
  return begun;
}

/** What the VM had every other second while `work` went on. */
async function watched(vm: TestVm, work: () => Promise<void>): Promise<number[]> {
  const samples: number[] = [];
  const timer = setInterval(() => samples.push(memoryOf(vm.pid)), lookEveryMs);
  await work().finally(() => clearInterval(timer));
  return samples;
}

async function readLong(vm: TestVm, reads: number, megabytes: number): Promise<number[]> {
  const id = newId();
  const client = await connect(vm.home);
  await insertLongTrace(client, id, megabytes);
  await client.end();
  const samples: number[] = [];
  for (let read = 0; read < reads; read++) {
    const headers = { authorization: `Bearer ${vm.token}` };
    const response = await fetch(new URL(`/api/v1/executions/${id}`, vm.url), { headers });
    const { byteLength } = await response.arrayBuffer();
    if (byteLength < megabytes * 900_000) throw new Error(`a trace of ${byteLength} bytes came`);
    samples.push(memoryOf(vm.pid));
  }
  return samples;
}

async function atRest(vm: TestVm): Promise<number> {
  await sleep(restMs);
  return memoryOf(vm.pid);
}

/** What is left in it when all garbage is collected, in MiB (bench/live-memory.ts). */
async function liveMemory(vm: TestVm): Promise<number> {
  const said = () => [...vm.stderr().matchAll(/^live (\d+) kB$/gm)];
  const before = said().length;
  process.kill(vm.pid, 'SIGUSR2');
  while (said().length === before) await sleep(100);
  return Number(said().at(-1)?.[1]) / 1024;
}
