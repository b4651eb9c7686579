import { chmod, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../../../tests/helpers/http.ts';
import { pageOf, scopes } from '../../contract/common.ts';
import { createdTokenSchema, tokenSchema } from '../../contract/tokens.ts';
import { ensureOwnerToken } from './owner-token.ts';

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
});
afterAll(() => server.close());

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

describe('access tokens', () => {
  it('are shown once, kept as a hash, listed, and revoked', async () => {
    const input = { name: 'phone', scopes: ['read', 'run', 'read'], expiresAt: inAnHour() };
    const made = await server.send('POST', '/api/v1/tokens', input);
    expect(made.status).toBe(201);
    const { token, ...shown } = createdTokenSchema.parse(made.body);
    expect(token).toMatch(/^alfred_[A-Za-z0-9_-]{43}$/);
    expect(shown).toMatchObject({
      name: 'phone',
      scopes: ['read', 'run'],
      expiresAt: input.expiresAt,
      lastUsedAt: null,
    });

    expect((await server.send('GET', '/api/v1/skills', undefined, { token })).status).toBe(200);
    const listed = pageOf(tokenSchema).parse((await server.send('GET', '/api/v1/tokens')).body);
    const row = listed.items.find(({ id }) => id === shown.id);
    expect(row).toEqual({ ...shown, lastUsedAt: expect.any(String) });
    const rows = await server.db.prisma.accessToken.findMany();
    expect(JSON.stringify([rows, listed, server.logged])).not.toContain(token.slice(7));

    expect((await server.send('DELETE', `/api/v1/tokens/${shown.id}`)).status).toBe(204);
    expect((await server.send('DELETE', `/api/v1/tokens/${shown.id}`)).status).toBe(404);
    expect((await server.send('GET', '/api/v1/skills', undefined, { token })).status).toBe(401);
  });

  it('come in pages', async () => {
    for (let i = 0; i < 3; i++) await server.token('read');
    const first = pageOf(tokenSchema).parse((await server.send('GET', '/api/v1/tokens?limit=2')).body);
    const second = pageOf(tokenSchema).parse(
      (await server.send('GET', `/api/v1/tokens?limit=2&cursor=${first.nextCursor}`)).body,
    );
    expect(first.items).toHaveLength(2);
    expect(second.items.length).toBeGreaterThan(0);
    expect(second.items.map(({ id }) => id)).not.toContain(first.items[1]?.id);
    expect((await server.send('GET', '/api/v1/tokens?cursor=x')).status).toBe(422);
  });

  it.each([
    [{ name: '', scopes: ['read'] }, '/name'],
    [{ name: 'x', scopes: [] }, '/scopes'],
    [{ name: 'x', scopes: ['everything'] }, '/scopes/0'],
    [{ name: 'x', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' }, '/expiresAt'],
    [{ name: 'cli-token', scopes: ['read'] }, '/name'],
  ])('refuse %j', async (input, field) => {
    const { status, body } = await server.send('POST', '/api/v1/tokens', input);
    expect(status).toBe(422);
    expect(body).toMatchObject({ errors: [{ field }] });
  });

  it('give nobody a scope that its maker has not', async () => {
    const admin = await server.token('admin');
    const make = (held: string[]) =>
      server.send('POST', '/api/v1/tokens', { name: 'x', scopes: held }, { token: admin });
    expect((await make(['admin', 'connections:approve'])).status).toBe(403);
    expect((await make(['admin'])).status).toBe(201);
  });
});

describe("the owner's token", () => {
  const file = () => path.join(server.home, 'cli-token');
  const ensure = () => ensureOwnerToken(server.home, server.db, server.vault.redactor);
  const read = async () => (await readFile(file(), 'utf8')).trim();
  const works = async (token: string) =>
    (await server.send('GET', '/api/v1/session', undefined, { token })).body as {
      actor: string;
      scopes: string[];
    };

  beforeEach(() => rm(file(), { force: true }));

  it('is made with all scopes, for its owner alone to read', async () => {
    expect(await ensure()).toEqual({ file: file(), isNew: true });
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    const token = await read();
    expect(await works(token)).toMatchObject({ actor: 'owner', kind: 'token', scopes: [...scopes] });
    expect(server.vault.redactor.text(`it is ${token}`)).not.toContain(token);

    expect(await ensure()).toEqual({ file: file(), isNew: false });
    expect(await read()).toBe(token);
  });

  it('is made anew when it was revoked, and the old one stays shut', async () => {
    await ensure();
    const old = await read();
    await server.db.prisma.accessToken.updateMany({
      data: { revokedAt: new Date() },
      where: { name: 'cli-token' },
    });
    expect(await ensure()).toMatchObject({ isNew: true });
    expect(await read()).not.toBe(old);
    expect((await server.send('GET', '/api/v1/skills', undefined, { token: old })).status).toBe(401);
  });

  it('is let in again by a database that does not know it', async () => {
    await ensure();
    const token = await read();
    await server.db.prisma.accessToken.deleteMany({ where: { name: 'cli-token' } });
    expect(await ensure()).toMatchObject({ isNew: false });
    expect(await works(token)).toMatchObject({ actor: 'owner' });
  });

  it('replaces a file that holds no token', async () => {
    await writeFile(file(), 'password\n', { mode: 0o600 });
    expect(await ensure()).toMatchObject({ isNew: true });
    expect(await works(await read())).toMatchObject({ actor: 'owner' });
  });

  it('is not taken from a file that others can read, nor through a link', async () => {
    await ensure();
    await chmod(file(), 0o644);
    await expect(ensure()).rejects.toMatchObject({ code: 'E_KEY_UNSAFE' });
    await rm(file());
    await symlink('/etc/hostname', file());
    await expect(ensure()).rejects.toMatchObject({ code: 'E_KEY_UNSAFE' });
  });
});
