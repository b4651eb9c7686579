/** What is read out of a `curl` line, beside what the real curl sends for it (tests/compat/curl tries thousands). */
import { describe, expect, it } from 'vitest';
import { httpApiConfigSchema } from '../../../contract/http-connections.ts';
import { importRequestSchema } from '../../../contract/imports.ts';
import { mapLeaves, secretLeaves } from '../../config/leaves.ts';
import { configOf } from '../candidate.ts';
import { readImport } from '../read-import.ts';

const imported = (text: string) => readImport(importRequestSchema.parse({ text }));

const apiOf = (text: string) => {
  const { apis, refused, candidates } = imported(text);
  const [api] = apis;
  if (api === undefined || apis.length > 1) throw new Error(JSON.stringify([refused, candidates.length]));
  return { ...api, config: httpApiConfigSchema.parse(api.config) };
};

/** In a line: method and address, the query, what is asked for, the body by its type and schema. */
const seen = (text: string) => {
  const { config, details } = apiOf(text);
  const [operation] = config.operations ?? [];
  return {
    call: `${operation?.method} ${config.baseUrl}|${operation?.path}`,
    query: Object.fromEntries(
      (operation?.parameters ?? []).map(({ name, in: place, schema }) => [
        place === 'query' ? name : `${place} ${name}`,
        Array.isArray(schema.examples) ? schema.examples[0] : schema.type,
      ]),
    ),
    body: operation?.body && [operation.body.contentType, operation.body.schema],
    headers: config.headers,
    missing: details.missing,
  };
};

const api = 'https://api.acme.test';
const text = (value: string) => ({ type: 'string', examples: [value] });

describe('the request of a curl line', () => {
  it.each<[string, string, string, Partial<ReturnType<typeof seen>>]>([
    ['an address alone', `curl ${api}/v1/pets`, 'GET https://api.acme.test|/v1/pets', {}],
    [
      'an address without its scheme',
      'curl api.acme.test:8080/pets',
      'GET http://api.acme.test:8080|/pets',
      {},
    ],
    ['letters in one word', `curl -sSLX DELETE ${api}/pets/7`, 'DELETE https://api.acme.test|/pets/7', {}],
    ['a value in the same word', `curl -XPUT -d'{"a":1}' ${api}/x`, 'PUT https://api.acme.test|/x', {}],
    [
      'as much of a long name as is its own',
      `curl -X PATCH --data-r a=1 ${api}/x`,
      'PATCH https://api.acme.test|/x',
      {},
    ],
    ['-I', `curl -I ${api}/x`, 'HEAD https://api.acme.test|/x', {}],
    [
      '-d several times',
      `curl ${api}/charges -d amount=20 -d 'items[]=a' -d "items[]=b&note=a%20b"`,
      'POST https://api.acme.test|/charges',
      {
        body: [
          'application/x-www-form-urlencoded',
          {
            type: 'object',
            properties: {
              amount: text('20'),
              'items[]': { type: 'array', items: text('a') },
              note: text('a b'),
            },
          },
        ],
      },
    ],
    [
      'JSON that curl calls a form',
      `curl ${api}/x -d '{"name":"Rex","tags":["dog"],"age":3,"price":1.5,"wild":false}'`,
      'POST https://api.acme.test|/x',
      {
        body: [
          'application/json',
          {
            type: 'object',
            properties: {
              name: text('Rex'),
              tags: { type: 'array', items: text('dog') },
              age: { type: 'integer', examples: [3] },
              price: { type: 'number', examples: [1.5] },
              wild: { type: 'boolean', examples: [false] },
            },
          },
        ],
      },
    ],
    [
      'a text',
      `curl -d "Backup done" ${api}/mytopic`,
      'POST https://api.acme.test|/mytopic',
      { body: ['text/plain', text('Backup done')] },
    ],
    [
      '--json, in pieces',
      `curl --json '{"a":' --json '1}' ${api}/x`,
      'POST https://api.acme.test|/x',
      {
        body: ['application/json', { type: 'object', properties: { a: { type: 'integer', examples: [1] } } }],
        headers: { Accept: { plain: 'application/json' } },
      },
    ],
    [
      '-G and --data-urlencode',
      `curl -G ${api}/search --data-urlencode 'q=a b&c' -d limit=5 --url-query x=1`,
      'GET https://api.acme.test|/search',
      { query: { q: 'a b&c', limit: '5', x: '1' }, body: undefined },
    ],
    [
      'a query',
      `curl '${api}/search?q=caf%C3%A9+noir&tag=a&tag=b'`,
      'GET https://api.acme.test|/search',
      { query: { q: 'café noir', tag: 'array' } },
    ],
    [
      '& without quotes',
      `curl ${api}/search?q=cats&limit=2 -H 'Accept: text/csv'`,
      'GET https://api.acme.test|/search',
      { query: { q: 'cats', limit: '2' }, headers: { Accept: { plain: 'text/csv' } } },
    ],
    [
      '-F',
      `curl -F title=Rex -F 'photo=@rex.png;type=image/png' ${api}/photos`,
      'POST https://api.acme.test|/photos',
      {
        body: [
          'multipart/form-data',
          { type: 'object', properties: { title: text('Rex'), photo: { type: 'string', format: 'binary' } } },
        ],
      },
    ],
    [
      '-T',
      `curl -T notes.txt ${api}/files/notes.txt`,
      'PUT https://api.acme.test|/files/notes.txt',
      { body: ['application/octet-stream', { type: 'string', format: 'binary' }] },
    ],
    [
      '@file',
      `curl ${api}/x -H 'Content-Type: application/json' -d @body.json`,
      'POST https://api.acme.test|/x',
      { body: ['application/json', {}] },
    ],
    [
      'a here-document',
      `curl -X POST ${api}/x -H "Content-Type: application/json" -d @- <<'EOF'\n{"a": "it's"}\nEOF`,
      'POST https://api.acme.test|/x',
      { body: ['application/json', { type: 'object', properties: { a: text("it's") } }] },
    ],
    [
      "$'…'",
      `curl ${api}/x -d $'a\\'b\\nc \\u00e9 \\x41'`,
      'POST https://api.acme.test|/x',
      { body: ['text/plain', text("a'b\nc é A")] },
    ],
    [
      'quotes within quotes',
      `curl ${api}/x -d '{"a":"'"it"\\''s"}'`,
      'POST https://api.acme.test|/x',
      { body: ['application/json', { type: 'object', properties: { a: text("it's") } }] },
    ],
    [
      'a backslash in single quotes',
      `curl ${api}/x -d 'a\\\nb'`,
      'POST https://api.acme.test|/x',
      { body: ['text/plain', text('a\\\nb')] },
    ],
    ['a line joined within a word', `curl ${api}/pe\\\nts`, 'GET https://api.acme.test|/pets', {}],
    ['a space behind the backslash', `curl -X POST \\ \n  ${api}/x`, 'POST https://api.acme.test|/x', {}],
    [
      'lines of cmd',
      `curl -X POST ^\r\n  "${api}/x" ^\r\n  -d "{\\"a\\":1}"`,
      'POST https://api.acme.test|/x',
      {
        body: ['application/json', { type: 'object', properties: { a: { type: 'integer', examples: [1] } } }],
      },
    ],
    ['lines of PowerShell', `curl.exe -X POST \`\n  ${api}/x`, 'POST https://api.acme.test|/x', {}],
    [
      'what is done with the answer',
      `curl -s ${api}/x 2>/dev/null | jq '.items[] | .name' > out.txt`,
      'GET https://api.acme.test|/x',
      {},
    ],
    ['a variable set before', `BASE=${api}\ncurl "$BASE/x"`, 'GET https://api.acme.test|/x', {}],
    [
      'what goes into the path',
      `curl "${api}/a/{one}/b/<two>/c/:three/d/$FOUR/e/YOUR_ID/f/{{six}}"`,
      'GET https://api.acme.test|/a/{one}/b/{two}/c/{three}/d/{FOUR}/e/{YOUR_ID}/f/{six}',
      {
        query: {
          'path one': 'string',
          'path two': 'string',
          'path three': 'string',
          'path FOUR': 'string',
          'path YOUR_ID': 'string',
          'path six': 'string',
        },
      },
    ],
    [
      'long names in any case',
      `curl --GET ${api}/x --data-urlencode limit=1`,
      'GET https://api.acme.test|/x',
      { query: { limit: '1' } },
    ],
    [
      'two of many things',
      `curl -X DELETE ${api}/a/7379965d-2674-404c-b4d9-020f35043315/tokens/f11d4795-c1db-4ac3-9aa6-a0ea3c58877e`,
      'DELETE https://api.acme.test|/a/{a_id}/tokens/{token_id}',
      {},
    ],
    [
      'a value alone as JSON, sent',
      `curl -X PUT ${api}/x -H 'Content-Type: application/json' --data-binary '"name"'`,
      'PUT https://api.acme.test|/x',
      { body: ['application/json', text('name')] },
    ],
    [
      'which of many things is meant',
      `curl ${api}/posts/7379965d-2674-404c-b4d9-020f35043315/next`,
      'GET https://api.acme.test|/posts/{post_id}/next',
      { query: { 'path post_id': 'string' } },
    ],
    [
      'an empty body',
      `curl -X POST -H 'Content-Type: application/json' -d '' ${api}/x`,
      'POST https://api.acme.test|/x',
      { body: undefined },
    ],
  ])('%s', (_what, line, call, more) => {
    expect(seen(line)).toMatchObject({ call, ...more });
  });

  it('makes one connection of several calls of an API, and does each once', () => {
    const { config } = apiOf(
      `# list\ncurl ${api}/pets -H "X-Api-Key: $KEY"\n\n$ curl -X POST ${api}/pets -d '{"a":1}' -H "X-Api-Key: $KEY"`,
    );
    expect(config.operations?.map(({ name }) => name)).toEqual(['get_pets', 'post_pets']);
  });

  it.each([
    `curl -X POST https://x.test/mcp -H 'Accept: application/json, text/event-stream' -d '{"jsonrpc":"2.0","method":"tools/list","id":1}'`,
    `curl https://x.test/rpc -d '{"jsonrpc":"2.0","method":"initialize","id":1}'`,
    'curl -N https://mcp.x.test/',
    'curl https://x.test/sse',
  ])('takes a call of an MCP server for that server: %s', (line) => {
    expect(imported(line).candidates.map(({ target }) => target.type)).toEqual(['mcp_http']);
  });
});

const key = 'hunter2-Correct.Horse';
const random = '4f9c2e7a1b8d4063a5e7c9d2f1b6084e';

describe('a key in a curl line', () => {
  it.each([
    `curl ${api}/x -H 'Authorization: Bearer ${key}'`,
    `curl ${api}/x -H "X-Api-Key: ${key}"`,
    `curl ${api}/x -H"apikey:${key}"`,
    `curl -u '${key}:' ${api}/x`,
    `curl -u 'me:${key}' ${api}/x`,
    `curl --user=me:${key} ${api}/x`,
    `curl https://me:${key}@api.acme.test/x`,
    `curl --oauth2-bearer ${key} ${api}/x`,
    `curl -b 'session=${key}' ${api}/x`,
    `curl '${api}/x?api_key=${key}&limit=1'`,
    `curl -G ${api}/x -d token=${key}`,
    `curl ${api}/hooks/${random}`,
    `curl ${api}/bot12345678:AA${random}/sendMessage -d chat_id=1 -d text=hi`,
  ])('is sealed: %s', (line) => {
    const { config, details, importedAs } = apiOf(line);
    const isKey = (value: string) =>
      [key, random].some(
        (one) =>
          value.includes(one) ||
          Buffer.from(value.replace(/^Basic /, ''), 'base64')
            .toString()
            .includes(one),
      );
    expect(secretLeaves(config).filter(({ value }) => isKey(value))).toHaveLength(1);
    expect(JSON.stringify([mapLeaves(config, () => ''), details, importedAs])).not.toMatch(
      /hunter2|4f9c2e7a/,
    );
  });

  it.each([
    `curl ${api}/oauth/token -d grant_type=client_credentials -d client_secret=${key}`,
    `curl ${api}/x --json '{"user":{"password":"${key}"}}'`,
    `curl ${api}/x -F 'api_token=${key}'`,
    `curl ${api}/x -d 'note=ghp_16C7e42F292c6912E7710c838347Ae178B4a'`,
  ])('in a body is not kept, and that is said: %s', (line) => {
    const { config, details } = apiOf(line);
    expect(JSON.stringify([config, details])).not.toMatch(/hunter2|ghp_16C7/);
    expect(details.warnings.join()).toContain('is not kept');
  });

  it.each([
    [`curl ${api}/x -H "Authorization: Bearer $token"`, '/config/headers/Authorization'],
    [
      `curl ${api}/x -H "Authorization: Bearer $(gcloud auth print-access-token)"`,
      '/config/headers/Authorization',
    ],
    ['curl https://api.acme.test/x -H "Authorization: Bearer `cat token`"', '/config/headers/Authorization'],
    [`curl ${api}/x -H 'X-Api-Key: {{apiKey}}'`, '/config/headers/X-Api-Key'],
    [`curl -u "$USER:$PASS" ${api}/x`, '/config/headers/Authorization'],
    [`curl -u me:<password> ${api}/x`, '/config/auth/password'],
    [`curl '${api}/x?key=YOUR_API_KEY'`, '/config/auth/value'],
  ])('is asked for where a stand-in is in its place: %s', (line, field) => {
    const { config, details } = apiOf(line);
    expect(details.missing).toEqual([field]);
    expect(secretLeaves(config)).toEqual([]);
  });
});

describe('what is refused, by its name', () => {
  it.each([
    ['curl https://$HOST/x', 'its address has ${HOST} where yours goes'],
    ['curl https://your-domain.acme.test/x', 'your-domain where yours goes'],
    ['curl https://{subdomain}.acme.test/x', '{subdomain} where yours goes'],
    ['curl "$URL"', '${URL} where yours goes'],
    ['curl ACME_URL/x', 'ACME_URL where yours goes'],
    [`curl ${api}/a ${api}/b`, 'several addresses'],
    [`curl ${api}/{a,b}`, 'several addresses at once'],
    [`curl ${api}/page/[1-9]`, 'several addresses at once'],
    [`curl ${api}/a --next ${api}/b`, '--next'],
    [`curl -X GET ${api}/a -d '{"a":1}'`, 'a GET request with a body'],
    [`curl --aws-sigv4 aws:amz ${api}/x`, '--aws-sigv4'],
    [`curl --digest -u a:b ${api}/x`, '--digest'],
    ['curl --unix-socket /run/docker.sock http://localhost/info', 'a socket of the machine'],
    ['curl ftp://a.test/x', 'no HTTP, but ftp'],
    [`curl -X PROPFIND ${api}/x`, 'PROPFIND'],
    ['curl -s', 'no address'],
  ])('%s', (line, why) => {
    expect(
      imported(line)
        .refused.map(({ reason }) => reason)
        .join(),
    ).toContain(why);
    expect(imported(line).apis).toEqual([]);
  });
});

it('says what is left out', () => {
  expect(apiOf(`curl -k -n -x http://p:1 ${api}/x | jq .`).details.warnings.join('\n')).toMatch(
    /-k[\s\S]*-n[\s\S]*proxy[\s\S]*"\|"/,
  );
});

it('leaves words of a program that is started as they are', () => {
  const [one] = imported('npx -y acme --template "$NAME"').candidates;
  expect(one === undefined ? undefined : configOf(one).args).toEqual(['-y', 'acme', '--template', '${NAME}']);
});

describe('a name that every object has', () => {
  const names = ['__proto__', 'constructor', 'toString'];

  it.each(names)('is no option that is known: --%s', (name) => {
    const { apis, refused } = imported(`curl --${name} ${api}/v1/things`);
    expect(refused).toEqual([]);
    expect(apis.map(({ config }) => config.operations)).toMatchObject([[{ path: '/v1/things' }]]);
  });

  it.each(names)('is a part of a form like any other: %s', (name) => {
    const { apis } = imported(`curl -F ${name}=a -F ${name}=b -F other=c ${api}/v1/things`);
    const operations = apis.map(({ config }) => config.operations);
    const [[operation]] = operations as [[{ body: { schema: { properties: object } } }]];
    expect(Object.entries(operation.body.schema.properties)).toMatchObject([
      [name, { type: 'array', items: { type: 'string' } }],
      ['other', { type: 'string' }],
    ]);
  });
});
