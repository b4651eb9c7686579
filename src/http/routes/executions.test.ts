/** Executions over HTTP. What a runner would do, the tests do: they write events and the end. */
import { gunzipSync } from 'node:zlib';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../../../tests/helpers/http.ts';
import { pageOf, scopes } from '../../contract/common.ts';
import {
  executionSchema,
  executionSummarySchema,
  retriedExecutionsSchema,
  runAcceptedSchema,
} from '../../contract/executions.ts';
import { noUsage } from '../../contract/usage.ts';
import { appendEvents } from '../../executions/append-events.ts';
import { finishExecution } from '../../executions/finish-execution.ts';
import { newId } from '../../kernel/ids.ts';

let server: TestServer;
let token: string;
let address: string;
beforeAll(async () => {
  server = await createTestServer({ withQueue: true });
  token = await server.token(...scopes);
  address = await server.app.listen({ host: '127.0.0.1', port: 0 });
  const inputSchema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  for (const skill of [
    { slug: 'weather', name: 'W', steps: [{ id: 1, prompt: 'How is it in {{city}}?' }], inputSchema },
    {
      slug: 'plain',
      name: 'P',
      steps: [
        { id: 1, prompt: 'Go.' },
        { id: 2, prompt: 'Stay.' },
      ],
    },
    { slug: 'draft', name: 'D', steps: [{ id: 1, prompt: 'Go.' }], isActive: false },
  ]) {
    expect((await server.send('POST', '/api/v1/skills', skill)).status).toBe(201);
  }
});
afterAll(() => server.close());

const run = (slug: string, body?: unknown, query = '') =>
  server.send('POST', `/api/v1/skills/${slug}/run${query}`, body);

async function started(slug = 'plain', body: unknown = {}): Promise<string> {
  const answer = await run(slug, body);
  expect(answer.status, answer.text).toBe(202);
  return runAcceptedSchema.parse(answer.body).executionId;
}

/** As a runner takes it up. */
const takeUp = (id: string) =>
  server.db.prisma.execution.update({ where: { id }, data: { status: 'running', startedAt: new Date() } });
const say = (id: string, text: string) =>
  server.db.transaction((tx) =>
    appendEvents(tx, id, [{ kind: 'message', step: 1, data: { type: 'assistant', text } }]),
  );
const finish = (id: string, output: string) =>
  finishExecution(server, id, { status: 'succeeded', output, usage: noUsage() });

/** Opens the stream; `next` gives one event after the other, undefined at its end. */
async function watch(id: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${address}/api/v1/executions/${id}/events`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
  const ready: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => ready.push(event) });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  return {
    response,
    async next() {
      while (ready.length === 0) {
        const chunk = await reader?.read();
        if (chunk === undefined || chunk.done) return undefined;
        parser.feed(chunk.value);
      }
      const { id: seq, event, data } = ready.shift() as EventSourceMessage;
      return { seq: Number(seq), event, data: JSON.parse(data) as Record<string, unknown> };
    },
    cancel: () => reader?.cancel(),
  };
}

describe('an Idempotency-Key', () => {
  const runWith = async (key: string, body: unknown, slug = 'weather', caller = token) =>
    server.send('POST', `/api/v1/skills/${slug}/run`, body, {
      token: caller,
      headers: { 'idempotency-key': key },
    });
  const idOf = ({ body }: { body: unknown }) => (body as { executionId: string }).executionId;

  it('makes one run of a request that comes twice, at once or later, with the same answer', async () => {
    const body = { input: { city: 'Bern' } };
    const [first, second] = await Promise.all([runWith('k-1', body), runWith('k-1', body)]);
    const third = await runWith('k-1', { mode: 'live', input: { city: 'Bern' } });
    expect([first.status, second.status, third.status]).toEqual([202, 202, 202]);
    expect(new Set([first, second, third].map(idOf)).size).toBe(1);
    expect(third.headers.location).toBe(first.headers.location);
    expect(idOf(await runWith('k-2', body))).not.toBe(idOf(first));
  });

  it('is refused for another body, and is nobody else’s, nor another skill’s', async () => {
    const first = await runWith('k-3', { input: { city: 'Bern' } });
    const other = await runWith('k-3', { input: { city: 'Chur' } });
    expect(other).toMatchObject({ status: 422, body: { errors: [{ field: '/idempotency-key' }] } });
    const stranger = await server.token('run');
    expect(idOf(await runWith('k-3', { input: { city: 'Chur' } }, 'weather', stranger))).not.toBe(
      idOf(first),
    );
    expect(idOf(await runWith('k-3', {}, 'plain'))).not.toBe(idOf(first));
    expect((await runWith('with a space', {}, 'plain')).status).toBe(422);
    expect((await runWith('x'.repeat(201), {}, 'plain')).status).toBe(422);
  });
});

describe('running a skill', () => {
  it('is accepted at once, and shown from then on', async () => {
    const answer = await run('weather', { input: { city: 'Ulm' }, mode: 'rehearsal' });
    expect(answer.status).toBe(202);
    const { executionId } = runAcceptedSchema.parse(answer.body);
    expect(answer.headers.location).toBe(`/api/v1/executions/${executionId}`);
    const shown = await server.send('GET', `/api/v1/executions/${executionId}`);
    expect(executionSchema.parse(shown.body)).toMatchObject({
      skillSlug: 'weather',
      skillVersion: 1,
      mode: 'rehearsal',
      trigger: 'manual',
      status: 'queued',
      input: { city: 'Ulm' },
      output: null,
      reportedToCore: false,
    });
  });

  it('needs no body, and names the token that started it', async () => {
    const mine = await server.token('run');
    const answer = await server.send('POST', '/api/v1/skills/plain/run', undefined, { token: mine });
    const { executionId } = runAcceptedSchema.parse(answer.body);
    const shown = await server.send('GET', `/api/v1/executions/${executionId}`);
    expect(executionSchema.parse(shown.body).actor).toMatch(/^token:/);
  });

  it.each([
    ['weather', {}, 422, 'E_VALIDATION', ['/input/city']],
    ['weather', { input: { city: 7 } }, 422, 'E_VALIDATION', ['/input/city']],
    ['weather', { input: 'Ulm' }, 422, 'E_VALIDATION', ['/input']],
    ['weather', { input: { city: 'Ulm' }, mode: 'replay' }, 422, 'E_VALIDATION', ['/mode']],
    ['weather', { input: { city: 'Ulm' }, tools: ['mcp__a__b'] }, 422, 'E_VALIDATION', ['/tools']],
    ['nobody', {}, 404, 'E_NOT_FOUND', undefined],
    ['draft', {}, 409, 'E_SKILL_INACTIVE', undefined],
  ])('refuses %s %j, and makes no row', async (slug, body, status, code, fields) => {
    const before = await server.db.prisma.execution.count();
    const answer = await run(slug, body);
    const problem = answer.body as { code: string; errors?: { field: string }[] };
    expect({
      status: answer.status,
      code: problem.code,
      fields: problem.errors?.map(({ field }) => field),
    }).toEqual({
      status,
      code,
      fields,
    });
    expect(await server.db.prisma.execution.count()).toBe(before);
  });

  it('waits for the end when asked to', async () => {
    const before = await server.db.prisma.execution.count();
    const waiting = run('plain', {}, '?wait=60');
    await expect.poll(() => server.db.prisma.execution.count()).toBeGreaterThan(before);
    const { id } = await server.db.prisma.execution.findFirstOrThrow({ orderBy: { id: 'desc' } });
    await takeUp(id);
    await finish(id, 'done');
    const answer = await waiting;
    expect(answer.status).toBe(200);
    expect(executionSchema.parse(answer.body)).toMatchObject({ id, status: 'succeeded', output: 'done' });
  });

  it('answers with the id when the wait is over', async () => {
    const answer = await run('plain', {}, '?wait=0.2');
    expect(answer.status).toBe(202);
    runAcceptedSchema.parse(answer.body);
    expect((await run('plain', {}, '?wait=soon')).status).toBe(422);
    expect((await run('plain', {}, '?wait=601')).status).toBe(422);
  });
});

describe('the list', () => {
  it('is filtered and paged, the newest first', async () => {
    const ids = [await started(), await started(), await started()];
    const first = pageOf(executionSummarySchema).parse(
      (await server.send('GET', '/api/v1/executions?skill=plain&limit=2')).body,
    );
    expect(first.items.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    const second = pageOf(executionSummarySchema).parse(
      (await server.send('GET', `/api/v1/executions?skill=plain&limit=2&cursor=${first.nextCursor}`)).body,
    );
    expect(second.items[0]?.id).toBe(ids[0]);
    const none = await server.send('GET', '/api/v1/executions?skill=plain&status=failed');
    expect(pageOf(executionSummarySchema).parse(none.body).items).toEqual([]);
  });

  it.each([
    'status=lost',
    'trigger=x',
    'from=yesterday',
    'limit=0',
    'cursor=x',
    `cursor=${Buffer.from(`2026-99-99T99:99:99Z ${newId()}`).toString('base64url')}`,
    `cursor=${Buffer.from(`2026-01-01T00:00:00Z ${'-'.repeat(36)}`).toString('base64url')}`,
    `cursor=${Buffer.from(`2026-01-01T0:::...0Z ${newId()}`).toString('base64url')}`,
  ])('refuses %s', async (query) => {
    expect((await server.send('GET', `/api/v1/executions?${query}`)).status).toBe(422);
  });
});

describe('the stream of events', () => {
  it('replays, follows, and closes after the end', async () => {
    const id = await started();
    await takeUp(id);
    await say(id, 'before');
    const stream = await watch(id);
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(stream.response.headers.get('cache-control')).toBe('no-store');
    expect(await stream.next()).toMatchObject({ seq: 1, event: 'status', data: { status: 'queued' } });
    expect(await stream.next()).toMatchObject({
      seq: 2,
      event: 'message',
      data: { text: 'before', step: 1 },
    });
    await say(id, 'while');
    expect(await stream.next()).toMatchObject({ seq: 3, event: 'message', data: { text: 'while' } });
    await finish(id, 'done');
    expect(await stream.next()).toMatchObject({ seq: 4, event: 'status', data: { status: 'succeeded' } });
    expect(await stream.next()).toMatchObject({ seq: 5, event: 'end', data: { status: 'succeeded' } });
    expect(await stream.next()).toBeUndefined();
  });

  it('tells what the trace has, which is left out of the execution where that is asked for', async () => {
    const id = await started();
    await takeUp(id);
    await say(id, 'a');
    const show = (query = '') => server.send('GET', `/api/v1/executions/${id}${query}`);
    const said = { trace: [{ type: 'assistant', text: 'a' }] };
    for (const isOver of [false, true]) {
      if (isOver) await finish(id, 'done');
      const whole = (await show()).body as Record<string, unknown>;
      expect(whole).toMatchObject(said);
      expect((await show('?trace=none')).body).toEqual({ ...whole, trace: [] });
    }
    expect(await show('?trace=half')).toMatchObject({ status: 422, body: { errors: [{ field: '/trace' }] } });
  });

  it('gives a long trace whole, compressed or not, and the beginning of its events first', async () => {
    const id = await started();
    await takeUp(id);
    const texts = Array.from({ length: 60 }, (_, at) => `${at} – ${'ü'.repeat(10_000)}`);
    for (const text of texts) await say(id, text);
    const url = `/api/v1/executions/${id}`;
    for (const isOver of [false, true]) {
      if (isOver) await finish(id, 'done');
      for (const encoding of ['gzip', 'identity']) {
        const headers = { authorization: `Bearer ${token}`, 'accept-encoding': encoding };
        const answer = await server.app.inject({ url, headers });
        const body = encoding === 'gzip' ? gunzipSync(answer.rawPayload) : answer.rawPayload;
        expect(answer.headers['content-encoding']).toBe(encoding === 'gzip' ? 'gzip' : undefined);
        const { trace } = JSON.parse(body.toString());
        expect(trace.map(({ text }: { text: string }) => text)).toEqual(texts);
      }
    }
  });

  it('picks up behind the last event that was received', async () => {
    const id = await started();
    await takeUp(id);
    for (const text of ['a', 'b', 'c']) await say(id, text);
    await finish(id, 'done');
    const stream = await watch(id, { 'last-event-id': '3' });
    const seen: number[] = [];
    for (let event = await stream.next(); event; event = await stream.next()) seen.push(event.seq);
    expect(seen).toEqual([4, 5, 6]);
    // What a browser does by itself when the stream has closed.
    for (const last of ['6', '7'])
      expect((await watch(id, { 'last-event-id': last })).response.status).toBe(204);
  });

  it('is redacted on its way out, whatever the row holds', async () => {
    const id = await started();
    await takeUp(id);
    await say(id, 'the word is late-secret-123');
    server.vault.redactor.register('late.secret', 'late-secret-123');
    const stream = await watch(id, { 'last-event-id': '1' });
    expect((await stream.next())?.data.text).toBe('the word is [redacted:late.secret]');
    await stream.cancel();
  });

  it('is 404 for an execution that there is not, and 401 for nobody', async () => {
    expect((await watch(newId())).response.status).toBe(404);
    expect((await watch(await started(), { authorization: 'Bearer nonsense' })).response.status).toBe(401);
  });

  it('ends when the server closes, and leaves nothing behind', async () => {
    const small = await createTestServer({ withQueue: true });
    const held = await small.token(...scopes);
    const url = await small.app.listen({ host: '127.0.0.1', port: 0 });
    const skill = { slug: 'plain', name: 'P', steps: [{ id: 1, prompt: 'Go.' }] };
    await small.send('POST', '/api/v1/skills', skill);
    const { executionId } = runAcceptedSchema.parse(
      (await small.send('POST', '/api/v1/skills/plain/run')).body,
    );
    const headers = { authorization: `Bearer ${held}` };
    const response = await fetch(`${url}/api/v1/executions/${executionId}/events`, { headers });
    const waiting = small.send('POST', '/api/v1/skills/plain/run?wait=600');
    const text = response.text();
    await expect.poll(() => small.db.prisma.execution.count()).toBe(2);
    await small.close();
    expect(await text).toContain('event: status');
    expect((await waiting).status).toBe(202);
  });
});

describe('cancelling', () => {
  it('ends what waits, once', async () => {
    const id = await started();
    const stream = await watch(id, { 'last-event-id': '1' });
    expect((await server.send('POST', `/api/v1/executions/${id}/cancel`)).status).toBe(202);
    expect(await stream.next()).toMatchObject({ event: 'status', data: { status: 'cancelled' } });
    expect(await stream.next()).toMatchObject({ event: 'end' });
    const again = await server.send('POST', `/api/v1/executions/${id}/cancel`);
    expect(again.body).toMatchObject({ code: 'E_NOT_CANCELLABLE', status: 409 });
    expect((await server.send('POST', `/api/v1/executions/${newId()}/cancel`)).status).toBe(404);
  });
});

describe('retrying', () => {
  const retry = (id: string, body?: unknown) => server.send('POST', `/api/v1/executions/${id}/retry`, body);

  it('makes a new execution with the same input, which names the old one', async () => {
    const id = await started('weather', { input: { city: 'Ulm' } });
    expect((await retry(id)).body).toMatchObject({ code: 'E_NOT_RETRYABLE', status: 409 });
    await takeUp(id);
    await finish(id, 'done');
    const answer = await retry(id);
    expect(answer.status).toBe(202);
    const { executionId } = runAcceptedSchema.parse(answer.body);
    expect(answer.headers.location).toBe(`/api/v1/executions/${executionId}`);
    const shown = await server.send('GET', `/api/v1/executions/${executionId}`);
    expect(executionSchema.parse(shown.body)).toMatchObject({
      retryOf: id,
      status: 'queued',
      trigger: 'manual',
      input: { city: 'Ulm' },
      triggerDetail: { retry: { from: 'start', version: 'original' } },
    });
  });

  it.each([
    [{ from: 'middle' }, '/from'],
    [{ version: 3 }, '/version'],
    [{ input: {} }, '/input'],
  ])('refuses %j', async (body, field) => {
    const answer = await retry(newId(), body);
    expect(answer.body).toMatchObject({ status: 422, errors: [{ field }] });
  });

  it('finds nothing under an id that is none of ours', async () => {
    expect((await retry(newId())).status).toBe(404);
  });
});

describe('many at once', () => {
  const post = (verb: string, body: unknown) => server.send('POST', `/api/v1/executions/${verb}`, body);
  const statusOf = async (id: string) =>
    executionSummarySchema.parse((await server.send('GET', `/api/v1/executions/${id}`)).body).status;

  it('are cancelled where they have not ended, each on record', async () => {
    const [first, second, ended] = [await started(), await started(), await started()];
    await takeUp(ended);
    await finish(ended, 'done');
    const answer = await post('cancel', { ids: [first, second, ended, newId()] });
    expect(answer).toMatchObject({ status: 200, body: { cancelled: 2 } });
    expect(await Promise.all([first, second, ended].map(statusOf))).toEqual([
      ...['cancelled', 'cancelled', 'succeeded'],
    ]);
    const acts = await server.send('GET', `/api/v1/audit?subject=${first}`);
    expect(acts.text).toContain('execution.cancel_requested');
    expect((await post('cancel', { ids: [] })).status).toBe(422);
    expect((await post('cancel', { ids: ['x'] })).body).toMatchObject({ errors: [{ field: '/ids/0' }] });
  });

  it('are run again once, the oldest first, and each that cannot be says why', async () => {
    const [older, newer, open] = [await started(), await started(), await started()];
    for (const id of [newer, older]) {
      await takeUp(id);
      await finish(id, 'done');
    }
    const answer = await post('retry', { ids: [newer, open, older], version: 'current' });
    const { started: again, refused } = retriedExecutionsSchema.parse(answer.body);
    expect(again.map(({ id }) => id)).toEqual([older, newer]);
    expect(refused).toMatchObject([{ id: open, code: 'E_NOT_RETRYABLE' }]);
    const second = retriedExecutionsSchema.parse((await post('retry', { ids: [older] })).body);
    expect(second).toMatchObject({ started: [], refused: [{ message: 'It was run again already.' }] });
  });

  it('are pinned, rated and counted by the owner, whom no token with fewer scopes speaks for', async () => {
    const id = await started();
    const mark = (body: unknown, caller = token) =>
      server.send('PATCH', `/api/v1/executions/${id}/mark`, body, { token: caller });
    expect((await mark({ pinned: true, comment: 'Keep' })).body).toEqual({
      ...{ pinned: true, rating: null, comment: 'Keep' },
    });
    expect((await mark({ rating: 'fine' })).body).toMatchObject({
      status: 422,
      errors: [{ field: '/rating' }],
    });
    expect((await mark({ pinned: false }, await server.token('read', 'run', 'write'))).status).toBe(403);
    const shown = await server.send('GET', `/api/v1/executions/${id}`);
    expect(executionSchema.parse(shown.body).mark.comment).toBe('Keep');
    const found = await server.send('GET', '/api/v1/executions?pinned=true');
    expect(found.body).toMatchObject({ items: [{ id, mark: { pinned: true } }] });
    const totals = await server.send('GET', '/api/v1/executions/totals?pinned=true');
    expect(totals.body).toMatchObject({ executions: 1, waiting: 1, failed: 0 });
    expect((await server.send('GET', '/api/v1/executions/totals?since=soon')).status).toBe(422);
  });
});

describe('saved filters', () => {
  const filters = async () => (await server.send('GET', '/api/v1/filters')).body;
  const save = (name: string, filter: unknown) =>
    server.send('PUT', `/api/v1/filters/${encodeURIComponent(name)}`, { filter });

  it('are kept under a name, replaced, and forgotten', async () => {
    expect((await save('failed this week', { status: 'failed', since: '7d' })).status).toBe(200);
    expect((await save('failed this week', { status: 'failed', since: '8d' })).status).toBe(200);
    expect(await filters()).toMatchObject({
      items: [{ name: 'failed this week', filter: { status: 'failed', since: '8d' } }],
    });
    const gone = await server.send('DELETE', '/api/v1/filters/failed%20this%20week');
    expect(gone.status).toBe(204);
    expect((await server.send('DELETE', '/api/v1/filters/failed%20this%20week')).status).toBe(404);
    expect(await filters()).toEqual({ items: [] });
  });

  it.each([
    [{}, '/filter'],
    [{ status: 'lost' }, '/filter/status'],
    [{ since: 'soon' }, '/filter/since'],
    [{ colour: 'red' }, '/filter'],
  ])('say of %j that %s is wrong', async (filter, field) => {
    expect((await save('x', filter)).body).toMatchObject({ status: 422, errors: [{ field }] });
  });
});
