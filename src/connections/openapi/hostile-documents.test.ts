/** Documents made to break whoever reads them: refused or bounded, with a word for a person, and the VM goes on meanwhile. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Canary, startCanary } from '../../../tests/helpers/canary.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { readDefinition } from '../tools/found-tool.ts';
import { compile } from './compile.ts';
import type { CompileInput } from './compile-api.ts';
import type { Api } from './operation.ts';
import { parseDocument } from './parse-document.ts';

let canary: Canary;
beforeAll(async () => {
  canary = await startCanary();
});
afterAll(async () => {
  // Nothing in any of these documents made us fetch anything.
  expect(canary.connections()).toBe(0);
  await canary.close();
});

const read = async (text: string, limits: { timeoutMs?: number; memoryMiB?: number } = {}): Promise<Api> => {
  const input: CompileInput = {
    text,
    operations: [],
    server: { baseUrl: 'https://api.test', variables: {} },
    include: [],
    covered: [],
  };
  const api = await compile(input, { limits });
  return {
    ...api,
    operations: api.operations.map((one) => ({ ...one, tool: readDefinition(one.tool) })),
    unusable: api.unusable.map(readDefinition),
  };
};

const document = (parts: Record<string, unknown>): string =>
  JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'x', version: '1' },
    paths: { '/a': { get: { operationId: 'a', responses: {} } } },
    ...parts,
  });

const withBody = (schema: unknown, components: unknown = {}): string =>
  document({
    paths: {
      '/a': {
        post: {
          operationId: 'a',
          requestBody: { content: { 'application/json': { schema } } },
          responses: {},
        },
      },
    },
    components,
  });

const failure = (text: string, limits = {}) =>
  read(text, limits).then(
    () => expect.fail('was accepted'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(AlfredError);
      return error as AlfredError;
    },
  );

describe('recursion', () => {
  it('stays a reference', async () => {
    const schemas = {
      A: { $ref: '#/components/schemas/B' },
      B: {
        type: 'object',
        properties: { a: { $ref: '#/components/schemas/A' }, c: { $ref: '#/components/schemas/C' } },
      },
      C: { allOf: [{ $ref: '#/components/schemas/C' }, { $ref: '#/components/schemas/B' }] },
    };
    const { operations } = await read(withBody({ $ref: '#/components/schemas/A' }, { schemas }));
    expect(JSON.stringify(operations).length).toBeLessThan(3_000);
  });

  it('of references to each other ends', async () => {
    const api = await read(
      document({
        paths: {
          '/a': {
            get: { operationId: 'a', parameters: [{ $ref: '#/components/parameters/P' }], responses: {} },
          },
          '/b': {
            post: { operationId: 'b', requestBody: { $ref: '#/components/requestBodies/R' }, responses: {} },
          },
          '/c': { $ref: '#/paths/~1c' },
          '/d': { get: { operationId: 'd', responses: { 200: { $ref: '#/components/responses/X' } } } },
        },
        components: {
          parameters: { P: { $ref: '#/components/parameters/Q' }, Q: { $ref: '#/components/parameters/P' } },
          requestBodies: { R: { $ref: '#/components/requestBodies/R' } },
          responses: { X: { $ref: '#/components/responses/X' } },
        },
      }),
    );
    expect(api.operations.map(({ tool }) => tool.name)).toEqual(['d']);
    expect(api.unusable).toHaveLength(3);
  });

  it('to an exponential number of places costs no more than their number', async () => {
    const schemas = Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [
        `S${at}`,
        {
          type: 'object',
          properties: {
            left: { $ref: `#/components/schemas/S${at + 1}` },
            right: { $ref: `#/components/schemas/S${at + 1}` },
          },
        },
      ]),
    );
    const { operations } = await read(withBody({ $ref: '#/components/schemas/S0' }, { schemas }));
    expect(JSON.stringify(operations[0]?.tool).length).toBeLessThan(33_000);
  });

  it('in depth is refused', async () => {
    const deep = `${'{"properties":{"a":'.repeat(5_000)}{}${'}}'.repeat(5_000)}`;
    const error = await failure(document({ components: { schemas: { D: '@' } } }).replace('"@"', deep));
    expect(error.code).toBe('E_TOO_LARGE');
  });
});

describe('size', () => {
  it('of 10 MB is read, of 30 MB refused, and the VM answers meanwhile', async () => {
    const filler = (bytes: number) =>
      document({ 'x-filler': Array.from({ length: bytes / 100 }, () => 'x'.repeat(97)) });
    let beats = 0;
    const beat = setInterval(() => {
      beats += 1;
    }, 5);
    const { operations } = await read(filler(10_000_000));
    clearInterval(beat);
    expect(operations).toHaveLength(1);
    // Read on this thread, it would have let none through.
    expect(beats).toBeGreaterThan(3);
    expect((await failure(filler(30_000_000))).code).toBe('E_TOO_LARGE');
  });

  it('of 5,000 operations is refused with what to do, and a part of them can be taken', async () => {
    const paths = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, at) => [
        `/p${at}`,
        { get: { operationId: `op${at}`, tags: [`tag${at % 3}`], responses: {} } },
      ]),
    );
    const error = await failure(document({ paths }));
    expect([error.code, error.message, error.remedy]).toEqual([
      'E_TOO_LARGE',
      expect.stringContaining('5000 operations'),
      expect.stringMatching(/include.*tag0, tag1, tag2/),
    ]);
    const part = await compile({
      text: document({ paths }),
      operations: [],
      server: { baseUrl: 'https://api.test', variables: {} },
      include: ['GET /p1*'],
      covered: [],
    });
    expect(part.operations).toHaveLength(1_111);
  });

  it('of one description, enumeration or default is cut', async () => {
    const { operations } = await read(
      withBody({
        description: 'x'.repeat(1_000_000),
        enum: Array.from({ length: 100_000 }, (_, at) => `e${at}`),
        default: 'y'.repeat(100_000),
      }),
    );
    expect(JSON.stringify(operations).length).toBeLessThan(3_000);
  });
});

describe('YAML', () => {
  it('that laughs a billion times is refused', async () => {
    const laughs = ['a: &a ["lol","lol","lol","lol","lol","lol","lol","lol","lol"]'];
    for (const [at, name] of [...'bcdefghi'].entries()) {
      const before = 'abcdefgh'[at];
      laughs.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(',')}]`);
    }
    const error = await failure(
      `openapi: 3.1.0\ninfo: {title: x, version: '1'}\n${laughs.join('\n')}\npaths: {}\n`,
    );
    expect(error.code).toBe('E_TOO_LARGE');
  });

  it('that uses itself is refused', async () => {
    const error = await failure('openapi: 3.1.0\ninfo: {title: x, version: "1"}\npaths: &p\n  /a: *p\n');
    expect(['E_TOO_LARGE', 'E_VALIDATION']).toContain(error.code);
  });

  it('with code in it is data', async () => {
    const { operations } = await read(
      'openapi: 3.1.0\ninfo: {title: !!js/function "function(){process.exit()}", version: "1"}\npaths: {/a: {get: {operationId: a, responses: {}}}}\n',
    );
    expect(operations).toHaveLength(1);
  });
});

describe('references outwards', () => {
  it('are never followed', async () => {
    const outside = `${canary.url}/schema.json`;
    const api = await read(
      document({
        paths: {
          '/a': {
            post: {
              operationId: 'a',
              requestBody: { content: { 'application/json': { schema: { $ref: outside } } } },
              responses: {},
            },
          },
          '/b': { get: { operationId: 'b', parameters: [{ $ref: `${outside}#/p` }], responses: {} } },
          '/c': { $ref: 'file:///etc/passwd' },
          '/d': { $ref: './other.yaml' },
        },
      }),
    );
    expect(api.operations.map(({ tool }) => [tool.name, tool.inputSchema.properties])).toEqual([
      ['a', { body: {} }],
    ]);
    expect(api.unusable).toMatchObject([
      { description: 'GET /b', unusable: expect.stringContaining('was not read') },
      {
        description: 'ANY /c',
        unusable: expect.stringContaining('"file:///etc/passwd", which was not read'),
      },
      { description: 'ANY /d', unusable: expect.stringContaining('"./other.yaml", which was not read') },
    ]);
    expect(api.unread.map(({ reference }) => reference)).toContain(outside);
  });
});

describe('names', () => {
  it('that JavaScript knows are names like others, and change no prototype', async () => {
    const evil = `{"openapi":"3.1.0","info":{"title":"x","version":"1"},"paths":{"/a":{"post":{"operationId":"__proto__",
      "parameters":[{"name":"__proto__","in":"query","schema":{"$ref":"#/components/schemas/constructor"}},
        {"name":"toString","in":"query","schema":{"$ref":"#/components/schemas/toString"}},
        {"$ref":"#/components/schemas/__proto__"}],
      "requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/__proto__"}}}},"responses":{}},
      "__proto__":{"polluted":1}},"__proto__":{"get":{"responses":{}}},
      "/b":{"get":{"operationId":"constructor","responses":{}}}},
      "components":{"schemas":{"__proto__":{"properties":{"polluted":{"type":"string"}}},
        "constructor":{"type":"object","properties":{"prototype":{"properties":{"polluted":{}}},"hasOwnProperty":{"type":"string"}}}}},
      "__proto__":{"polluted":true}}`;
    const api = await read(evil);
    expect(api.operations.map(({ tool }) => tool.name)).toEqual(['constructor']);
    expect(api.unusable).toHaveLength(1);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    const kept = await read(evil.replace(/,\s*\{"\$ref":"#\/components\/schemas\/__proto__"\}\]/, ']'));
    expect(Object.keys(kept.operations[0]?.tool.inputSchema.properties ?? {})).toEqual([
      expect.stringContaining('proto'),
      'body',
      'toString',
    ]);
  });

  it('cannot smuggle anything into a request line', async () => {
    const paths = {
      '/a\r\nX-Evil: 1': { get: { responses: {} } },
      'http://evil.test/': { get: { responses: {} } },
      '//evil.test/x': { get: { operationId: 'slashes', responses: {} } },
    };
    const api = await read(document({ paths }));
    for (const { tool } of api.operations) expect(tool.name).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(api.operations.map(({ path }) => path)).toEqual(['/a\r\nX-Evil: 1', '//evil.test/x']);
  });
});

describe('patterns', () => {
  it('that never end are dropped; others stay', async () => {
    const { operations } = await read(
      withBody({
        properties: {
          a: { pattern: '^(a+)+$' },
          b: { pattern: '(x|x)*y' },
          c: { pattern: '^[a-z]{2,5}-[0-9]+$' },
          d: { pattern: '([' },
        },
      }),
    );
    expect(operations[0]?.tool.inputSchema.properties).toEqual({
      body: { properties: { a: {}, b: {}, c: { pattern: '^[a-z]{2,5}-[0-9]+$' }, d: {} } },
    });
  });
});

describe('schemas that lie', () => {
  it('about what JSON Schema is lose what is wrong, and stay valid', async () => {
    const lies = {
      type: 'file',
      format: 7,
      minimum: '1',
      exclusiveMinimum: true,
      maxLength: -1,
      multipleOf: 0,
      uniqueItems: 'yes',
      enum: ['a', 'a', 'b'],
      required: ['a', 'a', 7],
      items: [{ type: 'string' }],
      properties: ['x'],
      allOf: { type: 'x' },
      additionalProperties: 'no',
      not: 7,
      $id: 'https://evil.test',
      $schema: 'https://evil.test',
      $dynamicRef: '#x',
      pattern: 7,
      if: 7,
    };
    const { operations } = await read(
      withBody({ properties: { lies, more: { type: ['string', 'string'] }, less: { type: [] } } }),
    );
    expect(operations[0]?.tool.inputSchema.properties).toEqual({
      body: { properties: { lies: { enum: ['a', 'b'], required: ['a'] }, more: {}, less: {} } },
    });
  });
});

describe('limits of the thread', () => {
  const large = () =>
    document({
      components: {
        schemas: Object.fromEntries(
          Array.from({ length: 40_000 }, (_, at) => [
            `S${at}`,
            { type: 'object', properties: { a: { type: 'string' } } },
          ]),
        ),
      },
    });

  it('end a document that takes too long', async () => {
    expect(await failure(large(), { timeoutMs: 20 })).toMatchObject({
      code: 'E_TOO_LARGE',
      message: expect.stringContaining('time'),
    });
  });

  it('end a document that takes too much memory', async () => {
    expect(await failure(large(), { memoryMiB: 16 })).toMatchObject({
      code: 'E_TOO_LARGE',
      message: expect.stringContaining('memory'),
    });
  });
});

describe('what is no document', () => {
  it('is refused without a word of its content', async () => {
    const texts = [
      '',
      'null',
      '[]',
      '42',
      's3cret: [',
      '{"s3cret": ',
      's3cret',
      '{"openapi":"4.0.0","paths":{}}',
      '{"openapi":"3.1.0"}',
      '{"paths":{"/s3cret":{}}}',
      '\u0000\u0001s3cret',
      'root:x:0:0:s3cret:/root:/bin/sh\n',
      '{"openapi":"3.1.0","paths":{}}',
      '{"openapi":{"s3cret":1},"paths":{}}',
    ];
    for (const text of texts) {
      const error = await failure(text);
      expect([text, error.code]).toEqual([text, 'E_VALIDATION']);
      expect(`${error.message} ${error.remedy}`).not.toContain('s3cret');
    }
  });

  it('is told from JSON that was not fetched whole', () => {
    const whole = JSON.stringify({ openapi: '3.1.0', paths: { '/é': { get: { flag: true, n: [-1.5e3] } } } });
    for (let length = 1; length < whole.length; length++)
      expect(() => parseDocument(`${whole.slice(0, length)}\n`)).toThrow('breaks off in the middle');
    expect(() => parseDocument('{"openapi":"3.1.0"]')).toThrow('neither JSON nor YAML');
  });
});
