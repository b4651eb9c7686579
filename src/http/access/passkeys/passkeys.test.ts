/** Passkeys: added, used, removed; and all that an attacker may send in their place. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestServer, type TestAnswer, type TestServer } from '../../../../tests/helpers/http.ts';
import { PasskeyDevice, type Wrong } from '../../../../tests/helpers/passkey-device.ts';
import { verifyAudit } from '../../../audit/verify/verify-audit.ts';
import { passkeySchema } from '../../../contract/passkeys.ts';
import { signInLinkSchema } from '../../../contract/session.ts';
import { newId } from '../../../kernel/ids.ts';
import { rowGuardOf } from '../../../vault/row-guard.ts';
import { createSession } from '../sessions.ts';

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
});
afterAll(() => server.close());

const local = 'http://localhost:4280';

/** A browser: its address, and what it keeps. */
class Browser {
  readonly cookies = new Map<string, string>();
  readonly origin: string;
  constructor(origin = local) {
    this.origin = origin;
  }
  async send(
    method: string,
    url: string,
    body?: unknown,
  ): Promise<TestAnswer & { body: Record<string, unknown> }> {
    const headers = {
      host: new URL(this.origin).host,
      origin: this.origin,
      'sec-fetch-site': 'same-origin',
      cookie: [...this.cookies].map((pair) => pair.join('=')).join('; '),
    };
    const answer = await server.send(method, url, body, { token: null, headers });
    for (const line of [answer.headers['set-cookie'] ?? []].flat().map(String)) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return { ...answer, body: (answer.body ?? {}) as Record<string, unknown> };
  }
  async signInByLink(): Promise<this> {
    const { body } = await server.send('POST', '/api/v1/session/links');
    const code = new URL(signInLinkSchema.parse(body).url).hash.slice('#code='.length);
    expect((await this.send('POST', '/api/v1/session', { code })).status).toBe(200);
    return this;
  }
  async add(device: PasskeyDevice, name = 'Laptop', wrong: Wrong = {}) {
    const { body: options } = await this.send('POST', '/api/v1/passkeys/challenge');
    return this.send('POST', '/api/v1/passkeys', { name, response: device.create(options, wrong) });
  }
  async signIn(device: PasskeyDevice, wrong: Wrong = {}) {
    const { body: options } = await this.send('POST', '/api/v1/session/challenge');
    return this.send('POST', '/api/v1/session', { passkey: device.get(options, wrong) });
  }
}

const actions = async () =>
  (await server.db.prisma.auditInbox.findMany({ orderBy: { id: 'asc' } })).map(({ action }) => action);

describe('a passkey', () => {
  it('is added once signed in, signs in without a name, and its removal ends what it opened', async () => {
    const owner = await new Browser().signInByLink();
    const device = new PasskeyDevice(local);
    const added = await owner.add(device);
    expect(added.status).toBe(201);
    const { id } = passkeySchema.parse(added.body);
    expect(added.body).toMatchObject({
      name: 'Laptop',
      host: 'localhost',
      isSynced: false,
      lastUsedAt: null,
    });

    const phone = new Browser();
    const { body: options } = await phone.send('POST', '/api/v1/session/challenge');
    expect(options).toMatchObject({ rpId: 'localhost', userVerification: 'required' });
    expect(options.allowCredentials ?? []).toEqual([]);
    const signedIn = await phone.send('POST', '/api/v1/session', { passkey: device.get(options) });
    expect(signedIn).toMatchObject({ status: 200, body: { kind: 'session', actor: 'owner' } });
    const { body: sessions } = await phone.send('GET', '/api/v1/sessions');
    expect(sessions.items).toMatchObject([{ isThis: true, way: 'passkey' }, { way: 'link' }]);
    expect((await owner.send('GET', '/api/v1/passkeys')).body.items).toMatchObject([
      { id, lastUsedAt: expect.any(String) },
    ]);

    expect(await owner.send('DELETE', `/api/v1/passkeys/${id}`)).toMatchObject({
      status: 200,
      body: { endedSessions: 1 },
    });
    expect((await phone.send('GET', '/api/v1/session')).status).toBe(401);
    expect((await owner.send('GET', '/api/v1/session')).status).toBe(200);
    expect((await phone.signIn(device)).status).toBe(401);
    expect((await owner.send('DELETE', `/api/v1/passkeys/${id}`)).status).toBe(404);
    // One that was proved just before, whose session is opened just behind.
    await expect(createSession(server.db, { way: 'passkey', passkeyId: id })).rejects.toMatchObject({
      code: 'E_UNAUTHENTICATED',
    });
    expect((await actions()).slice(1)).toEqual([
      ...['sign_in.link_created', 'sign_in.succeeded', 'passkey.added', 'sign_in.succeeded'],
      ...['passkey.removed', 'session.closed', 'sign_in.failed'],
    ]);
  });

  it('is called by another name, and signs in as before', async () => {
    const owner = await new Browser().signInByLink();
    const device = new PasskeyDevice(local);
    const { id } = passkeySchema.parse((await owner.add(device)).body);
    const rename = (body: object, which = id) => owner.send('PATCH', `/api/v1/passkeys/${which}`, body);
    expect(await rename({ name: '  Old phone ' })).toMatchObject({
      status: 200,
      body: { id, name: 'Old phone' },
    });
    expect((await new Browser().signIn(device)).status).toBe(200);
    expect(
      await server.db.prisma.auditInbox.findFirst({ where: { action: 'passkey.renamed' } }),
    ).toMatchObject({
      ...{ actor: 'owner', subject: id, data: { before: 'Laptop', name: 'Old phone' } },
    });
    expect(await rename({ name: ' ' })).toMatchObject({
      status: 422,
      body: { errors: [{ field: '/name' }] },
    });
    expect((await rename({ name: 'x' }, newId())).status).toBe(404);
    const admin = await server.token('admin');
    const byToken = await server.send('PATCH', `/api/v1/passkeys/${id}`, { name: 'x' }, { token: admin });
    expect(byToken.status).toBe(403);
    await server.db.prisma.passkey.deleteMany();
  });

  it('is added by a fresh sign-in alone', async () => {
    const owner = await new Browser().signInByLink();
    const { body: options } = await owner.send('POST', '/api/v1/passkeys/challenge');
    const row = await server.db.prisma.session.findFirstOrThrow({ orderBy: { id: 'desc' } });
    const createdAt = new Date(Date.now() - 16 * 60_000);
    const mac = rowGuardOf(server.db.prisma).sign('sessions', { ...row, createdAt });
    await server.db.prisma.session.update({ where: { id: row.id }, data: { createdAt, mac } });
    const device = new PasskeyDevice(local);
    const stale = { status: 403, body: { code: 'E_SIGN_IN_AGAIN' } };
    expect(await owner.send('POST', '/api/v1/passkeys/challenge')).toMatchObject(stale);
    const response = device.create(options);
    expect(await owner.send('POST', '/api/v1/passkeys', { name: 'x', response })).toMatchObject(stale);
    expect(await owner.send('DELETE', `/api/v1/passkeys/${row.id}`)).toMatchObject(stale);
  });

  it.each<[string, Wrong]>([
    ['of another origin', { origin: 'http://localhost:3000' }],
    ['of another site', { origin: 'https://evil.example' }],
    ['for another host name', { rpId: 'evil.example' }],
    ['for a sign-in', { type: 'webauthn.get' }],
    ['for another challenge', { challenge: 'AAAA' }],
    ['from within another page', { crossOrigin: true }],
    ['without anybody present', { flags: 0 }],
    ['without knowing who', { flags: 1 }],
  ])('is not added %s', async (_what, wrong) => {
    const owner = await new Browser().signInByLink();
    const answer = await owner.add(new PasskeyDevice(local), 'Laptop', wrong);
    expect(answer).toMatchObject({ status: 409, body: { code: 'E_CONFLICT' } });
    expect(await server.db.prisma.passkey.count()).toBe(0);
  });

  it('is added once, and only in the session that began', async () => {
    const [owner, other] = [await new Browser().signInByLink(), await new Browser().signInByLink()];
    const device = new PasskeyDevice(local);
    const { body: options } = await owner.send('POST', '/api/v1/passkeys/challenge');
    const response = device.create(options);
    const cookie = owner.cookies.get('alfred_vm_challenge') ?? '';
    other.cookies.set('alfred_vm_challenge', cookie);
    expect((await other.send('POST', '/api/v1/passkeys', { name: 'x', response })).status).toBe(409);
    expect((await owner.send('POST', '/api/v1/passkeys', { name: 'x', response })).status).toBe(201);
    owner.cookies.set('alfred_vm_challenge', cookie);
    expect((await owner.send('POST', '/api/v1/passkeys', { name: 'x', response })).status).toBe(409);
    const { body: again } = await owner.send('POST', '/api/v1/passkeys/challenge');
    const same = device.create(again);
    expect((await owner.send('POST', '/api/v1/passkeys', { name: 'x', response: same })).status).toBe(409);
    // What was asked for a sign-in is not good for this.
    await other.send('POST', '/api/v1/session/challenge');
    const { body: asked } = await other.send('POST', '/api/v1/session/challenge');
    const another = new PasskeyDevice(local).create({ ...options, ...asked });
    expect((await other.send('POST', '/api/v1/passkeys', { name: 'x', response: another })).status).toBe(409);
    await server.db.prisma.passkey.deleteMany();
  });
});

describe('a sign-in by a passkey', () => {
  let device: PasskeyDevice;
  beforeEach(async () => {
    await server.close();
    server = await createTestServer();
    device = new PasskeyDevice(local);
    device.counter = 5;
    const owner = await new Browser().signInByLink();
    expect((await owner.add(device)).status).toBe(201);
  });

  // Of wrong ones an address has ten a minute.
  it.each<[string, [string, Wrong][]]>([
    [
      'asked for elsewhere',
      [
        ['of another origin', { origin: 'http://localhost:3000' }],
        ['of another site', { origin: 'https://evil.example' }],
        ['for another host name', { rpId: 'evil.example' }],
        ['that adds one', { type: 'webauthn.create' }],
        ['for another challenge', { challenge: 'AAAA' }],
        ['from within another page', { crossOrigin: true }],
      ],
    ],
    [
      'signed by somebody else',
      [
        ['without anybody present', { flags: 0 }],
        ['without knowing who', { flags: 1 }],
        ['by a key that may be backed up now', { flags: 1 | 4 | 8 }],
        ['by a copy of the key, whose count is behind', { counter: 5 }],
        ['of another owner', { userHandle: 'AAAA' }],
        ['signed by another key', { isForged: true }],
      ],
    ],
  ])('%s is refused, each with the same words', async (_what, all) => {
    for (const [what, wrong] of all) {
      const browser = new Browser();
      const answer = await browser.signIn(device, wrong);
      expect(`${what}: ${answer.status} ${answer.body.detail}`).toBe(
        `${what}: 401 This passkey does not sign in here`,
      );
      expect(browser.cookies.has('alfred_vm_session')).toBe(false);
    }
    expect((await new Browser().signIn(device)).status).toBe(200);
  });

  it('is good once, in the browser that began it, for five minutes', async () => {
    const [mine, theirs] = [new Browser(), new Browser()];
    const { body: options } = await mine.send('POST', '/api/v1/session/challenge');
    const cookie = mine.cookies.get('alfred_vm_challenge') ?? '';
    const passkey = device.get(options);
    expect((await theirs.send('POST', '/api/v1/session', { passkey })).status).toBe(401);
    await theirs.send('POST', '/api/v1/session/challenge');
    expect((await theirs.send('POST', '/api/v1/session', { passkey })).status).toBe(401);
    const all = await Promise.all(
      Array.from({ length: 5 }, () => {
        const same = new Browser();
        same.cookies.set('alfred_vm_challenge', cookie);
        return same.send('POST', '/api/v1/session', { passkey });
      }),
    );
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
    mine.cookies.set('alfred_vm_challenge', cookie);
    expect((await mine.send('POST', '/api/v1/session', { passkey })).status).toBe(401);
    const [end, text] = cookie.split('.');
    mine.cookies.set('alfred_vm_challenge', `${Number(end) + 1000}.${text}`);
    expect((await mine.send('POST', '/api/v1/session', { passkey })).status).toBe(401);
    mine.cookies.set('alfred_vm_challenge', `${Date.now() - 1}.${text}`);
    expect((await mine.send('POST', '/api/v1/session', { passkey })).status).toBe(401);
  });

  it('from another site is refused before anything is looked at', async () => {
    const browser = new Browser();
    const { body: options } = await browser.send('POST', '/api/v1/session/challenge');
    const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ');
    const headers = { host: 'localhost:4280', origin: 'https://evil.example', cookie };
    for (const url of ['/api/v1/session', '/api/v1/session/challenge']) {
      const body = { passkey: device.get(options) };
      const { status } = await server.send('POST', url, body, { token: null, headers });
      expect(status).toBe(403);
    }
  });

  it('works however many wrong ones strangers send', async () => {
    for (let count = 0; count < 15; count++) await new Browser().signIn(device, { isForged: true });
    expect((await new Browser().signIn(device, { isForged: true })).status).toBe(429);
    expect((await new Browser().signIn(device)).status).toBe(200);
  });

  it('goes by a row of this VM alone, and by none that was removed', async () => {
    const { prisma } = server.db;
    const before = await prisma.passkey.findFirstOrThrow();
    const other = new PasskeyDevice(local);
    // Somebody who writes to the database puts the key of a device of theirs into it.
    await prisma.passkey.update({ where: { id: before.id }, data: { counter: 0 } });
    expect((await new Browser().signIn(device)).status).toBe(401);
    await prisma.passkey.update({ where: { id: before.id }, data: { counter: before.counter } });
    const planted = { ...before, id: before.id.replace(/.$/, '0'), credentialId: new Uint8Array(other.id) };
    if (planted.id === before.id) planted.id = before.id.replace(/.$/, '1');
    await prisma.passkey.create({ data: planted });
    other.userHandle = device.userHandle;
    expect((await new Browser().signIn(other)).status).toBe(401);
    await prisma.passkey.delete({ where: { id: planted.id } });
    const owner = await new Browser().signInByLink();
    await owner.send('DELETE', `/api/v1/passkeys/${before.id}`);
    await prisma.passkey.create({ data: before });
    const { findings } = await verifyAudit({ db: server.db, vault: server.vault, home: server.home });
    expect(findings).toMatchObject([{ subject: `passkeys/${before.id}` }]);
  });
});

describe('an address', () => {
  it('at which browsers take no passkey says where they do', async () => {
    for (const [origin, isHere] of [
      ['http://localhost:4280', true],
      ['http://127.0.0.1:4280', false],
      ['http://[::1]:4280', false],
      // Another port leads here by forwarding, or is another program's: a browser does not say which.
      ['http://localhost:3000', false],
    ] as const) {
      const browser = await new Browser(origin).signInByLink();
      const { body } = await browser.send('GET', '/api/v1/session/ways');
      expect(body.passkey).toEqual({ isSet: true, isHere, address: local });
      const { status, body: said } = await browser.send('POST', '/api/v1/passkeys/challenge');
      expect(status).toBe(isHere ? 200 : 409);
      if (!isHere) expect(said.remedy).toContain(local);
      expect((await browser.send('POST', '/api/v1/session/challenge')).status).toBe(isHere ? 200 : 409);
      const link = await browser.send('POST', '/api/v1/session/links', { for: 'passkeys' });
      expect(String(link.body.url)).toMatch(/^http:\/\/localhost:4280\/#code=/);
    }
  });

  it('that is public has its own, and each origin takes what was signed at it alone', async () => {
    await server.close();
    const publicUrl = 'https://alfred.example';
    server = await createTestServer({ env: { ALFRED_PUBLIC_URL: publicUrl } });
    const owner = await new Browser(publicUrl).signInByLink();
    const device = new PasskeyDevice(publicUrl);
    expect((await owner.add(device)).status).toBe(201);
    expect((await new Browser(publicUrl).signIn(device)).status).toBe(200);
    // At localhost neither it, nor what was signed for that name.
    expect((await new Browser(local).signIn(device)).status).toBe(401);
    expect((await new Browser(local).signIn(device, { origin: local, rpId: 'localhost' })).status).toBe(401);
    expect((await new Browser(publicUrl).signIn(device, { origin: local })).status).toBe(401);
    const ways = await new Browser(local).send('GET', '/api/v1/session/ways');
    expect(ways.body.passkey).toEqual({ isSet: false, isHere: true, address: local });
  });

  it('that is public and no name has none but localhost', async () => {
    await server.close();
    server = await createTestServer({ env: { ALFRED_PUBLIC_URL: 'https://192.0.2.7' } });
    const ways = await new Browser('https://192.0.2.7').send('GET', '/api/v1/session/ways');
    expect(ways.body.passkey).toEqual({ isSet: false, isHere: false, address: local });
  });
});
