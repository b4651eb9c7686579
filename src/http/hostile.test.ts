/** Whatever is sent: no 500, no crash, and the server answers the next request. */
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { brokenJson, naughtyStrings, oddJson } from '../../tests/helpers/hostile-input.ts';
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
  const encodable = naughtyStrings.map((text) => text.toWellFormed().slice(0, 9000));

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
    for (const text of naughtyStrings) {
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
    for (const text of naughtyStrings) {
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
    for (const text of naughtyStrings) {
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
    for (const text of naughtyStrings) {
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
    const printable = naughtyStrings.filter((text) => /^[\x20-\x7e]*$/.test(text) && text.length < 4000);
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

describe('broken and odd JSON', () => {
  it.each(['/api/v1/skills', '/api/v1/tokens', '/api/v1/session', '/api/v1/connections'])(
    'sent to %s',
    async (url) => {
      for (const text of brokenJson) {
        const { status } = await server.send('POST', url, text);
        expect([400, 429], JSON.stringify(text)).toContain(status);
      }
      for (const text of oddJson) {
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
