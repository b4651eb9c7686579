/** Arguments to requests: every style of OpenAPI, every kind of body, and nothing but values from the model. */
import { describe, expect, it } from 'vitest';
import { buildRequest } from './build-request.ts';
import { compileApi } from './compile-api.ts';
import type { Operation } from './operation.ts';

type Parameter = {
  name: string;
  in: string;
  style?: string;
  explode?: boolean;
  allowReserved?: boolean;
  schema?: object;
  content?: object;
};

async function compiled(
  path: string,
  operation: Record<string, unknown>,
  method = 'post',
  baseUrl = 'https://api.test/v1',
): Promise<Operation> {
  const document = {
    openapi: '3.1.0',
    info: { title: 'x', version: '1' },
    paths: { [path]: { [method]: { ...operation, responses: {} } } },
  };
  const api = await compileApi({
    text: JSON.stringify(document),
    operations: [],
    server: { baseUrl, variables: {} },
    include: [],
    covered: [],
  });
  const [only] = api.operations;
  if (!only) throw new Error('No operation');
  return only;
}

const none = { headers: {}, query: {} };

/** The request line, header or cookie that carries one parameter. */
async function sent(parameter: Parameter, value: unknown): Promise<string> {
  const path = parameter.in === 'path' ? `/p/{${parameter.name}}/end` : '/p';
  const operation = await compiled(path, { parameters: [{ schema: {}, ...parameter }] }, 'get');
  const [plan] = operation.parameters;
  const { url, headers } = await buildRequest(operation, { [plan?.property ?? '']: value }, none);
  if (parameter.in === 'header') return headers.get(parameter.name) ?? '';
  if (parameter.in === 'cookie') return headers.get('cookie') ?? '';
  return (url.pathname + url.search).replace(/^\/v1\/p/, '');
}

describe('styles', () => {
  const blue = 'blue';
  const list = ['blue', 'black', 'brown'];
  const rgb = { R: 100, G: 200, B: 150 };

  // The table of "Style Examples" in OpenAPI 3.1, with our encoding of what it leaves open.
  const table: [string, Parameter, string, string, string][] = [
    [
      'matrix',
      { name: 'color', in: 'path', style: 'matrix' },
      '/;color=blue/end',
      '/;color=blue,black,brown/end',
      '/;color=R,100,G,200,B,150/end',
    ],
    [
      'matrix, exploded',
      { name: 'color', in: 'path', style: 'matrix', explode: true },
      '/;color=blue/end',
      '/;color=blue;color=black;color=brown/end',
      '/;R=100;G=200;B=150/end',
    ],
    [
      'label',
      { name: 'color', in: 'path', style: 'label' },
      '/.blue/end',
      '/.blue,black,brown/end',
      '/.R,100,G,200,B,150/end',
    ],
    [
      'label, exploded',
      { name: 'color', in: 'path', style: 'label', explode: true },
      '/.blue/end',
      '/.blue.black.brown/end',
      '/.R=100.G=200.B=150/end',
    ],
    ['simple', { name: 'color', in: 'path' }, '/blue/end', '/blue,black,brown/end', '/R,100,G,200,B,150/end'],
    [
      'simple, exploded',
      { name: 'color', in: 'path', explode: true },
      '/blue/end',
      '/blue,black,brown/end',
      '/R=100,G=200,B=150/end',
    ],
    [
      'form',
      { name: 'color', in: 'query', explode: false },
      '?color=blue',
      '?color=blue,black,brown',
      '?color=R,100,G,200,B,150',
    ],
    [
      'form, exploded',
      { name: 'color', in: 'query' },
      '?color=blue',
      '?color=blue&color=black&color=brown',
      '?R=100&G=200&B=150',
    ],
    [
      'spaceDelimited',
      { name: 'color', in: 'query', style: 'spaceDelimited', explode: false },
      '?color=blue',
      '?color=blue%20black%20brown',
      '?color=R%20100%20G%20200%20B%20150',
    ],
    [
      'pipeDelimited',
      { name: 'color', in: 'query', style: 'pipeDelimited', explode: false },
      '?color=blue',
      '?color=blue%7Cblack%7Cbrown',
      '?color=R%7C100%7CG%7C200%7CB%7C150',
    ],
    [
      'deepObject',
      { name: 'color', in: 'query', style: 'deepObject' },
      '?color=blue',
      '?color%5B%5D=blue&color%5B%5D=black&color%5B%5D=brown',
      '?color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150',
    ],
    ['header', { name: 'X-Color', in: 'header' }, 'blue', 'blue,black,brown', 'R,100,G,200,B,150'],
    [
      'header, exploded',
      { name: 'X-Color', in: 'header', explode: true },
      'blue',
      'blue,black,brown',
      'R=100,G=200,B=150',
    ],
    [
      'cookie',
      { name: 'color', in: 'cookie', explode: false },
      'color=blue',
      'color=blue,black,brown',
      'color=R,100,G,200,B,150',
    ],
    [
      'cookie, exploded',
      { name: 'color', in: 'cookie' },
      'color=blue',
      'color=blue; color=black; color=brown',
      'R=100; G=200; B=150',
    ],
  ];
  it.each(table)('%s', async (_name, parameter, one, several, object) => {
    expect([await sent(parameter, blue), await sent(parameter, list), await sent(parameter, rgb)]).toEqual([
      one,
      several,
      object,
    ]);
  });

  it('json content', async () => {
    const parameter = { name: 'q', in: 'query', content: { 'application/json': { schema: {} } } };
    expect(await sent(parameter, { a: [1, 'ü&'] })).toBe(`?q=${encodeURIComponent('{"a":[1,"ü&"]}')}`);
    expect(await sent({ ...parameter, in: 'header', name: 'X-Q' }, { a: 1 })).toBe('{"a":1}');
  });

  it('nested objects and lists of objects', async () => {
    const parameter = { name: 'f', in: 'query', style: 'deepObject' };
    expect(
      decodeURIComponent(await sent(parameter, { a: { b: { c: 1 } }, d: [{ e: 2 }, { e: 3 }], g: ['x'] })),
    ).toBe('?f[a][b][c]=1&f[d][0][e]=2&f[d][1][e]=3&f[g][]=x');
  });

  it('encode everything that could mean something', async () => {
    const nasty = "a b/c?d=e&f#g%h+i;j,k'l(m)*!\\ü";
    const encoded = 'a%20b%2Fc%3Fd%3De%26f%23g%25h%2Bi%3Bj%2Ck%27l%28m%29%2A%21%5C%C3%BC';
    expect(await sent({ name: 'x', in: 'path' }, nasty)).toBe(`/${encoded}/end`);
    expect(await sent({ name: 'x', in: 'query' }, nasty)).toBe(`?x=${encoded}`);
    expect(await sent({ name: 'x', in: 'query', allowReserved: true }, 'a/b?c&d#e+f%g')).toBe(
      '?x=a/b?c%26d%23e%2Bf%25g',
    );
    expect(await sent({ name: 'x', in: 'query' }, 'half \ud800 character')).toBe(
      '?x=half%20%EF%BF%BD%20character',
    );
  });

  it('leave out what is null', async () => {
    expect(await sent({ name: 'x', in: 'query' }, null)).toBe('');
    expect(await sent({ name: 'x', in: 'query' }, ['a', null, 'b'])).toBe('?x=a&x=b');
    expect(await sent({ name: 'x', in: 'query' }, false)).toBe('?x=false');
  });
});

describe('paths', () => {
  const name = 'projects/my project/topics/1:delete?x#y';
  const sentName = 'projects/my%20project/topics/1%3Adelete%3Fx%23y';

  // The first as in documents that are made of Google's discovery service.
  it.each([
    ['{+name}, declared without its sign', '/v1/{+name}:publish', 'name'],
    ['{+name}, declared with it', '/v1/{+name}:publish', '+name'],
    ['{name+}, as gateways of AWS have it', '/v1/{name+}:publish', 'name'],
  ])('may leave several segments to one value: %s', async (_, path, declared) => {
    const parameter = { name: declared, in: 'path', required: true, schema: { type: 'string' } };
    const operation = await compiled(path, { parameters: [parameter] }, 'post', 'https://api.test');
    expect(operation.tool.inputSchema).toMatchObject({
      properties: { name: { type: 'string' } },
      required: ['name'],
    });
    const { url } = await buildRequest(operation, { name }, none);
    expect(url.href).toBe(`https://api.test/v1/${sentName}:publish`);
    for (const climbing of ['..', 'a/../b', 'a/.', './a'])
      await expect(buildRequest(operation, { name: climbing }, none)).rejects.toMatchObject({
        code: 'E_VALIDATION',
        fields: [{ field: '/name', message: 'would change the path' }],
      });
  });

  it('have :name where programs’ routers have it, declared or not', async () => {
    const operation = await compiled('/feeds/:feed_id/hooks/:token', {
      parameters: [{ name: 'feed_id', in: 'path', required: true, schema: { type: 'integer' } }],
    });
    expect(operation.tool.inputSchema).toMatchObject({
      properties: { feed_id: { type: 'integer' }, token: { type: 'string' } },
    });
    const { url } = await buildRequest(operation, { feed_id: 7, token: 'a:b' }, none);
    expect(url.pathname).toBe('/v1/feeds/7/hooks/a%3Ab');
  });

  it('keep a colon that is no name', async () => {
    const { url } = await buildRequest(await compiled('/ops/{id}:cancel/a:b/:1', {}), { id: '5' }, none);
    expect(url.pathname).toBe('/v1/ops/5:cancel/a:b/:1');
  });
});

describe('what the model may not decide', () => {
  it('the shape of the path', async () => {
    const operation = await compiled('/users/{id}/files/{name}.json', {}, 'get');
    for (const id of ['..', '.', '', '%2e%2e', '.%2e']) {
      const outcome = await buildRequest(operation, { id, name: 'x' }, none).then(
        ({ url }) => url.pathname,
        (error: unknown) => error,
      );
      if (id.includes('%')) expect(outcome).toBe(`/v1/users/${id.replaceAll('%', '%25')}/files/x.json`);
      else expect(outcome).toMatchObject({ code: 'E_VALIDATION' });
    }
    const { url } = await buildRequest(operation, { id: '../../admin', name: '..' }, none);
    expect(url.href).toBe('https://api.test/v1/users/..%2F..%2Fadmin/files/...json');
    const label = await compiled(
      '/a/{x}',
      { parameters: [{ name: 'x', in: 'path', style: 'label', schema: {} }] },
      'get',
    );
    await expect(buildRequest(label, { x: '.' }, none)).rejects.toMatchObject({ code: 'E_VALIDATION' });
  });

  it('the host', async () => {
    for (const path of ['//evil.test/x', '/@evil.test', '/x?y', '/x#y', '/a\r\nX-Evil: 1']) {
      const { url } = await buildRequest(await compiled(path, {}, 'get'), {}, none);
      expect([url.origin, url.search, url.hash]).toEqual([
        'https://api.test',
        path === '/x?y' ? '?y' : '',
        '',
      ]);
    }
    // URL parsers read a backslash as a slash.
    await expect(buildRequest(await compiled('/\\evil.test', {}, 'get'), {}, none)).rejects.toMatchObject({
      code: 'E_VALIDATION',
    });
  });

  it('headers that the connection sets, or more than one', async () => {
    const parameters = [
      { name: 'X-Key', in: 'header', schema: {} },
      { name: 'X-Note', in: 'header', schema: {} },
      { name: 'session', in: 'cookie', schema: {} },
    ];
    const operation = await compiled('/a', { parameters }, 'get');
    const { headers } = await buildRequest(
      operation,
      { 'X-Key': 'mine', session: 'a; b=c' },
      { headers: { 'x-key': 'ours', cookie: 'k=v' }, query: {} },
    );
    expect([headers.get('x-key'), headers.get('cookie')]).toEqual(['ours', 'session=a%3B%20b%3Dc; k=v']);
    for (const value of ['a\r\nX-Evil: 1', 'a\0', '日本']) {
      await expect(buildRequest(operation, { 'X-Note': value }, none)).rejects.toMatchObject({
        code: 'E_VALIDATION',
        fields: [{ field: '/X-Note' }],
      });
    }
  });

  it('a query that the connection sets, by a field of an object', async () => {
    const operation = await compiled(
      '/a',
      { parameters: [{ name: 'filter', in: 'query', schema: { type: 'object' } }] },
      'get',
    );
    const ours = { headers: {}, query: { key: 'ours' } };
    const { url } = await buildRequest(operation, { filter: { key: 'mine', a: 1 } }, ours);
    expect(url.search).toBe('?a=1&key=ours');
  });

  it('arguments that the tool has not, or lacks', async () => {
    const operation = await compiled('/a/{id}', {
      parameters: [{ name: 'page', in: 'query', schema: {} }],
      requestBody: { required: true, content: { 'application/json': {} } },
    });
    await expect(buildRequest(operation, { id: null, pages: 2 }, none)).rejects.toMatchObject({
      code: 'E_VALIDATION',
      fields: [
        { field: '/id', message: 'is missing' },
        { field: '/body', message: 'is missing' },
        { field: '/pages', message: 'is unknown; there are: page, id, body' },
      ],
    });
    await expect(
      buildRequest(operation, JSON.parse('{"id":"1","body":1,"__proto__":{"page":1}}'), none),
    ).rejects.toMatchObject({ code: 'E_VALIDATION' });
  });
});

describe('bodies', () => {
  const bodyOf = async (content: object, value: unknown) => {
    const operation = await compiled('/a', { requestBody: { content } });
    const { headers, body } = await buildRequest(operation, { body: value }, none);
    return {
      type: headers.get('content-type') ?? '',
      body,
      text: typeof body === 'string' ? body : new TextDecoder().decode(body),
    };
  };

  it('are JSON where JSON is offered', async () => {
    const offers = { 'application/xml': {}, 'application/vnd.api+json': {}, 'multipart/form-data': {} };
    expect(await bodyOf(offers, { a: [1, null] })).toMatchObject({
      type: 'application/vnd.api+json',
      body: '{"a":[1,null]}',
    });
  });

  it('are forms, with the encoding of each field', async () => {
    const schema = {
      type: 'object',
      properties: { tags: { type: 'array' }, meta: { type: 'object' }, address: { type: 'object' } },
    };
    const encoding = {
      address: { style: 'deepObject', explode: true },
      tags: { style: 'form', explode: false },
    };
    const { type, body } = await bodyOf(
      { 'application/x-www-form-urlencoded': { schema, encoding } },
      { 'a b': 'c&d', tags: ['x', 'y'], meta: { k: 1 }, address: { city: 'Köln' }, gone: null },
    );
    expect([type, body]).toEqual([
      'application/x-www-form-urlencoded',
      `tags=x,y&meta=${encodeURIComponent('{"k":1}')}&address%5Bcity%5D=K%C3%B6ln&a%20b=c%26d`,
    ]);
    expect((await bodyOf({ 'application/x-www-form-urlencoded': {} }, '{"a":"b"}')).body).toBe('a=b');
  });

  it('are multipart, with files', async () => {
    const schema = {
      type: 'object',
      properties: {
        file: { type: 'string', contentMediaType: 'application/octet-stream' },
        more: { type: 'array', items: { type: 'string', format: 'binary' } },
        meta: { type: 'object' },
        note: { type: 'string' },
      },
    };
    const operation = await compiled('/a', {
      requestBody: { content: { 'multipart/form-data': { schema } } },
    });
    expect(operation.tool.inputSchema.properties).toMatchObject({
      body: {
        properties: {
          file: { properties: { base64: {} } },
          more: { items: { properties: { base64: {} } } },
          note: { type: 'string' },
        },
      },
    });
    const bytes = Buffer.from([0, 255, 13, 10]);
    const { headers, body } = await buildRequest(
      operation,
      {
        body: {
          file: { base64: bytes.toString('base64'), filename: 'a"b\r\nc.bin', contentType: 'image/png' },
          more: [{ text: 'one' }, { text: 'two' }],
          meta: { k: 1 },
          note: 'hi',
        },
      },
      none,
    );
    const form = await new Response(body, {
      headers: { 'content-type': headers.get('content-type') ?? '' },
    }).formData();
    const parts = await Promise.all(
      [...form].map(async ([name, value]) =>
        typeof value === 'string'
          ? [name, value]
          : [name, value.type, Buffer.from(await value.arrayBuffer()).toString('hex')],
      ),
    );
    expect(parts).toEqual([
      ['file', 'image/png', '00ff0d0a'],
      ['more', 'application/octet-stream', Buffer.from('one').toString('hex')],
      ['more', 'application/octet-stream', Buffer.from('two').toString('hex')],
      ['meta', '{"k":1}'],
      ['note', 'hi'],
    ]);
    await expect(buildRequest(operation, { body: { file: { base64: '!!' } } }, none)).rejects.toMatchObject({
      code: 'E_VALIDATION',
      fields: [{ field: '/body/file/base64' }],
    });
  });

  it('are text and bytes', async () => {
    expect(await bodyOf({ 'text/csv': {} }, 'a,b')).toMatchObject({ type: 'text/csv', body: 'a,b' });
    expect(await bodyOf({ 'application/xml': {} }, '<a/>')).toMatchObject({
      type: 'application/xml',
      body: '<a/>',
    });
    const { type, body } = await bodyOf(
      { 'application/octet-stream': {} },
      { base64: 'AP8=', contentType: 'image/gif' },
    );
    expect([type, body]).toEqual(['image/gif', new Uint8Array([0, 255])]);
    expect((await bodyOf({ 'image/png': {} }, { base64: 'AP8=' })).type).toBe('image/png');
  });
});
