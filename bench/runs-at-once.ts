/**
 * Many one-tool runs at once on a whole VM of its own, in turns with as many bare `query()`s of the Agent SDK in one process: how long all of
 * them take, and the most memory that all processes of each have meanwhile (PSS: agents, MCP servers, and the VM with its
 * PostgreSQL or the process that asks).
 *
 *   node bench/runs-at-once.ts [at once] [rounds]      16 and 3 when left out
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { descendantsOf, listProcesses } from '../src/processes/process-list.ts';
import { startMessagesApi } from '../tests/helpers/messages-api.ts';
import { startTestVm, type TestVm } from '../tests/helpers/vm.ts';
import { addSkill, answer, environmentOf, runBare, runSkill } from './one-tool.ts';
import { memoryOf } from './process-cpu.ts';

type Seen = { ms: number; peak: number };
const lookEveryMs = 500;

const times = (count: number, work: () => Promise<void>) => Promise.all(Array.from({ length: count }, work));

/** How long `work` takes, and the most that these processes and all under them have meanwhile, in MiB. */
async function watch(pids: readonly number[], work: Promise<unknown>): Promise<Seen> {
  const began = performance.now();
  let peak = 0;
  let ms: number | undefined;
  const ended = work.then(() => {
    ms = performance.now() - began;
  });
  while (ms === undefined) {
    const listed = listProcesses();
    const all = new Set(pids.flatMap((pid) => [pid, ...descendantsOf(pid, listed).map((each) => each.pid)]));
    peak = Math.max(
      peak,
      [...all].reduce((sum, pid) => sum + memoryOf(pid), 0),
    );
    await Promise.race([ended, sleep(lookEveryMs)]);
  }
  return { ms, peak };
}

async function bareAtOnce(url: string, count: number): Promise<Seen> {
  const child = fork(import.meta.filename, ['--bare', url, String(count)]);
  const exit = once(child, 'exit').then(([code]) => {
    if (code !== 0) throw new Error(`the bare queries ended with ${code}`);
  });
  return await watch([child.pid ?? 0], exit);
}

async function postmasterOf({ home }: TestVm): Promise<number> {
  const file = await readFile(path.join(home, 'postgres/data/postmaster.pid'), 'utf8');
  return Number(file.split('\n')[0]);
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function compare(count: number, rounds: number): Promise<void> {
  const api = await startMessagesApi(answer);
  const vm = await startTestVm({
    env: { ...environmentOf(api.url), ALFRED_CONCURRENCY: String(count), ALFRED_SPARE_AGENTS: '0' },
  });
  try {
    await addSkill(vm, count);
    await runSkill(vm);
    const [ours, bare]: [Seen[], Seen[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      bare.push(await bareAtOnce(api.url, count));
      ours.push(
        await watch(
          [vm.pid, await postmasterOf(vm)],
          times(count, () => runSkill(vm)),
        ),
      );
    }
    const of = (all: Seen[], part: keyof Seen) => median(all.map((each) => each[part]));
    const told = (all: Seen[]) => `${of(all, 'ms').toFixed(0)} ms, ${of(all, 'peak').toFixed(0)} MiB at most`;
    const ratio = (part: keyof Seen) => (of(ours, part) / of(bare, part)).toFixed(2);
    console.log(`${count} at once, medians of ${rounds}, load ${loadavg()[0]?.toFixed(1)}`);
    console.log(`Alfred: ${told(ours)}`);
    console.log(`bare query(): ${told(bare)}`);
    console.log(`ratio: ×${ratio('ms')}, memory ×${ratio('peak')}`);
  } finally {
    await vm.stop();
    await api.close();
  }
}

const [first, url, count] = process.argv.slice(2);
if (first === '--bare' && url) {
  await times(Number(count), () => runBare(url));
  process.disconnect();
} else await compare(Number(first ?? 16), Number(url ?? 3));
