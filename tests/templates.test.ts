/** Each template that needs no account, on real connections, with the rehearsal model: no key, no cost, no network. */
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConnection } from '../src/connections/create-connection.ts';
import { discoverTools } from '../src/connections/discover-tools.ts';
import { connectionInputSchema } from '../src/contract/connection-types.ts';
import type { Execution } from '../src/contract/executions.ts';
import { fillConnection } from '../src/contract/templates.ts';
import { readTemplate, readTemplates } from '../src/skills/templates.ts';
import { useTemplate } from '../src/skills/use-template.ts';
import { createRunnerBench, type RunnerBench } from './helpers/runner.ts';

const modules = path.resolve(import.meta.dirname, '../node_modules');

let bench: RunnerBench;
let site: Server;
const answers: Record<string, string> = {};

beforeAll(async () => {
  bench = await createRunnerBench(() => ({ text: 'nobody asks this model' }), { withKey: false });
  const folder = path.join(bench.home, 'samples');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'todo.md'), '- [ ] pay the plumber, 27 November\n');
  answers.FOLDER = folder;
  answers.FILE = path.join(folder, 'memory.jsonl');

  site = createServer((request, response) => {
    const body = request.url?.startsWith('/v1/forecast')
      ? { daily: { precipitation_sum: [4.2] } }
      : undefined;
    response.setHeader('content-type', body ? 'application/json' : 'text/html');
    response.end(body ? JSON.stringify(body) : '<h1>All is well at Alder Lane</h1>');
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  answers.ADDRESS = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await bench.close();
  await new Promise((resolve) => site.close(resolve));
});

/** Servers that are not installed for one call each: what they offer and answer is played back (helpers/mcp/record.ts). */
const recorded: Record<string, string> = { '@bytebase/dbhub': 'dbhub', '@cyanheads/git-mcp-server': 'git' };
const player = path.resolve(import.meta.dirname, 'helpers/mcp/recorded-server.ts');

/** `npx -y <package>` as this machine has it: there is no network in a test. */
function local(config: Record<string, unknown>): Record<string, unknown> {
  const [, name = '', ...args] = (config.args ?? []) as string[];
  if (config.command !== 'npx') {
    // A stand-in on this machine takes the place of the service.
    return { ...config, baseUrl: answers.ADDRESS, allowPrivateNetwork: true };
  }
  const main = path.join(modules, name, 'dist/index.js');
  const program = recorded[name] === undefined ? [main] : [player, recorded[name]];
  return { ...config, command: process.execPath, args: [...program, ...args] };
}

/** Makes the template's connections and its skill, and rehearses it. */
async function rehearse(id: string, input: Record<string, unknown> = {}): Promise<Execution> {
  const deps = { ...bench, log: bench.log };
  const template = await readTemplate(id);
  for (const wanted of template.connections) {
    if ((await bench.db.prisma.connection.count({ where: { name: wanted.name } })) > 0) continue;
    const filled = fillConnection(wanted, answers);
    const connection = connectionInputSchema.parse({ ...filled, config: local(filled.config) });
    await createConnection(deps, connection, { actor: 'owner', mayApprove: true });
    await discoverTools(deps, wanted.name);
  }
  const { skill, warnings } = await useTemplate(bench, id, { actor: 'owner', mayLoosen: true });
  expect({ id, warnings, isActive: skill.isActive }).toEqual({ id, warnings: [], isActive: true });
  const { execution } = await bench.run(skill.slug, input);
  expect({ id, status: execution.status, error: execution.error }).toEqual({
    id,
    status: 'succeeded',
    error: null,
  });
  expect(execution).toMatchObject({ mode: 'rehearsal', costUsd: 0 });
  return execution;
}

const called = (execution: Execution) =>
  execution.toolCalls.map(({ name, status }) => `${name} ${status}`).filter((call) => call.endsWith(' done'));
const results = (execution: Execution) => JSON.stringify(execution.toolCalls.map(({ result }) => result));

describe('a template that ships', () => {
  it('folder-digest reads files', async () => {
    const execution = await rehearse('folder-digest');
    expect(called(execution)).toContain('mcp__files__list_directory done');
    expect(results(execution)).toContain('todo.md');
  });

  it('morning-briefing reads files and memory', async () => {
    expect(called(await rehearse('morning-briefing'))).toContain('mcp__memory__read_graph done');
  });

  it('remember-this looks up, and describes what would write', async () => {
    const execution = await rehearse('remember-this', { fact: 'Mara likes tea' });
    expect(called(execution)).toContain('mcp__memory__read_graph done');
    expect(called(execution).join()).not.toContain('create_entities');
    expect(execution.output).toContain('create_entities');
  });

  it('database-question looks into SQLite', async () => {
    const execution = await rehearse('database-question', { question: 'How many orders?' });
    expect(called(execution)).toContain('mcp__database__search_objects done');
    expect(called(execution).join()).not.toContain('execute_sql');
    expect(results(execution)).toContain('orders');
    const { config } = await bench.db.prisma.connection.findUniqueOrThrow({ where: { name: 'database' } });
    expect(JSON.stringify(config)).toContain(`"--dsn","sqlite://${answers.FILE}"`);
  });

  it('repository-week reads git', async () => {
    const execution = await rehearse('repository-week');
    expect(called(execution)).toContain('mcp__git__git_log done');
    expect(results(execution)).toContain('start the list');
  });

  it('weather-plan calls an HTTP API', async () => {
    const execution = await rehearse('weather-plan');
    expect(called(execution)).toEqual(['mcp__weather__forecast done']);
    expect(results(execution)).toContain('4.2');
  });

  it('site-watch fetches the page of an own server', async () => {
    const execution = await rehearse('site-watch', { expect: 'Alder Lane' });
    expect(called(execution)).toEqual(['mcp__site__front-page done']);
    expect(results(execution)).toContain('Alder Lane');
  });

  it('issue-to-summary needs no connection at all', async () => {
    const execution = await rehearse('issue-to-summary', { body: { title: 'The cellar is wet' } });
    expect(execution.toolCalls).toEqual([]);
  });

  it('is tried here, unless it needs an account', async () => {
    const free = (await readTemplates()).filter(({ needsAccount }) => !needsAccount).map(({ id }) => id);
    const tried = await bench.db.prisma.skill.findMany({ where: { source: 'template' } });
    expect(tried.map(({ templateId }) => templateId).sort()).toEqual(free.sort());
  });
});
