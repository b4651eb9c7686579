/**
 * A provider's Core behind Debian's Caddy, as docs/provider.md walks it: a VM enrols, reports and is opened by https, before and after
 * the operator makes the next signing key. Where Caddy is not installed there is nothing to see.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Fleet } from '../../src/contract/fleet.ts';
import { type Caddy, hasCaddy, startCaddy } from '../helpers/caddy.ts';
import { type CorePlace, type CoreProcess, runCoreCli, startCoreProcess } from '../helpers/core-process.ts';
import { freePort } from '../helpers/free-port.ts';
import { startTestVm, type TestVm } from '../helpers/vm.ts';

let place: CorePlace;
let core: CoreProcess;
let caddy: Caddy;
let vm: TestVm | undefined;
const password = 'a password of hers';
let customer = { id: '', bearer: '' };

/** By Core's own port, as its operator on the machine. */
async function ask<Answer>(method: string, route: string, body?: unknown, bearer?: string): Promise<Answer> {
  const token = bearer ?? (await readFile(path.join(place.home, 'admin-token'), 'utf8')).trim();
  const answer = await fetch(`http://127.0.0.1:${place.port}${route}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await answer.json()) as Answer;
}

/** By the address that everybody else knows. */
async function read(route: string): Promise<{ status: number | undefined; headers: object; body: string }> {
  const ca = await readFile(caddy.rootFile);
  const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<typeof read>>>();
  get(`${caddy.url}${route}`, { ca }, (answer) => {
    text(answer).then(
      (body) => resolve({ status: answer.statusCode, headers: answer.headers, body }),
      reject,
    );
  }).on('error', reject);
  return promise;
}

const firstKey = async () => {
  const { keys } = JSON.parse((await read('/.well-known/jwks.json')).body) as { keys: { kid: string }[] };
  return keys[0]?.kid;
};

describe.runIf(hasCaddy)('a Core behind Caddy', () => {
  beforeAll(async () => {
    const [port, corePort] = [await freePort(), await freePort()];
    caddy = await startCaddy(port, corePort);
    const env = { CORE_PUBLIC_URL: caddy.url, CORE_TRUSTED_PROXY: 'loopback' };
    place = { home: await mkdtemp(path.join(tmpdir(), 'alfred-core-')), port: corePort, env };
    core = await startCoreProcess(place);
    const { id } = await ask<{ id: string }>('POST', '/v1/users', { login: 'mara', password });
    const session = await ask<{ token: string }>('POST', '/v1/session', { login: 'mara', password });
    customer = { id, bearer: session.token };
    const enrolment = { label: 'Mara Bern', userId: id };
    const { token } = await ask<{ token: string }>('POST', '/v1/enrollments', enrolment);
    vm = await startTestVm({
      env: {
        ALFRED_CORE_URL: caddy.url,
        ALFRED_ENROLLMENT_TOKEN: token,
        NODE_EXTRA_CA_CERTS: caddy.rootFile,
      },
    });
  });

  afterAll(async () => {
    await vm?.stop();
    await core?.kill();
    await caddy?.stop();
    await rm(place.home, { recursive: true, force: true });
  });

  const report = async () => (await vm?.api('POST', '/api/v1/core/report'))?.body;
  const fleet = async () => (await ask<Fleet>('GET', '/v1/fleet')).items;
  /** Opens the VM as its customer does. @returns the mark of the key that signed, and what the VM says */
  const open = async () => {
    const [entry] = await fleet();
    const route = `/v1/vms/${entry?.vmId}/access`;
    const { token } = await ask<{ token: string }>('POST', route, {}, customer.bearer);
    const headers = { authorization: `Bearer ${token}` };
    const { status } = await fetch(new URL('/api/v1/status', vm?.url), { headers });
    return { kid: decodeProtectedHeader(token).kid, status };
  };

  it('is served by its name alone, and says that it is by https', async () => {
    expect(caddy.version).toContain('2.');
    const { status, headers, body } = await read('/');
    expect([status, body]).toEqual([200, expect.stringContaining('Alfred Core')]);
    expect(headers).toMatchObject({ 'strict-transport-security': expect.any(String) });
  });

  it('takes the reports of a VM that enrolled while it started, and goes on when the key is another', async () => {
    await vi.waitFor(async () => expect(await report()).toMatchObject({ waiting: 0 }), { timeout: 240_000 });
    const [before] = await fleet();
    expect(before).toMatchObject({ label: 'Mara Bern', owner: 'mara', state: 'reporting' });
    const old = await firstKey();
    expect(await open()).toEqual({ kid: old, status: 200 });

    const rotated = await runCoreCli(place, ['rotate-key', '--json']);
    expect(rotated.code).toBe(0);
    const { from, to } = JSON.parse(rotated.out) as { from: string; to: string };
    expect(from).toBe(old);
    await vi.waitFor(async () => expect(await firstKey()).toBe(to), { timeout: 240_000 });
    expect(await open()).toEqual({ kid: to, status: 200 });
    // Started again the VM has no bearer left that the old key signed.
    const { home } = vm as TestVm;
    await vm?.stop({ keepHome: true });
    vm = await startTestVm({ home, env: { NODE_EXTRA_CA_CERTS: caddy.rootFile } });
    expect(await report()).toMatchObject({ waiting: 0, lastError: null });
    expect(await open()).toEqual({ kid: to, status: 200 });
    expect((await fleet())[0]).toMatchObject({ state: 'reporting', missingReports: 0 });
  });
});
