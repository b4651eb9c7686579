/** What a restore does to who gets in: what can be had anew is ended and named, the owner's own ways in stay. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../../../tests/helpers/http.ts';
import { askingApp } from '../../../tests/helpers/oauth/asking-app.ts';
import { verifyAudit } from '../../audit/verify/verify-audit.ts';
import { createdTokenSchema } from '../../contract/tokens.ts';
import { newId } from '../../kernel/ids.ts';
import { rowGuardOf } from '../../vault/row-guard.ts';
import { ensureOwnerToken } from './owner-token.ts';
import { createSession } from './sessions.ts';
import { settleAccess } from './settle-access.ts';
import { createSignInLink } from './sign-in-links.ts';

let server: TestServer;
let app: ReturnType<typeof askingApp>;
let token: string;
let appToken: string;
beforeAll(async () => {
  server = await createTestServer();
  app = askingApp(server);
  const made = (name: string, more: object = {}) =>
    server.send('POST', '/api/v1/tokens', { name, scopes: ['read'], ...more });
  ({ token } = createdTokenSchema.parse((await made('phone')).body));
  const revoked = createdTokenSchema.parse((await made('revoked before')).body);
  await server.send('DELETE', `/api/v1/tokens/${revoked.id}`);
  ({ access_token: appToken } = await app.signIn());
  await ensureOwnerToken(server.vault.home, server.db);
  await createSession(server.db, { way: 'link' });
  await createSignInLink(server, 'http://127.0.0.1:4280');
  await addPasskey('Laptop');
  expect((await server.send('PUT', '/api/v1/password', { password: 'a plain sentence' })).status).toBe(200);
});
afterAll(() => server.close());

/** As a device left it, which is not here. */
async function addPasskey(name: string): Promise<void> {
  const { prisma } = server.db;
  const row = {
    ...{ id: newId(), rpId: 'localhost', counter: 0n, canBeBackedUp: false, createdAt: new Date() },
    ...{ credentialId: new Uint8Array([1, 2, 3]), publicKey: new Uint8Array([4, 5, 6]) },
  };
  const mac = rowGuardOf(prisma).sign('passkeys', row);
  await prisma.passkey.create({ data: { ...row, name, transports: [], isBackedUp: false, mac } });
}

const settle = (keep: boolean) => server.db.transaction((tx) => settleAccess(tx, { keep, actor: 'owner' }));
const own = { passkeys: ['Laptop'], hasPassword: true };
const statuses = async () => [
  (await server.send('GET', '/api/v1/executions', undefined, { token })).status,
  (await app.mcp(appToken)).status,
];

it('leaves all of it as it was where that is asked for, but for links, and names it', async () => {
  expect(await settle(true)).toEqual({
    ended: { tokens: [], apps: [], sessions: 0 },
    good: { tokens: ['test', 'phone'], apps: ['Editor'], ...own },
  });
  expect(await statuses()).toEqual([200, 200]);
  expect(await server.db.prisma.signInLink.count()).toBe(0);
});

it('ends tokens, apps and sessions, each on record, and neither the owner’s own token nor a way to sign in', async () => {
  expect(await settle(false)).toEqual({
    ended: { tokens: ['test', 'phone'], apps: ['Editor'], sessions: 1 },
    good: { tokens: [], apps: [], ...own },
  });
  expect(await statuses()).toEqual([401, 401]);
  const { db } = server;
  expect(await db.prisma.session.count({ where: { revokedAt: null } })).toBe(0);
  expect(await db.prisma.accessToken.count({ where: { name: 'cli-token', revokedAt: null } })).toBe(1);
  const acts = await db.prisma.auditInbox.findMany({ orderBy: { id: 'desc' }, take: 4 });
  expect(acts.map(({ action }) => action).sort()).toEqual([
    'app.revoked',
    'session.closed',
    'token.revoked',
    'token.revoked',
  ]);
  const { findings } = await verifyAudit({ db, vault: server.vault, home: server.vault.home });
  expect(findings).toEqual([]);
});
