/** A runner with everything real behind it: PostgreSQL, vault, queue, connections, model proxy, agents; the model is scripted. */
import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { putConfig } from '../../src/config/put-config.ts';
import { createConnection } from '../../src/connections/create-connection.ts';
import { discoverTools } from '../../src/connections/discover-tools.ts';
import type { ConnectionDeps, ConnectionPool } from '../../src/connections/pool/pool.ts';
import type { ExecutionEvent } from '../../src/contract/events.ts';
import type { Execution } from '../../src/contract/executions.ts';
import { type Skill, type Step, skillDefinitionSchema } from '../../src/contract/skills.ts';
import type { StdioConfigInput } from '../../src/contract/stdio-connections.ts';
import type { Database } from '../../src/database/client.ts';
import { followEvents } from '../../src/executions/follow-events.ts';
import { getExecution } from '../../src/executions/get-execution.ts';
import { type StartRequest, startExecution } from '../../src/executions/start-execution.ts';
import { homeMark, markOfHome } from '../../src/processes/marks.ts';
import { hasVariable, listProcesses } from '../../src/processes/process-list.ts';
import { createSkill } from '../../src/skills/create-skill.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { keptLines } from './kept-lines.ts';
import { hostileServer, realServer } from './mcp/stdio-link.ts';
import { type MessagesApi, startMessagesApi } from './messages-api.ts';
import type { Script } from './messages-api-script.ts';
import { openRunnerParts, type RunnerOptions, type RunnerParts } from './runner-parts.ts';

/** The scripted model's key, which nobody but the proxy may ever hold. */
export const modelKey = 'sk-ant-canary-93b1c07de2f84a65';
/** A model whose price is known: $2 and $10 for a million tokens. */
export const modelName = 'claude-sonnet-5-5';

type SkillInput = Partial<Omit<Skill, 'steps'>> & {
  steps: (string | (Partial<Step> & { prompt: string }))[];
};

export type RunnerBench = RunnerParts & {
  db: TestDatabase;
  home: string;
  /** For the verbs of connections. */
  connectionDeps: ConnectionDeps & { pool: ConnectionPool };
  api: MessagesApi;
  /** All that was logged, as JSON lines, unredacted. */
  logged(): string;
  addConnection(name: string, args: string[], config?: Partial<StdioConfigInput>): Promise<void>;
  /** server-everything, with `env` sealed. */
  addEverything(name?: string, env?: StdioConfigInput['env']): Promise<void>;
  /** The hostile server in one of its modes. */
  addHostile(name?: string, config?: Partial<StdioConfigInput>): Promise<void>;
  addSkill(skill: SkillInput): Promise<Skill>;
  start(skill: string, input?: Record<string, unknown>, more?: Partial<StartRequest>): Promise<string>;
  /** The events up to the end, and the execution as it is then. */
  ended(id: string): Promise<{ execution: Execution; events: ExecutionEvent[] }>;
  /** `start` and `ended`. */
  run(
    skill: string,
    input?: Record<string, unknown>,
    more?: Partial<StartRequest>,
  ): Promise<{ execution: Execution; events: ExecutionEvent[] }>;
  /** Agent processes of this home, command line and all. */
  agents(): { pid: number }[];
  /** What is in the folder of runs. */
  runFolders(): Promise<string[]>;
  /** Every row of every table, as text. */
  dump(): Promise<string>;
  close(): Promise<void>;
};

/** Below the limit of a test, so that the one that waits says for what. */
const longestWaitMs = 340_000;

/** Starts a runner against the scripted model. Everything ends with `close`, which fails when something is left over. */
export async function createRunnerBench(
  script: Script,
  options: Omit<RunnerOptions, 'destination'> & {
    start?: boolean;
    withKey?: boolean;
    /** Of one's own; it is dropped in the end. */
    database?: TestDatabase;
  } = {},
): Promise<RunnerBench> {
  const home = await realpath(await mkdtemp(path.join(tmpdir(), 'alfred-runs-')));
  const db = options.database ?? (await createTestDatabase());
  const { destination, logged } = keptLines();
  const parts = await openRunnerParts(db, home, { ...options, destination });
  const api = await startMessagesApi(script);
  if (options.withKey !== false) {
    await putConfig({ db, vault: parts.vault }, 'model_base_url', api.url);
    await putConfig({ db, vault: parts.vault }, 'anthropic_api_key', modelKey);
    await putConfig({ db, vault: parts.vault }, 'model', modelName);
  }
  if (options.start !== false) await parts.runner.start();

  const connectionDeps = { db, vault: parts.vault, log: parts.log, home, pool: parts.pool };
  const bench: RunnerBench = {
    ...parts,
    db,
    home,
    connectionDeps,
    api,
    logged,
    async addConnection(name, args, config = {}) {
      const full = { command: 'node', args, env: {}, secrets: {}, sandbox: 'off' as const, ...config };
      const input = { name, type: 'mcp_stdio' as const, config: full, isActive: true };
      await createConnection(connectionDeps, input, { actor: 'owner', mayApprove: true });
      await discoverTools(connectionDeps, name);
    },
    addEverything: (name = 'everything', env = {}) =>
      bench.addConnection(name, [realServer('server-everything')], { env }),
    addHostile: (name = 'hostile', config = {}) => bench.addConnection(name, [hostileServer], config),
    addSkill: (skill) =>
      createSkill({ db, vault: parts.vault }, definitionOf(skill), { actor: 'owner', mayLoosen: true }),
    async start(skill, input = {}, more = {}) {
      const { executionId } = await startExecution(
        { ...parts, db },
        { skill, input, mode: 'live', trigger: 'manual', actor: 'owner', ...more },
      );
      return executionId;
    },
    async ended(id) {
      const events: ExecutionEvent[] = [];
      const signal = AbortSignal.timeout(longestWaitMs);
      for await (const event of await followEvents({ db, feed: parts.feed }, id, { signal }))
        events.push(event);
      if (signal.aborted) throw new Error(`${id} has not ended after ${longestWaitMs / 1000} s`);
      return { execution: await getExecution({ db }, id), events };
    },
    run: async (skill, input, more) => bench.ended(await bench.start(skill, input, more)),
    agents: () => agentsOf(home),
    runFolders: () => readdir(path.join(home, 'runs')).catch(() => []),
    dump: () => dumpOf(db),
    async close() {
      await parts.close();
      await api.close();
      await db.drop();
      const left = { processes: processesOf(home), folders: await bench.runFolders() };
      await rm(home, { recursive: true, force: true });
      if (left.processes.length + left.folders.length > 0) {
        throw new Error(`Left behind by the runner: ${JSON.stringify(left)}`);
      }
    },
  };
  return bench;
}

const definitionOf = ({ steps, ...more }: SkillInput) =>
  skillDefinitionSchema.parse({
    name: 'A skill',
    ...more,
    steps: steps.map((step, index) => ({
      id: index + 1,
      ...(typeof step === 'string' ? { prompt: step } : step),
    })),
  });

/** Living processes that carry the mark of a home: servers, agents and what they started. */
export const processesOf = (home: string): { pid: number; name: string }[] =>
  listProcesses().filter(({ pid, isZombie }) => !isZombie && hasVariable(pid, homeMark, markOfHome(home)));

/** Those of them that are agents: they live in a folder of `runs/`. */
const agentsOf = (home: string): { pid: number }[] =>
  processesOf(home).filter(({ name }) => name === 'claude');

async function dumpOf(db: Database): Promise<string> {
  const tables = await db.pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('public', 'pgboss')`,
  );
  let text = '';
  for (const { name } of tables.rows) {
    const rows = await db.pool.query<{ row: string }>(`SELECT t::text AS row FROM ${name} AS t`);
    text += rows.rows.map(({ row }) => `${name} ${row}\n`).join('');
  }
  return text;
}

/** A promise and how to settle it, for scripts that wait. */
export function gate(): { open: () => void; passed: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: () => resolve(), passed: promise };
}
