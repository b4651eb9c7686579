/** Whatever is sent: no 500, no crash, and the server answers the next request. */
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../../tests/helpers/http.ts';
import { problemSchema } from '../contract/errors.ts';

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer({ requestsPerMinute: 1_000_000, withQueue: true });
});
afterAll(() => server.close());
afterEach(async () => {
  expect((await server.send('GET', '/healthz')).status).toBe(200);
});

/** After the Big List of Naughty Strings (github.com/minimaxir/big-list-of-naughty-strings, MIT), one or two of each kind. */
const naughty = [
  '',
  ' ',
  'undefined',
  'null',
  'NaN',
  '-0',
  '1e400',
  '0x0',
  '١٢٣',
  '9'.repeat(400),
  ',./;\'[]\\-=<>?:"{}|_+!@#$%^&*()`~',
  '\u0000',
  'before\u0000after',
  '\u0001\u0002\u0007\u0008\u000b\u001b\u007f\u0085',
  '\u200b\u200c\u200d\u2060\ufeff\ufffe\uffff',
  '\ud800',
  'x\udfffy',
  '\u202etest\u202c',
  '田中さんにあげて下さい',
  'Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤',
  '👩‍👩‍👧‍👦🏳️‍🌈',
  'ﷺ',
  '<script>alert(1)</script>',
  'javascript:alert(1)',
  "1'; DROP TABLE skills-- 1",
  "' OR 1=1 -- 1",
  '$(touch /tmp/x)',
  '`id`',
  '../../../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '%n%s%s%s%d',
  '{{constructor.constructor("return process")()}}',
  '{{7*7}}',
  '${jndi:ldap://x}',
  'File:///',
  'eval("1")',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'encrypted:AAAA',
  'plain:x',
  'mcp____',
  '\r\nSet-Cookie: a=b',
  'a'.repeat(70_000),
];

const reads = [
  (text: string) => `/api/v1/skills/${encodeURIComponent(text)}`,
  (text: string) => `/api/v1/skills?cursor=${encodeURIComponent(text)}`,
  (text: string) => `/api/v1/skills?limit=${encodeURIComponent(text)}`,
  (text: string) => `/api/v1/skills/a/versions?cursor=${encodeURIComponent(text)}`,
  (text: string) => `/api/v1/connections/${encodeURIComponent(text)}`,
  (text: string) => `/api/v1/connections?cursor=${encodeURIComponent(text)}`,
  (text: string) => `/api/v1/executions/${encodeURIComponent(text)}`,
  (text: string) => `/api/v1/executions/${encodeURIComponent(text)}/events`,
  (text: string) => `/api/v1/executions?skill=${encodeURIComponent(text)}`,
  (text: string) => `/api/v1/executions?cursor=${encodeURIComponent(text)}`,
  (text: string) => `/api/v1/executions?from=${encodeURIComponent(text)}`,
  (text: string) => `/api/v1/config/${encodeURIComponent(text)}`,
  (text: string) => `/api/v1/tokens?cursor=${encodeURIComponent(text)}`,
  (text: string) => `/${encodeURIComponent(text)}`,
];

const skill = { slug: 'naughty', name: 'A', steps: [{ id: 1, prompt: 'Go.' }] };

describe('naughty strings', () => {
  const encodable = naughty.map((text) => text.toWellFormed().slice(0, 9000));

  it('in addresses', async () => {
    for (const text of encodable) {
      for (const read of reads) {
        const { status, body } = await server.send('GET', read(text));
        expect(status, `${read(text).slice(0, 80)}`).toBeLessThan(500);
        if (status >= 400) problemSchema.parse(body);
      }
    }
  });

  it('in every text of a skill, which comes back as it can be stored', async () => {
    for (const text of naughty) {
      const sent = {
        ...skill,
        name: text,
        description: text,
        model: text,
        isActive: false,
        steps: [{ id: 1, prompt: text, guidance: text, outputSchema: { title: text, description: text } }],
        inputSchema: { title: text, properties: { [text === '__proto__' ? 'x' : text]: {} } },
      };
      const made = await server.send('POST', '/api/v1/skills', sent);
      expect([201, 422], `${text.slice(0, 40)}: ${made.text.slice(0, 300)}`).toContain(made.status);
      if (made.status !== 201) continue;
      const stored = text.toWellFormed().replaceAll('\0', '\ufffd');
      expect((await server.send('GET', '/api/v1/skills/naughty')).body).toMatchObject({ name: stored });
      expect((await server.send('PATCH', '/api/v1/skills/naughty', { description: text })).status).toBe(200);
      expect((await server.send('DELETE', '/api/v1/skills/naughty')).status).toBe(204);
    }
  });

  it('in the names of tools, fields and triggers', async () => {
    for (const text of naughty) {
      for (const body of [
        { ...skill, slug: text },
        { ...skill, [text === '__proto__' ? 'x' : text || 'y']: text },
        {
          ...skill,
          steps: [{ id: 1, prompt: 'x', allowedTools: [text, `mcp__a__${text}`, `mcp__${text}__*`] }],
        },
        { ...skill, triggerType: 'schedule', triggerConfig: { cron: text, timezone: text } },
        { ...skill, triggerType: 'webhook', triggerConfig: { auth: 'standard', secret: text } },
        { ...skill, triggerType: text, onFailureSkill: text, effort: text },
      ]) {
        const { status } = await server.send('POST', '/api/v1/skills', body);
        expect([201, 422], JSON.stringify(body).slice(0, 200)).toContain(status);
        if (status === 201) await server.send('DELETE', '/api/v1/skills/naughty');
      }
    }
  });

  it('in the input of a run, which is kept as it can be stored', async () => {
    const inputSchema = { type: 'object', properties: { text: { type: 'string', format: 'uri-reference' } } };
    const steps = [{ id: 1, prompt: '{{text}}' }];
    await server.send('POST', '/api/v1/skills', { ...skill, slug: 'strict', steps, inputSchema });
    await server.send('POST', '/api/v1/skills', { ...skill, slug: 'loose', steps });
    for (const text of naughty) {
      const input = { text, nested: [{ deep: text }], [text === '__proto__' ? 'x' : text]: 1 };
      const strict = await server.send('POST', '/api/v1/skills/strict/run', { input });
      expect([202, 422], strict.text).toContain(strict.status);
      const loose = await server.send('POST', '/api/v1/skills/loose/run', { input });
      expect(loose.status, loose.text).toBe(202);
      const { executionId } = loose.body as { executionId: string };
      const { body } = await server.send('GET', `/api/v1/executions/${executionId}`);
      expect(body).toMatchObject({ input: { text: text.toWellFormed().replaceAll('\0', '\ufffd') } });
    }
  });

  it('in names, values and keys of the rest', async () => {
    for (const text of naughty) {
      for (const [method, url, body] of [
        ['POST', '/api/v1/tokens', { name: text, scopes: ['read'] }],
        ['POST', '/api/v1/tokens', { name: 'x', scopes: [text], expiresAt: text }],
        ['POST', '/api/v1/session', { code: text }],
        ['POST', '/api/v1/connections', { name: text, type: text, config: { command: text } }],
        [
          'POST',
          '/api/v1/connections',
          { name: 'x', type: 'mcp_stdio', config: { command: text, args: text } },
        ],
        ['PUT', '/api/v1/config/some_text', { value: text }],
        ['PUT', '/api/v1/config/some_secret', { value: text }],
        ['PUT', '/api/v1/config/model', { value: text }],
      ] as const) {
        const { status } = await server.send(method, url, body);
        expect(status, `${method} ${url} ${text.slice(0, 40)}`).toBeLessThan(500);
      }
    }
  });

  it('in headers', async () => {
    const printable = naughty.filter((text) => /^[\x20-\x7e]*$/.test(text) && text.length < 4000);
    for (const text of printable) {
      for (const name of [
        'if-match',
        'authorization',
        'cookie',
        'last-event-id',
        'origin',
        'content-type',
        'accept',
      ]) {
        const { status } = await server.send(
          'PATCH',
          '/api/v1/skills/nobody',
          { name: 'x' },
          { headers: { [name]: text } },
        );
        expect(status, `${name}: ${text}`).toBeLessThan(500);
      }
    }
  });
});

/** After JSONTestSuite (github.com/nst/JSONTestSuite, MIT): texts that are no JSON, or that parsers are known to differ on. */
const broken = [
  '[1 true]',
  '[a]',
  '[""',
  '["",]',
  '[,1]',
  '[1,,2]',
  '["x"]]',
  '[-]',
  '[-01]',
  '[.1]',
  '[0.e1]',
  '[1e+]',
  '[1eE2]',
  '[2.]',
  '[Infinity]',
  '[NaN]',
  '[0x1]',
  '[+1]',
  '{"a":"b"}/**/',
  '{"a" b}',
  '{:"b"}',
  '{"a":',
  '{"a":"a" 123}',
  '{[: "x"}',
  "{'a':0}",
  '{1:1}',
  '{"id":0,,,,,}',
  '{"a":"b",,"c":"d"}',
  '["\\u00"]',
  '["\\x00"]',
  '["a\u0000b"]',
  '["new\nline"]',
  '["\\',
  '["\\uD834\\u',
  "['x']",
  '<null>',
  '[\u000c]',
  '[\u2060]',
  '*',
  '[True]',
  '{"asd":"asd"',
  '123\u0000',
  'nul',
  '"\ud800',
  '"',
  '"a',
  '\ufeff{',
  ']',
  '}',
  '[{',
  '{"a":[}',
];
const odd = [
  '"\\uD800"',
  '"\\uDFFF\\uD800"',
  '[1e9999]',
  '[-1e9999]',
  '[123123123123123123123123123123]',
  '[1E-999]',
  '{"a":1,"a":2}',
  '{"":0}',
  '{"\\u0000":0}',
  '["\\u0000"]',
  '[-0]',
  '\ufeff{}',
  'null',
  'true',
  '1',
  '"x"',
  '[]',
  '  {}  ',
];

describe('broken and odd JSON', () => {
  it.each(['/api/v1/skills', '/api/v1/tokens', '/api/v1/session', '/api/v1/connections'])(
    'sent to %s',
    async (url) => {
      for (const text of broken) {
        const { status } = await server.send('POST', url, text);
        expect([400, 429], JSON.stringify(text)).toContain(status);
      }
      for (const text of odd) {
        const { status } = await server.send('POST', url, text);
        expect([400, 422, 429], JSON.stringify(text)).toContain(status);
      }
    },
  );

  it('nested without end, or too large', async () => {
    for (const text of ['['.repeat(100_000), `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`]) {
      expect((await server.send('POST', '/api/v1/skills', text)).status).toBe(400);
    }
    const deep = `${'{"properties":{"a":'.repeat(31)}{}${'}}'.repeat(31)}`;
    const body = `{"slug":"deep","name":"d","steps":[{"id":1,"prompt":"x"}],"inputSchema":${deep}}`;
    expect([201, 400]).toContain((await server.send('POST', '/api/v1/skills', body)).status);
    const many = { ...skill, steps: Array.from({ length: 30_000 }, (_, id) => ({ id })) };
    expect((await server.send('POST', '/api/v1/skills', many)).status).toBe(413);
    expect((await server.send('POST', '/api/v1/skills', Buffer.alloc(5 << 20, '1'))).status).toBe(413);
  });

  it('that reaches for prototypes', async () => {
    for (const text of [
      '{"__proto__":{"slug":"x"}}',
      '{"slug":"p","name":"p","steps":[{"id":1,"prompt":"x","__proto__":{"allowedTools":["mcp__a__b"]}}]}',
      '{"slug":"p","name":"p","constructor":{"prototype":{"isAdmin":true}},"steps":[]}',
    ]) {
      expect([400, 422]).toContain((await server.send('POST', '/api/v1/skills', text)).status);
    }
    expect(({} as Record<string, unknown>).slug).toBeUndefined();
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
  });

  it('of every shape', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 6 }), fc.constantFrom('POST', 'PATCH'), async (text, method) => {
        const url = method === 'POST' ? '/api/v1/skills' : '/api/v1/skills/nobody';
        const { status } = await server.send(method, url, text);
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(500);
      }),
      { numRuns: 300 },
    );
  });

  it('of almost the right shape', async () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const almost = fc.record(
      {
        slug: fc.oneof(fc.constant('fuzz'), value),
        name: fc.oneof(fc.string({ unit: 'binary' }), value),
        steps: fc.oneof(
          fc.array(
            fc.record({ id: fc.integer(), prompt: fc.string({ unit: 'binary' }), outputSchema: value }),
            { maxLength: 3 },
          ),
          value,
        ),
        inputSchema: fc.oneof(
          fc.dictionary(
            fc.constantFrom('type', 'properties', '$ref', 'items', 'pattern', 'allOf', '$id', '$defs'),
            value,
          ),
          value,
        ),
        triggerType: fc.constantFrom('manual', 'schedule', 'webhook', 'chat'),
        triggerConfig: value,
        maxCostUsd: fc.oneof(fc.double(), value),
        timeoutMs: fc.oneof(fc.integer(), value),
        isActive: fc.boolean(),
      },
      { requiredKeys: ['slug', 'name', 'steps'] },
    );
    await fc.assert(
      fc.asyncProperty(almost, async (body) => {
        const { status, text } = await server.send('POST', '/api/v1/skills', body);
        expect([201, 400, 422], text).toContain(status);
        if (status === 201) await server.send('DELETE', `/api/v1/skills/${String(body.slug)}`);
      }),
      { numRuns: 300 },
    );
  });
});
