/**
 * A warm call over stdio through the pool, beside the same call with the bare MCP SDK; and what it takes to start a server.
 * Rounds take turns, so that the machine's noise falls on both. Run: node bench/stdio-call.ts [calls in a round]
 */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { createConnection } from '../src/connections/create-connection.ts';
import { ConnectionPool } from '../src/connections/pool/pool.ts';
import { openDatabase } from '../src/database/client.ts';
import { startEmbeddedPostgres } from '../src/database/embedded.ts';
import { migrateDatabase } from '../src/database/migrate.ts';
import { createLogger } from '../src/kernel/log.ts';
import { readSettings } from '../src/kernel/settings.ts';
import { openVault } from '../src/vault/open-vault.ts';

const calls = Number(process.argv[2] ?? 500);
const rounds = 10;
const starts = 5;
const require = createRequire(import.meta.url);
const folder = path.dirname(require.resolve('@modelcontextprotocol/server-everything/package.json'));
const program = path.join(folder, 'dist/index.js');

const home = await realpath(await mkdtemp(path.join(tmpdir(), 'alfred-bench-')));
const log = createLogger({ level: 'warn', format: 'json', redact: (line) => line });
const postgres = await startEmbeddedPostgres({ home, log });
await migrateDatabase({ url: postgres.url, home, log });
const db = await openDatabase(postgres.url);
const settings = readSettings({ ...process.env, ALFRED_HOME: home });
const vault = await openVault({ db, settings, log });
const deps = { db, vault, log, home };
const pool = new ConnectionPool(deps, { childEnvironment: settings.childEnvironment });

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const percentile = (values: number[], part: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? 0;
async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
async function repeat(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let at = 0; at < count; at += 1) times.push(await time(work));
  return times;
}

try {
  for (const sandbox of ['off', 'default'] as const) {
    await createConnection(
      deps,
      {
        name: `everything-${sandbox}`,
        type: 'mcp_stdio',
        config: { command: process.execPath, args: [program], env: {}, secrets: {}, sandbox },
        isActive: true,
      },
      { actor: 'bench', mayApprove: true },
    );
    // The first opening writes the catalogue down; later ones only compare.
    await pool.discover(`everything-${sandbox}`);
  }
  const client = new Client({ name: 'bench', version: '1.0.0' });
  const connect = () =>
    client.connect(
      new StdioClientTransport({ command: process.execPath, args: [program], stderr: 'ignore' }),
    );
  await connect();

  const bare = () => client.callTool({ name: 'echo', arguments: { message: 'hello' } });
  const pooled = (name: string) => () => pool.call(name, 'echo', { message: 'hello' });
  const times = { bare: [] as number[], off: [] as number[], default: [] as number[] };
  for (let round = 0; round < rounds + 1; round += 1) {
    const [a, b, c] = [
      await repeat(calls, bare),
      await repeat(calls, pooled('everything-off')),
      await repeat(calls, pooled('everything-default')),
    ];
    // The first round warms everybody up.
    if (round === 0) continue;
    times.bare.push(...a);
    times.off.push(...b);
    times.default.push(...c);
  }
  console.log(`warm call of echo, ${rounds} rounds of ${calls}, one at a time`);
  for (const [name, values] of Object.entries(times)) {
    const ratio = median(values) / median(times.bare);
    console.log(
      `  ${name === 'bare' ? 'bare SDK client' : `pool, sandbox ${name}`}`.padEnd(26),
      `median ${median(values).toFixed(3)} ms, p99 ${percentile(values, 0.99).toFixed(2)} ms, ratio ${ratio.toFixed(2)}`,
    );
  }
  await client.close();

  const opened = { bare: [] as number[], off: [] as number[], default: [] as number[] };
  for (let at = 0; at < starts; at += 1) {
    opened.bare.push(
      await time(async () => {
        await connect();
        await client.listTools();
      }),
    );
    await client.close();
    for (const sandbox of ['off', 'default'] as const) {
      await pool.evict(`everything-${sandbox}`);
      opened[sandbox].push(await time(() => pool.ready([`everything-${sandbox}`])));
    }
  }
  console.log(`start of the server to a known list of tools, median of ${starts}`);
  for (const [name, values] of Object.entries(opened)) {
    const ratio = median(values) / median(opened.bare);
    console.log(
      `  ${name === 'bare' ? 'bare SDK client' : `pool, sandbox ${name}`}`.padEnd(26),
      `${median(values).toFixed(0)} ms, ratio ${ratio.toFixed(2)}`,
    );
  }
} finally {
  await pool.close();
  await db.close();
  await postgres.stop();
  await rm(home, { recursive: true, force: true });
}
