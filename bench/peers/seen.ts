/** What is seen of a peer and of Alfred, in turns. */
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { descendantsOf, listProcesses } from '../../src/processes/process-list.ts';
import { startMessagesApi } from '../../tests/helpers/messages-api.ts';
import { makePreparedHome, startTestVm } from '../../tests/helpers/vm.ts';
import { databaseUrlOf } from '../../tests/soak/watch-claims.ts';
import { addSkill, answer, environmentOf, runSkill } from '../one-tool.ts';
import { cpuOf, memoryOf } from '../process-cpu.ts';
import { addIntakeSkill, load, signed } from '../webhook-load.ts';
import type { N8n } from './n8n-process.ts';

export type Seen = {
  ms: number;
  cpuMs: number;
  memory: number;
  postgres: number;
  perSecond: number;
  /** Webhooks that were answered with anything but success. */
  refused: number;
  /** What an execution leaves in all tables and indexes, in kB. */
  bytes: number;
};

type Load = { rounds: number; seconds: number };

const connections = 50;
const settledMs = 15_000;
/** For the bytes of each, on our side; n8n's are those of its webhooks. */
const runs = 40;

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const withDescendants = (pid: number) => [
  pid,
  ...descendantsOf(pid, listProcesses()).map((each) => each.pid),
];
const sum = (pids: readonly number[], of: (pid: number) => number) =>
  pids.reduce((total, pid) => total + (of(pid) || 0), 0);

/** Processor time at once, and memory when it has been idle for a while: of its processes, and of PostgreSQL's. */
async function idle(pid: number, postmaster: number): Promise<Pick<Seen, 'cpuMs' | 'memory' | 'postgres'>> {
  const servers = new Set(withDescendants(postmaster));
  const cpuMs = sum(
    withDescendants(pid).filter((one) => !servers.has(one)),
    cpuOf,
  );
  await sleep(settledMs);
  const all = new Set(withDescendants(postmaster));
  return {
    cpuMs,
    memory: sum(
      withDescendants(pid).filter((one) => !all.has(one)),
      memoryOf,
    ),
    postgres: sum([...all], memoryOf),
  };
}

/** Of a database, all tables with their indexes, in bytes. */
async function sizeOf(client: pg.Client): Promise<number> {
  await client.query('VACUUM');
  const { rows } = await client.query<{ bytes: string }>(
    `SELECT sum(pg_total_relation_size(relid))::text AS bytes FROM pg_stat_user_tables`,
  );
  return Number(rows[0]?.bytes);
}

async function executionsOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>('SELECT count(*)::int FROM execution_entity');
  return rows[0]?.count ?? 0;
}

async function seePeer(n8n: N8n, seconds: number): Promise<Seen> {
  const began = performance.now();
  await n8n.start();
  const ms = performance.now() - began;
  const client = new pg.Client(n8n.databaseUrl);
  await client.connect();
  try {
    const at = await idle(n8n.pid, n8n.postmaster);
    await n8n.takesWebhooks();
    const before = await sizeOf(client);
    const executionsBefore = await executionsOf(client);
    const round = await load(`${n8n.url}/webhook/intake`, seconds, connections, () => ({}));
    // What it writes after its answers.
    await sleep(3_000);
    const executions = (await executionsOf(client)) - executionsBefore;
    const bytes = ((await sizeOf(client)) - before) / executions / 1000;
    return { ms, ...at, perSecond: round.accepted / round.seconds, refused: round.refused, bytes };
  } finally {
    await client.end();
    await n8n.stop();
  }
}

async function seeAlfred(home: string, seconds: number, environment: Record<string, string>): Promise<Seen> {
  const began = performance.now();
  const vm = await startTestVm({ home, env: environment });
  const ms = performance.now() - began;
  const client = new pg.Client(databaseUrlOf(home));
  await client.connect();
  try {
    const postmaster = Number(
      readFileSync(path.join(home, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0],
    );
    const at = await idle(vm.pid, postmaster);
    const before = await sizeOf(client);
    for (let run = 0; run < runs; run++) await runSkill(vm);
    await sleep(3_000);
    const bytes = ((await sizeOf(client)) - before) / runs / 1000;
    const round = await load(`${vm.url}/hooks/intake`, seconds, connections, signed);
    await vm.api('POST', '/api/v1/stop-all', {});
    return { ms, ...at, perSecond: round.accepted / round.seconds, refused: round.refused, bytes };
  } finally {
    await client.end();
    await vm.stop({ keepHome: true });
  }
}

export async function compareStarts(
  n8n: N8n,
  { rounds, seconds }: Load,
): Promise<Record<'peer' | 'alfred', Seen[]>> {
  const api = await startMessagesApi(answer);
  const all: Record<'peer' | 'alfred', Seen[]> = { peer: [], alfred: [] };
  try {
    for (let round = 0; round < rounds; round++) {
      all.peer.push(await seePeer(n8n, seconds));
      // A home of its own for each: the runs that the webhooks of the last one began are not worked off here.
      const home = await makePreparedHome();
      const vm = await startTestVm({ home, env: environmentOf(api.url) });
      await addSkill(vm, 1);
      await addIntakeSkill(vm);
      await vm.stop({ keepHome: true });
      all.alfred.push(await seeAlfred(home, seconds, environmentOf(api.url)));
      await rm(home, { recursive: true, force: true });
      console.log(`round ${round + 1}: n8n ${told(all.peer.at(-1))}; Alfred ${told(all.alfred.at(-1))}`);
    }
    return all;
  } finally {
    await api.close();
  }
}

const told = (seen: Seen | undefined): string =>
  Object.entries(seen ?? {})
    .map(([name, value]) => `${name} ${value.toFixed(1)}`)
    .join(', ');
