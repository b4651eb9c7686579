/** The rehearsal model against the real catalogues of real servers. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SchemaChecks } from '../../json-schema/schema.ts';
import type { ModelRequestBody } from '../proxy/request.ts';
import type { RehearsalContext, RehearsalTool } from './context.ts';
import { Rehearsal, type RehearsalTurn } from './rehearsal.ts';

const servers = path.resolve(import.meta.dirname, '../../../node_modules/@modelcontextprotocol');
const folder = mkdtempSync(path.join(tmpdir(), 'rehearsal-'));
const clients = new Map<string, Client>();
const catalogue = new Map<string, RehearsalTool[]>();

beforeAll(async () => {
  mkdirSync(path.join(folder, 'house'));
  writeFileSync(path.join(folder, 'house/notes.md'), '# Notes\nThe boiler is loud.\n');
  writeFileSync(path.join(folder, 'house/plan.txt'), 'Ground floor: kitchen, hall.');
  await connect('files', ['server-filesystem/dist/index.js', path.join(folder, 'house')]);
  await connect('memory', ['server-memory/dist/index.js'], {
    MEMORY_FILE_PATH: path.join(folder, 'memory.json'),
  });
  await connect('everything', ['server-everything/dist/index.js']);
  await clients.get('memory')?.callTool({
    name: 'create_entities',
    arguments: { entities: [{ name: 'Boiler', entityType: 'machine', observations: ['is loud'] }] },
  });
});
afterAll(async () => {
  for (const client of clients.values()) await client.close();
  rmSync(folder, { recursive: true, force: true });
});

async function connect(name: string, [program = '', ...args]: string[], env: Record<string, string> = {}) {
  const client = new Client({ name: 'rehearsal-test', version: '1' });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [path.join(servers, program), ...args],
      env: { ...env, PATH: process.env.PATH ?? '' },
      stderr: 'ignore',
    }),
  );
  clients.set(name, client);
  const { tools } = await client.listTools();
  catalogue.set(
    name,
    tools.map(({ name: tool, description, inputSchema, annotations }) => ({
      name: `mcp__${name}__${tool}`,
      readOnly: annotations?.readOnlyHint === true && annotations.destructiveHint !== true,
      destructive: annotations?.destructiveHint === true && annotations.readOnlyHint !== true,
      description,
      inputSchema,
    })),
  );
}

type Played = {
  report: string;
  turns: RehearsalTurn[];
  calls: RehearsalTurn['calls'];
  body: ModelRequestBody;
};

/** Plays a whole step: the model's calls go to the servers, and their results back. */
async function play(context: RehearsalContext, request: Partial<ModelRequestBody> = {}): Promise<Played> {
  const rehearsal = new Rehearsal(context, 1);
  const body: ModelRequestBody = {
    model: 'rehearsal',
    messages: [{ role: 'user', content: 'Look after the house.' }],
    tools: context.tools.map(({ name, inputSchema }) => ({ name, input_schema: inputSchema })),
    ...request,
  };
  const turns: RehearsalTurn[] = [];
  for (;;) {
    const turn = rehearsal.answer(body);
    expect(new Rehearsal(context, 1).answer(body)).toEqual(turn);
    turns.push(turn);
    body.messages.push({
      role: 'assistant',
      content: [
        { type: 'text', text: turn.text },
        ...turn.calls.map((call) => ({ type: 'tool_use', ...call })),
      ],
    });
    if (turn.calls.length === 0) break;
    expect(turns.length).toBeLessThan(20);
    body.messages.push({ role: 'user', content: await Promise.all(turn.calls.map(answerTo)) });
    body.messages.push({ role: 'system', content: 'A remark of the Agent SDK.' });
  }
  return { report: turns.at(-1)?.text ?? '', turns, calls: turns.flatMap(({ calls }) => calls), body };
}

async function answerTo({ id, name, input }: RehearsalTurn['calls'][number]) {
  const [, server = '', tool = ''] = /^mcp__([^_]+)__(.+)$/.exec(name) ?? [];
  const client = clients.get(server);
  if (!client)
    return { type: 'tool_result', tool_use_id: id, content: 'Structured output provided successfully' };
  const { content, isError } = await client.callTool({ name: tool, arguments: input });
  const text = JSON.stringify(content.find(({ type }) => type !== 'text') ?? null);
  const parts = content.map((part) =>
    part.type === 'text'
      ? { type: 'text', text: `${part.text}\n<system-reminder>Be quick.</system-reminder>` }
      : { type: 'image', source: { type: 'base64', media_type: 'image/png', data: text } },
  );
  return { type: 'tool_result', tool_use_id: id, content: parts, is_error: isError === true };
}

const toolsOf = (...names: string[]) => names.flatMap((name) => catalogue.get(name) ?? []);

describe('a rehearsal', () => {
  it('calls each read-only tool of real servers once, with arguments that fit', async () => {
    const tools = toolsOf('files', 'memory', 'everything').filter(
      ({ name }) => !name.includes('long-running'),
    );
    const { calls } = await play({ tools, input: {} });
    const readOnly = tools.filter((tool) => tool.readOnly).map(({ name }) => name);
    expect(readOnly.length).toBeGreaterThan(12);
    expect(calls.map(({ name }) => name).sort()).toEqual([...readOnly].sort());
    const checks = new SchemaChecks();
    for (const { name, input } of calls) {
      const schema = tools.find((tool) => tool.name === name)?.inputSchema ?? {};
      expect([name, input, checks.of(schema)?.(input)]).toEqual([name, input, true]);
    }
    expect(new Set(calls.map(({ id }) => id)).size).toBe(calls.length);
  });

  it('finds its way: from the folders it may see to a file in them', async () => {
    const { calls, report, turns } = await play({ tools: toolsOf('files'), input: {} });
    const house = path.join(folder, 'house');
    const inputOf = (tool: string) => calls.find(({ name }) => name === `mcp__files__${tool}`)?.input;
    expect(inputOf('list_directory')).toMatchObject({ path: house });
    expect(inputOf('read_text_file')).toEqual({ path: path.join(house, 'notes.md') });
    expect(inputOf('read_multiple_files')).toEqual({ paths: [path.join(house, 'notes.md')] });
    expect(inputOf('search_files')).toEqual({ path: house, pattern: '*' });
    expect(report).toContain('beginning “# Notes”');
    // The first turn asks what needs nothing, several at once where it can.
    expect(turns[0]?.calls.map(({ name }) => name)).toEqual(['mcp__files__list_allowed_directories']);
    expect(turns.length).toBeLessThan(6);
  });

  it('takes the run’s input first', async () => {
    const plan = path.join(folder, 'house/plan.txt');
    const tools = toolsOf('files').filter(({ name }) => /read_text_file|list_directory$/.test(name));
    const { calls, turns } = await play({ tools, input: { path: plan } });
    expect(calls.find(({ name }) => name.endsWith('read_text_file'))?.input).toEqual({ path: plan });
    expect(turns).toHaveLength(2);
  });

  it('uses what one tool says for the next', async () => {
    const { calls } = await play({ tools: toolsOf('memory'), input: { query: 'Boiler' } });
    expect(calls.find(({ name }) => name.endsWith('open_nodes'))?.input).toEqual({ names: ['Boiler'] });
    expect(calls.find(({ name }) => name.endsWith('search_nodes'))?.input).toEqual({ query: 'Boiler' });
  });

  it('describes what it did not call, and why', async () => {
    const { report, calls } = await play({ tools: toolsOf('files', 'memory'), input: {} });
    expect(report).toMatch(/^- would call mcp__files__write_file with \{"path":.*\}: marked destructive$/m);
    expect(report).toMatch(
      /^- would call mcp__memory__create_entities with .*: (not marked read-only|marked destructive)$/m,
    );
    expect(calls.map(({ name }) => name)).not.toContain('mcp__files__write_file');
  });

  it('says plainly what it is', async () => {
    const { report } = await play({ tools: [], input: {} });
    expect(report).toMatch(/^This is a rehearsal\..* a program and not an AI model.*cost nothing\./s);
    expect(report).toContain('no tools');
  });

  it('reports an error as an error', async () => {
    const tools = toolsOf('files').filter(({ name }) => name.endsWith('read_text_file'));
    const { report } = await play({ tools, input: { path: '/etc/passwd' } });
    expect(report).toContain('answered with an error');
    expect(report).toMatch(/- mcp__files__read_text_file with .*: error: .*denied/);
  });

  it('calls nothing that the request does not offer, or that is not the step’s', async () => {
    const tools = toolsOf('files');
    const { calls } = await play(
      { tools, input: {} },
      {
        tools: [
          { name: 'Bash', input_schema: { type: 'object' } },
          { name: 'DeferredToolPlaceholder', input_schema: { type: 'object' } },
          { name: 'mcp__files__list_allowed_directories', input_schema: { type: 'object' } },
        ],
      },
    );
    expect(calls.map(({ name }) => name)).toEqual(['mcp__files__list_allowed_directories']);
  });

  it('keeps within the step’s turns, and calls one at a time where it must', async () => {
    const tools = toolsOf('files');
    const short = await play({ tools, input: {}, maxTurns: 2 });
    expect(short.turns).toHaveLength(2);
    expect(short.calls.length).toBeGreaterThan(3);
    const none = await play({ tools, input: {}, maxTurns: 1 });
    expect(none.calls).toEqual([]);
    expect(none.report).toContain('turns were used up');
    const serial = await play(
      { tools: toolsOf('memory'), input: {} },
      { tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
    );
    for (const { calls } of serial.turns) expect(calls.length).toBeLessThan(2);
  });

  it('answers in the form that the step wants', async () => {
    const schema = {
      type: 'object',
      properties: { summary: { type: 'string' }, rooms: { type: 'integer', minimum: 2 } },
      required: ['summary', 'rooms'],
      additionalProperties: false,
    };
    const tools = toolsOf('memory').filter(({ readOnly }) => readOnly);
    const { calls, turns } = await play(
      { tools, input: {} },
      {
        tools: [
          { name: 'StructuredOutput', input_schema: schema },
          ...tools.map(({ name, inputSchema }) => ({ name, input_schema: inputSchema })),
        ],
      },
    );
    expect(calls.at(-1)).toMatchObject({ name: 'StructuredOutput', input: { rooms: 2 } });
    expect(turns.at(-2)?.text).toContain('This is a rehearsal.');
    const formatted = await play(
      { tools: [], input: {} },
      { output_config: { format: { type: 'json_schema', schema } } },
    );
    expect(JSON.parse(formatted.report)).toMatchObject({ rooms: 2 });
  });
});
