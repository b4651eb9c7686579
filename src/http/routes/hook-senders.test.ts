/** What senders do beside delivering JSON: they try the address, hand secrets over, send forms, compress, ask by GET. */
import { createHmac } from 'node:crypto';
import { brotliCompressSync, deflateRawSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../../../tests/helpers/http.ts';
import type { Problem } from '../../contract/errors.ts';
import { noUsage } from '../../contract/usage.ts';
import type { WebhookSender } from '../../contract/webhooks.ts';
import { finishExecution } from '../../executions/finish-execution.ts';
import { signStandard } from '../../kernel/sign-standard.ts';

const secret = 'a-secret-of-this-test-0123456789';

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer({ withQueue: true });
});
afterAll(() => server.close());

const save = (slug: string, triggerConfig: Record<string, unknown>, over: Record<string, unknown> = {}) =>
  server.send('POST', '/api/v1/skills', {
    ...{ slug, name: slug, steps: [{ id: 1, prompt: 'Look at it.' }], triggerType: 'webhook', triggerConfig },
    ...over,
  });

async function hook(
  slug: string,
  triggerConfig: Record<string, unknown>,
  over: Record<string, unknown> = {},
) {
  const answer = await save(slug, triggerConfig, over);
  expect(answer.status, answer.text).toBe(201);
}

const send = (
  method: string,
  address: string,
  body?: string | Uint8Array,
  headers: Record<string, string> = {},
) => server.send(method, `/hooks/${address}`, body, { token: null, headers });
const post = (slug: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  send('POST', slug, body, { 'content-type': 'application/json', ...headers });

const countOf = (slug: string) => server.db.prisma.execution.count({ where: { skillSlug: slug } });
const inputOf = async (slug: string) =>
  (
    await server.db.prisma.execution.findFirstOrThrow({
      where: { skillSlug: slug },
      orderBy: { createdAt: 'desc' },
    })
  ).input as { body: unknown; headers: Record<string, string>; query: unknown };
const fieldsOf = (answer: { body: unknown }) => (answer.body as Problem).errors?.map(({ field }) => field);

const hmac = (text: string, encoding: 'hex' | 'base64' = 'hex') =>
  createHmac('sha256', secret).update(text).digest(encoding);
const seconds = () => String(Math.floor(Date.now() / 1000));

describe('a sender that tries the address', () => {
  it('is answered as Slack wants it, when it signed, and starts nothing', async () => {
    await hook('slack', { auth: 'slack', secret });
    const body = '{"type":"url_verification","challenge":"3eZb"}';
    const at = seconds();
    const signed = { 'x-slack-request-timestamp': at, 'x-slack-signature': `v0=${hmac(`v0:${at}:${body}`)}` };
    const answer = await post('slack', body, signed);
    expect([answer.status, answer.body]).toEqual([200, { challenge: '3eZb' }]);
    expect((await post('slack', body)).status).toBe(401);
    expect(await countOf('slack')).toBe(0);
  });

  it('is answered as Meta wants it, to the word that the owner typed at both sides', async () => {
    await hook('meta', { auth: 'meta', secret, verifyToken: 'my word' });
    const ask = (word: string) =>
      send(
        'GET',
        `meta?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${encodeURIComponent(word)}`,
      );
    const answer = await ask('my word');
    expect([answer.status, answer.text, answer.headers['content-type']]).toEqual([
      200,
      '1158201444',
      expect.stringMatching(/^text\/plain/),
    ]);
    expect((await ask('another')).status).toBe(401);
    const shown = (await server.send('GET', '/api/v1/skills/meta')).body as {
      triggerConfig: { verifyToken: string };
    };
    expect(shown.triggerConfig.verifyToken).toMatch(/^sha256:[0-9a-f]{64}$/);
    // What was shown may be sent back as it is.
    await server.send('PATCH', '/api/v1/skills/meta', {
      triggerConfig: { verifyToken: shown.triggerConfig.verifyToken },
    });
    expect((await ask('my word')).status).toBe(200);
    expect((await send('GET', 'meta')).status).toBe(405);
  });

  it.each([
    ['msgraph', 'POST', 'msgraph?validationToken=Validation%3A%20a%2Bb', '', 'Validation: a+b'],
    ['dropbox', 'GET', 'dropbox?challenge=abc', undefined, 'abc'],
    ['trello', 'HEAD', 'trello', undefined, ''],
    ['intercom', 'HEAD', 'intercom', undefined, ''],
  ])('is answered as %s wants it', async (auth, method, address, body, expected) => {
    await hook(auth, { auth, secret });
    const answer = await send(method, address, body);
    expect([answer.status, answer.text]).toEqual([200, expected]);
    expect(await countOf(auth)).toBe(0);
  });

  it('is answered as Zoom and X want it, with what the secret makes of their token', async () => {
    await hook('zoom', { auth: 'zoom', secret });
    const body = '{"event":"endpoint.url_validation","payload":{"plainToken":"qgg8"}}';
    const at = seconds();
    const headers = { 'x-zm-request-timestamp': at, 'x-zm-signature': `v0=${hmac(`v0:${at}:${body}`)}` };
    expect((await post('zoom', body, headers)).body).toEqual({
      plainToken: 'qgg8',
      encryptedToken: hmac('qgg8'),
    });
    await hook('x', { auth: 'x', secret });
    expect((await send('GET', 'x?crc_token=abc')).body).toEqual({
      response_token: `sha256=${hmac('abc', 'base64')}`,
    });
  });

  it('is told nothing where its hook has no such trial', async () => {
    await hook('plain', { auth: 'github', secret });
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      const answer = await send(
        method,
        'plain?hub.mode=subscribe&hub.challenge=1&challenge=2&crc_token=3&validationToken=4',
      );
      expect(answer.status).toBe(405);
      expect(answer.headers.allow).toContain('POST');
    }
  });
});

describe('a sender that hands its secret over', () => {
  it('is taken at its word once, and signs from then on: Asana', async () => {
    await hook('asana', { auth: 'asana' });
    expect((await post('asana', '{"events":[]}', { 'x-hook-signature': hmac('{"events":[]}') })).status).toBe(
      401,
    );
    const first = await post('asana', '{}', { 'x-hook-secret': secret });
    expect([first.status, first.headers['x-hook-secret']]).toEqual([200, secret]);
    expect((await post('asana', '{}', { 'x-hook-secret': 'another-secret-of-a-stranger' })).status).toBe(401);
    expect((await post('asana', '{"events":[]}', { 'x-hook-signature': hmac('{"events":[]}') })).status).toBe(
      200,
    );
    expect(JSON.stringify(await server.db.prisma.skill.findMany())).not.toContain(secret);
  });

  it('is shown to the owner, who has to type it at Notion, until it signed a delivery', async () => {
    await hook('notion', { auth: 'notion' });
    const show = () => server.send('POST', '/api/v1/skills/notion/hook/handshake');
    expect((await show()).status).toBe(409);
    expect((await post('notion', JSON.stringify({ verification_token: secret }))).status).toBe(200);
    expect(await countOf('notion')).toBe(0);
    expect((await show()).body).toEqual({ secret });
    const signed = { 'x-notion-signature': `sha256=${hmac('{"id":"1"}')}` };
    expect((await post('notion', '{"id":"1"}', signed)).status).toBe(200);
    expect((await show()).status).toBe(409);
  });

  it('waits anew when its owner takes the secret away', async () => {
    await server.send('PATCH', '/api/v1/skills/asana', { triggerConfig: { secret: null } });
    const hookNow = (await server.send('GET', '/api/v1/skills/asana/hook')).body;
    expect(hookNow).toMatchObject({ hasSecret: false, handshake: 'kept', secretFrom: 'sender' });
    expect((await post('asana', '{}', { 'x-hook-secret': 'the-next-secret-of-asana' })).status).toBe(200);
  });
});

describe('a body', () => {
  beforeAll(() => hook('any', { auth: 'none' }));
  const bodyOf = async (body: string | Uint8Array, headers: Record<string, string>) => {
    const answer = await post('any', body, headers);
    expect(answer.status, answer.text).toBe(202);
    return (await inputOf('any')).body;
  };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  it('that is a form has its fields by name', async () => {
    const fields = { From: '+15550100', Body: 'Hi & more', MediaUrl: ['a', 'b'] };
    expect(await bodyOf('From=%2B15550100&Body=Hi+%26+more&MediaUrl=a&MediaUrl=b', form)).toEqual(fields);
    await hook('sms', { auth: 'none' }, { steps: [{ id: 1, prompt: 'Answer {{body.From}}' }] });
    expect((await post('sms', 'From=me', form)).status).toBe(202);
    expect(fieldsOf(await post('sms', 'To=me', form))).toEqual(['/input/body/From']);
  });

  it('of several parts has fields and files', async () => {
    const parts = new FormData();
    parts.append('subject', 'grüße');
    parts.append('attachment-1', new File([Uint8Array.of(0, 255)], 'a.bin', { type: 'application/x-bin' }));
    const request = new Request('http://x', { method: 'POST', body: parts });
    const headers = { 'content-type': request.headers.get('content-type') ?? '' };
    expect(await bodyOf(new Uint8Array(await request.arrayBuffer()), headers)).toEqual({
      subject: 'grüße',
      'attachment-1': { name: 'a.bin', type: 'application/x-bin', size: 2, base64: 'AP8=' },
    });
    expect(
      (await post('any', 'no parts', { 'content-type': 'multipart/form-data; boundary=x' })).status,
    ).toBe(400);
    expect((await post('any', '__proto__=1', form)).status).toBe(400);
  });

  it.each([
    ['application/vnd.api+json', '{"a":1}', { a: 1 }],
    ['text/json', '{"a":1}', { a: 1 }],
    ['text/plain', ' {"a":1}', { a: 1 }],
    ['application/octet-stream', '[1]', [1]],
    ['text/plain', '{"a":', '{"a":'],
    ['text/plain', '12', '12'],
  ])('of %s that reads %s', async (type, body, expected) => {
    expect(await bodyOf(body, { 'content-type': type })).toEqual(expected);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ])('may be compressed by %s, and signed either way', async (encoding, compress) => {
    expect(await bodyOf(compress('{"a":1}'), { 'content-encoding': encoding })).toEqual({ a: 1 });
    await hook(`signed-${encoding}`, { auth: 'calcom', secret });
    const packed = compress('{"a":1}');
    for (const signature of [hmac('{"a":1}'), createHmac('sha256', secret).update(packed).digest('hex')]) {
      const headers = { 'content-encoding': encoding, 'x-cal-signature-256': signature };
      expect((await post(`signed-${encoding}`, packed, headers)).status).toBe(202);
    }
  });

  it('is bounded when it is inflated, and is what it says', async () => {
    const large = gzipSync(Buffer.alloc(6 * 1024 * 1024, 'a'));
    expect(
      (await post('any', large, { 'content-encoding': 'gzip', 'content-type': 'text/plain' })).status,
    ).toBe(413);
    for (const encoding of ['gzip', 'br', 'compress']) {
      expect((await post('any', '{"a":1}', { 'content-encoding': encoding })).status).toBe(400);
    }
  });
});

describe('what a skill sees', () => {
  it('are the headers of its sender, and those that its trigger names', async () => {
    await hook('shop', { auth: 'shopify', secret, headers: ['X-Mine'] });
    const body = '{"id":1}';
    const answer = await post('shop', body, {
      'x-shopify-hmac-sha256': hmac(body, 'base64'),
      'x-shopify-topic': 'orders/create',
      'x-mine': 'yes',
      'x-other': 'no',
    });
    expect(answer.status, answer.text).toBe(200);
    const { headers } = await inputOf('shop');
    expect(headers).toMatchObject({ 'x-shopify-topic': 'orders/create', 'x-mine': 'yes' });
    expect(headers).not.toHaveProperty('x-other');
    expect(headers).not.toHaveProperty('x-shopify-hmac-sha256');
    expect(fieldsOf(await save('no', { auth: 'none', headers: ['Authorization'] }))).toEqual([
      '/triggerConfig/headers/0',
    ]);
  });

  it('is no token of its address', async () => {
    await hook('by-address', { auth: 'token', secret, methods: ['POST', 'GET'] });
    expect((await send('GET', `by-address?token=${secret}&room=kitchen`)).status).toBe(202);
    expect((await inputOf('by-address')).query).toEqual({ room: 'kitchen' });
    expect((await send('GET', 'by-address?token=wrong-secret')).status).toBe(401);
    expect((await post(`by-address?token=${secret}`, '{}')).status).toBe(202);
  });
});

describe('a trigger', () => {
  it.each([
    [{ auth: 'custom' }, '/triggerConfig/scheme'],
    [{ auth: 'github', scheme: { signature: { from: 'header:x' } } }, '/triggerConfig/scheme'],
    [{ auth: 'github', verifyToken: 'x' }, '/triggerConfig/verifyToken'],
    [{ auth: 'github', methods: ['GET'] }, '/triggerConfig/methods'],
    [{ auth: 'none', answer: { failedStatus: 500 } }, '/triggerConfig/answer/failedStatus'],
    [{ auth: 'discord', secret: 'not-a-public-key' }, '/triggerConfig/secret'],
    [{ auth: 'sendgrid', secret: 'not-a-public-key' }, '/triggerConfig/secret'],
    [{ auth: 'svix', secret: 'not-of-svix' }, '/triggerConfig/secret'],
    [{ auth: 'nobody' }, '/triggerConfig/auth'],
  ])('is refused for %j', async (triggerConfig, field) => {
    const answer = await save('wrong', triggerConfig);
    expect([answer.status, fieldsOf(answer)]).toEqual([422, [field]]);
  });

  it('may have a scheme of its own', async () => {
    const scheme = {
      signature: { from: 'header:X-Sig', pairs: ',', part: 'v1', encoding: 'base64' },
      signed: ['{timestamp}', '.', '{header:x-who}', '.', '{body}'],
      timestamp: { from: 'part:t', unit: 'ms' },
      id: ['header:x-id', 'json:/data/id'],
      show: ['x-who'],
    };
    await hook('own', { auth: 'custom', secret, scheme });
    const body = '{"data":{"id":7}}';
    const at = String(Date.now());
    const headers = { 'x-sig': `t=${at},v1=${hmac(`${at}.me.${body}`, 'base64')}`, 'x-who': 'me' };
    const first = await post('own', body, headers);
    expect(first.status, first.text).toBe(202);
    expect((await post('own', body, headers)).body).toEqual(first.body);
    expect((await inputOf('own')).headers).toMatchObject({ 'x-who': 'me' });
    expect((await post('own', body, { ...headers, 'x-who': 'you' })).status).toBe(401);
    const test = await server.send('POST', '/api/v1/skills/own/hook/test');
    const { checks } = test.body as { checks: { check: string; ok: boolean }[] };
    expect(checks.filter(({ ok, check }) => !ok && check !== 'address')).toEqual([]);
  });
});

describe('an answer', () => {
  it('is what the sender wants, or what the trigger says', async () => {
    await hook('sms-in', {
      auth: 'none',
      answer: { status: 200, body: '<Response/>', contentType: 'text/xml' },
    });
    const answer = await post('sms-in', '{}');
    expect([answer.status, answer.text, answer.headers['content-type']]).toEqual([
      200,
      '<Response/>',
      expect.stringMatching(/^text\/xml/),
    ]);
    expect(answer.headers.location).toMatch(/^\/api\/v1\/executions\//);
  });

  it('has the result in it, written as its type wants it, and says when the run failed', async () => {
    const ends = async (slug: string, end: Parameters<typeof finishExecution>[2]) => {
      const waiting = post(slug, '{}');
      let id: string | undefined;
      while (id === undefined) {
        id = (await server.db.prisma.execution.findFirst({ where: { skillSlug: slug, completedAt: null } }))
          ?.id;
      }
      await server.db.prisma.execution.update({
        where: { id },
        data: { status: 'running', startedAt: new Date() },
      });
      await finishExecution(server, id, end);
      return waiting;
    };
    await hook('reply', {
      ...{ auth: 'none', response: 'result' },
      answer: { body: '<Message>{{output}}</Message>', contentType: 'text/xml', failedStatus: 503 },
    });
    const good = await ends('reply', { status: 'succeeded', output: 'a < b & "c"', usage: noUsage() });
    expect([good.status, good.text]).toEqual([200, '<Message>a &lt; b &amp; &quot;c&quot;</Message>']);
    const bad = await ends('reply', {
      status: 'cancelled',
      error: { code: 'E_CANCELLED', message: 'no' },
      usage: noUsage(),
    });
    expect(bad.status).toBe(503);
  });
});

it('lists its senders, with what is clicked there', async () => {
  const { items } = (await server.send('GET', '/api/v1/webhook-senders')).body as { items: WebhookSender[] };
  expect(items.length).toBeGreaterThan(40);
  for (const { title, steps, secretName } of items) {
    expect(steps.join('\n'), title).toContain('{url}');
    expect(secretName).not.toBe('');
  }
  await hook('shown', { auth: 'standard', secret: 'whsec_c2VjcmV0IGJ5dGVzIG9mIGEgdGVzdCBob29r' });
  const { body } = await server.send('GET', '/api/v1/skills/shown/hook');
  expect((body as { steps: string[] }).steps[0]).toContain('/hooks/shown');
  const at = seconds();
  const signature = signStandard('whsec_c2VjcmV0IGJ5dGVzIG9mIGEgdGVzdCBob29r', 'm', at, Buffer.from('{}'));
  const headers = { 'webhook-id': 'm', 'webhook-timestamp': at, 'webhook-signature': signature };
  expect((await post('shown', '{}', headers)).status).toBe(202);
});
