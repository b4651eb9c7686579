/**
 * One run beside a bare `query()` of the Agent SDK that does the same: a model that asks for one tool of server-everything,
 * gets its result, and answers. Both ask the same stand-in endpoint, in turns, so that the machine's noise meets them alike.
 * The bare one starts its MCP server itself and holds the model's key; it writes nothing down.
 *
 *   node bench/run-vs-bare-sdk.ts [rounds]
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { putConfig } from '../src/config/put-config.ts';
import { createConnection } from '../src/connections/create-connection.ts';
import { discoverTools } from '../src/connections/discover-tools.ts';
import { skillDefinitionSchema } from '../src/contract/skills.ts';
import { openDatabase } from '../src/database/client.ts';
import { startEmbeddedPostgres } from '../src/database/embedded.ts';
import { migrateDatabase } from '../src/database/migrate.ts';
import { followEvents } from '../src/executions/follow-events.ts';
import { getExecution } from '../src/executions/get-execution.ts';
import { startExecution } from '../src/executions/start-execution.ts';
import { createLogger } from '../src/kernel/log.ts';
import { descendantsOf, listProcesses } from '../src/processes/process-list.ts';
import { createSkill } from '../src/skills/create-skill.ts';
import { startMessagesApi, toolNamesOf } from '../tests/helpers/messages-api.ts';
import { openRunnerParts, type RunnerParts } from '../tests/helpers/runner-parts.ts';
import { answer, everything, key, model, prompt, runBare } from './one-tool.ts';

const rounds = Number(process.argv[2] ?? 10);

/** What was seen when the first request of a run came. */
type First = { at: number; bytes: number; tools: number; memory: Record<string, number> };
let first: First | undefined;
const measure = { memory: false };
const api = await startMessagesApi(async (request) => {
  if (!first) {
    const at = performance.now();
    first = { at, bytes: request.raw.length, tools: toolNamesOf(request.body).length, memory: {} };
    if (measure.memory) first.memory = await memoryByKind();
  }
  return answer(request);
});

/** Proportional set size of what we started, in MiB, by kind. */
async function memoryByKind(): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { pid } of descendantsOf(process.pid, listProcesses())) {
    const [command, rollup] = await Promise.all(
      ['cmdline', 'smaps_rollup'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
    );
    const kib = Number(/^Pss:\s+(\d+)/m.exec(rollup ?? '')?.[1] ?? 0);
    const kind = command?.includes('claude') ? 'agents' : command?.includes(everything) ? 'MCP servers' : '';
    if (kind !== '') sums[kind] = (sums[kind] ?? 0) + kib / 1024;
  }
  return sums;
}

type Figures = { total: number; first: number; bytes: number; tools: number; memory: Record<string, number> };

async function timed(work: () => Promise<void>): Promise<Figures> {
  first = undefined;
  const start = performance.now();
  await work();
  const total = performance.now() - start;
  const seen = first as First | undefined;
  if (!seen) throw new Error('the model was not asked');
  return { total, first: seen.at - start, bytes: seen.bytes, tools: seen.tools, memory: seen.memory };
}

const home = await mkdtemp(path.join(tmpdir(), 'alfred-bench-'));
const log = createLogger({ level: 'error', format: 'json', redact: (line) => line });
const postgres = await startEmbeddedPostgres({ home, log });
await migrateDatabase({ url: postgres.url, home, log });
const db = await openDatabase(postgres.url);

async function open(spares: number): Promise<RunnerParts> {
  const parts = await openRunnerParts(db, home, {
    env: { ALFRED_SPARE_AGENTS: String(spares), ALFRED_LOG_LEVEL: 'error' },
  });
  await putConfig({ db, vault: parts.vault }, 'model_base_url', api.url);
  await putConfig({ db, vault: parts.vault }, 'anthropic_api_key', key);
  await putConfig({ db, vault: parts.vault }, 'model', model);
  await parts.runner.start();
  return parts;
}

const bare = () => runBare(api.url);

async function run(parts: RunnerParts, skill: string): Promise<void> {
  const { executionId } = await startExecution(
    { ...parts, db },
    { skill, input: {}, mode: 'live', trigger: 'manual', actor: 'bench' },
  );
  const { signal } = new AbortController();
  for await (const _event of await followEvents({ db, feed: parts.feed }, executionId, { signal }));
  const { status, output, error } = await getExecution({ db }, executionId);
  if (status !== 'succeeded' || output !== 'It is 5.') throw new Error(`the run ended ${status}: ${error}`);
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const of = (figures: Figures[], what: 'total' | 'first') => median(figures.map((each) => each[what]));

let parts = await open(0);
const deps = { db, vault: parts.vault, log, home, pool: parts.pool };
await createConnection(
  deps,
  {
    name: 'everything',
    type: 'mcp_stdio',
    config: { command: process.execPath, args: [everything], env: {}, secrets: {}, sandbox: 'off' },
    isActive: true,
  },
  { actor: 'owner', mayApprove: true },
);
await discoverTools(deps, 'everything');
for (const [slug, tool] of [
  ['one-tool', 'mcp__everything__get-sum'],
  ['all-tools', 'mcp__everything__*'],
]) {
  await createSkill(
    { db, vault: parts.vault },
    skillDefinitionSchema.parse({
      slug,
      name: 'Add',
      steps: [{ id: 1, prompt, allowedTools: [tool] }],
    }),
    { actor: 'bench', mayLoosen: true },
  );
}

const agentCount = async () => Object.keys(await memoryByKind()).includes('agents');
/** A spare that is through with its start: its process is there, and the machine is quiet again. */
async function settled(): Promise<void> {
  while (!(await agentCount())) await sleep(50);
  await sleep(1_500);
}

const results: Record<'bare' | 'cold' | 'spare', Figures[]> = { bare: [], cold: [], spare: [] };
await timed(bare);
await timed(() => run(parts, 'one-tool'));
for (let round = 0; round < rounds; round++) {
  results.bare.push(await timed(bare));
  results.cold.push(await timed(() => run(parts, 'one-tool')));
}
const all = await timed(() => run(parts, 'all-tools'));
measure.memory = true;
await sleep(500);
// Of the bare one, its own server alone.
await parts.pool.evict('everything');
const memory = { bare: (await timed(bare)).memory, cold: (await timed(() => run(parts, 'one-tool'))).memory };
measure.memory = false;
await parts.close();

parts = await open(1);
await settled();
await timed(() => run(parts, 'one-tool'));
for (let round = 0; round < rounds; round++) {
  await settled();
  results.spare.push(await timed(() => run(parts, 'one-tool')));
}
await settled();
measure.memory = true;
const withSpare = (await timed(() => run(parts, 'one-tool'))).memory;

const [bareTotal, bareFirst] = [of(results.bare, 'total'), of(results.bare, 'first')];
console.log(`medians of ${rounds} rounds                whole    to the first model request`);
for (const [name, figures] of [
  ['bare query()', results.bare],
  ['a run, no spare agent', results.cold],
  ['a run, one spare agent', results.spare],
] as const) {
  const [total, toFirst] = [of(figures, 'total'), of(figures, 'first')];
  console.log(
    `${name.padEnd(30)} ${total.toFixed(0).padStart(6)} ms  × ${(total / bareTotal).toFixed(2)}   ` +
      `${toFirst.toFixed(0).padStart(6)} ms  × ${(toFirst / bareFirst).toFixed(2)}`,
  );
}
const show = (kinds: Record<string, number>) =>
  Object.entries(kinds)
    .map(([kind, mib]) => `${kind} ${mib.toFixed(0)} MiB`)
    .join(', ');
console.log('\nmemory (PSS) at the first model request');
console.log(`bare query()            ${show(memory.bare)}`);
console.log(`a run, no spare agent   ${show(memory.cold)}`);
console.log(`a run, a spare taken    ${show(withSpare)}`);
const one = results.cold[0];
const plain = results.bare[0];
if (one && plain) {
  console.log('\nbytes of the first model request');
  console.log(`one allowed tool                 ${one.bytes}  (${one.tools} shown)`);
  console.log(
    `all tools of server-everything   ${all.bytes}  (${all.tools} shown)  × ${(all.bytes / one.bytes).toFixed(2)}`,
  );
  console.log(
    `bare query(), one allowed tool   ${plain.bytes}  (${plain.tools} shown)  × ${(plain.bytes / one.bytes).toFixed(2)}`,
  );
}

await parts.close();
await api.close();
await db.close();
await postgres.stop();
await rm(home, { recursive: true, force: true });
