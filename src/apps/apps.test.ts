/** A program is let in to `/mcp` by OAuth, comes and goes, and is shut out. What it does with skills: tests/runs/mcp-server.test.ts. */
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestServer, type TestServer } from '../../tests/helpers/http.ts';
import { askingApp, issuer, type Tokens } from '../../tests/helpers/oauth/asking-app.ts';
import { keySettings } from '../../tests/helpers/vault.ts';
import { appSchema } from '../contract/apps.ts';
import { pageOf } from '../contract/common.ts';
import { KeyRotation } from '../keys/key-rotation.ts';

let server: TestServer;
let app: ReturnType<typeof askingApp>;
beforeAll(async () => {
  server = await createTestServer({ env: { ALFRED_PUBLIC_URL: 'https://vm.example' } });
  app = askingApp(server);
  for (const slug of ['greet', 'wait'])
    await server.send('POST', '/api/v1/skills', {
      ...{ slug, name: slug, triggerType: 'manual', steps: [{ id: 1, prompt: 'Hi', allowedTools: [] }] },
    });
});
afterAll(() => server.close());

const acts = async () =>
  (
    await server.db.prisma.auditInbox.findMany({
      where: { action: { startsWith: 'app.' } },
      orderBy: { id: 'asc' },
    })
  ).map(({ action, data }) => ({ action, data }));

describe('where to sign in', () => {
  it('is said by a 401 of /mcp, and by the documents that it names', async () => {
    const { status, headers } = await app.mcp(null);
    expect(status).toBe(401);
    const named = /resource_metadata="([^"]+)"/.exec(String(headers['www-authenticate']))?.[1] ?? '';
    expect(named).toBe(`${issuer}/.well-known/oauth-protected-resource/mcp`);
    const about = await server.send('GET', new URL(named).pathname, undefined, { token: null });
    expect(about.body).toMatchObject({ resource: `${issuer}/mcp`, authorization_servers: [issuer] });
    const { body } = await server.send('GET', '/.well-known/oauth-authorization-server', undefined, {
      token: null,
    });
    expect(body).toMatchObject({
      issuer,
      token_endpoint: `${issuer}/oauth/token`,
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    });
    expect((await app.mcp(`alfred_at_${'A'.repeat(43)}`)).headers['www-authenticate']).toContain(
      'error="invalid_token"',
    );
    expect(
      (await server.send('GET', '/api/v1/skills', undefined, { token: null })).headers['www-authenticate'],
    ).toBe('Bearer realm="alfred"');
  });

  it('goes by the name that the program knows the VM by, and by no name that is not its own', async () => {
    const at = (host: string) =>
      server.send('GET', '/.well-known/oauth-authorization-server', undefined, {
        token: null,
        headers: { host },
      });
    expect((await at('localhost:8080')).body).toMatchObject({ issuer: 'http://localhost:8080' });
    expect((await at('vm.example')).body).toMatchObject({ issuer: 'https://vm.example' });
    expect((await at('attacker.example')).status).toBe(403);
  });

  it('is nowhere else: no page of the console stands at such an address', async () => {
    for (const path of ['openid-configuration', 'oauth-authorization-server/mcp'])
      expect(
        await server.send('GET', `/.well-known/${path}`, undefined, {
          token: null,
          headers: { accept: 'text/html' },
        }),
      ).toMatchObject({ status: 404, body: { code: 'E_NOT_FOUND' } });
  });
});

describe('a program', () => {
  it('is let in by the owner, for all skills or for some, and its tokens open /mcp and nothing else', async () => {
    const client = await app.clientId();
    const asked = app.query(client, { redirect_uri: 'http://127.0.0.1:50123/callback' });
    const shown = await server.send('POST', '/api/v1/apps/look', { query: asked });
    expect(shown.body).toEqual({
      ...{ name: 'Editor', publisher: null, goesTo: 'this-machine', refused: null },
      redirectUri: 'http://127.0.0.1:50123/callback',
    });
    const { body } = await app.decide(asked, { decision: 'allow', skills: ['greet'] });
    const returnTo = new URL((body as { returnTo: string }).returnTo);
    expect(returnTo.origin + returnTo.pathname).toBe('http://127.0.0.1:50123/callback');
    expect(Object.fromEntries(returnTo.searchParams)).toEqual({
      ...{ state: 'st-1', iss: issuer, code: expect.stringMatching(/^alfred_code_/) },
    });
    const given = await app.exchange(client, returnTo.searchParams.get('code') ?? '', {
      redirect_uri: 'http://127.0.0.1:50123/callback',
    });
    expect(given).toMatchObject({
      status: 200,
      headers: { 'cache-control': 'no-store' },
      body: { token_type: 'Bearer', expires_in: 3600, scope: 'run' },
    });
    const { access_token: token, refresh_token: renewal } = given.body as Tokens;
    expect((await app.mcp(token)).status).toBe(200);
    for (const [method, path] of [
      ['GET', '/api/v1/session'],
      ['GET', '/api/v1/skills'],
      ['POST', '/api/v1/skills/greet/run'],
      ['POST', '/api/v1/apps/decide'],
      ['POST', '/api/v1/stop-all'],
    ] as const)
      expect([
        path,
        (await server.send(method, path, method === 'POST' ? {} : undefined, { token })).status,
      ]).toEqual([path, 403]);
    for (const other of [renewal, returnTo.searchParams.get('code') ?? ''])
      expect((await app.mcp(other)).status).toBe(401);
    const { items } = pageOf(appSchema).parse((await server.send('GET', '/api/v1/apps')).body);
    expect(items[0]).toMatchObject({
      name: 'Editor',
      publisher: null,
      skills: ['greet'],
      lastUsedAt: expect.any(String),
    });
    expect(await acts()).toMatchObject([
      { action: 'app.granted', data: { name: 'Editor', skills: ['greet'] } },
    ]);
  });

  it('is turned away, and told so', async () => {
    const { body } = await app.decide(app.query(await app.clientId()), { decision: 'deny' });
    const { searchParams } = new URL((body as { returnTo: string }).returnTo);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      error: 'access_denied',
      state: 'st-1',
      iss: issuer,
    });
    expect((await acts()).at(-1)).toMatchObject({ action: 'app.refused', data: { name: 'Editor' } });
  });

  it('cannot be let in for a skill that there is not', async () => {
    const wrong = await app.decide(app.query(await app.clientId()), {
      decision: 'allow',
      skills: ['nobody'],
    });
    expect(wrong).toMatchObject({ status: 422, body: { errors: [{ field: '/skills/0' }] } });
  });

  it('renews its tokens, each refresh token once', async () => {
    const { client, ...first } = await app.signIn();
    const second = (await app.refresh(client, first.refresh_token)).body as Tokens;
    expect(second.refresh_token).not.toBe(first.refresh_token);
    const third = (await app.refresh(client, second.refresh_token)).body as Tokens;
    for (const { access_token: token } of [first, second, third])
      expect((await app.mcp(token)).status).toBe(200);
  });

  it('that asks twice at once, or lost the answer, is given the same next token', async () => {
    const { client, refresh_token: token } = await app.signIn();
    const answers = await Promise.all([1, 2, 3].map(() => app.refresh(client, token)));
    const next = answers.map(({ body }) => (body as Tokens).refresh_token);
    expect(new Set(next).size).toBe(1);
    expect((await app.refresh(client, next[0] ?? '')).status).toBe(200);
  });

  it('that lost the answer when the keys of the vault changed is given the same next token', async () => {
    const { client, refresh_token: token } = await app.signIn();
    const first = (await app.refresh(client, token)).body as Tokens;
    const rotation = new KeyRotation({
      ...{ db: server.db, vault: server.vault, log: pino({ level: 'silent' }) },
      ...{ settings: keySettings(server.vault.home), sayKeys: async () => {} },
    });
    await rotation.start('data', 'owner');
    await rotation.settled();
    expect(await rotation.state()).toBeNull();
    expect(server.vault.activeKeyId).toBe(2);
    const again = (await app.refresh(client, token)).body as Tokens;
    expect(again.refresh_token).toBe(first.refresh_token);
    expect((await app.refresh(client, again.refresh_token)).status).toBe(200);
  });

  it('signs itself out', async () => {
    const { client, access_token: access, refresh_token: renewal } = await app.signIn();
    expect((await app.form('/oauth/revoke', { token: access, client_id: client })).status).toBe(200);
    expect((await app.mcp(access)).status).toBe(401);
    const { access_token: later, refresh_token: next } = (await app.refresh(client, renewal)).body as Tokens;
    expect((await app.form('/oauth/revoke', { token: next, client_id: client })).status).toBe(200);
    expect((await app.mcp(later)).status).toBe(401);
    expect((await app.form('/oauth/revoke', { token: 'unknown' })).status).toBe(200);
    expect((await acts()).at(-1)).toMatchObject({
      action: 'app.revoked',
      data: { why: 'it signed itself out' },
    });
  });

  it('is shut out by the owner at once', async () => {
    const { client, access_token: token, refresh_token: renewal } = await app.signIn();
    const { items } = pageOf(appSchema).parse((await server.send('GET', '/api/v1/apps?limit=1')).body);
    const url = `/api/v1/apps/${items[0]?.id}`;
    expect((await server.send('DELETE', url)).status).toBe(204);
    expect((await server.send('DELETE', url)).status).toBe(404);
    expect((await app.mcp(token)).status).toBe(401);
    expect(await app.refresh(client, renewal)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  it('that waits too long is out', async () => {
    const { client, access_token: token, refresh_token: renewal } = await app.signIn();
    const late = app.codeOf(await app.decide(app.query(client)));
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_001 });
    try {
      expect((await app.mcp(token)).status).toBe(401);
      expect(await app.exchange(client, late)).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant' },
      });
      const { refresh_token: next } = (await app.refresh(client, renewal)).body as Tokens;
      vi.setSystemTime(Date.now() + 30 * 24 * 3_600_000 + 1);
      expect(await app.refresh(client, next)).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant' },
      });
    } finally {
      vi.useRealTimers();
    }
  });

  it('leaves no code and no token in a row or a log', async () => {
    const { client, code, access_token: access, refresh_token: renewal } = await app.signIn();
    await app.refresh(client, renewal);
    await app.refresh(client, renewal, { resource: 'https://elsewhere.example/' });
    await app.exchange(client, code);
    const tables = await server.db.pool.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    for (const { name } of tables.rows) {
      const { rows } = await server.db.pool.query(`SELECT t::text AS row FROM "${name}" AS t`);
      for (const secret of [code, access, renewal, app.verifier])
        expect(`${name} ${JSON.stringify(rows)}`).not.toContain(secret.slice(-43));
    }
    for (const secret of [code, access, renewal, app.verifier])
      expect(server.logged.join('')).not.toContain(secret.slice(-43));
  });
});
