/** Webhooks through the real server and PostgreSQL. What a runner would do, the tests do. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { naughtyStrings } from '../../../tests/helpers/hostile-input.ts';
import { createTestServer, type TestServer } from '../../../tests/helpers/http.ts';
import type { Problem } from '../../contract/errors.ts';
import { runAcceptedSchema } from '../../contract/executions.ts';
import type { WebhookAuth } from '../../contract/triggers.ts';
import { noUsage } from '../../contract/usage.ts';
import { webhookResultSchema } from '../../contract/webhooks.ts';
import { finishExecution } from '../../executions/finish-execution.ts';
import { getExecution } from '../../executions/get-execution.ts';
import { signStandard } from '../../kernel/sign-standard.ts';

const secret = 'whsec_c2VjcmV0IGJ5dGVzIG9mIGEgdGVzdCBob29r';

let server: TestServer;
let address: string;
beforeAll(async () => {
  server = await createTestServer({ withQueue: true, timeouts: { headers: 1000, request: 1500 } });
  address = await server.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => server.close());

/** A skill that a webhook starts. */
async function hook(slug: string, auth: WebhookAuth, over: Record<string, unknown> = {}): Promise<void> {
  const { triggerConfig, ...rest } = over;
  const answer = await server.send('POST', '/api/v1/skills', {
    slug,
    name: slug,
    steps: [{ id: 1, prompt: 'Look at it.' }],
    triggerType: 'webhook',
    triggerConfig: { auth, ...(auth === 'none' ? {} : { secret }), ...(triggerConfig as object) },
    ...rest,
  });
  expect(answer.status, answer.text).toBe(201);
}

const signGithub = (key: string, body: Buffer) =>
  `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
const signStripe = (key: string, timestamp: string, body: Buffer) =>
  createHmac('sha256', key).update(`${timestamp}.`).update(body).digest('hex');

const longSchema = {
  type: 'object',
  properties: {
    body: { type: 'object', properties: { id: { type: 'integer' }, other: { type: 'integer' } } },
  },
};

const now = () => String(Math.floor(Date.now() / 1000));
const bytesOf = (body: string | Uint8Array) => Buffer.from(body);

/** The headers with which a sender of each scheme signs. */
function signed(
  auth: WebhookAuth,
  body: string | Uint8Array,
  { id = crypto.randomUUID() as string, at = now(), with: key = secret } = {},
): Record<string, string> {
  switch (auth) {
    case 'standard':
      return {
        'webhook-id': id,
        'webhook-timestamp': at,
        'webhook-signature': signStandard(key, id, at, bytesOf(body)),
      };
    case 'github':
      return {
        'x-github-delivery': id,
        'x-github-event': 'push',
        'x-hub-signature-256': signGithub(key, bytesOf(body)),
      };
    case 'stripe':
      return { 'stripe-signature': `t=${at},v1=${signStripe(key, at, bytesOf(body))}` };
    case 'bearer':
      return { authorization: `Bearer ${key}`, 'webhook-id': id };
    default:
      return { 'webhook-id': id };
  }
}

const deliver = (slug: string, body: string | Uint8Array, headers: Record<string, string>, query = '') =>
  server.send('POST', `/hooks/${slug}${query}`, body, {
    token: null,
    headers: { 'content-type': 'application/json', ...headers },
  });

type Answer = Awaited<ReturnType<typeof deliver>>;
const accepted = (answer: Answer): string => {
  expect(answer.status, answer.text).toBe(202);
  const { executionId } = runAcceptedSchema.parse(answer.body);
  expect(answer.headers.location).toBe(`/api/v1/executions/${executionId}`);
  return executionId;
};
const refused = (answer: Answer) => {
  const { code, detail, errors } = answer.body as Problem;
  return { status: answer.status, code, detail, fields: errors?.map(({ field }) => field) };
};
const countOf = (slug: string) => server.db.prisma.execution.count({ where: { skillSlug: slug } });

const auths = ['standard', 'github', 'stripe', 'bearer', 'none'] as const;
const body = '{ "id": "evt_1",\n "total": 12.50 }';

describe.each(auths)('a %s webhook', (auth) => {
  const slug = `by-${auth}`;
  beforeAll(() => hook(slug, auth));

  it('is answered when its row, its steps and its job are committed', async () => {
    const headers = signed(auth, body, { id: 'd-1' });
    const id = accepted(await deliver(slug, body, headers, '?a=1&b=x&b=y'));
    const execution = await getExecution(server, id);
    expect(execution).toMatchObject({
      skillSlug: slug,
      status: 'queued',
      trigger: 'webhook',
      actor: auth === 'stripe' ? 'webhook:evt_1' : 'webhook:d-1',
      input: {
        body: { id: 'evt_1', total: 12.5 },
        headers: { 'content-type': 'application/json' },
        // Anybody could have put it there, where the signature is over the body alone.
        query: auth === 'bearer' || auth === 'none' ? { a: '1', b: ['x', 'y'] } : {},
      },
      triggerDetail: { auth, bytes: body.length, deliveryId: auth === 'stripe' ? 'evt_1' : 'd-1' },
      steps: [{ status: 'pending' }],
    });
    const { rows } = await server.db.pool.query('SELECT priority FROM pgboss.job WHERE id = $1', [id]);
    expect(rows).toEqual([{ priority: 5 }]);
    // Neither the secret nor what it signed is kept: GitHub's signatures hold for ever.
    const proofs = ['webhook-signature', 'x-hub-signature-256', 'stripe-signature', 'authorization'];
    const kept = JSON.stringify(execution);
    for (const proof of proofs.flatMap((name) => headers[name] ?? [])) {
      expect(kept).not.toContain(/([\w+/-]{16,})=*$/.exec(proof)?.[1]);
    }
  });

  it('gives a second delivery of the same the first one’s execution', async () => {
    const one = '{"id":"evt_2"}';
    const first = accepted(await deliver(slug, one, signed(auth, one, { id: 'd-2' })));
    const again = accepted(await deliver(slug, one, signed(auth, one, { id: 'd-2' })));
    const other = '{"id":"evt_3"}';
    const next = accepted(await deliver(slug, other, signed(auth, other, { id: 'd-3' })));
    expect(again).toBe(first);
    expect(next).not.toBe(first);
  });

  it('starts one execution of a hundred deliveries at once', async () => {
    const one = '{"id":"evt_100"}';
    const headers = signed(auth, one, { id: 'd-100' });
    const before = await countOf(slug);
    const answers = await Promise.all(Array.from({ length: 100 }, () => deliver(slug, one, headers)));
    expect(new Set(answers.map(accepted)).size).toBe(1);
    expect(await countOf(slug)).toBe(before + 1);
  });

  if (auth === 'none') return;

  it('takes nothing that another secret signed, and nothing unsigned', async () => {
    const before = await countOf(slug);
    const forged = signed(auth, body, { with: 'whsec_b3RoZXIgYnl0ZXMgb2YgYW5vdGhlciBob29rISE=' });
    expect(refused(await deliver(slug, body, forged))).toMatchObject({
      status: 401,
      code: 'E_UNAUTHENTICATED',
    });
    expect(refused(await deliver(slug, body, {}))).toMatchObject({
      status: 401,
      detail: expect.stringMatching(/^The header [a-z0-9-]+ is missing$/),
    });
    // The owner's token opens the API, and no webhook.
    expect((await server.send('POST', `/hooks/${slug}`, body)).status).toBe(401);
    expect(await countOf(slug)).toBe(before);
  });

  if (auth === 'bearer') return;

  it('takes no other bytes than were signed, however equal they read', async () => {
    const same = JSON.stringify(JSON.parse(body));
    expect(refused(await deliver(slug, same, signed(auth, body)))).toMatchObject({
      status: 401,
      detail: 'The signature does not fit the body and the secret',
    });
  });

  if (auth === 'github') return;

  it('takes nothing that was signed more than five minutes ago, or ahead', async () => {
    for (const off of [-301, 302]) {
      const at = String(Number(now()) + off);
      const answer = await deliver(slug, body, signed(auth, body, { at }));
      expect(refused(answer)).toMatchObject({
        status: 401,
        detail: expect.stringMatching(/^The delivery was signed 30/),
      });
    }
  });
});

describe('what is in a delivery', () => {
  beforeAll(() => hook('any', 'none'));
  const input = async (answer: Answer) =>
    (await getExecution(server, accepted(answer))).input as Record<string, unknown>;
  const bodyOf = async (sent: string | Uint8Array, type: string) =>
    (await input(await deliver('any', sent, { 'content-type': type }))).body;

  it.each([
    ['JSON', '[1,"ü"]', 'application/json; charset=utf-8', [1, 'ü']],
    ['a kind of JSON', '{"a":1}', 'application/cloudevents+json', { a: 1 }],
    ['text', 'grüße\n', 'text/plain', 'grüße\n'],
    ['text of another charset', Uint8Array.of(0xfc), 'text/plain; charset=iso-8859-1', 'ü'],
    [
      'a form',
      'payload=%7B%7D&to=a&to=b',
      'application/x-www-form-urlencoded',
      { payload: '{}', to: ['a', 'b'] },
    ],
    ['a picture', Uint8Array.of(0x89, 0x50, 0, 0xff), 'image/png', 'iVAA/w=='],
  ])('%s', async (_what, sent, type, expected) => {
    expect(await bodyOf(sent, type)).toEqual(expected);
  });

  it('may be nothing', async () => {
    expect(await input(await deliver('any', '', {}))).not.toHaveProperty('body');
  });

  it('goes on with the headers of a list, cut to a bound', async () => {
    const given = await input(
      await deliver('any', '{}', {
        'user-agent': 'x'.repeat(2000),
        authorization: 'Bearer tok-123456789',
        cookie: 'a=b',
        'x-github-event': 'push',
      }),
    );
    expect(given.headers).toEqual({
      'content-type': 'application/json',
      'user-agent': 'x'.repeat(500),
      'x-github-event': 'push',
    });
  });

  it.each([
    ['what is no JSON', '{"a":', 'application/json', 400, 'E_MALFORMED'],
    ['JSON that sets a prototype', '{"__proto__":{"a":1}}', 'application/json', 400, 'E_MALFORMED'],
    ['JSON without bottom', '['.repeat(5000), 'application/json', 400, 'E_MALFORMED'],
    ['too many values', `[${'1,'.repeat(60_000)}1]`, 'application/json', 413, 'E_TOO_LARGE'],
    ['text that is none', Uint8Array.of(0xff, 0xfe, 0xfd), 'text/plain', 400, 'E_MALFORMED'],
    ['text of an unknown charset', 'x', 'text/plain; charset=nonsense', 400, 'E_MALFORMED'],
  ])('is refused for %s', async (_what, sent, type, status, code) => {
    const before = await countOf('any');
    expect(refused(await deliver('any', sent, { 'content-type': type }))).toMatchObject({ status, code });
    expect(await countOf('any')).toBe(before);
  });

  it('may have five MiB, signed byte for byte, and no byte more', async () => {
    await hook('large', 'standard');
    const large = Buffer.alloc(5 * 1024 * 1024, 'ab\r\n');
    const id = accepted(
      await deliver('large', large, { 'content-type': 'text/plain', ...signed('standard', large) }),
    );
    const { input: kept } = await getExecution(server, id);
    expect(Buffer.from((kept as { body: string }).body).equals(large)).toBe(true);
    const more = Buffer.concat([large, Buffer.from('!')]);
    expect(refused(await deliver('large', more, signed('standard', more)))).toMatchObject({
      status: 413,
      code: 'E_TOO_LARGE',
      detail: 'The body is larger than 5 MiB',
    });
  });

  it('must fit the skill’s schema, and makes no row when it does not', async () => {
    const inputSchema = {
      type: 'object',
      properties: {
        body: { type: 'object', properties: { total: { type: 'number' } }, required: ['total'] },
        query: { type: 'object', properties: { page: { type: 'string' } }, required: ['page'] },
      },
      required: ['body', 'query'],
    };
    await hook('strict', 'none', { inputSchema, steps: [{ id: 1, prompt: 'Pay {{body.total}}' }] });
    expect(refused(await deliver('strict', '{"total":"much"}', {}))).toEqual({
      status: 422,
      code: 'E_VALIDATION',
      detail: expect.any(String),
      fields: ['/input/body/total', '/input/query/page'],
    });
    expect(await countOf('strict')).toBe(0);
    accepted(await deliver('strict', '{"total":1}', {}, '?page=2'));
  });

  it('is redacted before it is kept', async () => {
    await hook('leaky', 'bearer');
    const told = JSON.stringify({ token: secret });
    const id = accepted(await deliver('leaky', told, { ...signed('bearer', told, { id: secret }) }));
    const row = await server.db.prisma.execution.findUniqueOrThrow({ where: { id } });
    expect(
      JSON.stringify(row, (_key, value) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toContain(secret);
    expect(row.input).toMatchObject({
      body: { token: expect.stringMatching(/^\[redacted:.*trigger_secret\]$/) },
    });
  });
});

describe('whatever is sent', () => {
  it('is taken or refused, in the body, its id, the query and the headers', async () => {
    await hook('naughty', 'none', { triggerConfig: { dedupeBy: '/id' } });
    const texts = [...naughtyStrings, '\0', '\ud800', '\udc00x', '__proto__', 'x'.repeat(300)];
    for (const [index, text] of texts.entries()) {
      const id = `${index}:${text}`.slice(0, 256);
      const json = await deliver(
        'naughty',
        JSON.stringify({ id, text, [text || 'x']: text }),
        {
          'user-agent': text.replaceAll(/[^\x20-\x7e]/g, '?'),
        },
        `?${new URLSearchParams({ [text.toWellFormed()]: text.toWellFormed() }).toString().replaceAll('%00', '')}`.slice(
          0,
          8000,
        ),
      );
      expect([202, 400], `${text}: ${json.text}`).toContain(json.status);
      const plain = await deliver('any', text.toWellFormed(), { 'content-type': 'text/plain' });
      expect([202, 400], `${text}: ${plain.text}`).toContain(plain.status);
    }
  });
});

describe('a delivery’s id', () => {
  it.each([
    [
      'github',
      { 'x-hub-signature-256': signGithub(secret, Buffer.from('{}')) },
      'the header X-GitHub-Delivery',
    ],
    ['stripe', signed('stripe', '{}'), '/id in the body'],
  ] as const)('must be there: %s', async (auth, headers, what) => {
    await hook(`no-id-${auth}`, auth);
    expect(refused(await deliver(`no-id-${auth}`, '{}', headers))).toMatchObject({
      status: 400,
      code: 'E_MALFORMED',
      detail: expect.stringContaining(`${what} is missing`),
    });
  });

  it('may stand elsewhere in the body, or in another header', async () => {
    await hook('elsewhere', 'none', { triggerConfig: { dedupeBy: '/data/a~1b/0' } });
    const send = (text: string) => deliver('elsewhere', text, {});
    const first = accepted(await send('{"data":{"a/b":[7]}}'));
    expect(accepted(await send('{"data":{"a/b":["7"]},"other":1}'))).toBe(first);
    expect(accepted(await send('{"data":{"a/b":[8]}}'))).not.toBe(first);
    expect(refused(await send('{"data":{}}')).detail).toBe(
      'The delivery has no id: /data/a~1b/0 in the body is missing',
    );

    await hook('by-header', 'github', { triggerConfig: { dedupeBy: 'header:X-Request-Id' } });
    const byHeader = (id: string) =>
      deliver('by-header', '{}', { ...signed('github', '{}'), 'x-request-id': id });
    expect(accepted(await byHeader('r1'))).toBe(accepted(await byHeader('r1')));
    const wrong = await server.send('PATCH', '/api/v1/skills/by-header', {
      triggerConfig: { dedupeBy: 'data.id' },
    });
    expect(refused(wrong)).toMatchObject({ status: 422, fields: ['/triggerConfig/dedupeBy'] });
  });

  it('counts to its last digit, and the input keeps every number so', async () => {
    await hook('long', 'none', { triggerConfig: { dedupeBy: '/id' }, inputSchema: longSchema });
    const send = (id: string) => deliver('long', `{"id":${id},"other":1234567890123456789}`, {});
    const first = accepted(await send('9007199254740992'));
    expect(accepted(await send('9007199254740993'))).not.toBe(first);
    expect(accepted(await send('9007199254740992'))).toBe(first);
    const { rows } = await server.db.pool.query(
      "SELECT input #>> '{body,other}' AS other FROM executions WHERE id = $1",
      [first],
    );
    expect(rows).toEqual([{ other: '1234567890123456789' }]);
    expect((await server.send('GET', `/api/v1/executions/${first}`)).text).toContain('9007199254740992');
    expect(refused(await deliver('long', '{"id":"9","other":1}', {})).fields).toEqual(['/input/body/id']);
  });

  it('counts for its own hook alone', async () => {
    await hook('one', 'none');
    await hook('two', 'none');
    const send = (slug: string) => deliver(slug, '{}', { 'webhook-id': 'shared' });
    expect(accepted(await send('one'))).not.toBe(accepted(await send('two')));
  });

  it('has a bound', async () => {
    const answer = await deliver('one', '{}', { 'webhook-id': 'x'.repeat(257) });
    expect(refused(answer)).toMatchObject({ status: 400, code: 'E_MALFORMED' });
  });
});

describe('an address', () => {
  const patch = (slug: string, change: unknown) => server.send('PATCH', `/api/v1/skills/${slug}`, change);

  it('says the same of no skill, of a draft and of another trigger, signed or not', async () => {
    await hook('draft', 'standard', { isActive: false });
    await server.send('POST', '/api/v1/skills', {
      slug: 'by-hand',
      name: 'x',
      steps: [{ id: 1, prompt: 'Go.' }],
    });
    const answers = [];
    for (const slug of ['nobody', 'draft', 'by-hand']) {
      for (const headers of [{}, signed('standard', '{}')]) {
        const { instance: _instance, ...said } = (await deliver(slug, '{}', headers)).body as Problem;
        answers.push(said);
      }
    }
    expect(answers[0]).toMatchObject({ status: 404, code: 'E_NOT_FOUND' });
    expect(new Set(answers.map((said) => JSON.stringify(said))).size).toBe(1);
    expect((await deliver('No_Slug', '{}', {})).status).toBe(404);
    expect((await server.send('GET', '/hooks/draft')).status).toBe(405);
  });

  it('is there from the save that makes it active, and gone with the save that does not', async () => {
    await hook('switch', 'none', { isActive: false });
    const send = async () => (await deliver('switch', '{}', {})).status;
    expect(await send()).toBe(404);
    await patch('switch', { isActive: true });
    expect(await send()).toBe(202);
    await patch('switch', { isActive: false });
    expect(await send()).toBe(404);
    await patch('switch', { isActive: true, slug: 'switched' });
    expect(await send()).toBe(404);
    expect((await deliver('switched', '{}', {})).status).toBe(202);
    await server.send('DELETE', '/api/v1/skills/switched');
    expect((await deliver('switched', '{}', {})).status).toBe(404);
  });

  it('acts on nothing that somebody else changed since the delivery before', async () => {
    await hook('proved', 'standard');
    const send = async () => {
      const answer = await deliver('proved', '{}', signed('standard', '{}'));
      return answer.status === 202 ? 'taken' : (answer.body as Problem).code;
    };
    expect([await send(), await send()]).toEqual(['taken', 'taken']);
    for (const [table, column, where] of [
      ['skills', 'steps', `slug = 'proved'`],
      ['skills', 'is_active', `slug = 'proved'`],
      ['skills', 'trigger_secret', `slug = 'proved'`],
      ['config', 'value', `key = 'config_macs'`],
    ]) {
      const cell = `SELECT ${column} AS was, pg_typeof(${column})::text AS type FROM ${table} WHERE ${where}`;
      const [{ was, type }] = (await server.db.pool.query<{ was: unknown; type: string }>(cell)).rows as [
        { was: unknown; type: string },
      ];
      const change = (value: unknown) =>
        server.db.pool.query(`UPDATE ${table} SET ${column} = $1 WHERE ${where}`, [
          type === 'jsonb' ? JSON.stringify(value) : value,
        ]);
      await change(type === 'boolean' ? !was : type === 'jsonb' ? [] : `${was}x`);
      // One that was switched off is not there, for a stranger.
      expect(await send(), `${table}.${column}`).toMatch(/^E_(ROW_ALTERED|NOT_FOUND)$/);
      await change(was);
      expect(await send(), `${table}.${column}`).toBe('taken');
    }
  });

  it('goes by a setting from the moment on in which it is saved', async () => {
    await hook('by-setting', 'none');
    const modelOfRun = async () => {
      const { executionId } = (await deliver('by-setting', '{}', {})).body as { executionId: string };
      return (await server.db.prisma.execution.findUniqueOrThrow({ where: { id: executionId } })).model;
    };
    const before = await modelOfRun();
    await server.send('PUT', '/api/v1/config/model_base_url', { value: 'http://127.0.0.1:9/' });
    await server.send('PUT', '/api/v1/config/model', { value: 'claude-of-this-test' });
    expect(await modelOfRun()).toBe('claude-of-this-test');
    for (const key of ['model', 'model_base_url']) await server.send('DELETE', `/api/v1/config/${key}`);
    expect(await modelOfRun()).toBe(before);
  });

  it('takes the new secret at once, and the old one no more', async () => {
    await hook('rotated', 'standard');
    const other = 'whsec_b3RoZXIgYnl0ZXMgb2YgYW5vdGhlciBob29rISE=';
    expect((await patch('rotated', { triggerConfig: { secret: other } })).status).toBe(200);
    expect((await deliver('rotated', '{}', signed('standard', '{}'))).status).toBe(401);
    expect((await deliver('rotated', '{}', signed('standard', '{}', { with: other }))).status).toBe(202);
    const made = await patch('rotated', { triggerConfig: { secret: null } });
    const shown = (made.body as { triggerConfig: { secret: string } }).triggerConfig.secret;
    expect((await deliver('rotated', '{}', signed('standard', '{}', { with: shown }))).status).toBe(202);
    await patch('rotated', { triggerConfig: { auth: 'none' } });
    expect((await deliver('rotated', '{}', {})).status).toBe(202);
  });
});

describe('limits', () => {
  it('holds each hook to its own number a minute, counting none that is not signed', async () => {
    await hook('slow', 'standard', { triggerConfig: { perMinute: 3 } });
    for (let count = 0; count < 10; count++) expect((await deliver('slow', '{}', {})).status).toBe(401);
    for (let count = 0; count < 3; count++) accepted(await deliver('slow', '{}', signed('standard', '{}')));
    const answer = await deliver('slow', '{}', signed('standard', '{}'));
    expect(refused(answer)).toMatchObject({ status: 429, code: 'E_RATE_LIMITED' });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(await countOf('slow')).toBe(3);
    accepted(await deliver('any', '{}', {}));
  });

  it('hangs up on a body that does not come', async () => {
    const socket = connect({ port: Number(new URL(address).port), host: '127.0.0.1' });
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    socket.write(
      'POST /hooks/any HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"a"',
    );
    const closed = once(socket, 'close');
    const before = await countOf('any');
    await closed;
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(await countOf('any')).toBe(before);
  });
});

describe('a hook that answers with the result', () => {
  beforeAll(() => hook('asked', 'standard', { triggerConfig: { response: 'result' } }));

  it('waits for the end, and gives a second delivery the same', async () => {
    const headers = signed('standard', '{}', { id: 'once' });
    const waiting = deliver('asked', '{}', headers);
    let id: string | undefined;
    while (id === undefined) {
      id = (await server.db.prisma.execution.findFirst({ where: { skillSlug: 'asked' } }))?.id;
    }
    await server.db.prisma.execution.update({
      where: { id },
      data: { status: 'running', startedAt: new Date() },
    });
    await finishExecution(server, id, { status: 'succeeded', output: 'All is well.', usage: noUsage() });
    for (const answer of [await waiting, await deliver('asked', '{}', headers)]) {
      expect(answer.status, answer.text).toBe(200);
      expect(webhookResultSchema.parse(answer.body)).toEqual({
        executionId: id,
        status: 'succeeded',
        output: 'All is well.',
        error: null,
        errorCode: null,
      });
    }
  });
});
