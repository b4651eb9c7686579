/** Accounts at Core: invited, reset, with roles; and passkeys, as browsers and attackers use them. */
import { scryptSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestCore, type TestCore } from '../../tests/helpers/core.ts';
import { PasskeyDevice, type Wrong } from '../../tests/helpers/passkey-device.ts';
import type { Mail } from '../mail/mailer.ts';

const mails: Mail[] = [];
let isMailDown = false;
const mailer = {
  async send(mail: Mail) {
    if (isMailDown) throw new Error('no mail');
    mails.push(mail);
  },
  close() {},
};
let core: TestCore;
let local: string;
beforeAll(async () => {
  core = await createTestCore({ mailer });
  local = `http://localhost:${new URL(core.url).port}`;
});
afterAll(() => core.close());

const password = 'a password of their own';

/** A browser: its address, and what it keeps. */
class Browser {
  readonly cookies = new Map<string, string>();
  async send(method: string, route: string, body?: unknown) {
    const answer = await fetch(new URL(route, local), {
      method,
      headers: {
        origin: local,
        'sec-fetch-site': 'same-origin',
        cookie: [...this.cookies].map((pair) => pair.join('=')).join('; '),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const text = await answer.text();
    return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
  }
  async signIn(login: string, by = password): Promise<this> {
    expect((await this.send('POST', '/v1/session/cookie', { login, password: by })).status).toBe(204);
    return this;
  }
  async add(device: PasskeyDevice, wrong: Wrong = {}) {
    const { body: options } = await this.send('POST', '/v1/passkeys/challenge');
    return this.send('POST', '/v1/passkeys', { name: 'Laptop', response: device.create(options, wrong) });
  }
  async use(device: PasskeyDevice, wrong: Wrong = {}) {
    const { body: options } = await this.send('POST', '/v1/session/passkey/challenge');
    return this.send('POST', '/v1/session/passkey', device.get(options, wrong));
  }
}

const codeIn = (text: string) => /#link=(link_[\w-]{43})/.exec(text)?.[1] ?? '';

async function invited(login: string, role?: string): Promise<{ id: string; browser: Browser }> {
  const { id } = (await core.send('POST', '/v1/users', { login, role })).body as { id: string };
  const sent = (await core.send('POST', `/v1/users/${id}/link`)).body as { url: string | null };
  const code = codeIn(sent.url ?? mails.at(-1)?.text ?? '');
  const browser = new Browser();
  expect((await browser.send('POST', '/v1/session/link', { code, password })).status).toBe(204);
  return { id, browser };
}

describe('an invitation', () => {
  it('is shown where it cannot be mailed, works once, and signs in', async () => {
    const { id } = (await core.send('POST', '/v1/users', { login: 'mara' })).body as { id: string };
    expect(await core.send('POST', '/v1/session', { login: 'mara', password: '' }, null)).toMatchObject({
      status: 401,
    });
    const listed = async () =>
      ((await core.send('GET', '/v1/users')).body as { items: { login: string; invited: boolean }[] }).items;
    expect(await listed()).toContainEqual(expect.objectContaining({ login: 'mara', invited: true }));
    const first = (await core.send('POST', `/v1/users/${id}/link`)).body as { url: string };
    const second = (await core.send('POST', `/v1/users/${id}/link`)).body as { url: string; mailed: boolean };
    expect(second).toMatchObject({ mailed: false, url: expect.stringMatching(/\/#link=link_[\w-]{43}$/) });
    const browser = new Browser();
    const follow = (url: string, chosen = password) =>
      browser.send('POST', '/v1/session/link', { code: codeIn(url), password: chosen });
    expect((await follow(first.url)).status).toBe(401);
    expect((await follow(second.url, 'short')).status).toBe(422);
    const both = await Promise.all([follow(second.url), follow(second.url)]);
    expect(both.map(({ status }) => status).sort()).toEqual([204, 401]);
    expect((await browser.send('GET', '/v1/session')).body).toMatchObject({
      login: 'mara',
      hasAccount: true,
    });
    expect(await listed()).toContainEqual(expect.objectContaining({ login: 'mara', invited: false }));
    const { rows } = await core.db.pool.query('SELECT count(*)::int AS n FROM sign_in_links');
    expect(rows).toEqual([{ n: 0 }]);
  });

  it('goes by mail to a login that is an address, and is shown to nobody then', async () => {
    const { browser, id } = await invited('ada@example.org');
    expect(mails.at(-1)).toMatchObject({ to: ['ada@example.org'], subject: 'Your sign-in at Alfred Core' });
    expect((await browser.send('GET', '/v1/session')).status).toBe(200);
    isMailDown = true;
    const failed = await core.send('POST', `/v1/users/${id}/link`);
    isMailDown = false;
    expect(failed.status).toBeGreaterThanOrEqual(500);
    expect(JSON.stringify(failed.body)).not.toContain('link_');
  });
});

describe('a password', () => {
  it('that was forgotten is set anew by a mail, which nobody learns of, and signs everybody else out', async () => {
    const { browser } = await invited('ben@example.org');
    const stranger = new Browser();
    const before = mails.length;
    const forgot = (login: string) => stranger.send('POST', '/v1/session/forgotten', { login });
    const answers = [
      await forgot('ben@example.org'),
      await forgot('nobody@example.org'),
      await forgot('ben@example.org'),
    ];
    expect(answers.map(({ status, body }) => [status, body])).toEqual(answers.map(() => [202, {}]));
    await expect.poll(() => mails.length).toBe(before + 1);
    const code = codeIn(mails.at(-1)?.text ?? '');
    const another = 'another password, longer';
    expect((await stranger.send('POST', '/v1/session/link', { code, password: another })).status).toBe(204);
    expect((await browser.send('GET', '/v1/session')).status).toBe(401);
    expect(
      (await browser.send('POST', '/v1/session/cookie', { login: 'ben@example.org', password })).status,
    ).toBe(401);
    await browser.signIn('ben@example.org', another);
  });

  it('is changed by whoever knows the present one; other sessions end', async () => {
    const { browser } = await invited('cleo');
    const elsewhere = await new Browser().signIn('cleo');
    const change = (current: string) =>
      browser.send('PUT', '/v1/session/password', { current, password: `${password}!` });
    expect((await change('wrong')).status).toBe(422);
    expect((await change(password)).status).toBe(204);
    expect((await browser.send('GET', '/v1/session')).status).toBe(200);
    expect((await elsewhere.send('GET', '/v1/session')).status).toBe(401);
    expect((await core.send('PUT', '/v1/session/password', { password })).status).toBe(403);
  });
});

describe('the hash of a password', () => {
  const kept = async (login: string) =>
    (await core.db.prisma.user.findUniqueOrThrow({ where: { login } })).passwordHash ?? '';

  it('is Argon2id; one of before is still good, and is renewed when it is shown to be known', async () => {
    await invited('olga');
    const argon2id = /^\$argon2id\$v=19\$m=65536,t=3,p=4\$[\w+/]{22}\$[\w+/]{43}$/;
    expect(await kept('olga')).toMatch(argon2id);
    // As Core kept them until 2026-11.
    const salt = Buffer.alloc(16, 7);
    const key = scryptSync(password, salt, 32, { N: 2 ** 15, r: 8, p: 3, maxmem: 2 ** 26 });
    const text = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
    const passwordHash = `$scrypt$ln=15,r=8,p=3$${text(salt)}$${text(key)}`;
    await core.db.prisma.user.update({ where: { login: 'olga' }, data: { passwordHash } });
    const signIn = async (by: string) =>
      (await core.send('POST', '/v1/session', { login: 'olga', password: by }, null)).status;
    expect(await signIn('another password')).toBe(401);
    expect(await kept('olga')).toBe(passwordHash);
    expect(await signIn(password)).toBe(201);
    const renewed = await kept('olga');
    expect(renewed).toMatch(argon2id);
    expect(await signIn(password)).toBe(201);
    expect(await signIn('another password')).toBe(401);
    expect(await kept('olga')).toBe(renewed);
  });
});

describe('a role', () => {
  it('makes an account the provider’s: it does what a token of the role does, and ends with the person', async () => {
    const { browser, id } = await invited('sam@example.org', 'operator');
    expect((await browser.send('GET', '/v1/session')).body).toMatchObject({
      role: 'operator',
      login: 'sam@example.org',
    });
    const made = await browser.send('POST', '/v1/tokens', { name: 'of sam', role: 'billing', days: 300 });
    expect(made.status).toBe(201);
    expect(Date.parse(String(made.body.expiresAt))).toBeGreaterThan(Date.now() + 200 * 86_400_000);
    const bearer = `Bearer ${String(made.body.token)}`;
    await browser.send('DELETE', '/v1/session');
    // It is no session's: to sign out ends nothing else.
    expect((await core.send('GET', '/v1/fleet', undefined, bearer)).status).toBe(200);
    await browser.signIn('sam@example.org');
    expect((await core.send('PATCH', `/v1/users/${id}`, { role: 'support' })).status).toBe(204);
    expect((await browser.send('GET', '/v1/users')).status).toBe(401);
    await browser.signIn('sam@example.org');
    expect((await browser.send('POST', '/v1/tokens', { name: 'more', role: 'operator' })).status).toBe(403);
    expect((await browser.send('PATCH', `/v1/users/${id}`, { role: 'operator' })).status).toBe(403);
    expect((await browser.send('POST', `/v1/users/${id}/link`)).status).toBe(403);
    await core.send('PATCH', `/v1/users/${id}`, { suspended: true });
    expect((await browser.send('GET', '/v1/fleet')).status).toBe(401);
    expect((await core.send('GET', '/v1/fleet', undefined, bearer)).status).toBe(401);
    const acts = (await core.send('GET', '/v1/audit?limit=500')).body as {
      items: { action: string; actor: string }[];
    };
    expect(acts.items).toContainEqual(
      expect.objectContaining({ action: 'token.created', actor: `user:${id}` }),
    );
  });
});

describe('a passkey', () => {
  it('signs in without a name or a password, is listed, and removed', async () => {
    const { browser } = await invited('dora');
    const device = new PasskeyDevice(local);
    const added = await browser.add(device);
    expect(added).toMatchObject({ status: 201, body: { name: 'Laptop', host: 'localhost' } });
    const other = new Browser();
    expect((await other.use(device)).status).toBe(204);
    expect((await other.send('GET', '/v1/session')).body).toMatchObject({ login: 'dora' });
    expect((await browser.add(device)).status).toBe(409);
    expect((await other.send('GET', '/v1/passkeys')).body).toMatchObject({
      items: [{ lastUsedAt: expect.any(String) }],
    });
    const { browser: stranger } = await invited('eric');
    expect((await stranger.send('DELETE', `/v1/passkeys/${String(added.body.id)}`)).status).toBe(404);
    expect((await other.send('DELETE', `/v1/passkeys/${String(added.body.id)}`)).status).toBe(204);
    expect((await new Browser().use(device)).status).toBe(401);
  });

  it('that is wrong in any part is refused, and so is an answer that comes twice or elsewhere', async () => {
    const { browser, id } = await invited('fay');
    const device = new PasskeyDevice(local);
    for (const wrong of [
      { flags: 1 },
      { origin: 'https://evil.example' },
      { crossOrigin: true },
      { challenge: 'AAAA' },
    ]) {
      expect((await browser.add(device, wrong)).status).toBe(409);
    }
    expect((await browser.add(device)).status).toBe(201);
    const wrongs: Wrong[] = [
      { isForged: true },
      { flags: 1 },
      { origin: 'http://localhost:1' },
      { rpId: 'evil.example' },
      { crossOrigin: true },
      { type: 'webauthn.create' },
      { challenge: 'AAAA' },
      { userHandle: 'AAAA' },
    ];
    for (const wrong of wrongs) expect((await new Browser().use(device, wrong)).status).toBe(401);
    const one = new Browser();
    const { body: options } = await one.send('POST', '/v1/session/passkey/challenge');
    const cookies = [...one.cookies];
    const answer = device.get(options);
    expect((await new Browser().send('POST', '/v1/session/passkey', answer)).status).toBe(401);
    expect((await one.send('POST', '/v1/session/passkey', answer)).status).toBe(204);
    const again = new Browser();
    for (const [name, value] of cookies) again.cookies.set(name, value);
    expect((await again.send('POST', '/v1/session/passkey', answer)).status).toBe(401);
    await core.send('PATCH', `/v1/users/${id}`, { suspended: true });
    expect((await new Browser().use(device)).status).toBe(401);
  });

  it('is of an account, and at an address where browsers have them', async () => {
    expect((await core.send('POST', '/v1/passkeys/challenge')).status).toBe(409);
    expect((await core.send('GET', '/v1/passkeys')).status).toBe(403);
    expect(await core.send('GET', '/v1/session/ways', undefined, null)).toMatchObject({
      body: { passkey: false, forgotten: true },
    });
    expect((await new Browser().send('GET', '/v1/session/ways')).body).toEqual({
      passkey: true,
      forgotten: true,
    });
  });
});
