/** Connections that are dialled by HTTP, from their rows to calls, against real servers on this machine. */
import { beforeAll, describe, expect, it } from 'vitest';
import { closedAfterEach } from '../../tests/helpers/closed-after-each.ts';
import { type Answer, json, startApi } from '../../tests/helpers/json-api.ts';
import {
  type ConnectionBench,
  createConnectionBench,
  guest,
  owner,
} from '../../tests/helpers/mcp/connections.ts';
import { startEverything } from '../../tests/helpers/mcp/everything-http.ts';
import { startScriptedHttp } from '../../tests/helpers/mcp/scripted-http.ts';
import { connectionInputSchema } from '../contract/connection-types.ts';
import type { Connection } from '../contract/connections.ts';
import { approveConnection } from './approve-connection.ts';
import { createConnection, type Who } from './create-connection.ts';
import { discoverTools } from './discover-tools.ts';
import { getConnection } from './get-connection.ts';
import { removeConnection } from './remove-connection.ts';
import { testConnection } from './test-connection.ts';
import { updateConnection } from './update-connection.ts';

let bench: ConnectionBench;
const opened = closedAfterEach();
beforeAll(async () => {
  bench = await createConnectionBench();
  return () => bench.close();
});

const used = <T extends { close: () => Promise<unknown> }>(one: T): T => {
  opened.push(one);
  return one;
};

let count = 0;
const create = (type: string, config: object, who: Who = owner): Promise<Connection> => {
  count += 1;
  const input = connectionInputSchema.parse({ name: `c-${count}`, type, config });
  return createConnection(bench.deps, input, who);
};
const change = (connection: Connection, config: Record<string, unknown>, who = owner, options = {}) =>
  updateConnection(bench.deps, connection.name, { config }, who, options);
const shown = ({ name }: Connection) => getConnection(bench.deps, name);
const rowText = async ({ name }: Connection) =>
  JSON.stringify(await bench.deps.db.prisma.connection.findUniqueOrThrow({ where: { name } }));
const call = ({ name }: Connection, tool: string, args = {}) => bench.deps.pool.call(name, tool, args);
const sealed = { sealed: true, fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/) };

const secret = 'c4nary-7b1d9e02f5a863';
const local = { allowPrivateNetwork: true };

/** A shop whose document can be changed and which asks for a key. */
async function shop(key = secret) {
  const document: { openapi: string; info: object; paths: Record<string, unknown> } = {
    openapi: '3.1.0',
    info: { title: 'Shop', version: '1.2' },
    paths: {
      '/items/{id}': {
        get: {
          operationId: 'getItem',
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        },
      },
    },
  };
  let takes = key;
  const guarded =
    (answer: Answer): Answer =>
    (request, response, nth) => {
      const { authorization } = request.headers;
      if (authorization === `Bearer ${takes}`) answer(request, response, nth);
      else json(response, { error: `no ${authorization}` }, 401);
    };
  const server = used(
    await startApi({
      'GET /openapi.json': (_request, response) => json(response, document),
      'GET /items/7': guarded((_request, response) => json(response, { id: 7, name: 'kettle' })),
      'GET /': guarded((_request, response) => json(response, {})),
    }),
  );
  return { server, document, setKey: (next: string) => (takes = next) };
}

describe('secrets', () => {
  it('are sealed in every leaf and shown in none', async () => {
    const all = [
      await create('mcp_http', {
        url: 'https://mcp.test/$' + '{KEY}/mcp',
        headers: { Authorization: `Bearer ${secret}-1`, 'X-Team': { plain: 'blue' } },
        secrets: { KEY: `${secret}-2` },
        oauth: {
          clientId: 'me',
          clientSecret: `${secret}-3`,
          accessToken: `${secret}-4`,
          refreshToken: `${secret}-5`,
        },
      }),
      ...(await Promise.all(
        [
          { type: 'bearer', token: `${secret}-6` },
          { type: 'basic', username: 'me', password: `${secret}-7` },
          { type: 'header', name: 'X-Key', value: `${secret}-8` },
          { type: 'query', name: 'key', value: `${secret}-9` },
          {
            type: 'oauth2ClientCredentials',
            tokenUrl: 'https://id.test/token',
            clientId: 'me',
            clientSecret: `${secret}-10`,
          },
        ].map((auth) =>
          create('http_api', {
            baseUrl: 'https://api.test/$' + '{ROOM}',
            openapi: { url: 'https://api.test/openapi.json' },
            headers: { 'X-Other': `${secret}-11` },
            secrets: { ROOM: `${secret}-12` },
            auth,
          }),
        ),
      )),
    ];
    expect(all[0]?.config).toMatchObject({
      headers: { Authorization: sealed, 'X-Team': { plain: 'blue' } },
      secrets: { KEY: sealed },
      oauth: { clientId: 'me', clientSecret: sealed, accessToken: sealed, refreshToken: sealed },
    });
    expect(all.slice(1).map(({ config }) => config.auth)).toEqual([
      { type: 'bearer', token: sealed },
      { type: 'basic', username: 'me', password: sealed },
      { type: 'header', name: 'X-Key', value: sealed },
      { type: 'query', name: 'key', value: sealed },
      expect.objectContaining({ clientId: 'me', clientSecret: sealed }),
    ]);
    for (const one of all) {
      expect(JSON.stringify(one) + (await rowText(one))).not.toContain(secret);
      expect(await shown(one)).toEqual({ ...one, warnings: undefined });
    }
    expect(bench.logged()).not.toContain(secret);
  });

  it.each(['headers', 'secrets', 'auth', 'oauth'])(
    'in the open are refused by the database: %s',
    async (part) => {
      const made = await create('mcp_http', { url: 'https://mcp.test/mcp' });
      const leaf = {
        headers: { A: 'x' },
        secrets: { A: 'x' },
        auth: { token: 'x' },
        oauth: { accessToken: 'x' },
      };
      await expect(
        bench.deps.db.prisma.connection.update({
          where: { name: made.name },
          data: { config: { url: 'https://mcp.test/mcp', [part]: leaf[part as keyof typeof leaf] } },
        }),
      ).rejects.toThrow(/connections_secrets_sealed/);
    },
  );

  it('stay with their destination: another address drops them, and a preview says so before', async () => {
    const made = await create('mcp_http', {
      url: 'https://good.test/mcp',
      headers: { Authorization: secret },
    });
    const patch = { url: 'https://evil.test/mcp', headers: made.config.headers };
    const preview = await change(made, patch, owner, { isPreview: true });
    expect(preview).toMatchObject({
      config: { url: 'https://evil.test/mcp', headers: {} },
      warnings: [expect.stringMatching(/dials another address.*dropped.*: Authorization\./)],
    });
    expect((await shown(made)).config).toEqual(made.config);
    const after = await change(made, patch);
    expect(after).toMatchObject({ approved: true, status: 'new', warnings: preview.warnings });
    expect(await rowText(made)).not.toContain('encrypted:');
  });

  it('of an API go with its base URL, and with the address that gives tokens', async () => {
    const base = { baseUrl: 'https://good.test', openapi: { url: 'https://good.test/openapi.json' } };
    const bearer = await create('http_api', { ...base, auth: { type: 'bearer', token: secret } });
    const kept = await change(bearer, { include: ['getItem'], auth: bearer.config.auth });
    expect(kept.config.auth).toEqual({ type: 'bearer', token: sealed });
    const renewed = await change(bearer, { auth: { token: `${secret}-new` } });
    expect(renewed.config.auth).toEqual({ type: 'bearer', token: sealed });
    expect(renewed.config.auth).not.toEqual(bearer.config.auth);
    const moved = await change(bearer, { baseUrl: 'https://evil.test' });
    expect(moved).toMatchObject({
      config: { auth: { type: 'none' } },
      warnings: [expect.stringMatching(/auth \(token\)/)],
    });

    const client = { type: 'oauth2ClientCredentials', clientId: 'me' };
    const tokens = await create('http_api', {
      ...base,
      auth: { ...client, tokenUrl: 'https://id.test/token', clientSecret: secret },
    });
    const stolen = await change(tokens, { auth: { tokenUrl: 'https://evil.test/token' } });
    expect(stolen.config.auth).toEqual({ type: 'none' });
    expect(await rowText(tokens)).not.toContain('encrypted:');
  });

  it('change hands only as a whole: another kind of login, another source', async () => {
    const made = await create('http_api', {
      baseUrl: 'https://api.test',
      openapi: '{"openapi": "3.1.0", "paths": {}}',
      auth: { type: 'bearer', token: secret },
    });
    expect(made.config.openapi).toEqual({ kept: { sha256: expect.any(String), bytes: 30 } });
    const same = await change(made, { openapi: made.config.openapi, timeoutMs: 900 });
    expect(same.config.openapi).toEqual(made.config.openapi);
    await expect(change(made, { openapi: { kept: { sha256: 'x', bytes: 1 } } })).rejects.toMatchObject({
      code: 'E_VALIDATION',
    });
    const after = await change(made, {
      openapi: { url: 'https://api.test/openapi.json' },
      auth: { type: 'basic', username: 'me', password: `${secret}-b` },
    });
    expect(after.config).toMatchObject({
      openapi: { url: 'https://api.test/openapi.json' },
      auth: { type: 'basic', username: 'me', password: sealed },
    });
  });

  it('that a guest enters wait for an approval', async () => {
    const made = await create('mcp_http', {
      url: 'https://mcp.test/$' + '{ROOM}',
      secrets: { ROOM: secret },
    });
    expect((await change(made, { secrets: { ROOM: `${secret}-x` } }, guest)).approved).toBe(false);
    const header = await create('mcp_http', { url: 'https://mcp.test/', headers: { A: secret } });
    expect((await change(header, { headers: { A: `${secret}-x` } }, guest)).approved).toBe(false);
    const other = await create('mcp_http', { url: 'https://mcp.test/', headers: { A: secret } });
    expect((await change(other, { allowPrivateNetwork: true }, guest)).approved).toBe(false);
  });
});

describe('an HTTP API', () => {
  it('is not dialled before it is approved', async () => {
    const { server } = await shop();
    const openapi = { url: `${server.url}/openapi.json` };
    const made = await create('http_api', { baseUrl: server.url, openapi, ...local }, guest);
    await expect(discoverTools(bench.deps, made.name)).rejects.toMatchObject({
      code: 'E_NOT_APPROVED',
      message: expect.stringMatching(/dials/),
    });
    expect(server.connections()).toBe(0);
    await approveConnection(bench.deps, made.name, owner);
    expect(server.connections()).toBe(0);
    expect((await discoverTools(bench.deps, made.name)).tools).toHaveLength(1);
  });

  it('works, wants a login when its key is refused, and is well again with another', async () => {
    const { server, setKey } = await shop();
    const made = await create('http_api', {
      baseUrl: server.url,
      openapi: { url: `${server.url}/openapi.json` },
      ...local,
      auth: { type: 'bearer', token: secret },
    });
    expect((await discoverTools(bench.deps, made.name)).tools.map(({ name }) => name)).toEqual(['getItem']);
    expect(await testConnection(bench.deps, made.name)).toMatchObject({
      ok: true,
      message: `"${made.name}" works: Shop 1.2 describes 1 tool, and ${server.url} answers (HTTP 200).`,
    });
    expect(JSON.stringify(await call(made, 'getItem', { id: '7' }))).toContain('kettle');

    setKey('rotated-elsewhere');
    await expect(call(made, 'getItem', { id: '7' })).rejects.toMatchObject({ code: 'E_NEEDS_LOGIN' });
    expect(await shown(made)).toMatchObject({
      status: 'needs_login',
      lastError: expect.stringMatching(/refuses the credentials/),
    });
    expect(await testConnection(bench.deps, made.name)).toMatchObject({ ok: false, code: 'E_NEEDS_LOGIN' });

    await change(made, { auth: { token: 'rotated-elsewhere' } });
    await discoverTools(bench.deps, made.name);
    expect(JSON.stringify(await call(made, 'getItem', { id: '7' }))).toContain('kettle');
    expect(await shown(made)).toMatchObject({ status: 'ready', lastError: null });
  });

  it('sends its key nowhere but where its document led when it was approved', async () => {
    const { server, document } = await shop();
    const other = await shop();
    const made = await create('http_api', {
      openapi: { url: `${server.url}/openapi.json` },
      ...local,
      auth: { type: 'bearer', token: secret },
    });
    // Seen, shown and approved in the act of saving it, and without a word of the owner's.
    expect(made).toMatchObject({ approved: true, config: { origin: server.url } });
    expect(made.warnings).toBeUndefined();
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    await discoverTools(bench.deps, made.name);
    expect(JSON.stringify(await call(made, 'getItem', { id: '7' }))).toContain('kettle');
    const slower = await change(made, { timeoutMs: 900, openapi: made.config.openapi });
    expect(slower).toMatchObject({ approved: true, config: { origin: server.url, auth: { token: sealed } } });

    Object.assign(document, { servers: [{ url: other.server.url }] });
    expect(await testConnection(bench.deps, made.name)).toMatchObject({
      ok: false,
      code: 'E_NOT_APPROVED',
      message: expect.stringContaining(other.server.url),
    });
    await bench.deps.pool.evict(made.name);
    await expect(call(made, 'getItem', { id: '7' })).rejects.toMatchObject({ code: 'E_NOT_APPROVED' });
    await expect(discoverTools(bench.deps, made.name)).rejects.toMatchObject({ code: 'E_NOT_APPROVED' });
    expect(other.server.connections()).toBe(0);

    const moved = { origin: other.server.url };
    expect(await change(made, moved, guest)).toMatchObject({
      approved: false,
      warnings: [expect.stringMatching(/dropped.*auth/)],
    });
    await approveConnection(bench.deps, made.name, owner);
    await discoverTools(bench.deps, made.name);
    expect(other.server.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true);
  });

  it('is looked for by nobody but who may approve, who sees it before', async () => {
    const { server, document } = await shop();
    const other = await shop();
    const config = {
      openapi: { url: `${server.url}/openapi.json` },
      ...local,
      auth: { type: 'bearer', token: secret },
    };
    const made = await create('http_api', config, guest);
    expect(await change(made, { headers: { 'X-A': { plain: 'b' } } }, guest)).toMatchObject({
      approved: false,
    });
    expect(server.connections()).toBe(0);

    const looked = await approveConnection(bench.deps, made.name, owner, { isPreview: true });
    expect(looked).toMatchObject({ approved: false, config: { origin: server.url } });
    expect(await shown(made)).toMatchObject({ approved: false });
    Object.assign(document, { servers: [{ url: other.server.url }] });
    await expect(
      approveConnection(bench.deps, made.name, owner, { origin: server.url }),
    ).rejects.toMatchObject({ code: 'E_PRECONDITION', message: expect.stringContaining(other.server.url) });
    Object.assign(document, { servers: undefined });
    expect(await approveConnection(bench.deps, made.name, owner, { origin: server.url })).toMatchObject({
      approved: true,
      config: { origin: server.url },
    });
    expect(server.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true);
    expect(other.server.connections()).toBe(0);

    const elsewhere = { openapi: { url: `${other.server.url}/openapi.json` } };
    const preview = await change(made, elsewhere, owner, { isPreview: true });
    expect(preview).toMatchObject({ approved: true, config: { origin: other.server.url } });
    expect(await change(made, elsewhere)).toMatchObject({
      approved: true,
      config: { origin: other.server.url },
      warnings: [expect.stringMatching(/dropped.*auth/)],
    });
  });

  it('is not approved where its document cannot be read, and says what to do', async () => {
    const { server, document } = await shop();
    const openapi = { url: `${server.url}/none.json` };
    const made = await create('http_api', { openapi, ...local });
    expect(made).toMatchObject({
      approved: false,
      warnings: [expect.stringMatching(/not approved.*HTTP 404.*--base-url/)],
    });
    await expect(approveConnection(bench.deps, made.name, owner)).rejects.toMatchObject({
      code: 'E_CONNECTION_FAILED',
      remedy: expect.stringContaining('--base-url'),
    });
    await expect(discoverTools(bench.deps, made.name)).rejects.toMatchObject({ code: 'E_NOT_APPROVED' });
    const told = await change(made, { baseUrl: server.url });
    expect(told.approved).toBe(false);
    expect((await approveConnection(bench.deps, made.name, owner)).approved).toBe(true);

    const hidden = await create('http_api', { openapi: { url: `${server.url}/openapi.json` } });
    expect(hidden.approved).toBe(false);
    expect(hidden.warnings?.[0]).toContain('allowPrivateNetwork');

    const inline = { ...document, servers: [{ url: 'https://api.test/v1' }] };
    expect(await create('http_api', { openapi: { document: inline } })).toMatchObject({
      approved: true,
      config: { origin: 'https://api.test' },
    });
  });

  it('refuses a server whose address holds a user name', async () => {
    const { server, document } = await shop();
    Object.assign(document, { servers: [{ url: server.url.replace('//', '//good.example@') }] });
    const made = await create('http_api', { openapi: { url: `${server.url}/openapi.json` }, ...local });
    expect(made).toMatchObject({ approved: false, warnings: [expect.stringContaining('user name')] });
    await expect(approveConnection(bench.deps, made.name, owner)).rejects.toMatchObject({
      code: 'E_VALIDATION',
      message: expect.stringContaining('user name'),
    });
  });

  it('has a tool switched off when its document changes, until that is approved', async () => {
    const { server, document } = await shop();
    const made = await create('http_api', {
      baseUrl: server.url,
      openapi: { url: `${server.url}/openapi.json` },
      ...local,
      auth: { type: 'bearer', token: secret },
    });
    await discoverTools(bench.deps, made.name);
    document.paths['/everything'] = { delete: { operationId: 'deleteAll' } };
    document.paths['/elsewhere/{id}'] = document.paths['/items/{id}'];
    delete document.paths['/items/{id}'];
    const found = await discoverTools(bench.deps, made.name);
    expect(found).toMatchObject({ added: ['deleteAll'], changed: ['getItem'] });
    for (const tool of ['getItem', 'deleteAll'])
      await expect(call(made, tool, { id: '7' })).rejects.toMatchObject({ code: 'E_TOOL_CHANGED' });
    expect((await shown(made)).status).toBe('changed');
    const { toolCatalog } = await shown(made);
    expect(toolCatalog.find(({ name }) => name === 'getItem')?.pending?.description).toContain('/elsewhere/');
    await approveConnection(bench.deps, made.name, owner);
    expect(server.requests.every(({ method }) => method === 'GET')).toBe(true);
    expect(await call(made, 'deleteAll')).toMatchObject({ isError: true });
  });

  it('takes a secret in its base URL and shows it nowhere', async () => {
    const room = `room-${secret}`;
    const server = used(
      await startApi({ [`GET /${room}/me`]: (_request, response) => json(response, { at: `/${room}` }) }),
    );
    const made = await create('http_api', {
      baseUrl: [server.url, '$' + '{ROOM}'].join('/'),
      secrets: { ROOM: room },
      ...local,
      operations: [{ name: 'getMe', method: 'GET', path: '/me' }],
    });
    const { tools } = await discoverTools(bench.deps, made.name);
    expect(tools[0]?.description).toContain('[redacted:');
    expect((await call(made, 'getMe')).isError).not.toBe(true);
    expect(JSON.stringify(await shown(made)) + (await rowText(made))).not.toContain(secret);
  });

  it('renews the token of its client, and tells a refused client apart', async () => {
    const issued: string[] = [];
    let isRefused = false;
    const tokens = used(
      await startApi({
        'POST /token': (_request, response, nth) => {
          if (isRefused) return json(response, { error: 'invalid_client' }, 401);
          issued.push(`t0ken-${nth}-${secret}`);
          return json(response, { access_token: issued.at(-1), token_type: 'Bearer', expires_in: 3_600 });
        },
      }),
    );
    const api = used(
      await startApi({
        'GET /me': (request, response) =>
          request.headers.authorization === `Bearer ${issued.at(-1)}`
            ? json(response, { me: request.headers.authorization })
            : json(response, {}, 401),
      }),
    );
    const made = await create('http_api', {
      baseUrl: api.url,
      ...local,
      operations: [{ name: 'getMe', method: 'GET', path: '/me' }],
      auth: {
        type: 'oauth2ClientCredentials',
        clientId: 'me',
        clientSecret: `client-${secret}`,
        tokenUrl: `${tokens.url}/token`,
      },
    });
    await discoverTools(bench.deps, made.name);
    expect(tokens.requests).toHaveLength(0);
    await call(made, 'getMe');
    await call(made, 'getMe');
    expect(issued).toHaveLength(1);
    issued.push('revoked at the server'); // the token that we hold is no longer taken
    const renewed = await call(made, 'getMe');
    expect(issued).toHaveLength(3);
    expect(JSON.stringify(bench.deps.vault.redactor.value(renewed))).not.toContain(secret);

    isRefused = true;
    issued.push('again');
    await expect(call(made, 'getMe')).rejects.toMatchObject({ code: 'E_NEEDS_LOGIN' });
    expect((await shown(made)).status).toBe('needs_login');
  });

  it('can be removed', async () => {
    const { server } = await shop();
    const made = await create('http_api', {
      baseUrl: server.url,
      openapi: `${server.url}/openapi.json`,
      ...local,
    });
    await discoverTools(bench.deps, made.name);
    await removeConnection(bench.deps, made.name);
    await expect(shown(made)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });
});

describe('an MCP server by HTTP', () => {
  it('is discovered, tested and called', async () => {
    const everything = used(await startEverything('streamableHttp'));
    const made = await create('mcp_http', { url: everything.url, ...local });
    const { tools } = await discoverTools(bench.deps, made.name);
    expect(tools.map(({ name }) => name)).toContain('echo');
    expect(await testConnection(bench.deps, made.name)).toMatchObject({
      ok: true,
      message: expect.stringMatching(/works: .* answered with \d+ tools\.$/),
    });
    expect(JSON.stringify(await call(made, 'echo', { message: 'by http' }))).toContain('by http');
  });

  it('that is on this machine is refused without a word of the owner', async () => {
    const server = used(await startScriptedHttp());
    const made = await create('mcp_http', { url: server.mcp });
    expect(made.warnings).toEqual([expect.stringMatching(/allowPrivateNetwork/)]);
    await expect(discoverTools(bench.deps, made.name)).rejects.toMatchObject({ code: 'E_ADDRESS_REFUSED' });
    expect(server.connections()).toBe(0);
  });

  it('follows its list of tools: what is new is off until it is approved', async () => {
    const server = used(await startScriptedHttp());
    const made = await create('mcp_http', { url: server.mcp, ...local });
    await discoverTools(bench.deps, made.name);
    const [first = ''] = server.tools;
    await call(made, first);
    server.tools.push('brand-new');
    expect(await discoverTools(bench.deps, made.name)).toMatchObject({ added: ['brand-new'] });
    await expect(call(made, 'brand-new')).rejects.toMatchObject({ code: 'E_TOOL_CHANGED' });
    await approveConnection(bench.deps, made.name, owner);
    await call(made, 'brand-new');
    expect(server.calls).toEqual([first, 'brand-new']);
  });

  it('wants a login, says so in the row, and lets no secret into it or the log', async () => {
    const key = `k3y-${secret}`;
    const server = used(
      await startScriptedHttp({
        intercept(seen, _message, response) {
          if (seen.headers.authorization === 'Bearer right-key') return false;
          response
            .writeHead(401, { 'content-type': 'text/plain' })
            .end(`not with ${seen.headers.authorization}`);
          return true;
        },
      }),
    );
    const made = await create('mcp_http', {
      url: server.mcp,
      headers: { Authorization: `Bearer ${key}` },
      ...local,
    });
    await expect(discoverTools(bench.deps, made.name)).rejects.toMatchObject({ code: 'E_NEEDS_LOGIN' });
    expect(await shown(made)).toMatchObject({ status: 'needs_login' });
    await change(made, { headers: { Authorization: 'Bearer right-key' } });
    await discoverTools(bench.deps, made.name);
    expect(await shown(made)).toMatchObject({ status: 'ready', lastError: null });
    expect((await rowText(made)) + bench.logged()).not.toContain(key);
  });
});
