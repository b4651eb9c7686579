/** A run from its start to its final row: real agent, real tools, real database; the model is scripted. */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { executionEventDataSchemas } from '../../src/contract/events.ts';
import { executionSchema } from '../../src/contract/executions.ts';
import { canonicalJson, hashOf, sha256 } from '../../src/kernel/hash.ts';
import { realServer } from '../helpers/mcp/stdio-link.ts';
import { inTurn, toolNamesOf, toolResultsOf, userTextOf } from '../helpers/messages-api.ts';
import { createRunnerBench, modelName, type RunnerBench } from '../helpers/runner.ts';
import { signAll } from '../helpers/signed.ts';

let bench: RunnerBench;
let folder: string;
beforeAll(async () => {
  bench = await createRunnerBench(() => ({ text: 'Nothing is scripted.' }));
  folder = await mkdtemp(path.join(tmpdir(), 'alfred-files-'));
  await writeFile(path.join(folder, 'note.txt'), 'The kettle is on the left shelf.\n');
  await bench.addEverything();
  await bench.addConnection('files', [realServer('server-filesystem'), folder]);
});
afterAll(async () => {
  await bench.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  bench.api.requests.length = 0;
  bench.api.others.length = 0;
});

it('starts without looking up the names of those who are connected', async () => {
  const reports = vi.spyOn(process.report, 'getReport');
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const connected = connect(port, '127.0.0.1');
  await once(connected, 'connect');
  try {
    bench.api.setScript(() => ({ text: 'Done.' }));
    await bench.addSkill({ slug: 'names', steps: [{ prompt: 'Say so.' }] });
    expect((await bench.run('names')).execution.status).toBe('succeeded');
    const handles = reports.mock.results.flatMap(({ value }) => (value as { libuv: Handle[] }).libuv);
    const ends = handles.flatMap(({ remoteEndpoint }) => remoteEndpoint ?? []);
    expect(ends.filter((end) => end.port === port && end.host !== end.ip4)).toEqual([]);
    // One report at least, and the connection is in it.
    expect(handles.some(({ type, localEndpoint }) => type === 'tcp' && localEndpoint?.port === port)).toBe(
      true,
    );
  } finally {
    reports.mockRestore();
    connected.destroy();
    listener.close();
  }
});
type End = { host?: string; ip4?: string; port?: number };
type Handle = { type: string; localEndpoint?: End | null; remoteEndpoint?: End | null };

describe('a run of one step', () => {
  it('ends with the true result of its tool in output, trace, events and rows', async () => {
    bench.api.setScript((request) => {
      const [result] = toolResultsOf(request.body);
      return result
        ? {
            text: `The file says: ${/The.*shelf\./.exec(result.text)?.[0]}`,
            usage: { input_tokens: 300, output_tokens: 30 },
          }
        : {
            text: 'Let me look.',
            toolCalls: [
              { name: 'mcp__files__read_text_file', input: { path: path.join(folder, 'note.txt') } },
            ],
            usage: { input_tokens: 200, output_tokens: 20, cache_read_input_tokens: 1000 },
          };
    });
    const skill = await bench.addSkill({
      slug: 'read-note',
      steps: [
        {
          prompt: 'Read {{file}} to me.',
          guidance: 'Be brief.',
          allowedTools: ['mcp__files__read_text_file'],
        },
      ],
      inputSchema: { type: 'object', properties: { file: { type: 'string' } }, required: ['file'] },
    });
    const { execution, events } = await bench.run('read-note', { file: 'the note' });

    executionSchema.parse(execution);
    expect(execution).toMatchObject({
      status: 'succeeded',
      mode: 'live',
      model: modelName,
      actor: 'owner',
      trigger: 'manual',
      skillVersion: 1,
      error: null,
      errorCode: null,
      input: { file: 'the note' },
      output: 'The file says: The kettle is on the left shelf.',
      tokenCount: 1550,
      usage: {
        inputTokens: 500,
        outputTokens: 50,
        cacheReadTokens: 1000,
        cacheWriteTokens: 0,
        modelCalls: 2,
      },
      steps: [
        { id: 1, status: 'done', attempt: 1, output: 'The file says: The kettle is on the left shelf.' },
      ],
      toolCalls: [
        {
          name: 'mcp__files__read_text_file',
          stepId: 1,
          toolUseId: 'toolu_0_0',
          status: 'done',
          arguments: { path: path.join(folder, 'note.txt') },
          error: null,
        },
      ],
    });
    // $2, $10 and $0.10 for a million tokens of input, output and cache reads.
    expect(execution.costUsd).toBeCloseTo((500 * 2 + 50 * 10 + 1000 * 0.1) / 1e6, 6);
    expect(JSON.stringify(execution.toolCalls[0]?.result)).toContain('left shelf');
    expect(execution.durationMs).toBeGreaterThan(0);

    const trace = execution.trace as { type: string; message?: { content: unknown } }[];
    expect(trace.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['system', 'assistant', 'user', 'result']),
    );
    expect(JSON.stringify(trace.filter(({ type }) => type === 'user'))).toContain('left shelf');

    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    for (const { kind, data } of events) executionEventDataSchemas[kind].parse(data);
    expect(events.filter(({ kind }) => kind === 'message').map(({ data }) => data)).toEqual(trace);
    expect(events.filter(({ kind }) => kind === 'status').map(({ data }) => data)).toMatchObject([
      { status: 'queued' },
      { status: 'running' },
      { status: 'succeeded' },
    ]);
    expect(events.filter(({ kind }) => kind === 'step').map(({ data }) => data)).toMatchObject([
      { id: 1, of: 1, status: 'running' },
      { id: 1, of: 1, status: 'done' },
    ]);
    expect(events.filter(({ kind }) => kind === 'tool_call').map(({ data }) => data)).toMatchObject(
      ['intended', 'dispatched', 'done'].map((status) => ({ name: 'mcp__files__read_text_file', status })),
    );
    expect(events.findLast(({ kind }) => kind === 'usage')?.data).toMatchObject({
      inputTokens: 500,
      outputTokens: 50,
      cacheReadTokens: 1000,
    });
    expect(events.at(-1)).toMatchObject({ kind: 'end', data: { status: 'succeeded' } });

    const { runCount, lastRunAt } = await bench.db.prisma.skill.findUniqueOrThrow({
      where: { id: skill.id },
    });
    expect({ runCount, isRun: lastRunAt !== null }).toEqual({ runCount: 1, isRun: true });
  });

  it('tells the model prompt, guidance under a heading of its own, and the input, each once', async () => {
    bench.api.setScript(() => ({ text: 'Done.' }));
    await bench.addSkill({
      slug: 'told',
      steps: [{ prompt: 'Greet {{who.name}} {{times}} times.', guidance: 'Mind the tone.' }],
    });
    const { execution } = await bench.run('told', { who: { name: 'Ada' }, times: 2, extra: [true] });
    expect(execution.status).toBe('succeeded');
    const text = userTextOf(bench.api.requests[0]?.body ?? { model: '', messages: [] });
    expect(text.match(/Greet Ada 2 times\./g)).toHaveLength(1);
    expect(text).toMatch(/Greet Ada 2 times\.\s+#+ Guidance\s+Mind the tone\./);
    expect(JSON.parse(/\{[\s\S]*\}/.exec(text)?.[0] ?? '')).toEqual({
      who: { name: 'Ada' },
      times: 2,
      extra: [true],
    });
  });

  it('holds its hashes over what is stored', async () => {
    bench.api.setScript(() => ({ text: 'It is done — “well”.' }));
    await bench.addSkill({ slug: 'hashed', steps: ['Do it'] });
    const { execution } = await bench.run('hashed', { a: 1 });
    const row = await bench.db.prisma.execution.findUniqueOrThrow({ where: { id: execution.id } });
    const hex = (bytes: Uint8Array | null) => Buffer.from(bytes ?? []).toString('hex');
    expect(hex(row.inputHash)).toBe(hashOf(row.input).toString('hex'));
    expect(hex(row.outputHash)).toBe(sha256(row.output ?? '').toString('hex'));
    expect(hex(row.traceHash)).toBe(hashOf(row.trace).toString('hex'));
    expect(row.contentHash).toHaveLength(32);
    expect(canonicalJson(row.trace)).toBe(canonicalJson(execution.trace));
  });

  it('stores what PostgreSQL cannot hold in a form that it can', async () => {
    bench.api.setScript((request) =>
      toolResultsOf(request.body).length > 0
        ? { text: 'nul \u0000 and half \ud800 a pair' }
        : { toolCalls: [{ name: 'mcp__everything__echo', input: { message: 'a\u0000b\ud83d' } }] },
    );
    await bench.addSkill({
      slug: 'strange',
      steps: [{ prompt: 'Echo', allowedTools: ['mcp__everything__echo'] }],
    });
    const { execution } = await bench.run('strange');
    expect(execution.status).toBe('succeeded');
    expect(execution.output).toMatch(/^nul . and half .+ a pair$/u);
  });

  it('gives output in the form of its outputSchema', async () => {
    bench.api.setScript((request) => {
      const tool = request.body.tools?.find(({ name }) => name === 'StructuredOutput');
      return tool && toolResultsOf(request.body).length === 0
        ? { toolCalls: [{ name: tool.name, input: { rooms: 3 } }] }
        : { text: 'There it is.' };
    });
    await bench.addSkill({
      slug: 'shaped',
      steps: [
        {
          prompt: 'Count the rooms',
          outputSchema: { type: 'object', properties: { rooms: { type: 'integer' } }, required: ['rooms'] },
        },
      ],
    });
    const { execution } = await bench.run('shaped');
    expect(execution).toMatchObject({ status: 'succeeded', errorCode: null });
    expect(JSON.parse(execution.output ?? '')).toEqual({ rooms: 3 });
  });
});

describe('steps', () => {
  it('come one after the other, each with its own tools and the outputs before it', async () => {
    bench.api.setScript((request) => {
      if (userTextOf(request.body).includes('First')) {
        return toolResultsOf(request.body).length > 0
          ? { text: 'The sum is 5.' }
          : { toolCalls: [{ name: 'mcp__everything__get-sum', input: { a: 2, b: 3 } }] };
      }
      return { text: 'Reported.' };
    });
    await bench.addSkill({
      slug: 'two-steps',
      steps: [
        { prompt: 'First add', allowedTools: ['mcp__everything__get-sum'] },
        { prompt: 'Then report', allowedTools: ['mcp__everything__echo', 'mcp__files__*'] },
      ],
    });
    const { execution, events } = await bench.run('two-steps', { note: 'xyz' });
    expect(execution).toMatchObject({
      status: 'succeeded',
      output: 'Reported.',
      steps: [
        { id: 1, status: 'done', output: 'The sum is 5.', usage: { modelCalls: 2 } },
        { id: 2, status: 'done', output: 'Reported.', usage: { modelCalls: 1 } },
      ],
    });
    expect(events.filter(({ kind }) => kind === 'step').map(({ data }) => data)).toMatchObject([
      { id: 1, of: 2, status: 'running' },
      { id: 1, of: 2, status: 'done', output: 'The sum is 5.' },
      { id: 2, of: 2, status: 'running' },
      { id: 2, of: 2, status: 'done', output: 'Reported.' },
    ]);
    const [first, , second] = bench.api.requests;
    expect(toolNamesOf(first?.body ?? { model: '', messages: [] })).toEqual(['mcp__everything__get-sum']);
    const shown = toolNamesOf(second?.body ?? { model: '', messages: [] });
    expect(shown).toHaveLength(1 + 14);
    expect(shown).toContain('mcp__everything__echo');
    expect(shown).toContain('mcp__files__read_text_file');
    const told = userTextOf(second?.body ?? { model: '', messages: [] });
    expect(told).toContain('The sum is 5.');
    expect(told).toContain('xyz');
    // Nothing of the first step but its output: no prompt, no tool call.
    expect(told).not.toContain('First add');
    expect(second?.raw).not.toContain('get-sum');
  });
});

describe('the wall', () => {
  it('shows a step without tools no tool at all', async () => {
    bench.api.setScript(() => ({ text: 'Done.' }));
    await bench.addSkill({ slug: 'bare', steps: ['Think'] });
    await bench.run('bare');
    expect(toolNamesOf(bench.api.requests[0]?.body ?? { model: '', messages: [] })).toEqual([]);
    expect(bench.api.requests[0]?.raw).not.toContain('mcp__');
  });

  it('lets a step read the files of its own skill, and nothing else, asking nobody', async () => {
    const file = (path: string, id: string) => ({
      name: 'mcp__alfred__read_skill_file',
      input: { path },
      id,
    });
    bench.api.setScript(
      inTurn(
        {
          toolCalls: [
            ...[file('references/forms.md', 'toolu_f'), file('/etc/hostname', 'toolu_g')],
            { name: 'mcp__alfred__list_skills', input: {}, id: 'toolu_h' },
          ],
        },
        { text: 'Filled in.' },
      ),
    );
    await bench.addSkill({
      slug: 'with-files',
      steps: [{ prompt: 'Fill in the form as forms.md says.', approval: 'always' }],
      files: { 'a.csv': 'a;b', 'references/forms.md': 'Fill in {{every}} field.', LICENSE: 'a licence' },
    });
    const { execution } = await bench.run('with-files');
    expect(execution).toMatchObject({ status: 'succeeded', output: 'Filled in.' });
    const [first, second] = bench.api.requests;
    expect(toolNamesOf(first?.body ?? { model: '', messages: [] })).toEqual(['mcp__alfred__read_skill_file']);
    const told = userTextOf(first?.body ?? { model: '', messages: [] });
    expect(told).toMatch(/# Files of this skill[\s\S]*\n- references\/forms\.md \(24 characters\)\n- a\.csv/);
    expect(first?.raw).not.toMatch(/licence|every/);
    const results = new Map(
      toolResultsOf(second?.body ?? { model: '', messages: [] }).map((result) => [result.id, result]),
    );
    expect(results.get('toolu_f')).toMatchObject({ text: 'Fill in {{every}} field.', isError: false });
    expect(results.get('toolu_h')?.isError).toBe(true);
    expect(results.get('toolu_g')?.text).toContain('E_NOT_FOUND: This skill has no file "/etc/hostname".');
    expect(
      Object.fromEntries(execution.toolCalls.map(({ toolUseId, status }) => [toolUseId, status])),
    ).toEqual({ toolu_f: 'done', toolu_g: 'failed', toolu_h: 'denied' });
  });

  it('refuses every other tool, records it, and the run goes on', async () => {
    bench.api.setScript(
      inTurn(
        {
          toolCalls: [
            { name: 'mcp__everything__get-env', input: {}, id: 'toolu_a' },
            { name: 'mcp__files__write_file', input: { path: '/x', content: 'y' }, id: 'toolu_b' },
            { name: 'Bash', input: { command: 'id' }, id: 'toolu_c' },
          ],
        },
        { text: 'I was not allowed.' },
      ),
    );
    await bench.addSkill({
      slug: 'greedy',
      steps: [{ prompt: 'Echo', allowedTools: ['mcp__everything__echo'] }],
    });
    const { execution, events } = await bench.run('greedy');
    expect(execution).toMatchObject({ status: 'succeeded', output: 'I was not allowed.' });
    const results = toolResultsOf(bench.api.requests[1]?.body ?? { model: '', messages: [] });
    expect(results.map(({ isError }) => isError)).toEqual([true, true, true]);
    const denied = execution.toolCalls.filter(({ status }) => status === 'denied');
    expect(denied.map(({ toolUseId }) => toolUseId).sort()).toEqual(['toolu_a', 'toolu_b', 'toolu_c']);
    expect(denied.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['mcp__everything__get-env', 'mcp__files__write_file']),
    );
    for (const { error } of denied) expect(error).toContain('E_TOOL_REFUSED');
    expect(
      events.filter(({ kind, data }) => kind === 'tool_call' && 'status' in data && data.status === 'denied'),
    ).toHaveLength(3);
    expect(bench.api.requests[0]?.raw).not.toContain('get-env');
  });

  it('is not asked for a step whose tool changed, whose connection is off, or is not approved', async () => {
    bench.api.setScript(() => ({ text: 'Done.' }));
    await bench.addEverything('changed');
    await bench.addEverything('switched-off');
    await bench.addEverything('unapproved');
    const stale = (slug: string, ...allowedTools: string[]) =>
      bench.addSkill({ slug, steps: [{ prompt: 'Look', allowedTools }] });
    await stale('uses-changed', 'mcp__changed__echo', 'mcp__changed__get-sum');
    await stale('uses-off', 'mcp__changed__get-sum', 'mcp__switched-off__echo');
    await stale('uses-unapproved', 'mcp__unapproved__*');
    await stale('uses-the-rest', 'mcp__changed__*');
    const row = await bench.db.prisma.connection.findUniqueOrThrow({ where: { name: 'changed' } });
    const catalog = (row.toolCatalog as { name: string }[]).map((tool) =>
      tool.name === 'echo' ? { ...tool, off: 'changed' } : tool,
    );
    await bench.db.prisma.connection.update({ where: { name: 'changed' }, data: { toolCatalog: catalog } });
    await bench.db.prisma.connection.update({ where: { name: 'switched-off' }, data: { isActive: false } });
    await bench.db.prisma.connection.update({ where: { name: 'unapproved' }, data: { approvedHash: null } });
    await signAll(bench.db);
    const ended = async (slug: string) => (await bench.run(slug)).execution;
    for (const [slug, errorCode, reason] of [
      ['uses-changed', 'E_TOOL_CHANGED', 'its definition changed since it was approved'],
      ['uses-off', 'E_CONNECTION_INACTIVE', '"switched-off" is switched off'],
      // In the words of the pool when its server was ended by then, and of the step otherwise.
      ['uses-unapproved', 'E_NOT_APPROVED', 'obody has approved'],
    ] as const) {
      expect(await ended(slug)).toMatchObject({
        ...{ status: 'failed', errorCode, output: null },
        error: expect.stringContaining(reason),
      });
    }
    expect(bench.api.requests).toHaveLength(0);
    expect((await ended('uses-the-rest')).status).toBe('succeeded');
    const names = toolNamesOf(bench.api.requests[0]?.body ?? { model: '', messages: [] });
    expect(names).toContain('mcp__changed__get-sum');
    expect(names).not.toContain('mcp__changed__echo');
  });
});
