import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../../../tests/helpers/http.ts';
import { pageOf } from '../../contract/common.ts';
import {
  connectionSchema,
  connectionTestSchema,
  discoverResultSchema,
  toolCallResultSchema,
} from '../../contract/connections.ts';

const everything = path.resolve(
  import.meta.dirname,
  '../../../node_modules/@modelcontextprotocol/server-everything/dist/index.js',
);
const secret = 'canary-4f1d9b7c2a';
const input = (name: string, config: Record<string, unknown> = {}) => ({
  name,
  type: 'mcp_stdio',
  config: {
    command: process.execPath,
    args: [everything],
    env: { API_KEY: secret, MODE: { plain: 'demo' } },
    ...config,
  },
});

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer({ withPool: true });
});
afterAll(() => server.close());

const connections = '/api/v1/connections';
const created = async (name: string, config?: Record<string, unknown>, token?: string) => {
  const answer = await server.send(
    'POST',
    connections,
    input(name, config),
    token === undefined ? {} : { token },
  );
  expect(answer.status, answer.text).toBe(201);
  return { connection: connectionSchema.parse(answer.body), etag: String(answer.headers.etag) };
};

describe('connections', () => {
  it('are created, discovered, tested and called, and never show a secret', async () => {
    const { connection } = await created('everything');
    expect(connection).toMatchObject({
      approved: true,
      status: 'new',
      config: { env: { API_KEY: { sealed: true }, MODE: { plain: 'demo' } } },
      walls: { kind: expect.any(String), message: expect.stringMatching(/could read|cannot read/) },
    });
    expect((await server.send('POST', connections, input('everything'))).status).toBe(409);

    const discovered = await server.send('POST', `${connections}/everything/discover`);
    const { tools } = discoverResultSchema.parse(discovered.body);
    expect(tools.map(({ name }) => name)).toContain('echo');

    const tested = await server.send('POST', `${connections}/everything/test`);
    expect(connectionTestSchema.parse(tested.body)).toMatchObject({ ok: true, toolCount: tools.length });

    const called = await server.send('POST', `${connections}/everything/tools/echo`, {
      arguments: { message: 'hello' },
    });
    expect(toolCallResultSchema.parse(called.body)).toMatchObject({ isError: false });
    expect(called.text).toContain('hello');

    const shown = await server.send('GET', `${connections}/everything`);
    const listed = await server.send('GET', connections);
    expect(connectionSchema.parse(shown.body)).toMatchObject({
      status: 'ready',
      tools: tools.map(({ name }) => name),
    });
    expect(pageOf(connectionSchema).parse(listed.body).items).toEqual([shown.body]);
    const printed = await server.send('POST', `${connections}/everything/tools/get-env`, {});
    expect(printed.text).toContain('[redacted:everything.API_KEY]');
    for (const { text } of [discovered, tested, called, shown, listed, printed])
      expect(text).not.toContain(secret);
    expect(server.logged.join('')).not.toContain(secret);
  });

  it('are changed by who saw them before a test of theirs, which nobody did, and answered anew behind it', async () => {
    const { etag } = await created('tested');
    const url = `${connections}/tested`;
    const save = (MODE: string, seen: string) =>
      server.send(...(['PATCH', url, { config: { env: { MODE: { plain: MODE } } } }] as const), {
        headers: { 'if-match': seen },
      });
    // The first finds the tools, and the second what was found already.
    for (const _ of [1, 2])
      expect((await server.send('POST', `${url}/test`)).body).toMatchObject({ ok: true });
    const shown = await server.send('GET', url, undefined, { headers: { 'if-none-match': etag } });
    expect(shown).toMatchObject({ status: 200, body: { status: 'ready' } });
    const saved = await save('one', etag);
    expect(saved.status, saved.text).toBe(200);
    // Another's change is one.
    expect((await save('two', String(shown.headers.etag))).status).toBe(412);
    // One that fails changes it no more than one that works.
    const broken = await server.send('PATCH', url, { config: { args: ['-e', 'process.exit(1)'] } });
    expect((await server.send('POST', `${url}/test`)).body).toMatchObject({ ok: false });
    expect((await server.send('GET', url)).body).toMatchObject({ status: 'error' });
    expect((await save('three', String(broken.headers.etag))).status).toBe(200);
  });

  it('are changed by who saw them last, and removed when nothing uses them', async () => {
    const { etag } = await created('changing');
    const url = `${connections}/changing`;
    const patch = (body: unknown, headers = {}) => server.send('PATCH', url, body, { headers });
    const again = (known: string) =>
      server.send('GET', url, undefined, { headers: { 'if-none-match': known } });
    expect(await again(`"other", W/${etag}`)).toMatchObject({ status: 304, text: '', headers: { etag } });
    expect((await again('"other"')).status).toBe(200);
    const changed = await patch({ config: { env: { MODE: null } } }, { 'if-match': etag });
    expect(connectionSchema.parse(changed.body).config.env).toEqual({
      API_KEY: { sealed: true, fingerprint: expect.any(String) },
    });
    expect(changed.headers.etag).not.toBe(etag);
    expect((await patch({ isActive: false }, { 'if-match': etag })).status).toBe(412);
    expect((await patch({ config: { command: 7 } })).body).toMatchObject({ code: 'E_VALIDATION' });
    expect((await patch({ colour: 'red' })).body).toMatchObject({ errors: [{ field: '/colour' }] });

    const skill = {
      slug: 'user',
      name: 'U',
      steps: [{ id: 1, prompt: 'Go.', allowedTools: ['mcp__changing__*'] }],
    };
    expect((await server.send('POST', '/api/v1/skills', skill)).status).toBe(201);
    expect((await server.send('DELETE', url)).body).toMatchObject({ code: 'E_IN_USE', status: 409 });
    expect((await server.send('DELETE', '/api/v1/skills/user')).status).toBe(204);
    expect((await server.send('DELETE', url, undefined, { headers: { 'if-match': etag } })).status).toBe(412);
    expect((await server.send('DELETE', url)).status).toBe(204);
    expect((await server.send('GET', url)).status).toBe(404);
  });

  it('start nothing until somebody who may has approved them', async () => {
    const writer = await server.token('read', 'write', 'run');
    const { connection, etag } = await created('waiting', {}, writer);
    expect(connection.approved).toBe(false);
    for (const [verb, body] of [
      ['discover'],
      ['test'],
      ['tools/echo', { arguments: { message: 'x' } }],
    ] as const) {
      const { body: problem } = await server.send('POST', `${connections}/waiting/${verb}`, body);
      expect(problem).toMatchObject({ code: 'E_NOT_APPROVED', status: 409 });
    }
    const approve = (token: string, headers = {}) =>
      server.send('POST', `${connections}/waiting/approve`, undefined, { token, headers });
    expect((await approve(writer)).status).toBe(403);
    const approver = await server.token('connections:approve');
    expect((await approve(approver, { 'if-match': '"of something else"' })).status).toBe(412);
    expect(connectionSchema.parse((await approve(approver, { 'if-match': etag })).body).approved).toBe(true);
    expect(
      (await server.send('POST', `${connections}/waiting/discover`, undefined, { token: writer })).status,
    ).toBe(200);
  });

  it('say in plain words what is wrong', async () => {
    await created('missing', { command: 'no-such-command-anywhere', args: [] });
    const { status, body } = await server.send('POST', `${connections}/missing/test`);
    expect(status).toBe(200);
    expect(connectionTestSchema.parse(body)).toMatchObject({ ok: false, code: 'E_COMMAND_NOT_FOUND' });
    expect(await server.send('POST', `${connections}/missing/discover`)).toMatchObject({
      status: 502,
      body: { code: 'E_COMMAND_NOT_FOUND' },
    });
    expect((await server.send('POST', `${connections}/nobody/test`)).status).toBe(404);
    expect((await server.send('POST', `${connections}/missing/tools/x`, { args: {} })).body).toMatchObject({
      errors: [{ field: '/args' }],
    });
  });
});
