/** Documents of several files: what lies beside the document is read, and nothing else of this machine or network. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { type Canary, startCanary } from '../../../tests/helpers/canary.ts';
import { closedAfterEach } from '../../../tests/helpers/closed-after-each.ts';
import { httpApiConfigSchema } from '../../contract/http-connections.ts';
import { createGuardedFetch } from '../../outbound/guarded-fetch.ts';
import { readDefinition } from '../tools/found-tool.ts';
import { compile } from './compile.ts';
import type { HttpApiLink } from './http-api-link.ts';
import { baseOf, loadDocument } from './load-document.ts';
import { ApiCache, openHttpApiLink } from './open-http-api-link.ts';
import type { FoundApi } from './operation.ts';
import { partReader } from './read-parts.ts';

const opened = closedAfterEach();

async function folderOf(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'alfred-parts-'));
  opened.push({ close: () => rm(folder, { recursive: true, force: true }) });
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}

/** A server of these files; what it has no file for is not found, `302 ADDRESS` redirects. */
async function serverOf(files: Record<string, string>): Promise<Canary> {
  const server = await startCanary((request, response) => {
    const text = files[request.url?.slice(1) ?? ''];
    if (text?.startsWith('302 ')) response.writeHead(302, { location: text.slice(4) }).end();
    else response.writeHead(text === undefined ? 404 : text === '503' ? 503 : 200).end(text);
  });
  opened.push(server);
  return server;
}

async function open(config: Record<string, unknown>, home = '/nowhere/alfred'): Promise<HttpApiLink> {
  const parsed = httpApiConfigSchema.parse({
    baseUrl: 'http://127.0.0.1:9',
    allowPrivateNetwork: true,
    ...config,
  });
  const link = await openHttpApiLink({
    name: 'shop',
    config: { ...parsed, headers: {} },
    home,
    startTimeoutMs: 60_000,
    maxResultSize: 1_000_000,
    registerSecret: () => {},
    checkOrigin: () => {},
    signal: new AbortController().signal,
    log: pino({ level: 'silent' }),
    cache: new ApiCache(),
  });
  opened.push(link);
  return link;
}

const toolsOf = async (link: HttpApiLink) =>
  Object.fromEntries((await link.listTools()).map((tool) => [tool.name, readDefinition(tool)]));

const head = 'openapi: 3.0.3\ninfo: { title: Cats, version: "1" }\n';
const several = {
  'api.yaml': `${head}paths:
  /cats: { $ref: ./paths/cats.yaml }
  /cats/{id}:
    delete: { $ref: ./paths/cat.yaml#/remove }
components:
  schemas:
    Named: { type: object, properties: { name: { type: string } } }
`,
  'paths/cats.yaml': `parameters: [{ $ref: '../common.yaml#/parameters/limit' }]
get: { operationId: listCats, responses: { default: { description: done } } }
post:
  operationId: addCat
  requestBody: { required: true, content: { application/json: { schema: { $ref: ../common.yaml#/schemas/Cat } } } }
  responses: { default: { description: done } }
`,
  'paths/cat.yaml': `remove:
  operationId: removeCat
  parameters: [{ name: id, in: path, required: true, schema: { type: string } }, { name: reason, in: query, required: true, schema: { type: string } }]
  responses: { default: { description: done } }
`,
  'common.yaml': `parameters:
  limit: { name: limit, in: query, schema: { type: integer } }
schemas:
  Cat:
    type: object
    properties:
      mother: { $ref: '#/schemas/Cat' }
      named: { $ref: 'api.yaml#/components/schemas/Named' }
      nick: { type: string, nullable: true }
`,
};

const whole = {
  listCats: { properties: { limit: { type: 'integer' } } },
  addCat: {
    properties: { body: { $ref: '#/$defs/Cat' } },
    required: ['body'],
    $defs: {
      Cat: {
        properties: {
          mother: { $ref: '#/$defs/Cat' },
          named: { $ref: '#/$defs/Named' },
          nick: { type: ['string', 'null'] },
        },
      },
      Named: { properties: { name: { type: 'string' } } },
    },
  },
  removeCat: { required: ['id', 'reason'] },
};

describe('a document of several files', () => {
  it('is read whole from its folder', async () => {
    const folder = await folderOf(several);
    const link = await open({ openapi: { file: path.join(folder, 'api.yaml') } });
    const tools = await toolsOf(link);
    for (const [name, inputSchema] of Object.entries(whole))
      expect(tools[name]?.inputSchema).toMatchObject(inputSchema);
    expect(link.warnings()).toEqual([]);
  });

  it('is read whole from its server, without the login, and again when a part of it changed', async () => {
    const files: Record<string, string> = { ...several };
    const server = await serverOf(files);
    const link = await open({
      baseUrl: server.url,
      openapi: { url: `${server.url}/api.yaml` },
      auth: { type: 'bearer', token: 'a-token-of-ours' },
    });
    expect((await toolsOf(link)).removeCat?.inputSchema).toMatchObject(whole.removeCat);
    expect(server.requests.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/api.yaml', 'Bearer a-token-of-ours'],
      ['/paths/cat.yaml', undefined],
      ['/paths/cats.yaml', undefined],
      ['/common.yaml', undefined],
    ]);
    // What passes takes no tool away: those of the last reading stay.
    files['paths/cat.yaml'] = '503';
    expect((await toolsOf(link)).removeCat?.inputSchema).toMatchObject(whole.removeCat);
    files['paths/cat.yaml'] = several['paths/cat.yaml'].replace('reason', 'why');
    expect((await toolsOf(link)).removeCat?.inputSchema).toMatchObject({ required: ['id', 'why'] });
  });

  it('may be of Swagger 2.0, with parameters and definitions elsewhere', async () => {
    const folder = await folderOf({
      'api.json': JSON.stringify({
        swagger: '2.0',
        info: { title: 'Old', version: '1' },
        paths: {
          '/a': {
            put: {
              operationId: 'put',
              parameters: [{ $ref: 'common.json#/parameters/Body' }],
              responses: {},
            },
          },
        },
      }),
      'common.json': JSON.stringify({
        parameters: {
          Body: { name: 'b', in: 'body', required: true, schema: { $ref: '#/definitions/Thing' } },
        },
        definitions: { Thing: { type: 'object', properties: { next: { $ref: '#/definitions/Thing' } } } },
      }),
    });
    const { put } = await toolsOf(await open({ openapi: { file: path.join(folder, 'api.json') } }));
    expect(put?.inputSchema).toMatchObject({
      required: ['body'],
      properties: { body: { $ref: '#/$defs/Thing' } },
      $defs: { Thing: { properties: { next: { $ref: '#/$defs/Thing' } } } },
    });
  });

  it('has no tool of which a part is missing, and says so', async () => {
    const link = await open({
      openapi: {
        document: `${several['api.yaml']}\n`.replace(
          'paths:',
          'paths:\n  /here: { get: { operationId: here } }',
        ),
      },
    });
    const tools = await toolsOf(link);
    expect(tools.here?.unusable).toBeUndefined();
    expect(tools.delete_cats_id?.unusable).toMatch(
      /lies in "\.\/paths\/cat\.yaml#\/remove", which was not read .*bundled/,
    );
    expect(tools.any_cats?.unusable).toMatch(/lies in "\.\/paths\/cats\.yaml"/);
    expect(link.warnings().join('\n')).toContain(
      'Parts of the document lie in other files and were not read',
    );
  });
});

/** What became of a document that was found there. */
async function read(source: { url: string } | { file: string }, home = '/nowhere/alfred'): Promise<FoundApi> {
  const { fetch, close } = createGuardedFetch({ allowPrivateNetwork: true });
  const signal = new AbortController().signal;
  try {
    const document = await loadDocument(source, { fetch, home, headersFor: async () => ({}), signal });
    return await compile(
      {
        text: document.text,
        base: baseOf(document),
        operations: [],
        server: { baseUrl: 'http://127.0.0.1:9', variables: {} },
        include: [],
        covered: [],
      },
      { readPart: partReader(document, { fetch, home, signal }) },
    );
  } finally {
    await close();
  }
}

/** A document whose operations each have a body of one of these. */
const referring = (references: string[]) =>
  `${head}paths:${references
    .map(
      (reference, at) => `
  /it${at}:
    post:
      operationId: it${at}
      requestBody: { content: { application/json: { schema: { $ref: '${reference}' } } } }
      responses: {}`,
    )
    .join('')}
`;
const secret = 'description: a-secret-word\ntype: object\n';
const outside = 'it is no JSON or YAML file in the folder of the document';

describe('what a document names', () => {
  it('is read in its own folder alone', async () => {
    const folder = await folderOf({
      'outside.yaml': secret,
      'docs/.hidden.yaml': secret,
      'docs/notes.txt': secret,
      'docs/home/keys.yaml': secret,
    });
    await symlink(path.join(folder, 'outside.yaml'), path.join(folder, 'docs/linked.yaml'));
    const refused = [
      '../outside.yaml',
      './.hidden.yaml',
      './notes.txt',
      './linked.yaml',
      './%2e%2e/outside.yaml',
      `file://${folder}/outside.yaml`,
      'file://elsewhere/outside.yaml',
      'https://127.0.0.1:9/outside.yaml',
    ];
    const file = path.join(folder, 'docs/api.yaml');
    await writeFile(file, referring([...refused, './home/keys.yaml']));
    const api = await read({ file }, path.join(folder, 'docs/home'));
    expect(api.unread).toEqual([
      ...refused.map((reference) => ({ reference, why: outside })),
      { reference: './home/keys.yaml', why: 'it may not be read, or is too large' },
    ]);
    expect(api.operations).toHaveLength(refused.length + 1);
    expect(JSON.stringify(api)).not.toContain('a-secret-word');
  });

  it('is fetched from its own host alone', async () => {
    const elsewhere = await serverOf({ 'a.yaml': secret });
    const references = [
      `${elsewhere.url}/a.yaml`,
      'file:///etc/hostname.yaml',
      './away.yaml',
      './nowhere.yaml',
      './broken.yaml',
    ];
    const server = await serverOf({
      'api.yaml': referring(references),
      'away.yaml': `302 ${elsewhere.url}/a.yaml`,
      'broken.yaml': '{ a: [',
    });
    const { unread } = await read({ url: `${server.url}/api.yaml` });
    expect(unread.map(({ why }) => why)).toEqual([
      'it is on another host than the document',
      'it is on another host than the document',
      'it is answered with HTTP 302',
      'it is answered with HTTP 404',
      'it is neither JSON nor YAML, or too large',
    ]);
    expect(elsewhere.connections()).toBe(0);
  });

  it('ends, however it leads back to itself, and does not grow without bound', async () => {
    const circles = await folderOf({
      'api.yaml': `${head}paths: { /a: { $ref: ./a.yaml }, /it: { get: { operationId: it, responses: {} } } }`,
      'a.yaml': '$ref: ./b.yaml',
      'b.yaml': '$ref: ./a.yaml',
    });
    const { unusable } = await read({ file: path.join(circles, 'api.yaml') });
    expect(unusable).toMatchObject([
      { name: 'any_a', unusable: expect.stringContaining('leads back to itself') },
    ]);

    // Each file has the next one twice.
    const doubling = Object.fromEntries(
      Array.from({ length: 30 }, (_, at) => [
        `${at}.yaml`,
        `parameters: { a: { $ref: ./${at + 1}.yaml }, b: { $ref: ./${at + 1}.yaml } }`,
      ]),
    );
    const grown = await folderOf({
      ...doubling,
      'api.yaml': `${head}paths: { /it: { get: { operationId: it, responses: {} } } }\ncomponents: { $ref: ./0.yaml }`,
    });
    await expect(read({ file: path.join(grown, 'api.yaml') })).rejects.toMatchObject({ code: 'E_TOO_LARGE' });
  });
});
