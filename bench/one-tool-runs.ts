/**
 * Many runs of one tool on a whole VM of its own, against a stand-in endpoint: the bytes that each leaves in the database, over all
 * tables and indexes, beside one bare row of the same content; the memory of the VM and of PostgreSQL before, meanwhile and after a
 * minute's rest (PSS, without agents and connection servers); and which indexes nothing asked.
 *
 *   node bench/one-tool-runs.ts [runs] [at once]      200 and 8 when left out
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { descendantsOf, listProcesses } from '../src/processes/process-list.ts';
import { startMessagesApi } from '../tests/helpers/messages-api.ts';
import { startTestVm } from '../tests/helpers/vm.ts';
import { addSkill, answer, environmentOf, runSkill } from './one-tool.ts';
import { memoryOf } from './process-cpu.ts';

const [runs = 200, atOnce = 8] = process.argv.slice(2).map(Number);
const restMs = 60_000;

const api = await startMessagesApi(answer);
const vm = await startTestVm({ env: environmentOf(api.url) });
const data = path.join(vm.home, 'postgres/data');
const [postmaster = '', , , port = '', socket = ''] = (
  await readFile(path.join(data, 'postmaster.pid'), 'utf8')
).split('\n');
const client = new pg.Client({ host: socket, port: Number(port), user: 'alfred', database: 'alfred' });

/** The VM itself, and PostgreSQL whole, in MiB. */
function memory(): { vm: number; postgres: number } {
  const servers = [
    Number(postmaster),
    ...descendantsOf(Number(postmaster), listProcesses()).map(({ pid }) => pid),
  ];
  return { vm: memoryOf(vm.pid), postgres: servers.reduce((sum, pid) => sum + memoryOf(pid), 0) };
}

const told = ({ vm: own, postgres }: ReturnType<typeof memory>): string =>
  `VM ${own.toFixed(0)}, PostgreSQL ${postgres.toFixed(0)} MiB`;

async function runMany(count: number): Promise<number> {
  let left = count;
  let peak = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) {
        await runSkill(vm);
        peak = Math.max(peak, memory().vm);
      }
    }),
  );
  return peak;
}

/** Of each table, with its indexes and what is stored apart, in bytes. */
async function sizes(): Promise<Map<string, number>> {
  await client.query('VACUUM');
  const { rows } = await client.query<{ name: string; bytes: string }>(
    `SELECT relid::regclass::text AS name, pg_total_relation_size(relid)::text AS bytes FROM pg_stat_user_tables`,
  );
  return new Map(rows.map(({ name, bytes }) => [name, Number(bytes)]));
}

/** One row of what a run came to, and its key: the least that keeps the same. */
async function bareBytes(): Promise<number> {
  const { rows } = await client.query<{ bytes: number }>(
    `WITH content AS (SELECT (id, skill_slug, input, output, trace, created_at, completed_at)::text AS row FROM executions)
     SELECT avg(pg_column_size(row))::float8 AS bytes FROM content`,
  );
  return rows[0]?.bytes ?? 0;
}

try {
  await client.connect();
  await sleep(5_000);
  console.log(`fresh: ${told(memory())}`);
  await addSkill(vm, atOnce);
  await runMany(Math.min(20, runs));
  const before = await sizes();
  const peak = await runMany(runs);
  // Acts are chained, and what was sent is told, a moment after.
  await sleep(2_000);
  console.log(
    `after ${runs} runs, ${atOnce} at once: ${told(memory())}; at most ${peak.toFixed(0)} between them`,
  );
  const grown = [...(await sizes())]
    .map(([name, bytes]): [string, number] => [name, (bytes - (before.get(name) ?? 0)) / runs])
    .filter(([, bytes]) => bytes > 0)
    .toSorted(([, one], [, other]) => other - one);
  const sum = grown.reduce((total, [, bytes]) => total + bytes, 0);
  const parts = grown.map(([name, bytes]) => `${name} ${(bytes / 1000).toFixed(2)}`).join(', ');
  console.log(
    `kB of a run: ${(sum / 1000).toFixed(1)} (${parts}); its content as one text ${((await bareBytes()) / 1000).toFixed(1)}`,
  );
  const { rows: idle } = await client.query<{ name: string; bytes: string }>(
    `SELECT indexrelid::regclass::text AS name, pg_relation_size(indexrelid)::text AS bytes FROM pg_stat_user_indexes
     JOIN pg_index USING (indexrelid) WHERE idx_scan = 0 AND NOT indisunique AND schemaname = 'public' ORDER BY 2 DESC`,
  );
  console.log(
    `asked by nothing here: ${idle.map(({ name, bytes }) => `${name} (${Number(bytes) / 1024} KiB)`).join(', ')}`,
  );
  await client.end();
  await sleep(restMs);
  console.log(`after a minute: ${told(memory())}`);
} finally {
  await vm.stop();
  await api.close();
}
