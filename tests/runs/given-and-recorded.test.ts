/** What the model is given, what is on record, what a person is shown and what a server receives are the same. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decideApproval } from '../../src/executions/decide-approval.ts';
import { listApprovals } from '../../src/executions/list-approvals.ts';
import { until } from '../helpers/mcp/stdio-link.ts';
import type { MessagesBody, ScriptedTurn } from '../helpers/messages-api-script.ts';
import { createRunnerBench, type RunnerBench } from '../helpers/runner.ts';

const server = path.join(import.meta.dirname, '../helpers/mcp/scripted-server.ts');
const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const pdf = Buffer.from('%PDF-1.4 a small document').toString('base64');

const results = {
  both: {
    content: [{ type: 'text', text: 'id 12345678901234567890' }],
    structuredContent: { id: 12, rest: 'in the record' },
  },
  structure: { content: [{ type: 'text', text: '' }], structuredContent: { id: 12 } },
  binary: {
    content: [
      { type: 'image', mimeType: 'IMAGE/jpg', data: png },
      { type: 'resource', resource: { uri: 'file:///a.pdf', mimeType: 'application/pdf', blob: pdf } },
      { type: 'image', mimeType: 'image/svg+xml', data: 'PHN2Zy8+' },
      { type: 'audio', mimeType: 'audio/wav', data: 'AAAA' },
      { type: 'resource', resource: { uri: 'file:///b.bin', blob: 'AAAA' } },
      { type: 'resource', resource: { uri: 'file:///c.png', mimeType: 'image/png', blob: png } },
      { type: 'resource', resource: { uri: 'file:///d.txt', text: 'HELLO' } },
      { type: 'resource_link', uri: 'file:///e', name: 'more' },
    ],
  },
  long: { content: [{ type: 'audio', mimeType: 'audio/wav', data: 'A'.repeat(80_000) }] },
  broken: { content: [{ type: 'image', mimeType: 'image/png', data: png }], isError: true },
};

const inputSchema = { type: 'object' };
const longName = 'n'.repeat(150);
const longArgument = 'x'.repeat(70);
const tools = [
  ...Object.keys(results).map((name) => ({ name, inputSchema })),
  { name: 'pay', inputSchema, annotations: { destructiveHint: true } },
  {
    name: longName,
    inputSchema: {
      type: 'object',
      properties: {
        $filter: { type: 'string' },
        _filter: { type: 'string' },
        'a b': { type: 'object', properties: { 'c d': { type: 'string' } } },
        'x[]': { type: 'array', items: { type: 'integer' } },
        [longArgument]: { type: 'string' },
        amount: { type: 'number' },
        sure: { type: 'boolean' },
        code: { type: 'string' },
      },
      required: ['$filter', 'amount'],
    },
  },
];

let bench: RunnerBench;
let ledger: string;
beforeAll(async () => {
  bench = await createRunnerBench(() => ({ text: 'Nothing is scripted.' }));
  const file = path.join(bench.home, 'tools.json');
  ledger = path.join(bench.home, 'ledger.jsonl');
  writeFileSync(file, JSON.stringify({ tools, results }));
  await bench.addConnection('told', [server, file, ledger]);
  const allowedTools = ['mcp__told__*'];
  await bench.addSkill({ slug: 'free', steps: [{ prompt: 'Go', allowedTools }] });
  await bench.addSkill({ slug: 'asks', steps: [{ prompt: 'Go', allowedTools, approval: 'always' }] });
  await bench.addSkill({
    slug: 'twice',
    steps: [
      { prompt: 'Go', allowedTools },
      { prompt: 'Go', allowedTools },
    ],
  });
});
afterAll(() => bench.close());
beforeEach(() => {
  bench.api.requests.length = 0;
  rmSync(ledger, { force: true });
});

const received = (): unknown[] =>
  readFileSync(ledger, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

type Block = { type: string; id?: string; tool_use_id?: string; content?: unknown };
const blocksOf = (body: MessagesBody | undefined, type: string): Block[] =>
  (body?.messages ?? []).flatMap(({ content }) =>
    Array.isArray(content) ? (content as Block[]).filter((block) => block.type === type) : [],
  );
const lastBody = () => bench.api.requests.at(-1)?.body;
const inOrder = (...turns: ScriptedTurn[]) =>
  bench.api.setScript(({ index }) => turns[index] ?? { text: 'Done.' });
const call = (tool: string, input: unknown = {}, id = 'call_1') => ({
  toolCalls: [{ name: `mcp__told__${tool}`, input, id }],
});
/** Approves `count` calls as they come, and says what a person was shown. */
async function approveAll(execution: string, count: number): Promise<unknown[]> {
  const shown: unknown[] = [];
  await until(async () => {
    const { items } = await listApprovals(bench, { execution, status: 'pending', limit: 50 });
    for (const { id, name, arguments: args } of items) {
      shown.push([name, args]);
      await decideApproval(bench, id, { decision: 'approve', note: undefined, actor: 'owner' });
    }
    return shown.length === count;
  });
  return shown;
}

describe('an endpoint that numbers the calls of each answer from 1', () => {
  const amounts = [{ amount: 1 }, { amount: 2 }];
  const turns = amounts.map((input) => call('pay', input));

  it('has every result reach the model, each under an id of its own', async () => {
    inOrder(...turns, {
      toolCalls: [1, 1].map((amount) => ({ name: 'mcp__told__pay', input: { amount }, id: 'call_1' })),
    });
    const { execution } = await bench.run('free');
    expect(execution.status).toBe('succeeded');
    expect(received()).toHaveLength(4);
    const used = blocksOf(lastBody(), 'tool_use').map(({ id }) => id);
    expect(new Set(used).size).toBe(4);
    expect(blocksOf(lastBody(), 'tool_result').map(({ tool_use_id }) => tool_use_id)).toEqual(used);
    expect(execution.toolCalls.map(({ toolUseId }) => toolUseId)).toEqual(used);
  });

  it('has each call approved, made once, and its result told', async () => {
    inOrder(...turns);
    const id = await bench.start('asks');
    const shown = await approveAll(id, 2);
    const { execution } = await bench.ended(id);
    expect(execution.status).toBe('succeeded');
    expect(shown).toEqual(amounts.map((args) => ['mcp__told__pay', args]));
    expect(received()).toEqual(amounts.map((args) => ['pay', args]));
    const used = blocksOf(lastBody(), 'tool_use').map(({ id }) => id);
    expect(new Set(used).size).toBe(2);
    expect(blocksOf(lastBody(), 'tool_result').map(({ tool_use_id }) => tool_use_id)).toEqual(used);
  });

  it('has no id twice in a run of several steps', async () => {
    inOrder(call('pay'), { text: 'One.' }, call('pay'));
    const { execution } = await bench.run('twice');
    expect(execution.status).toBe('succeeded');
    expect(new Set(execution.toolCalls.map(({ toolUseId }) => toolUseId)).size).toBe(2);
  });
});

describe('a result', () => {
  const text = (value: string) => ({ type: 'text', text: value });
  const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } };
  const kept = 'kept in the record, not shown to you]';
  const given: Record<keyof typeof results, unknown[]> = {
    both: [text('id 12345678901234567890')],
    structure: [text('{"id":12}')],
    binary: [
      text(`[application/pdf, 25 bytes, file:///a.pdf: ${kept}`),
      text(`[image/svg+xml, 6 bytes: ${kept}`),
      text(`[audio/wav, 3 bytes: ${kept}`),
      text(`[binary content, 3 bytes, file:///b.bin: ${kept}`),
      text('[Resource file:///c.png: an image, shown]'),
      text('[Resource file:///d.txt]\nHELLO'),
      text('[Resource link: more] file:///e'),
      image,
      image,
    ],
    long: [text('[audio/wav, 60000 bytes: not shown to you, and too large to be kept in the record]')],
    broken: [text(`[image/png, 70 bytes: ${kept}`)],
  };

  it.each(['free', 'asks'] as const)(
    'is given as text and images, with a word on all else, and recorded as it came (%s)',
    async (skill) => {
      const names = Object.keys(results) as (keyof typeof results)[];
      inOrder({ toolCalls: names.map((name) => ({ name: `mcp__told__${name}`, input: {}, id: name })) });
      const id = await bench.start(skill);
      if (skill === 'asks') await approveAll(id, names.length);
      const { execution } = await bench.ended(id);
      expect(execution.status).toBe('succeeded');
      const told = blocksOf(lastBody(), 'tool_result').map(({ tool_use_id, content }) => [
        tool_use_id,
        typeof content === 'string' ? [text(content)] : content,
      ]);
      expect(Object.fromEntries(told)).toEqual(given);

      const rows = await bench.db.prisma.toolCall.findMany({ where: { executionId: id } });
      const recorded = Object.fromEntries(rows.map(({ tool, result }) => [tool, result]));
      expect(recorded).toEqual({
        ...results,
        long: {
          content: [text(expect.stringMatching(/^\[left out: audio of about 80\d\d\d characters\]$/))],
        },
      });
    },
  );
});

describe('arguments', () => {
  it.each(['free', 'asks'] as const)(
    'are the same for a person, the record and the server: by the server’s names, and as the SDK reads them (%s)',
    async (skill) => {
      const input = {
        _filter: 'other',
        _filter_argument: 'name eq 1',
        a_b: { 'c d': 'deep' },
        x: [1],
        ['x'.repeat(64)]: 'long',
        amount: '1.5',
        sure: 'true',
        code: '007',
      };
      bench.api.setScript(({ index, body }) => {
        const tool = body.tools?.find(({ name }) => name.includes('nnnn'));
        return index === 0 && tool ? { toolCalls: [{ name: tool.name, input }] } : { text: 'Done.' };
      });
      const id = await bench.start(skill);
      const shown = skill === 'asks' ? await approveAll(id, 1) : undefined;
      const { execution } = await bench.ended(id);
      expect(execution.status).toBe('succeeded');
      const offered = lastBody()?.tools ?? [];
      expect(offered).toHaveLength(tools.length);
      const schema = offered.find(({ name }) => name.includes('nnnn'))?.input_schema;
      expect(Object.keys(schema?.properties ?? {}).sort()).toEqual(Object.keys(input).sort());
      expect(schema?.required).toEqual(['_filter_argument', 'amount']);

      const real = {
        _filter: 'other',
        $filter: 'name eq 1',
        'a b': { 'c d': 'deep' },
        'x[]': [1],
        [longArgument]: 'long',
        amount: 1.5,
        sure: true,
        code: '007',
      };
      expect(received()).toEqual([[longName, real]]);
      expect(execution.toolCalls).toMatchObject([{ arguments: real, status: 'done' }]);
      if (shown) expect(shown).toEqual([[`mcp__told__${longName}`, real]]);
    },
  );
});

describe('a thousand allowed tools', () => {
  const vast = Array.from({ length: 1_000 }, (_, at) => ({
    name: `office.item${at}.open`,
    description: `Opens item ${at} of the office, whatever it is, and tells all that stands in it to whoever asks.`,
    inputSchema: { type: 'object', properties: { $page: { type: 'integer' } } },
    annotations: { destructiveHint: true },
  }));
  const wanted = 'mcp__vast__office_item7_open';
  const search = [
    { toolCalls: [{ name: 'mcp__Tools__find', input: { query: 'open item7' }, id: 'call_1' }] },
    {
      toolCalls: [
        { name: 'mcp__Tools__call', input: { tool: wanted, arguments: { _page: 2 } }, id: 'call_2' },
      ],
    },
    { text: 'It says 42.' },
  ];
  beforeAll(async () => {
    const file = path.join(bench.home, 'vast.json');
    const answers = { 'office.item7.open': { content: [{ type: 'text', text: 'the answer is 42' }] } };
    writeFileSync(file, JSON.stringify({ tools: vast, results: answers }));
    await bench.addConnection('vast', [server, file, ledger]);
    const allowedTools = ['mcp__vast__*'];
    await bench.addSkill({ slug: 'vast', steps: [{ prompt: 'Go', allowedTools }] });
    await bench.addSkill({ slug: 'vast-asks', steps: [{ prompt: 'Go', allowedTools, approval: 'always' }] });
  });

  it('are searched for: the first request is small, and what is called is on record by its own name', async () => {
    inOrder(...search);
    const { execution } = await bench.run('vast');
    expect(execution.status).toBe('succeeded');
    expect(JSON.stringify(bench.api.requests[0]?.body).length).toBeLessThanOrEqual(6_144);
    expect(received()).toEqual([['office.item7.open', { $page: 2 }]]);
    expect(JSON.stringify(blocksOf(lastBody(), 'tool_result'))).toContain('the answer is 42');
    expect(execution.toolCalls.map(({ name }) => name)).toEqual(['mcp__vast__office.item7.open']);
  });

  it('are asked about by their own names, and made once when a person has approved', {
    tags: ['exhaustive'],
  }, async () => {
    inOrder(...search);
    const id = await bench.start('vast-asks');
    const shown = await approveAll(id, 1);
    const { execution } = await bench.ended(id);
    expect(execution.status).toBe('succeeded');
    expect(shown).toEqual([['mcp__vast__office.item7.open', { $page: 2 }]]);
    expect(received()).toEqual([['office.item7.open', { $page: 2 }]]);
  });
});
