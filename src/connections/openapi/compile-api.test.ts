/** Documents to tools: names, words, schemas, servers, in every version that is in use. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { HttpOperation } from '../../contract/http-connections.ts';
import { type CompileInput, compileApi } from './compile-api.ts';
import type { Api, Operation } from './operation.ts';

const petStore = {
  openapi: '3.0.3',
  info: { title: 'Pets', version: '1.2.3' },
  servers: [
    { url: 'https://{region}.pets.test/v1/', variables: { region: { default: 'eu', enum: ['eu', 'us'] } } },
  ],
  paths: {
    '/pets': {
      get: {
        operationId: 'pets/list',
        tags: ['pets'],
        summary: 'List pets',
        parameters: [
          { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 100 } },
          { name: 'filter[kind]', in: 'query', schema: { type: 'string', nullable: true } },
          { name: 'X-Trace', in: 'header', schema: { type: 'string' } },
          { name: 'Authorization', in: 'header', schema: { type: 'string' } },
        ],
        responses: { 200: { description: 'ok', content: { 'application/json': {} } } },
      },
      post: {
        operationId: 'pets/create',
        tags: ['pets', 'writing'],
        summary: 'Add a pet',
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } },
        },
        responses: {},
      },
    },
    '/pets/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      get: { operationId: 'pets/get', responses: {} },
      put: { operationId: 'pets/put', responses: {} },
      delete: { operationId: 'pets/delete', deprecated: true, responses: {} },
      patch: { responses: {} },
      head: { operationId: 'pets/list', responses: {} },
      trace: { operationId: 'pets/trace', responses: {} },
    },
  },
  components: {
    schemas: {
      Pet: {
        type: 'object',
        required: ['name', 'id'],
        properties: {
          id: { type: 'string', readOnly: true },
          name: { type: 'string', nullable: true },
          parent: { $ref: '#/components/schemas/Pet' },
          tags: { type: 'array', items: { $ref: '#/components/schemas/Tag' } },
          example: { type: 'string', example: 'a property that is called like a keyword' },
        },
      },
      Tag: {
        type: 'object',
        properties: { pets: { type: 'array', items: { $ref: '#/components/schemas/Pet' } } },
      },
      Unused: { type: 'object' },
    },
    securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } },
  },
};

const input = (document: unknown, rest: Partial<CompileInput> = {}): CompileInput => ({
  text:
    document === undefined ? undefined : typeof document === 'string' ? document : JSON.stringify(document),
  operations: [],
  server: { variables: {} },
  include: [],
  covered: [],
  ...rest,
});

function operation(api: Api, name: string): Operation {
  const found = api.operations.find(({ tool }) => tool.name === name);
  if (!found) throw new Error(`No ${name} among ${api.operations.map(({ tool }) => tool.name).join(', ')}`);
  return found;
}

describe('tools', () => {
  it('have names that the SDK takes as they are, each once', async () => {
    const api = await compileApi(input(petStore));
    expect(api.operations.map(({ tool }) => tool.name)).toEqual([
      'pets_list',
      'pets_create',
      'pets_get',
      'pets_put',
      'pets_delete',
      'patch_pets_id',
      expect.stringMatching(/^pets_list_[0-9a-f]{8}$/),
    ]);
  });

  it('have names that stay the same when others come before them, and fit 64 characters', async () => {
    const long = 'x'.repeat(90);
    const paths = {
      '/a': { get: { operationId: `${long}a`, responses: {} } },
      '/b': { get: { operationId: `${long}b`, responses: {} } },
      [`/${long}/{id}`]: { get: { responses: {} } },
      '/ü': { get: { operationId: '日本語', responses: {} } },
    };
    const names = async (keys: string[]) => {
      const document = {
        ...petStore,
        paths: Object.fromEntries(
          keys.map((key) => [key, Object.entries(paths).find(([path]) => path === key)?.[1]]),
        ),
      };
      return (await compileApi(input(document))).operations.map(({ tool }) => tool.name);
    };
    const all = await names(Object.keys(paths));
    expect(new Set(all).size).toBe(4);
    for (const name of all) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    expect(await names(Object.keys(paths).reverse())).toEqual([...all].reverse());
  });

  it('say what they do, how they are paged, and which request it is', async () => {
    const api = await compileApi(input(petStore));
    expect(operation(api, 'pets_list').tool.title).toBe('List pets');
    expect(operation(api, 'pets_list').tool.description).toBe(
      'List pets\nAnswers in pages; ask for more with limit.\nGET https://eu.pets.test/v1/pets',
    );
    expect(operation(api, 'pets_delete').tool.description).toBe(
      'Deprecated.\nDELETE https://eu.pets.test/v1/pets/{id}',
    );
  });

  it('are marked by their method', async () => {
    const api = await compileApi(input(petStore));
    const marks = (name: string) => operation(api, name).tool.annotations;
    expect(marks('pets_get')).toEqual({
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: true,
    });
    expect(marks('pets_create')).toEqual({ readOnlyHint: false, idempotentHint: false, openWorldHint: true });
    expect(marks('pets_put')).toEqual({ readOnlyHint: false, idempotentHint: true, openWorldHint: true });
    expect(marks('pets_delete')).toEqual({
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: true,
      openWorldHint: true,
    });
  });

  it('ask for parameters under names that the Messages API takes', async () => {
    const api = await compileApi(input(petStore));
    const { inputSchema } = operation(api, 'pets_list').tool;
    expect(inputSchema).toEqual({
      type: 'object',
      properties: {
        limit: { type: 'integer', maximum: 100 },
        filter_kind: { type: ['string', 'null'], description: '(filter[kind])' },
        'X-Trace': { type: 'string' },
      },
      additionalProperties: false,
    });
    expect(operation(api, 'pets_get').tool.inputSchema.required).toEqual(['id']);
  });

  it('do not ask for what the connection sets itself', async () => {
    const api = await compileApi(
      input(petStore, {
        covered: [
          { in: 'header', name: 'x-trace' },
          { in: 'query', name: 'limit' },
        ],
      }),
    );
    expect(Object.keys(operation(api, 'pets_list').tool.inputSchema.properties ?? {})).toEqual([
      'filter_kind',
    ]);
  });

  it('tell arguments of one name apart', async () => {
    const document = {
      ...petStore,
      paths: {
        '/a/{id}': {
          post: {
            parameters: ['path', 'query', 'header', 'cookie']
              .map((place) => ({ name: 'id', in: place, schema: {} }))
              .concat([{ name: 'body', in: 'query', schema: {} }]),
            requestBody: { content: { 'application/json': {} } },
            responses: {},
          },
        },
      },
    };
    const [only] = (await compileApi(input(document))).operations;
    expect(Object.keys(only?.tool.inputSchema.properties ?? {})).toEqual([
      'id',
      'id_query',
      'id_header',
      'id_cookie',
      'body_query',
      'body',
    ]);
  });
});

describe('schemas', () => {
  it('are hoisted, not inlined: recursion stays a reference, and only what is used comes along', async () => {
    const { inputSchema } = operation(await compileApi(input(petStore)), 'pets_create').tool;
    expect(inputSchema).toEqual({
      type: 'object',
      properties: { body: { $ref: '#/$defs/Pet' } },
      required: ['body'],
      additionalProperties: false,
      $defs: {
        Pet: {
          type: 'object',
          required: ['name'],
          properties: {
            name: { type: ['string', 'null'] },
            parent: { $ref: '#/$defs/Pet' },
            tags: { type: 'array', items: { $ref: '#/$defs/Tag' } },
            example: { type: 'string', examples: ['a property that is called like a keyword'] },
          },
        },
        Tag: { type: 'object', properties: { pets: { type: 'array', items: { $ref: '#/$defs/Pet' } } } },
      },
    });
  });

  it('are valid JSON Schema, which accepts what fits and refuses what does not', async () => {
    const api = await compileApi(input(petStore));
    const ajv = new Ajv2020({ strict: false });
    for (const { tool } of api.operations) expect(() => ajv.compile(tool.inputSchema)).not.toThrow();
    const validate = ajv.compile(operation(api, 'pets_create').tool.inputSchema);
    expect(
      validate({ body: { name: 'Rex', parent: { name: null, tags: [{ pets: [{ name: 'a' }] }] } } }),
    ).toBe(true);
    expect(validate({ body: { parent: {} } })).toBe(false);
  });

  it('lose depth, not tools, when they are too large for a model', async () => {
    const wide = (depth: number): object =>
      depth === 0
        ? { type: 'string', description: 'x'.repeat(300) }
        : {
            type: 'object',
            properties: Object.fromEntries([1, 2, 3, 4, 5, 6].map((at) => [`p${at}`, wide(depth - 1)])),
          };
    const document = {
      ...petStore,
      paths: {
        '/a': {
          post: {
            operationId: 'wide',
            requestBody: { content: { 'application/json': { schema: wide(5) } } },
            responses: {},
          },
        },
      },
    };
    const { tool } = operation(await compileApi(input(document)), 'wide');
    const size = JSON.stringify(tool.inputSchema).length;
    expect(size).toBeLessThan(33_000);
    expect(JSON.stringify(tool.inputSchema)).toContain('p6');
  });

  it('lose the longest-named of their optional parameters then, say how many, and keep what is required', async () => {
    const filters = Array.from({ length: 150 }, (_, at) =>
      ['', '__lt', '__gt', '__in'].map((ending) => ({
        name: `filter_${100 + at}${ending}`,
        in: 'query',
        schema: { type: 'array', items: { type: 'string' } },
        description: 'x'.repeat(60),
      })),
    ).flat();
    const parameters = [...filters, { name: 'required_above_all_the_others', in: 'query', required: true }];
    const paths = { '/a/{id}': { get: { operationId: 'list', parameters, responses: {} } } };
    const { tool, parameters: plans } = operation(await compileApi(input({ ...petStore, paths })), 'list');
    const names = Object.keys(tool.inputSchema.properties as object);
    expect(JSON.stringify(tool.inputSchema).length).toBeLessThan(33_000);
    expect(plans.map(({ property }) => property)).toEqual(names);
    expect(names).toHaveLength(202);
    expect(names).toEqual(
      expect.arrayContaining(['filter_100', 'filter_249', 'id', 'required_above_all_the_others']),
    );
    expect(tool.description).toContain('400 more parameters of it, all optional, cannot be given here.\n');
  });
});

describe('servers', () => {
  const baseOf = async (document: object, server: Partial<CompileInput['server']>) =>
    (await compileApi(input({ ...petStore, ...document }, { server: { variables: {}, ...server } }))).baseUrl;

  it('take the first of the document with its variables, or what the owner says', async () => {
    expect(await baseOf({}, {})).toBe('https://eu.pets.test/v1');
    expect(await baseOf({}, { variables: { region: 'us' } })).toBe('https://us.pets.test/v1');
    expect(await baseOf({}, { baseUrl: 'http://localhost:9/x/?y=1' })).toBe('http://localhost:9/x');
    expect(await baseOf({}, { baseUrl: 'http://nas:2283' })).toBe('http://nas:2283/v1');
    expect(await baseOf({}, { baseUrl: 'http://nas:2283/', basePath: '/' })).toBe('http://nas:2283');
    expect(await baseOf({}, { baseUrl: 'http://nas:2283', basePath: '/v9/' })).toBe('http://nas:2283/v9');
    const templated = { servers: [{ url: '{scheme}://{host}/api/v3' }] };
    expect(await baseOf(templated, { baseUrl: 'http://nas' })).toBe('http://nas/api/v3');
    expect(await baseOf({ servers: [{ url: 'https://x/{tenant}' }] }, { baseUrl: 'http://nas' })).toBe(
      'http://nas',
    );
    await expect(baseOf({}, { variables: { region: 'mars' } })).rejects.toMatchObject({
      code: 'E_VALIDATION',
    });
  });

  it("resolve relative ones against the document's own address", async () => {
    const documentUrl = 'https://docs.test/api/openapi.json';
    expect(await baseOf({ servers: [{ url: '../v2' }] }, { documentUrl })).toBe('https://docs.test/v2');
    expect(await baseOf({ servers: undefined }, { documentUrl })).toBe('https://docs.test');
    await expect(baseOf({ servers: [{ url: '/v2' }] }, {})).rejects.toMatchObject({
      code: 'E_VALIDATION',
      message: expect.stringContaining('only its path there: /v2'),
      remedy: expect.stringContaining('baseUrl'),
    });
  });

  it('are those of the paths, where the document names none and each path the same', async () => {
    const at = (...urls: string[]) => ({ servers: urls.map((url) => ({ url })), get: { responses: {} } });
    const paths = { '/a': at('https://api.test', 'https://paid.test'), '/b': at('https://api.test') };
    expect(await baseOf({ servers: undefined, paths }, {})).toBe('https://api.test');
    const apart = { '/a': at('https://api.test'), '/b': at('https://other.test') };
    await expect(baseOf({ servers: undefined, paths: apart }, {})).rejects.toMatchObject({
      code: 'E_VALIDATION',
    });
  });

  it('leave out operations that go to another host: the credentials are not for it', async () => {
    const at = (url: string) => ({ get: { servers: [{ url }], responses: {} } });
    const paths = {
      '/same': at('https://eu.pets.test/v2'),
      '/relative': at('/v3'),
      '/other': at('https://uploads.test'),
    };
    const api = await compileApi(input({ ...petStore, paths }));
    expect(api.operations.map(({ baseUrl, path }) => baseUrl + path)).toEqual([
      'https://eu.pets.test/v2/same',
      'https://eu.pets.test/v3/relative',
    ]);
    expect(api.unusable).toMatchObject([
      { name: 'get_other', unusable: expect.stringContaining('another host, https://uploads.test') },
    ]);
    const server = { variables: {}, otherOrigins: ['https://uploads.test/'] };
    const allowed = await compileApi(input({ ...petStore, paths }, { server }));
    expect([operation(allowed, 'get_other').baseUrl, allowed.unusable]).toEqual(['https://uploads.test', []]);
  });
});

describe('what is read', () => {
  it('is YAML as well as JSON', async () => {
    const [fromJson, fromYaml] = await Promise.all([
      compileApi(input(petStore)),
      compileApi(input(stringify(petStore))),
    ]);
    expect(fromYaml).toEqual(fromJson);
  });

  it('is Swagger 2.0, 3.0 and 3.1', async () => {
    const swagger = {
      swagger: '2.0',
      info: { title: 'Old', version: '1' },
      host: 'old.test',
      basePath: '/v1',
      schemes: ['https'],
      paths: {
        '/things': {
          post: {
            operationId: 'make',
            consumes: ['application/json'],
            parameters: [
              { name: 'thing', in: 'body', required: true, schema: { $ref: '#/definitions/Thing' } },
            ],
            responses: { 200: { description: 'ok' } },
          },
        },
      },
      definitions: { Thing: { type: 'object', properties: { next: { $ref: '#/definitions/Thing' } } } },
    };
    const old = operation(await compileApi(input(swagger)), 'make');
    expect([old.baseUrl, old.body?.kind, old.tool.inputSchema.$defs]).toEqual([
      'https://old.test/v1',
      'json',
      { Thing: { type: 'object', properties: { next: { $ref: '#/$defs/Thing' } } } },
    ]);
    const newest = {
      ...petStore,
      openapi: '3.1.0',
      paths: {
        '/a': {
          get: {
            operationId: 'a',
            parameters: [{ name: 'q', in: 'query', schema: { type: ['string', 'null'], const: 'x' } }],
            responses: {},
          },
        },
      },
    };
    expect(operation(await compileApi(input(newest)), 'a').tool.inputSchema.properties).toEqual({
      q: { type: ['string', 'null'], const: 'x' },
    });
  });

  it('is a part of the document, by operationId, tag, method and path, or pattern', async () => {
    const names = async (...include: string[]) =>
      (await compileApi(input(petStore, { include }))).operations.map(({ tool }) => tool.name);
    expect(await names('pets/get', 'writing')).toEqual(['pets_create', 'pets_get']);
    expect(await names('GET /pets*')).toEqual(['pets_list', 'pets_get']);
    expect(await names('*delete')).toEqual(['pets_delete']);
    await expect(names('nothing')).rejects.toMatchObject({ code: 'E_VALIDATION' });
  });

  it('is a list by hand, where there is no document', async () => {
    const search: HttpOperation = {
      name: 'search',
      description: 'Search',
      method: 'POST',
      path: '/search/{index}',
      parameters: [{ name: 'size', in: 'query', schema: { type: 'integer' } }],
      body: { contentType: 'application/json', required: true, schema: { type: 'object' } },
      readOnly: true,
    };
    const api = await compileApi(
      input(undefined, { operations: [search], server: { baseUrl: 'https://es.test', variables: {} } }),
    );
    const { tool } = operation(api, 'search');
    expect(tool.annotations?.readOnlyHint).toBe(true);
    expect(tool.inputSchema).toEqual({
      type: 'object',
      properties: { size: { type: 'integer' }, index: { type: 'string' }, body: { type: 'object' } },
      required: ['index', 'body'],
      additionalProperties: false,
    });
    expect(tool.description).toBe('Search\nPOST https://es.test/search/{index}');
  });

  it('says of what only the server sets that nobody has to give it, and of a choice what tells its branches apart', async () => {
    const components = {
      schemas: {
        Id: { type: 'string', readOnly: true },
        Cat: { type: 'object', properties: { kind: { type: 'string' } } },
        Pet: {
          oneOf: [{ $ref: '#/components/schemas/Cat' }],
          discriminator: { propertyName: 'kind', mapping: { cat: '#/components/schemas/Cat' } },
        },
      },
    };
    const schema = {
      type: 'object',
      required: ['id', 'key', 'pet'],
      properties: {
        id: { $ref: '#/components/schemas/Id' },
        key: { allOf: [{ $ref: '#/components/schemas/Id' }], description: 'Of ours' },
        pet: { $ref: '#/components/schemas/Pet' },
      },
    };
    const parameters = [
      { name: 'q', in: 'query', deprecated: true, example: 'cats', schema: { type: 'string' } },
    ];
    const requestBody = { content: { 'application/json': { schema } } };
    const paths = { '/a': { post: { operationId: 'a', parameters, requestBody, responses: {} } } };
    const { inputSchema } = operation(await compileApi(input({ ...petStore, paths, components })), 'a').tool;
    expect(inputSchema.properties).toEqual({
      q: { type: 'string', deprecated: true, examples: ['cats'] },
      body: { type: 'object', required: ['pet'], properties: { pet: { $ref: '#/$defs/Pet' } } },
    });
    expect(inputSchema.$defs).toMatchObject({ Pet: { description: '"kind" says which it is: cat.' } });
  });

  it('tells how one signs in', async () => {
    expect((await compileApi(input(petStore))).securitySchemes).toEqual([
      { name: 'key', type: 'apiKey', detail: 'header X-Key' },
    ]);
  });
});
