/**
 * Lists and search over a million executions: what the API takes, whole, beside the statement that finds the page, bare.
 *
 *   node bench/executions.ts [rows] [home]
 *
 * `home` keeps the seeded database for another run; without it a temporary one is made and removed.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { startVm } from '../src/app/vm.ts';
import { pageOf } from '../src/contract/common.ts';
import { executionSummarySchema } from '../src/contract/executions.ts';
import { openDatabase } from '../src/database/client.ts';
import { startEmbeddedPostgres } from '../src/database/embedded.ts';
import { migrateDatabase } from '../src/database/migrate.ts';
import { beforeAll, placeOf } from '../src/executions/execution-cursor.ts';
import { findPage } from '../src/executions/find-page.ts';
import { createLogger } from '../src/kernel/log.ts';
import { readSettings } from '../src/kernel/settings.ts';
import { seedExecutions } from './seed-executions.ts';

const rows = Number(process.argv[2] ?? 1_000_000);
const kept = process.argv[3];
const rounds = 10;
const postgresHome = kept ?? (await mkdtemp(path.join(tmpdir(), 'alfred-bench-')));
const home = await mkdtemp(path.join(tmpdir(), 'alfred-bench-vm-'));
const log = createLogger({ level: 'error', format: 'json', redact: (line) => line });

const isSeeded = existsSync(path.join(postgresHome, 'postgres'));
const postgres = await startEmbeddedPostgres({ home: postgresHome, log });
await migrateDatabase({ url: postgres.url, home: postgresHome, log });
const db = await openDatabase(postgres.url);
try {
  if (!isSeeded) await seedExecutions(db, rows);
  const { rows: sizes } = await db.pool.query<{ name: string; size: string }>(
    `SELECT relname AS name, pg_size_pretty(pg_relation_size(oid)) AS size FROM pg_class
     WHERE relname LIKE 'executions%' AND relkind IN ('r', 'i') ORDER BY pg_relation_size(oid) DESC LIMIT 8`,
  );
  console.log(sizes.map(({ name, size }) => `${name} ${size}`).join(' · '));
  await measure();
} finally {
  await db.close();
  await postgres.stop();
  if (kept === undefined) await rm(postgresHome, { recursive: true, force: true });
  await rm(home, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  const settings = readSettings({
    ALFRED_HOME: home,
    DATABASE_URL: postgres.url,
    ALFRED_PORT: '0',
    ALFRED_MODEL: 'rehearsal',
    ALFRED_SPARE_AGENTS: '0',
    // The vault belongs to the database, which may have been seeded by an earlier run.
    VM_ENCRYPTION_SECRET: Buffer.alloc(32, 7).toString('base64'),
    ALFRED_LOG_LEVEL: 'error',
  });
  const vm = await startVm(settings);
  try {
    const token = (await readFile(path.join(home, 'cli-token'), 'utf8')).trim();
    console.log(
      `\n| ${rows.toLocaleString('en')} executions | API p50 | p95 | bare SQL p50 | p95 | rows |\n| --- | --- | --- | --- | --- | --- |`,
    );
    for (const [name, query] of Object.entries(await queries())) {
      const { api, bare, count } = await measureOne(query, () => ask(vm.url, token, query));
      console.log(
        `| ${name} | ${show(api, 0.5)} | ${show(api, 0.95)} | ${show(bare, 0.5)} | ${show(bare, 0.95)} | ${count} |`,
      );
    }
  } finally {
    await vm.close();
  }
}

/** What is asked for, by what it is about. */
async function queries(): Promise<Record<string, string>> {
  const [deep, last] = [await cursorAt(rows / 2), await cursorAt(rows - 30)];
  const monthAgo = new Date(Date.now() - 30 * 86_400_000).toISOString();
  const halfYearAgo = new Date(Date.now() - 180 * 86_400_000).toISOString();
  return {
    'first page': 'limit=50',
    'deep page (behind half of them)': `cursor=${deep}`,
    'last page': `cursor=${last}`,
    'status=failed (4 %)': 'status=failed',
    'status=running (none)': 'status=running',
    'status=succeeded, deep': `status=succeeded&cursor=${deep}`,
    'skill (5 %)': 'skill=skill-7',
    'skill, rare (1 in 100,000)': 'skill=once-a-blue-moon',
    'skill unused for half a year (5 %)': 'skill=retired',
    'skill that is not there': 'skill=no-such-skill',
    'trigger=webhook (30 %)': 'trigger=webhook',
    'mode=rehearsal (2 %)': 'mode=rehearsal',
    'from, to: a day half a year ago': `from=${halfYearAgo}&to=${new Date(Date.parse(halfYearAgo) + 86_400_000).toISOString()}`,
    'cost of 0.50 and more (0.3 %)': 'minCostUsd=0.5',
    'cost between 0.01 and 0.02': 'minCostUsd=0.01&maxCostUsd=0.02',
    'failed × skill × webhook': 'status=failed&skill=skill-7&trigger=webhook',
    'failed × rehearsal × chat × dear (none)':
      'status=failed&mode=rehearsal&trigger=chat&minCostUsd=1&skill=skill-9',
    'skill × before a month ago': `skill=skill-3&to=${monthAgo}`,
    'word in half of them': 'q=report',
    'the same, last page': `q=report&cursor=${last}`,
    'word in 1 %': 'q=walrus',
    'the same, deep page': `q=walrus&cursor=${deep}`,
    'word in 1 of 10,000': 'q=heron',
    'word in one of them': `q=order${Math.floor(rows / 3)}`,
    'no hits': 'q=zzyzx',
    'two words': 'q=report+walrus',
    'two words, never together (1 %, 1 %)': 'q=walrus+okapi',
    'phrase, frequent': `q=${encodeURIComponent('"weekly report"')}`,
    'word without another': 'q=report+-weekly',
    'beginning of a word': 'q=walr*',
    'word × status × skill': 'q=report&status=failed&skill=skill-7',
    'rare word × status': 'q=heron&status=failed',
    'common word × rare skill': 'q=report&skill=once-a-blue-moon',
  };
}

/** The cursor of the page behind `skip` executions. */
async function cursorAt(skip: number): Promise<string> {
  const { rows: found } = await db.pool.query<{ createdAt: Date; id: string }>(
    'SELECT created_at AS "createdAt", id::text FROM executions ORDER BY created_at DESC, id DESC OFFSET $1 LIMIT 1',
    [skip],
  );
  const at = found[0];
  return at ? Buffer.from(`${at.createdAt.toISOString()} ${at.id}`).toString('base64url') : '';
}

/** @returns how many the page has */
async function ask(url: string, token: string, query: string): Promise<number> {
  const response = await fetch(`${url}/api/v1/executions?${query}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw new Error(`${query}: ${response.status} ${await response.text()}`);
  return pageOf(executionSummarySchema).parse(await response.json()).items.length;
}

/** Through the API and bare, in turns, so that the machine's noise meets both alike; in milliseconds. */
async function measureOne(query: string, askApi: () => Promise<number>) {
  const api: number[] = [];
  const bare: number[] = [];
  let count = 0;
  const { cursor, limit: _, ...filter } = Object.fromEntries(new URLSearchParams(query));
  const numbers = Object.fromEntries(
    ['minCostUsd', 'maxCostUsd'].filter((key) => key in filter).map((key) => [key, Number(filter[key])]),
  );
  for (let round = 0; round < rounds; round++) {
    let from = performance.now();
    count = await askApi();
    api.push(performance.now() - from);
    from = performance.now();
    const before = cursor ? placeOf(cursor) : beforeAll;
    await findPage({ db }, { ...filter, ...numbers }, { before, limit: 51 });
    bare.push(performance.now() - from);
  }
  return { api, bare, count };
}

function show(list: number[], share: number): string {
  return (list.toSorted((a, b) => a - b)[Math.floor(list.length * share)] ?? 0).toFixed(1);
}
