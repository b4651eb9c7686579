/** Core as programs meet it: a real server over a real database. */
import { createPublicKey, randomUUID } from 'node:crypto';
import { hash } from 'bcryptjs';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { basicOf, createTestCore, type TestCore } from '../tests/helpers/core.ts';
import { rotateSigningKey } from './keys/rotate-key.ts';
import { openSigner } from './keys/signer.ts';
import { issueBearer } from './registry/tokens.ts';

let core: TestCore;
beforeAll(async () => {
  core = await createTestCore();
});
afterAll(() => core.close());

const enrol = (bearer?: string) => core.vm(bearer === undefined ? {} : { bearer });

/** A time of so many days ago. */
const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

const report = (more: object = {}) => ({
  reportId: randomUUID(),
  periodStart: ago(0.01),
  periodEnd: ago(0),
  executions: 3,
  durationMs: 4500,
  tokens: 1234,
  ...more,
});

/** What is billed of a VM in all, and when it last reported. */
const totalsOf = async (vmId: string) => {
  const { body } = await core.send('GET', `/v1/fleet?q=${vmId}`);
  const { lastReportAt } = (body as { items: { lastReportAt: string | null }[] }).items[0] ?? {};
  const { rows } = await core.db.pool.query(
    `SELECT coalesce(sum(executions), 0)::int AS executions, coalesce(sum(duration_ms), 0)::int AS "durationMs",
       coalesce(sum(tokens), 0)::float8 AS tokens FROM daily_totals WHERE vm_id = $1`,
    [vmId],
  );
  return { ...rows[0], lastReportAt } as Record<string, unknown>;
};

describe('enrolment', () => {
  it('happens once for a token; the same VM that lost the answer is told again', async () => {
    const { vmId, request } = await enrol();
    expect((await core.send('POST', '/v1/vms', request, null)).body).toEqual({
      vmId,
      issuer: core.url,
      publicKeyPem: core.signer.publicKeyPem,
    });
    const other = { ...request, authSecretHash: await hash('another', 8) };
    expect(await core.send('POST', '/v1/vms', other, null)).toMatchObject({
      status: 403,
      body: { code: 'E_ENROLMENT' },
    });
  });

  it('refuses a made-up token, an expired one, a hash that is none or costs too much, and a name', async () => {
    const authSecretHash = await hash('x', 8);
    const enrollmentToken = await core.enrolmentToken();
    const attempt = async (body: object) => (await core.send('POST', '/v1/vms', body, null)).status;
    expect(await attempt({ enrollmentToken: `enrol_${'A'.repeat(43)}`, authSecretHash })).toBe(403);
    expect(await attempt({ enrollmentToken, authSecretHash: 'the secret itself' })).toBe(422);
    expect(await attempt({ enrollmentToken, authSecretHash: authSecretHash.replace('$08$', '$31$') })).toBe(
      422,
    );
    expect(await attempt({ enrollmentToken, authSecretHash, label: "Mara's house" })).toBe(422);
    await core.db.prisma.enrolment.updateMany({ where: { vmId: null }, data: { expiresAt: new Date(0) } });
    expect(await attempt({ enrollmentToken, authSecretHash })).toBe(403);
  });

  it('keeps nothing of the secret but the bcrypt hash, and of the token its SHA-256', async () => {
    const { secret, request, vmId } = await enrol();
    const { rows } = await core.db.pool.query(
      'SELECT row_to_json(v)::text AS text FROM vms v UNION ALL SELECT row_to_json(e)::text FROM enrolments e',
    );
    const text = JSON.stringify(rows);
    expect(text).toContain(vmId);
    expect(text).not.toContain(secret);
    expect(text).not.toContain(request.enrollmentToken);
    expect(core.logged.join('')).not.toContain(secret);
  });

  it('gives a bearer for the right secret alone', async () => {
    const { vmId } = await enrol();
    for (const authorization of [basicOf(vmId, 'wrong'), basicOf(randomUUID(), 'wrong'), 'Basic !', null]) {
      expect((await core.send('POST', `/v1/vms/${vmId}/token`, undefined, authorization)).status).toBe(401);
    }
  });
});

describe('a host name', () => {
  it('that is not Core’s own is refused at every address, whatever else is sent', async () => {
    const asked = async (host: string, url: string) =>
      (await core.app.inject({ url, headers: { host, authorization: `Bearer ${core.adminToken}` } }))
        .statusCode;
    const own = new URL(core.url).host;
    for (const url of ['/', '/v1/fleet?month=2026-11', '/.well-known/alfred-core.json', '/no-such-page']) {
      expect(await asked('evil.example', url)).toBe(403);
      expect(await asked(`${own}.evil.example`, url)).toBe(403);
    }
    expect(await asked(own, '/v1/fleet?month=2026-11')).toBe(200);
    expect(await asked('localhost:80', '/v1/fleet?month=2026-11')).toBe(200);
  });
});

describe('metrics intake', () => {
  it('counts a report once, however often it comes, at once or later', async () => {
    const { vmId, bearer } = await enrol();
    const first = report();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => core.send('POST', `/v1/vms/${vmId}/metrics`, first, bearer)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    await core.send(
      'POST',
      `/v1/vms/${vmId}/metrics`,
      report({ executions: 1, durationMs: 1, tokens: 1 }),
      bearer,
    );
    expect(await totalsOf(vmId)).toMatchObject({ executions: 4, durationMs: 4501, tokens: 1235 });
    expect((await totalsOf(vmId)).lastReportAt).not.toBeNull();
    const changed = { ...first, tokens: 9 };
    expect((await core.send('POST', `/v1/vms/${vmId}/metrics`, changed, bearer)).status).toBe(409);
    expect(await totalsOf(vmId)).toMatchObject({ executions: 4, durationMs: 4501, tokens: 1235 });
  });

  it.each([
    ['a fourth number', { cost: 1 }],
    ['a name', { hostname: 'mara' }],
    ['words for a number', { tokens: 'many' }],
    ['a fraction', { tokens: 1.5 }],
    ['a negative number', { executions: -1 }],
    ['a number that no VM reaches', { tokens: 10_000_000_001 }],
    ['words in the id', { reportId: 'summarise-my-mail' }],
    ['words in a time', { periodStart: `${ago(1)} mara` }],
    ['a period that runs backwards', { periodEnd: ago(1) }],
    ['a day that there is not', { periodStart: '2026-02-30T00:00:00.000Z' }],
    ['the year one', { periodStart: '0001-01-01T00:00:00.000Z' }],
    ['nothing for a number', { tokens: undefined }],
    ['null for a number', { tokens: null }],
    ['a story', { tokens: 'x'.repeat(300) }],
  ])('refuses %s, and keeps nothing of it', async (_what, more) => {
    const { vmId, bearer } = await enrol();
    const { status } = await core.send('POST', `/v1/vms/${vmId}/metrics`, report(more), bearer);
    expect([400, 413, 422]).toContain(status);
    expect(await totalsOf(vmId)).toMatchObject({ executions: 0, lastReportAt: null });
  });

  it('refuses what takes a day beyond what a VM can do, and names it', async () => {
    const { vmId, bearer } = await enrol();
    const periodEnd = ago(0);
    const send = (tokens: number) =>
      core.send('POST', `/v1/vms/${vmId}/metrics`, report({ periodEnd, tokens }), bearer);
    expect((await send(9_999_999_999)).status).toBe(201);
    expect((await send(1)).status).toBe(201);
    expect(await send(1)).toMatchObject({ status: 422, body: { errors: [{ field: '/tokens' }] } });
    expect(await totalsOf(vmId)).toMatchObject({ tokens: 10_000_000_000, executions: 6 });
  });

  it('refuses bytes that say more than they mean', async () => {
    const { vmId, bearer } = await enrol();
    const bytes = JSON.stringify(report());
    for (const body of [
      bytes.replace('"tokens":', '"tokens":7,"tokens":'),
      bytes.replace('1234', '1234.0'),
      bytes.replace('tokens', String.raw`\u0074okens`),
      `${bytes}${bytes}`,
    ]) {
      expect([400, 413]).toContain((await core.send('POST', `/v1/vms/${vmId}/metrics`, body, bearer)).status);
    }
    expect((await core.send('POST', `/v1/vms/${vmId}/metrics`, bytes, bearer)).status).toBe(201);
  });

  it("takes a VM's own bearer alone", async () => {
    const [one, other, person] = [await enrol(), await enrol(), await core.user('nosy')];
    // One that was taken a moment ago is good at its own address, and no other; and not with a letter more.
    const reported = await core.send('POST', `/v1/vms/${other.vmId}/metrics`, report(), other.bearer);
    expect(reported.status).toBe(201);
    for (const authorization of [
      other.bearer,
      `${one.bearer}A`,
      person.bearer,
      `Bearer ${core.adminToken}`,
      'Bearer x',
      null,
    ]) {
      expect((await core.send('POST', `/v1/vms/${one.vmId}/metrics`, report(), authorization)).status).toBe(
        401,
      );
    }
  });

  it('stops for a suspended VM, and goes on when it is let in again', async () => {
    const { vmId, bearer, secret } = await enrol();
    await core.send('PATCH', `/v1/vms/${vmId}`, { suspended: true });
    const refused = { status: 403, body: { code: 'E_SUSPENDED' } };
    expect(await core.send('POST', `/v1/vms/${vmId}/metrics`, report(), bearer)).toMatchObject(refused);
    expect(await core.send('POST', `/v1/vms/${vmId}/token`, undefined, basicOf(vmId, secret))).toMatchObject(
      refused,
    );
    await core.send('PATCH', `/v1/vms/${vmId}`, { suspended: false });
    expect((await core.send('POST', `/v1/vms/${vmId}/metrics`, report(), bearer)).status).toBe(201);
  });
});

describe('people', () => {
  it('see their own VMs; the operator sees all, bills by month, and opens none', async () => {
    const [ada, bob] = [await core.user('ada'), await core.user('bob')];
    const vm = await enrol(ada.bearer);
    await core.send('POST', `/v1/vms/${vm.vmId}/metrics`, report(), vm.bearer);
    const { body: fleet } = await core.send('GET', '/v1/fleet', undefined, ada.bearer);
    expect(fleet).toMatchObject({
      total: 1,
      items: [{ vmId: vm.vmId, ownerId: ada.id, owner: 'ada', state: 'reporting' }],
    });
    expect((await core.send('GET', '/v1/fleet', undefined, bob.bearer)).body).toMatchObject({
      total: 0,
      items: [],
    });
    // By the month that it was reported in, which may end meanwhile.
    const billing = await core.send('GET', `/v1/billing?from=${ago(1).slice(0, 7)}`, undefined, ada.bearer);
    const usage = {
      vmId: vm.vmId,
      ownerId: ada.id,
      kind: 'usage',
      executions: 3,
      durationMs: 4500,
      tokens: 1234,
    };
    expect(billing.body).toMatchObject({ items: [usage], apart: [], closed: [] });

    const access = (bearer: string) => core.send('POST', `/v1/vms/${vm.vmId}/access`, {}, bearer);
    expect((await access(bob.bearer)).status).toBe(404);
    expect((await access(`Bearer ${core.adminToken}`)).status).toBe(403);
    expect((await access(vm.bearer)).status).toBe(401);
    expect((await core.send('PATCH', `/v1/vms/${vm.vmId}`, { suspended: true }, ada.bearer)).status).toBe(
      403,
    );
    expect(
      (await core.send('POST', '/v1/users', { login: 'x', password: 'long enough, yes' }, ada.bearer)).status,
    ).toBe(403);
    expect((await core.send('POST', '/v1/session', { login: 'ada', password: 'wrong' }, null)).status).toBe(
      401,
    );
  });

  it("give a five-minute token for one's own VM, which the published key verifies", async () => {
    const cleo = await core.user('cleo');
    const vm = await enrol(cleo.bearer);
    const { body } = await core.send('POST', `/v1/vms/${vm.vmId}/access`, undefined, cleo.bearer);
    const { token, scopes } = body as { token: string; scopes: string[] };
    expect(scopes).toEqual(['status', 'start']);
    const jwks = (await core.send('GET', '/.well-known/jwks.json', undefined, null)).body as JSONWebKeySet;
    expect(JSON.stringify(jwks)).not.toContain('"d"');
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(jwks), {
      audience: vm.vmId,
      issuer: core.url,
      typ: 'alfred-vm+jwt',
    });
    expect(protectedHeader.alg).toBe('EdDSA');
    expect(payload).toMatchObject({ sub: cleo.id, scope: 'status start', jti: expect.any(String) });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
  });

  it('are let in no more when suspended or signed out', async () => {
    const password = 'password of dan';
    const dan = await core.user('dan', password);
    await core.send('PATCH', `/v1/users/${dan.id}`, { suspended: true });
    expect((await core.send('GET', '/v1/fleet', undefined, dan.bearer)).status).toBe(401);
    await core.send('PATCH', `/v1/users/${dan.id}`, { suspended: false });
    // What was open then stays shut: they sign in anew.
    expect((await core.send('GET', '/v1/fleet', undefined, dan.bearer)).status).toBe(401);
    const again = await core.send('POST', '/v1/session', { login: 'dan', password }, null);
    const bearer = `Bearer ${(again.body as { token: string }).token}`;
    expect((await core.send('GET', '/v1/fleet', undefined, bearer)).status).toBe(200);
    await core.send('DELETE', '/v1/session', undefined, bearer);
    expect((await core.send('GET', '/v1/fleet', undefined, bearer)).status).toBe(401);
  });
});

describe('the signing key', () => {
  it('is followed by one that it signed for, and is not in the database', async () => {
    const before = await openSigner(core.home);
    await rotateSigningKey(core.home);
    const after = await openSigner(core.home);
    expect(after.kid).not.toBe(before.kid);
    expect([...after.publicKeys.keys()]).toEqual([after.kid, before.kid]);
    const { payload } = await jwtVerify(after.succession[0] ?? '', createPublicKey(before.publicKeyPem), {
      typ: 'alfred-succession+jwt',
    });
    expect(payload.nextKey).toBe(after.publicKeyPem);
  });

  it('is taken up while Core runs, as soon as somebody comes with its mark', async () => {
    const { vmId } = await enrol();
    // As another process of this Core, which has the next key already.
    await rotateSigningKey(core.home);
    const next = await openSigner(core.home);
    expect(core.signer.kid).not.toBe(next.kid);
    const { token } = await issueBearer({ signer: next, issuer: core.url }, vmId);
    const sent = await core.send('POST', `/v1/vms/${vmId}/metrics`, report(), `Bearer ${token}`);
    expect(sent.status).toBe(201);
    expect(core.signer.kid).toBe(next.kid);
    const { keys } = (await core.send('GET', '/.well-known/jwks.json', undefined, null))
      .body as JSONWebKeySet;
    expect(keys[0]).toMatchObject({ kid: next.kid });
  });
});

describe('/metrics', () => {
  const scrape = async (authorization?: string) => {
    const headers = authorization === undefined ? {} : { authorization };
    const answer = await fetch(new URL('/metrics', core.url), { headers });
    return { status: answer.status, text: await answer.text() };
  };

  it('says how the fleet does, to whoever may know, and names nobody', async () => {
    const { body } = await core.send('POST', '/v1/tokens', { name: 'prometheus', role: 'metrics' });
    const watcher = `Bearer ${(body as { token: string }).token}`;
    const nina = await core.user('nina');
    const { vmId, bearer } = await core.vm({ bearer: nina.bearer });
    await core.send('POST', `/v1/vms/${vmId}/metrics`, report(), bearer);
    const seen = await scrape(watcher);
    expect(seen.status).toBe(200);
    expect(seen.text).toMatch(/^alfred_core_vms\{state="reporting"\} [1-9]\d*$/m);
    expect(seen.text).toMatch(/^alfred_core_vms\{state="silent"\} \d+$/m);
    expect(seen.text).toMatch(/^alfred_core_last_report_seconds \d/m);
    expect(seen.text).toMatch(
      /^alfred_http_requests_total\{method="POST",route="\/v1\/vms\/:id\/metrics",status="201"\} [1-9]/m,
    );
    expect(seen.text).not.toContain(vmId);
    expect(seen.text).not.toContain('nina');
    expect((await scrape()).status).toBe(401);
    expect((await scrape(nina.bearer)).status).toBe(403);
    // It opens nothing else, and no page.
    for (const route of [
      '/v1/fleet',
      '/v1/session',
      '/v1/users',
      '/v1/audit',
      '/v1/billing',
      '/v1/enrollments',
    ]) {
      expect((await core.send('GET', route, undefined, watcher)).status).toBe(403);
    }
    const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' };
    const token = { operatorToken: watcher.slice('Bearer '.length) };
    const request = { method: 'POST', headers, body: JSON.stringify(token) };
    expect((await fetch(new URL('/v1/session/cookie', core.url), request)).status).toBe(401);
  });
});
