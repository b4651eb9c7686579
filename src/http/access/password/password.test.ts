/** A password: kept as nothing that could be guessed at, and slowed down for strangers alone. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestServer, type TestAnswer, type TestServer } from '../../../../tests/helpers/http.ts';
import { verifyAudit } from '../../../audit/verify/verify-audit.ts';
import { pageOf } from '../../../contract/common.ts';
import { openSessionSchema, signInLinkSchema } from '../../../contract/session.ts';
import { newId } from '../../../kernel/ids.ts';
import { hashPassword, isPassword } from '../../../web/password-hash.ts';
import { createSession } from '../sessions.ts';

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
});
afterAll(() => server.close());
afterEach(() => void vi.useRealTimers());

const password = 'a plain sentence, ünd more';
const origin = 'http://127.0.0.1:4280';

class Browser {
  readonly cookies = new Map<string, string>();
  async send(method: string, url: string, body?: unknown): Promise<TestAnswer> {
    const cookie = [...this.cookies].map((pair) => pair.join('=')).join('; ');
    const headers = { cookie, origin, 'sec-fetch-site': 'same-origin' };
    const answer = await server.send(method, url, body, { token: null, headers });
    for (const line of [answer.headers['set-cookie'] ?? []].flat().map(String)) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }
  signIn(text: string) {
    return this.send('POST', '/api/v1/session', { password: text });
  }
  async signInByLink(): Promise<this> {
    const { body } = await server.send('POST', '/api/v1/session/links');
    const code = new URL(signInLinkSchema.parse(body).url).hash.slice('#code='.length);
    expect((await this.send('POST', '/api/v1/session', { code })).status).toBe(200);
    return this;
  }
  async ids(): Promise<string[]> {
    const { body } = await this.send('GET', '/api/v1/sessions');
    return pageOf(openSessionSchema)
      .parse(body)
      .items.map(({ id }) => id);
  }
}

const set = (text: string) => server.send('PUT', '/api/v1/password', { password: text });
const ways = async () =>
  (await new Browser().send('GET', '/api/v1/session/ways')).body as { password: boolean };

describe('the hash of a password', () => {
  it('is Argon2id in its usual form, of another salt each time', async () => {
    const hash = await hashPassword(Buffer.from('correct horse'));
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=4\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await isPassword(Buffer.from('correct horse'), hash)).toBe(true);
    expect(await isPassword(Buffer.from('correct horses'), hash)).toBe(false);
    expect(await hashPassword(Buffer.from('correct horse'))).not.toBe(hash);
    await expect(isPassword(Buffer.from('x'), '$argon2i$v=19$x')).rejects.toThrow('PHC');
  });
});

describe('a password', () => {
  it('is none until one is set, and signs in from then on', async () => {
    expect(await ways()).toMatchObject({ password: false });
    expect((await new Browser().signIn(password)).status).toBe(401);
    expect((await set(password)).status).toBe(200);
    expect(await ways()).toMatchObject({ password: true });
    const browser = new Browser();
    expect((await browser.signIn(password)).body).toMatchObject({ kind: 'session', actor: 'owner' });
    expect((await browser.send('GET', '/api/v1/sessions')).body).toMatchObject({
      items: [{ way: 'password', isThis: true }],
    });
    // However a keyboard composes its accents.
    expect((await new Browser().signIn(password.normalize('NFD'))).status).toBe(200);
    expect((await new Browser().signIn(`${password} `)).status).toBe(401);
  });

  it.each([
    ['', 'at least 12 characters'],
    ['elevenchars', 'at least 12 characters'],
    ['🦊🐻🐼🐨🐯🦁', 'at least 12 characters'],
    ['aaaaaaaaaaaaaaaa', 'five different'],
    ['abcdefg'.repeat(30), 'at most 200'],
    [42, 'text'],
  ])('is refused as %j: %s', async (text, why) => {
    const { status, body, text: said } = await server.send('PUT', '/api/v1/password', { password: text });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      errors: expect.arrayContaining([expect.objectContaining({ field: '/password' })]),
    });
    expect(said).toContain(why);
    if (typeof text === 'string' && text !== '') expect(said).not.toContain(String(text));
  });

  it('is in no row, no log and no answer; what is kept says nothing without the key of the vault', async () => {
    await set(password);
    await new Browser().signIn(password);
    await new Browser().signIn(`${password}, almost`);
    const { rows } = await server.db.pool.query<{ hash: string }>('SELECT hash FROM passwords');
    expect(rows).toHaveLength(1);
    expect(await isPassword(Buffer.from(password), rows[0]?.hash ?? '')).toBe(false);
    const everything = JSON.stringify([
      rows,
      await server.db.prisma.auditInbox.findMany(),
      await server.db.prisma.session.findMany(),
      server.logged,
    ]);
    expect(everything).not.toContain('plain sentence');
  });

  it('that is changed or removed shows out who came in by it, and nobody else', async () => {
    await set(password);
    const [byPassword, byLink] = [new Browser(), await new Browser().signInByLink()];
    await byPassword.signIn(password);
    const changed = await byLink.send('PUT', '/api/v1/password', { password: 'another sentence' });
    expect(changed).toMatchObject({ status: 200, body: { endedSessions: 1 } });
    expect((await byPassword.send('GET', '/api/v1/session')).status).toBe(401);
    expect((await byPassword.signIn(password)).status).toBe(401);
    expect((await byPassword.signIn('another sentence')).status).toBe(200);
    // Who changes it stays.
    expect(await byPassword.send('PUT', '/api/v1/password', { password })).toMatchObject({ status: 200 });
    expect((await byPassword.send('GET', '/api/v1/session')).status).toBe(200);
    expect((await byLink.send('DELETE', '/api/v1/password')).body).toEqual({ endedSessions: 1 });
    expect((await byLink.send('DELETE', '/api/v1/password')).status).toBe(404);
    expect((await new Browser().signIn(password)).status).toBe(401);
    expect(await ways()).toMatchObject({ password: false });
    const gone = createSession(server.db, { way: 'password', passwordId: newId() });
    await expect(gone).rejects.toMatchObject({ code: 'E_UNAUTHENTICATED' });
  });

  it('is set once by many at once', async () => {
    const all = await Promise.all([1, 2, 3].map((number) => set(`sentence number ${number}`)));
    expect(all.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await server.db.prisma.password.count()).toBe(1);
  });

  it('goes by the row that this VM wrote last', async () => {
    const { prisma } = server.db;
    await set(password);
    const before = await prisma.password.findFirstOrThrow();
    await prisma.password.update({
      where: { id: before.id },
      data: { hash: await hashPassword(Buffer.from('known to somebody else')) },
    });
    expect((await new Browser().signIn('known to somebody else')).status).toBe(401);
    await prisma.password.update({ where: { id: before.id }, data: { hash: before.hash } });
    await set('another sentence');
    await prisma.password.create({ data: before });
    const { findings } = await verifyAudit({ db: server.db, vault: server.vault, home: server.home });
    expect(findings).toMatchObject([{ subject: `passwords/${before.id}` }]);
  });
});

describe('guessing', () => {
  beforeAll(async () => {
    await server.close();
    server = await createTestServer();
    await set(password);
  });

  it('shuts strangers out for a while, and no browser that the owner was in', async () => {
    const mine = new Browser();
    await mine.signIn(password);
    await mine.send('DELETE', '/api/v1/session');
    const shownOut = await new Browser().signInByLink();
    const [lastId = ''] = await shownOut.ids();
    await server.send('DELETE', `/api/v1/sessions/${lastId}`);

    // A pause that has begun does not end, however slow the machine is.
    vi.useFakeTimers({ toFake: ['Date'] });
    const guesses = await Promise.all(
      Array.from({ length: 12 }, (_, number) => new Browser().signIn(`guess number ${number}`)),
    );
    expect(guesses.filter(({ status }) => status === 401)).toHaveLength(5);
    const late = await new Browser().signIn(password);
    expect(late).toMatchObject({ status: 429, body: { code: 'E_RATE_LIMITED' } });
    expect(Number(late.headers['retry-after'])).toBeGreaterThan(0);
    // From where the owner was shown out, one is a stranger.
    expect((await shownOut.signIn(password)).status).toBe(429);
    expect((await mine.signIn(password)).status).toBe(200);
    await new Browser().signInByLink();
    expect(await server.db.prisma.auditInbox.count({ where: { action: 'sign_in.failed' } })).toBe(5);
  });

  it('from another site is refused, and counts for nothing', async () => {
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const body = { password };
    const answer = await server.send('POST', '/api/v1/session', body, { token: null, headers });
    expect(answer.status).toBe(403);
    expect((await server.send('PUT', '/api/v1/password', body, { token: null, headers })).status).toBe(401);
  });
});
