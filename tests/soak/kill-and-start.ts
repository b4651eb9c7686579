/** Kills a VM as hard as it can be, and starts it again at once. */
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../helpers/free-port.ts';
import { expectNothingLeft, makePreparedHome, processesOf, spawnStart, startTestVm } from '../helpers/vm.ts';

/**
 * `group`: the VM with its process group (PostgreSQL and the agents are in others, and see for themselves that it is gone).
 * `all`: every process of the home, as a container or a service is ended. `starting`: the group, before it is up.
 */
const kinds = ['group', 'all', 'starting'] as const;
type Kind = (typeof kinds)[number];

export type Starts = { kills: Record<Kind, number>; failures: string[]; startsMs: number[] };

/** Kills `kills` times, each followed by a start in the same moment, on one home and one port. */
export async function killAndStart(
  kills: number,
  { random = Math.random, say = () => {} }: { random?: () => number; say?: (line: string) => void } = {},
): Promise<Starts> {
  const home = await makePreparedHome();
  const options = {
    home,
    ownGroup: true,
    env: { ALFRED_PORT: String(await freePort()), ALFRED_LOG_LEVEL: 'warn', ALFRED_SPARE_AGENTS: '1' },
  };
  const counts: Starts['kills'] = { group: 0, all: 0, starting: 0 };
  const failures: string[] = [];
  const startsMs: number[] = [];
  let vm = await startTestVm(options);
  try {
    for (let index = 0; index < kills; index++) {
      const kind = kinds[index % kinds.length] ?? 'group';
      // Sometimes before its spare agents are there, sometimes after.
      await sleep(random() * 1_000);
      killGroup(vm.pid);
      if (kind === 'all') killAllOf(home);
      if (kind === 'starting') {
        const unfinished = spawnStart(home, options.env, true);
        await sleep(random() * 1_500);
        if (unfinished.pid !== undefined) killGroup(unfinished.pid);
      }
      counts[kind]++;
      const began = performance.now();
      try {
        vm = await startTestVm(options);
        startsMs.push(performance.now() - began);
      } catch (error) {
        failures.push(`${kind} (kill ${index + 1}): ${String(error)}`);
        vm = await startTestVm(options);
      }
      say(`${index + 1} of ${kills}: ${kind}, ${failures.length} failed`);
    }
    await vm.stop({ keepHome: true });
    await expectNothingLeft(home);
  } finally {
    killAllOf(home);
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
  return { kills: counts, failures, startsMs };
}

function killGroup(leader: number): void {
  process.kill(-leader, 'SIGKILL');
}

function killAllOf(home: string): void {
  for (const line of processesOf(home)) {
    try {
      process.kill(Number.parseInt(line, 10), 'SIGKILL');
    } catch (error) {
      // It ended since it was listed.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
