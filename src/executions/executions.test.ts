/** Executions as rows: accepted whole or not at all, listed, followed, cancelled, ended once. No runner is there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertExecution, insertFinishedExecution } from '../../tests/helpers/rows.ts';
import { createRunnerBench, type RunnerBench } from '../../tests/helpers/runner.ts';
import { readEventsHashes } from '../audit/execution-record.ts';
import { putConfig } from '../config/put-config.ts';
import { executionQuerySchema } from '../contract/executions.ts';
import { noUsage } from '../contract/usage.ts';
import { newId } from '../kernel/ids.ts';
import { appendEvents } from './append-events.ts';
import { cancelExecution } from './cancel-execution.ts';
import { finishExecution } from './finish-execution.ts';
import { followEvents } from './follow-events.ts';
import { getExecution } from './get-execution.ts';
import { listExecutions } from './list-executions.ts';
import { readEvents } from './read-events.ts';

let bench: RunnerBench;
beforeAll(async () => {
  bench = await createRunnerBench(() => ({ text: 'Nobody asks.' }), { start: false });
  await bench.addSkill({
    slug: 'greet',
    steps: [{ prompt: 'Greet {{name}}', guidance: 'In {{language}}' }],
    inputSchema: {
      type: 'object',
      properties: {
        name: { type: 'string', minLength: 2 },
        language: { type: 'string', default: 'English' },
        times: { type: 'integer' },
      },
      required: ['name'],
      additionalProperties: false,
    },
  });
});
afterAll(() => bench.close());

const jobs = async () => {
  const { rows } = await bench.db.pool.query<{ id: string; data: unknown; state: string; priority: number }>(
    `SELECT id, data, state, priority FROM pgboss.job WHERE name = 'execution.run' ORDER BY created_on, id`,
  );
  return rows;
};
const rowCount = () => bench.db.prisma.execution.count();

describe('starting', () => {
  it('commits row, steps, first event and job together', async () => {
    const id = await bench.start(
      'greet',
      { name: 'Ada' },
      { actor: 'someone', triggerDetail: { from: 'test' } },
    );
    const execution = await getExecution(bench, id);
    expect(execution).toMatchObject({
      status: 'queued',
      mode: 'live',
      actor: 'someone',
      triggerDetail: { from: 'test' },
      input: { name: 'Ada', language: 'English' },
      output: null,
      startedAt: null,
      steps: [{ id: 1, status: 'pending', attempt: 0 }],
    });
    expect(await jobs()).toMatchObject([{ id, data: { executionId: id }, state: 'created', priority: 10 }]);
    const [event] = await bench.db.prisma.executionEvent.findMany({ where: { executionId: id } });
    expect(event).toMatchObject({ seq: 1, kind: 'status', data: { status: 'queued' } });
  });

  it('commits many at once, each as if alone', async () => {
    await bench.addSkill({
      slug: 'many',
      steps: ['One', 'Two'],
      inputSchema: { type: 'object', required: ['n'] },
    });
    const before = (await jobs()).length;
    const started = await Promise.allSettled(
      Array.from({ length: 60 }, (_, n) =>
        // Twenty keys, three times each, and every tenth without what it needs.
        bench.start('many', n % 10 === 9 ? {} : { n }, { dedupeKey: `key ${n % 20}`, trigger: 'webhook' }),
      ),
    );
    const ids = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(started.filter(({ status }) => status === 'rejected')).toHaveLength(6);
    expect(ids).toHaveLength(54);
    expect(new Set(ids).size).toBe(18);
    expect((await jobs()).length).toBe(before + 18);
    for (const id of new Set(ids)) {
      const execution = await getExecution(bench, id);
      const key = Number((execution.input as { n: number }).n) % 20;
      expect(ids.filter((_, index) => index % 18 === ids.indexOf(id))).toHaveLength(3);
      expect(execution.steps.map((step) => step.id)).toEqual([1, 2]);
      expect(await bench.db.prisma.execution.count({ where: { dedupeKey: `key ${key}` } })).toBe(1);
      const events = await bench.db.prisma.executionEvent.findMany({ where: { executionId: id } });
      expect(events).toMatchObject([{ seq: 1, kind: 'status', data: { status: 'queued' } }]);
    }
    const { rows } = await bench.db.pool.query<{ count: number }>(
      `SELECT count(*)::int FROM executions WHERE skill_slug = 'many' AND octet_length(input_hash) = 32 AND octet_length(skill_hash) = 32`,
    );
    expect(rows[0]?.count).toBe(18);
  });

  it.each([
    ['a field that is missing', {}, ['/input/name']],
    ['one of the wrong type', { name: 'Ada', times: 'twice' }, ['/input/times']],
    ['one too many', { name: 'Ada', colour: 'red' }, ['/input/colour']],
    ['several at once', { name: 'A', times: 1.5 }, ['/input/name', '/input/times']],
  ])('refuses %s, names it, and makes no row', async (_what, input, fields) => {
    const before = [await rowCount(), (await jobs()).length];
    const refused = bench.start('greet', input);
    await expect(refused).rejects.toMatchObject({ code: 'E_VALIDATION', status: 422 });
    await expect(refused).rejects.toHaveProperty(
      'fields',
      fields.map((field) => expect.objectContaining({ field })),
    );
    expect([await rowCount(), (await jobs()).length]).toEqual(before);
  });

  it('refuses a run whose placeholders nothing fills', async () => {
    await bench.addSkill({ slug: 'open', steps: ['Send {{mail.to}} the {{thing}}'] });
    await expect(bench.start('open', { thing: 'letter', mail: {} })).rejects.toMatchObject({
      code: 'E_VALIDATION',
      fields: [{ field: '/input/mail/to' }],
    });
  });

  it('refuses a run whose prompt the input makes too long, and names what does', async () => {
    await bench.addSkill({ slug: 'often', steps: ['{{mail}}'.repeat(12_000)] });
    await expect(bench.start('often', { mail: 'x'.repeat(100_000) })).rejects.toMatchObject({
      code: 'E_VALIDATION',
      fields: [{ field: '/input/mail', message: expect.stringContaining('is too long') }],
    });
  });

  it('refuses a skill that is not there, and a draft', async () => {
    await expect(bench.start('nobody')).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    await bench.addSkill({ slug: 'draft', steps: ['Later'], isActive: false });
    await expect(bench.start('draft')).rejects.toMatchObject({ code: 'E_SKILL_INACTIVE' });
  });

  it('answers a repeated delivery with the first execution, also when both come at once', async () => {
    const start = (key: string) =>
      bench.start('greet', { name: 'Ada' }, { dedupeKey: key, trigger: 'webhook' });
    const before = await rowCount();
    const ids = await Promise.all([start('one'), start('one'), start('two'), start('one')]);
    expect(new Set(ids).size).toBe(2);
    expect(ids[0]).toBe(ids[1]);
    expect(await start('one')).toBe(ids[0]);
    expect((await rowCount()) - before).toBe(2);
    expect((await jobs()).filter(({ id }) => ids.includes(id))).toMatchObject([
      { priority: 5 },
      { priority: 5 },
    ]);
  });

  it('stores no known secret of the input', async () => {
    await putConfig(bench, 'weather_api_key', 'input-canary-4417');
    const id = await bench.start('greet', { name: 'input-canary-4417' });
    const row = await bench.db.prisma.execution.findUniqueOrThrow({ where: { id } });
    expect(JSON.stringify(row.input)).toBe('{"name":"[redacted:weather_api_key]","language":"English"}');
    expect(await bench.dump()).not.toContain('input-canary-4417');
  });
});

describe('events', () => {
  it('are numbered without gaps by writers that come at once, and followed by many from anywhere', async () => {
    const id = await bench.start('greet', { name: 'Ada' });
    const write = (n: number) =>
      bench.db.transaction((tx) =>
        appendEvents(tx, id, [
          { kind: 'message', data: { n } },
          { kind: 'usage', data: { ...noUsage(), inputTokens: n } },
        ]),
      );
    const follow = async (after: number) => {
      const seqs: number[] = [];
      const signal = AbortSignal.timeout(30_000);
      for await (const { seq } of await followEvents(bench, id, { after, signal })) seqs.push(seq);
      return seqs;
    };
    const followers = [follow(0), follow(0), follow(7)];
    await Promise.all(Array.from({ length: 30 }, (_, n) => write(n)));
    followers.push(follow(40));
    await finishExecution(bench, id, { status: 'failed', error: { code: 'E_INTERNAL', message: 'Enough.' } });
    followers.push(follow(0));
    const all = Array.from({ length: 63 }, (_, index) => index + 1);
    expect(await Promise.all(followers)).toEqual([all, all, all.slice(7), all.slice(40), all]);
    // The whole was 30 messages; the last usage event is what was spent.
    const execution = await getExecution(bench, id);
    expect(execution.trace).toHaveLength(30);
    expect(execution.tokenCount).toBeGreaterThanOrEqual(0);
  });

  it('are told after the end as before it, with what was said kept once', async () => {
    const id = await bench.start('greet', { name: 'Ada' });
    const said = [
      { type: 'assistant', text: 'Zoë: \u0000 \n "quoted" 😀' },
      { type: 'user', n: [1, -0.5, 1e21, null, { a: [] }] },
    ];
    await bench.db.transaction((tx) =>
      appendEvents(tx, id, [
        { kind: 'message', step: 1, data: said[0] ?? {} },
        { kind: 'delta', step: 1, data: { text: 'Zoë' } },
        { kind: 'message', data: said[1] ?? {} },
        { kind: 'usage', step: 1, data: noUsage() },
      ]),
    );
    const before = await readEvents(bench.db, id, 0);
    const last = before.events.length;
    const hashOfAll = async () =>
      (await readEventsHashes(bench.db.prisma, [{ id, lastSeq: last }])).get(id) ?? 'none';
    const hashBefore = await hashOfAll();
    await finishExecution(bench, id, { status: 'failed', error: { code: 'E_INTERNAL', message: 'No.' } });
    const after = await readEvents(bench.db, id, 0);
    expect(after.events.slice(0, last)).toEqual(before.events);
    expect(after.events.slice(last).map(({ seq, kind }) => [seq, kind])).toEqual([
      [last + 1, 'status'],
      [last + 2, 'end'],
    ]);
    expect((await readEvents(bench.db, id, last)).events).toEqual(after.events.slice(last));
    // Of one that ended before its events went into one row: the same hash over the rows as they were.
    const { rows } = await bench.db.pool.query(
      `SELECT (SELECT count(*)::int FROM execution_events WHERE execution_id = $1) AS rows, kind, data::text[] AS data
       FROM ended_events WHERE execution_id = $1`,
      [id],
    );
    const [ended] = rows;
    expect(ended.rows).toBe(0);
    expect(ended.data.filter((one: unknown) => one === null)).toHaveLength(said.length);
    expect(await hashOfAll()).not.toBe(hashBefore);
    await bench.db.transaction(async (tx) => {
      await tx.$executeRaw`ALTER TABLE ended_events DISABLE TRIGGER USER`;
      await tx.$executeRaw`
        INSERT INTO execution_events SELECT * FROM all_events WHERE execution_id = ${id}::uuid AND seq <= ${last}`;
      await tx.$executeRaw`DELETE FROM ended_events WHERE execution_id = ${id}::uuid`;
      await tx.$executeRaw`ALTER TABLE ended_events ENABLE TRIGGER USER`;
    });
    expect(await hashOfAll()).toBe(hashBefore);
  });

  it('say what a run has spent while it runs', async () => {
    const id = await bench.start('greet', { name: 'Ada' });
    expect((await getExecution(bench, id)).usage).toEqual(noUsage());
    const usage = { ...noUsage(), inputTokens: 7, modelCalls: 1, costUsd: 0.5 };
    await bench.db.transaction((tx) => appendEvents(tx, id, [{ kind: 'usage', step: 1, data: usage }]));
    expect((await getExecution(bench, id)).usage).toEqual(usage);
  });

  it('end for a follower that goes away, and are none of an execution that is not there', async () => {
    const id = await bench.start('greet', { name: 'Ada' });
    const leaving = new AbortController();
    const kinds: string[] = [];
    for await (const { kind } of await followEvents(bench, id, { signal: leaving.signal })) {
      kinds.push(kind);
      leaving.abort();
    }
    expect(kinds).toEqual(['status']);
    const { signal } = new AbortController();
    await expect(followEvents(bench, newId(), { signal })).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    await expect(followEvents(bench, "x' OR 1=1", { signal })).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });
});

describe('ending', () => {
  it('happens once: the first ending stands, whoever comes at once', async () => {
    const id = await bench.start('greet', { name: 'Ada' });
    await bench.db.prisma.execution.update({
      where: { id },
      data: { status: 'running', startedAt: new Date() },
    });
    const before = (await bench.db.prisma.skill.findUniqueOrThrow({ where: { slug: 'greet' } })).runCount;
    const endings = await Promise.all([
      finishExecution(bench, id, { status: 'succeeded', output: 'Hello', usage: noUsage() }),
      finishExecution(bench, id, { status: 'cancelled', error: { code: 'E_CANCELLED', message: 'No.' } }),
      finishExecution(bench, id, { status: 'failed', error: { code: 'E_INTERNAL', message: 'No.' } }),
    ]);
    expect(endings.filter(Boolean)).toHaveLength(1);
    const { rows } = await bench.db.pool.query(
      `SELECT kind FROM all_events WHERE execution_id = $1 AND kind = 'end'`,
      [id],
    );
    expect(rows).toHaveLength(1);
    const after = (await bench.db.prisma.skill.findUniqueOrThrow({ where: { slug: 'greet' } })).runCount;
    expect(after - before).toBe(1);
    await expect(cancelExecution(bench, id, 'owner')).rejects.toMatchObject({ code: 'E_NOT_CANCELLABLE' });
  });

  it('by cancelling one that waits leaves it unstarted', async () => {
    const id = await bench.start('greet', { name: 'Ada' });
    await cancelExecution(bench, id, 'owner');
    expect(await getExecution(bench, id)).toMatchObject({
      status: 'cancelled',
      errorCode: 'E_CANCELLED',
      startedAt: null,
      durationMs: 0,
      steps: [{ status: 'skipped' }],
    });
  });
});

describe('listing', () => {
  it('pages newest first without a gap or a repetition, also among equal times and while others are added', async () => {
    const at = new Date('2026-01-02T03:04:05.678Z');
    const made: string[] = [];
    for (let n = 0; n < 25; n += 1) {
      const createdAt = n < 15 ? at : new Date(at.getTime() + n);
      made.push((await insertFinishedExecution(bench.db, { skillSlug: 'paged', createdAt })).id);
    }
    const query = { skill: 'paged', limit: 4 };
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listExecutions(bench, executionQuerySchema.parse({ ...query, cursor }));
      expect(page.items.length).toBeLessThanOrEqual(4);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
      await insertExecution(bench.db, { skillSlug: 'paged' });
    } while (cursor !== undefined);
    expect(seen).toHaveLength(25);
    expect(new Set(seen)).toEqual(new Set(made));
    expect(seen.slice(0, 10)).toEqual(made.slice(15).reverse());
  });

  it('takes its conditions together, and refuses a cursor that no page gave', async () => {
    await insertFinishedExecution(bench.db, {
      skillSlug: 'filtered',
      trigger: 'schedule',
      mode: 'rehearsal',
    });
    await insertFinishedExecution(bench.db, { skillSlug: 'filtered', trigger: 'webhook' });
    const list = async (query: Record<string, unknown>) =>
      (await listExecutions(bench, executionQuerySchema.parse({ skill: 'filtered', ...query }))).items.length;
    expect(await list({})).toBe(2);
    expect(await list({ status: 'succeeded', trigger: 'webhook' })).toBe(1);
    expect(await list({ mode: 'rehearsal' })).toBe(1);
    expect(await list({ status: 'failed' })).toBe(0);
    expect(await list({ from: '2020-01-01T00:00:00Z', to: '2020-01-02T00:00:00Z' })).toBe(0);
    await expect(list({ cursor: 'bm9uc2Vuc2U' })).rejects.toMatchObject({ code: 'E_VALIDATION' });
  });
});
