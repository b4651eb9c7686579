/** A user of Core opens their VM: what a good token may do, and every way that a bad one is refused. */
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { exportJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rotateSigningKey } from '../../core/keys/rotate-key.ts';
import { openSigner } from '../../core/keys/signer.ts';
import { createTestCore, type TestCore } from '../../tests/helpers/core.ts';
import { createTestServer, type TestServer } from '../../tests/helpers/http.ts';
import { insertFinishedExecution, insertSkill } from '../../tests/helpers/rows.ts';
import { signAll } from '../../tests/helpers/signed.ts';
import { newId } from '../kernel/ids.ts';

let core: TestCore;
let vm: TestServer;
let ada: { id: string; bearer: string };
let vmId: string;
let execution: string;
beforeAll(async () => {
  core = await createTestCore();
  vm = await createTestServer({ withQueue: true });
  ada = await core.user('ada');
  const link = { url: core.url, enrollmentToken: await core.enrolmentToken(ada.bearer) };
  vmId = ((await vm.send('POST', '/api/v1/core/link', link)).body as { vmId: string }).vmId;
  execution = (await insertFinishedExecution(vm.db, { output: 'content-canary' })).id;
  const { id, slug } = await insertSkill(vm.db, { slug: 'morning' });
  const version = {
    skillId: id,
    version: 1,
    definition: {},
    contentHash: Buffer.alloc(32),
    createdBy: 'owner',
  };
  await vm.db.prisma.skillVersion.create({ data: version });
  await signAll(vm.db);
  expect(slug).toBe('morning');
});
afterAll(async () => {
  await vm.close();
  await core.close();
});

async function tokenFor(scopes: string[]): Promise<string> {
  const { body } = await core.send('POST', `/v1/vms/${vmId}/access`, { scopes }, ada.bearer);
  return (body as { token: string }).token;
}

const status = (token: string) => vm.send('GET', '/api/v1/status', undefined, { token });

describe('a token of Core', () => {
  it('reads how the VM stands and starts a skill; of content it sees nothing', async () => {
    const all = ['status', 'start', 'content'];
    const one = async (method: string, url: string, body?: unknown) =>
      vm.send(method, url, body, { token: await tokenFor(all) });
    expect(await one('GET', '/api/v1/status')).toMatchObject({ status: 200, body: { running: 0 } });
    const state = await one('GET', `/api/v1/executions/${execution}/status`);
    expect(state).toMatchObject({ status: 200, body: { status: 'succeeded', tokenCount: 42 } });
    expect(state.text).not.toContain('content-canary');
    const started = await one('POST', '/api/v1/skills/morning/run?wait=30', {});
    expect(started.status).toBe(202);
    const { executionId } = started.body as { executionId: string };
    expect(await vm.db.prisma.execution.findUniqueOrThrow({ where: { id: executionId } })).toMatchObject({
      actor: `core:${ada.id}`,
      trigger: 'chat',
    });
    for (const [method, url] of [
      ['GET', '/api/v1/executions'],
      ['GET', `/api/v1/executions/${execution}`],
      ['GET', '/api/v1/skills'],
      ['GET', '/api/v1/config'],
      ['GET', '/api/v1/core'],
      ['POST', `/api/v1/executions/${execution}/cancel`],
      ['POST', '/api/v1/connections/x/tools/y'],
      ['DELETE', '/api/v1/core/link'],
      ['POST', '/api/v1/tokens'],
      ['PUT', '/api/v1/config/core_token_scopes'],
    ] as const) {
      const answer = await one(method, url, method === 'GET' || method === 'DELETE' ? undefined : {});
      expect([method, url, answer.status]).toEqual([method, url, 403]);
    }
  });

  it('does what the owner lets it and what it asks for, and no more', async () => {
    const set = (value: string) => vm.send('PUT', '/api/v1/config/core_token_scopes', { value });
    const content = async (...scopes: string[]) =>
      (await vm.send('GET', `/api/v1/executions/${execution}`, undefined, { token: await tokenFor(scopes) }))
        .status;
    expect((await set('status start content')).status).toBe(200);
    expect(await content('content')).toBe(200);
    expect(await content('status', 'start')).toBe(403);
    const write = { token: await tokenFor(['content', 'start', 'status']) };
    expect((await vm.send('POST', '/api/v1/skills', {}, write)).status).toBe(403);
    await set('none');
    expect((await status(await tokenFor(['status']))).status).toBe(403);
    expect((await set('everything')).status).toBe(422);
    await vm.send('DELETE', '/api/v1/config/core_token_scopes');
    expect((await status(await tokenFor(['status']))).status).toBe(200);
  });

  it('is good once, and its use is on record', async () => {
    const token = await tokenFor(['status']);
    const answers = await Promise.all([1, 2, 3, 4].map(() => status(token)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 401, 401, 401]);
    const { rows } = await vm.db.pool.query(
      "SELECT count(*)::int AS n FROM (SELECT action, actor FROM audit_inbox UNION ALL SELECT action, actor FROM audit_events) a WHERE action = 'core.access_used' AND actor = $1",
      [`core:${ada.id}`],
    );
    expect(rows[0].n).toBeGreaterThan(0);
  });
});

describe("Core's next key", () => {
  it('is asked for as soon as a token names it, and the token is taken', async () => {
    await rotateSigningKey(core.home);
    Object.assign(core.signer, await openSigner(core.home));
    expect((await status(await tokenFor(['status']))).status).toBe(200);
    const link = (await vm.send('GET', '/api/v1/core')).body as { keyFingerprint: string };
    expect(link.keyFingerprint).toBe(core.signer.kid);
  });
});

const seconds = () => Math.floor(Date.now() / 1000);
type Claims = Record<string, unknown>;

const good = (): Claims => ({
  iss: core.url,
  aud: vmId,
  sub: ada.id,
  iat: seconds(),
  exp: seconds() + 300,
  jti: newId(),
  scope: 'status',
});

/** A token signed by Core's real key unless told otherwise; undefined takes a claim away. */
async function forge(claims: Claims = {}, header: object = {}, key: KeyObject = core.signer.privateKey) {
  const payload = Object.fromEntries(
    Object.entries({ ...good(), ...claims }).filter(([, value]) => value !== undefined),
  );
  return new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA', typ: 'alfred-vm+jwt', ...header }).sign(key);
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a forged token', () => {
  it('is told from a good one, which these begin with', async () => {
    expect((await status(await forge())).status).toBe(200);
  });

  it.each<[string, Claims]>([
    ['another issuer', { iss: 'https://evil.example.org' }],
    ['no issuer', { iss: undefined }],
    ['another VM', { aud: newId() }],
    ['this VM among others', { aud: ['x', 'y'] }],
    ['no audience', { aud: undefined }],
    ['one that is over', { iat: seconds() - 700, exp: seconds() - 400 }],
    ['one that is old, though it says otherwise', { iat: seconds() - 700, exp: seconds() + 300 }],
    ['one from the future', { iat: seconds() + 600, exp: seconds() + 900 }],
    ['one for a day', { exp: seconds() + 86_400 }],
    ['no end', { exp: undefined }],
    ['no beginning', { iat: undefined }],
    ['no id of its own', { jti: undefined }],
    ['a short id', { jti: 'x' }],
    ['an id that is no text', { jti: 7 }],
    ['nobody', { sub: undefined }],
    ['a subject that is no id', { sub: 'owner' }],
    ['no scope', { scope: undefined }],
    ['a scope that is no text', { scope: ['status'] }],
    ['not before', { nbf: seconds() + 600 }],
    ['an end that is no number', { exp: 'soon' }],
  ])('with %s is refused', async (_what, claims) => {
    expect((await status(await forge(claims))).status).toBe(401);
  });

  it('with this VM in a list of audiences is refused', async () => {
    expect((await status(await forge({ aud: [vmId] }))).status).toBe(401);
    expect((await status(await forge({ aud: [vmId, 'other'] }))).status).toBe(401);
  });

  it('of another type, key or algorithm is refused, whatever its header says', async () => {
    const other = generateKeyPairSync('ed25519');
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const jwk = await exportJWK(other.publicKey);
    const jku = 'https://evil.example.org/jwks.json';
    const body = part(good());
    const hmac = (alg: string, secret: string) => {
      const head = part({ alg, typ: 'alfred-vm+jwt' });
      return `${head}.${body}.${createHmac('sha256', secret).update(`${head}.${body}`).digest('base64url')}`;
    };
    const real = await forge();
    const [head = '', , signature = ''] = real.split('.');
    const tokens = [
      await forge({}, { typ: 'JWT' }),
      await forge({}, { typ: 'alfred-core+jwt' }),
      await forge({}, { typ: undefined }),
      await forge({}, { crit: ['x'], x: 1 }).catch(
        () => `${part({ alg: 'EdDSA', typ: 'alfred-vm+jwt', crit: ['x'] })}.${body}.${signature}`,
      ),
      await forge({}, {}, other.privateKey),
      await forge({}, { jwk }, other.privateKey),
      await forge({}, { jku, kid: core.signer.kid }, other.privateKey),
      await forge({}, { x5u: jku }, other.privateKey),
      await forge({}, { alg: 'RS256' }, rsa),
      await forge({}, { alg: 'PS256' }, rsa),
      await forge({}, { alg: 'ES256' }, ec),
      hmac('HS256', core.signer.publicKeyPem),
      hmac('HS256', core.signer.publicKeyPem.trim()),
      hmac('HS256', ''),
      hmac('EdDSA', core.signer.publicKeyPem),
      `${part({ alg: 'none', typ: 'alfred-vm+jwt' })}.${body}.`,
      `${part({ alg: 'none', typ: 'alfred-vm+jwt' })}.${body}.${signature}`,
      `${part({ alg: 'NONE' })}.${body}.AA`,
      `${head}.${body}.${signature}`,
      `${head}.${part({ ...good(), scope: 'content' })}.${signature}`,
      `${real.slice(0, -1)}`,
      `${real.slice(0, -4)}AAAA`,
      `${real}A`,
      `${real}.x`,
      `${real}=`,
      real.replace('.', '..'),
      `${head}.${body}.`,
      `${'A'.repeat(9000)}.${body}.${signature}`,
      core.adminToken,
      ada.bearer.slice('Bearer '.length),
    ];
    for (const [index, token] of tokens.entries()) {
      expect([index, (await status(token)).status]).toEqual([index, 401]);
    }
    // None of them used the good one up.
    expect((await status(real)).status).toBe(200);
  });

  it("is what a VM's own bearer is here", async () => {
    const { issueBearer } = await import('../../core/registry/tokens.ts');
    const { token } = await issueBearer({ signer: core.signer, issuer: core.url }, vmId);
    expect((await status(token)).status).toBe(401);
  });

  it('is what every token is when the link has ended', async () => {
    const token = await tokenFor(['status']);
    await vm.send('DELETE', '/api/v1/core/link');
    expect((await status(token)).status).toBe(401);
  });
});
