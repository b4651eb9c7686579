/** Who is signed in, and how that ends; and that an old sign-in changes nothing about who gets in. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { createTestServer, type TestServer } from '../../../tests/helpers/http.ts';
import { verifyAudit } from '../../audit/verify/verify-audit.ts';
import { pageOf } from '../../contract/common.ts';
import { openSessionSchema, signInLinkSchema } from '../../contract/session.ts';
import { rowGuardOf } from '../../vault/row-guard.ts';
import { freshFor } from './fresh-sign-in.ts';

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
});
afterAll(() => server.close());

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
const own = { origin: 'http://127.0.0.1:4280', 'sec-fetch-site': 'same-origin' };

/** Signs in by a new link. @param cookie what the browser has already */
async function signIn(userAgent = firefox, cookie = ''): Promise<string> {
  const { body } = await server.send('POST', '/api/v1/session/links');
  const code = new URL(signInLinkSchema.parse(body).url).hash.slice('#code='.length);
  const headers = { ...own, 'user-agent': userAgent, ...(cookie === '' ? {} : { cookie }) };
  const answer = await server.send('POST', '/api/v1/session', { code }, { token: null, headers });
  expect(answer.status).toBe(200);
  return String(answer.headers['set-cookie']).split(';')[0] ?? '';
}
const by = (cookie: string, method: string, url: string, body?: unknown) =>
  server.send(method, url, body, { token: null, headers: { cookie, ...own } });
const list = async (cookie: string) =>
  pageOf(openSessionSchema).parse((await by(cookie, 'GET', '/api/v1/sessions')).body).items;
const acts = async (action: string) =>
  (await server.db.prisma.auditInbox.findMany({ where: { action }, orderBy: { id: 'asc' } })).map(
    ({ subject, actor, data }) => ({ subject, actor, data }),
  );

it('are listed with browser, address and way, and this one named', async () => {
  const [first, second] = [await signIn(), await signIn('curl/8.14.1')];
  const sessions = await list(first);
  expect(sessions).toMatchObject([
    { isThis: false, way: 'link', browser: 'a program', address: '127.0.0.1' },
    { isThis: true, way: 'link', browser: 'Firefox on Linux', userAgent: firefox },
  ]);
  expect(JSON.stringify(sessions)).not.toContain(second.split('=')[1]);
  expect((await acts('sign_in.succeeded')).at(-1)).toMatchObject({
    subject: sessions[0]?.id,
    data: { way: 'link', browser: 'a program', address: '127.0.0.1' },
  });
});

it('are ended one by one, and all others at once', async () => {
  const [mine, one, two] = [await signIn(), await signIn(), await signIn()];
  const before = await list(mine);
  const [, oneOther] = before;
  expect((await by(mine, 'DELETE', `/api/v1/sessions/${oneOther?.id}`)).status).toBe(204);
  expect((await by(mine, 'DELETE', `/api/v1/sessions/${oneOther?.id}`)).status).toBe(404);
  expect((await by(one, 'GET', '/api/v1/session')).status).toBe(401);
  expect((await by(two, 'GET', '/api/v1/session')).status).toBe(200);
  const ended = z.object({ ended: z.int() }).parse((await by(mine, 'DELETE', '/api/v1/sessions')).body);
  expect(ended).toEqual({ ended: before.length - 2 });
  expect((await by(two, 'GET', '/api/v1/session')).status).toBe(401);
  expect(await list(mine)).toMatchObject([{ isThis: true }]);
  expect(await acts('session.closed')).toHaveLength(before.length - 1);
});

it('are one for a browser, however often it signs in', async () => {
  const first = await signIn();
  const count = (await list(first)).length;
  const again = await signIn(firefox, first);
  expect(again).not.toBe(first);
  expect((await by(first, 'GET', '/api/v1/session')).status).toBe(401);
  expect(await list(again)).toHaveLength(count);
});

it('tell of a way that somebody else wrote in the database, and let nobody in by it', async () => {
  const cookie = await signIn();
  const [{ id } = { id: '' }] = await list(cookie);
  await server.db.prisma.session.update({ where: { id }, data: { way: 'passkey' } });
  expect((await by(cookie, 'GET', '/api/v1/session')).status).toBe(401);
  const { findings } = await verifyAudit({ db: server.db, vault: server.vault, home: server.home });
  expect(findings.map(({ subject }) => subject)).toContain(`sessions/${id}`);
  await server.db.prisma.session.delete({ where: { id } });
});

it('change nothing about who gets in once they are old, and all else as ever', async () => {
  const cookie = await signIn();
  const [{ id } = { id: '' }] = await list(cookie);
  const age = async (createdAt: Date) => {
    const row = await server.db.prisma.session.findUniqueOrThrow({ where: { id } });
    const mac = rowGuardOf(server.db.prisma).sign('sessions', { ...row, createdAt });
    await server.db.prisma.session.update({ where: { id }, data: { createdAt, mac } });
  };
  const everyScope = {
    name: 'mine',
    scopes: ['read', 'run', 'write', 'connections:approve', 'admin'],
  };
  for (const createdAt of [Date.now() - freshFor - 1000, Date.now() + 3_600_000]) {
    await age(new Date(createdAt));
    for (const [method, url, body] of [
      ['POST', '/api/v1/session/links', undefined],
      ['POST', '/api/v1/tokens', everyScope],
    ] as const) {
      expect(await by(cookie, method, url, body)).toMatchObject({
        status: 403,
        body: { code: 'E_SIGN_IN_AGAIN' },
      });
    }
    expect((await by(cookie, 'POST', '/api/v1/tokens', { name: 'x', scopes: ['read'] })).status).toBe(201);
  }
  const fresh = await signIn(firefox, cookie);
  expect((await by(fresh, 'POST', '/api/v1/session/links')).status).toBe(201);
  expect((await by(fresh, 'POST', '/api/v1/tokens', everyScope)).status).toBe(201);
});

it('keep the name of a browser short, and forget it in time', async () => {
  const cookie = await signIn('x'.repeat(5000));
  const [{ id } = { id: '' }] = await list(cookie);
  const kept = await server.db.prisma.session.findUniqueOrThrow({ where: { id } });
  expect(kept.userAgent).toHaveLength(300);
  await server.db.prisma.session.update({
    where: { id },
    data: { expiresAt: new Date(Date.now() - 91 * 24 * 3_600_000) },
  });
  await signIn();
  expect(await server.db.prisma.session.count({ where: { id } })).toBe(0);
});
