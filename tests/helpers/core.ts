/** A real Core over a database of its own: listening, or only asked from inside. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { hash } from 'bcryptjs';
import { ensureAdminToken } from '../../core/access/admin-token.ts';
import { openSession } from '../../core/access/people.ts';
import type { CoreApp, CoreDeps } from '../../core/http/app.ts';
import { buildCoreServer } from '../../core/http/server.ts';
import { openSigner, type Signer } from '../../core/keys/signer.ts';
import { watchKeys } from '../../core/keys/watch-keys.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { createTestCoreDatabase, type TestCoreDatabase } from './database.ts';

type CoreAnswer = { status: number; body: unknown };

export type TestCore = {
  app: CoreApp;
  db: TestCoreDatabase;
  home: string;
  signer: Signer;
  /** Its address and issuer. */
  url: string;
  adminToken: string;
  logged: string[];
  /** Calls it as the operator, with another bearer, or as nobody (null); a text is sent as it is. */
  send(method: string, route: string, body?: unknown, authorization?: string | null): Promise<CoreAnswer>;
  /** A user who has signed in. */
  user(login: string, password?: string): Promise<{ id: string; bearer: string }>;
  /** An enrolment token, of the operator or a user. */
  enrolmentToken(bearer?: string, label?: string): Promise<string>;
  /** A VM of the operator's, or of a user's: enrolled, with its bearer; or by a token that was made already. */
  vm(options?: { bearer?: string; enrollmentToken?: string }): Promise<EnrolledVm>;
  close(): Promise<void>;
};

export type EnrolledVm = {
  vmId: string;
  secret: string;
  request: { enrollmentToken: string; authSecretHash: string };
  bearer: string;
};

/** How a VM says who it is. */
export const basicOf = (vmId: string, secret: string): string =>
  `Basic ${Buffer.from(`${vmId}:${secret}`).toString('base64')}`;

export async function createTestCore(
  over: Pick<CoreDeps, 'trustedProxies' | 'attemptsPerMinute' | 'channels' | 'mailer'> = {},
): Promise<TestCore> {
  const db = await createTestCoreDatabase();
  const home = await mkdtemp(path.join(tmpdir(), 'alfred-core-'));
  const signer = await openSigner(home);
  const logged: string[] = [];
  const log = createLogger({
    level: 'debug',
    format: 'json',
    redact: (line) => line,
    destination: new Writable({
      write(line, _encoding, done) {
        logged.push(String(line));
        done();
      },
    }),
  });
  const adminToken = (await readFile(await ensureAdminToken(home, db), 'utf8')).trim();
  // The issuer is the address, which is known when it listens.
  const lookForKeys = watchKeys({ home, signer, log }).look;
  const deps = { db, signer, lookForKeys, log, issuer: '', host: '127.0.0.1', attemptsPerMinute: 1000 };
  const url = await (async () => {
    const { createServer } = await import('node:net');
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen({ host: '127.0.0.1', port: 0 }, resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    return `http://127.0.0.1:${port}`;
  })();
  const app = await buildCoreServer({ ...deps, ...over, issuer: url });
  await app.listen({ host: '127.0.0.1', port: Number(new URL(url).port) });

  const send: TestCore['send'] = async (method, route, body, authorization = `Bearer ${adminToken}`) => {
    const response = await fetch(new URL(route, url), {
      method,
      headers: {
        ...(authorization === null ? {} : { authorization }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };

  const enrolmentToken: TestCore['enrolmentToken'] = async (bearer, label = '') => {
    const { body } = await send('POST', '/v1/enrollments', { label }, bearer);
    return (body as { token: string }).token;
  };

  return {
    app,
    db,
    home,
    signer,
    url,
    adminToken,
    logged,
    send,
    async user(login, password) {
      const { id } = (await send('POST', '/v1/users', { login, password })).body as { id: string };
      // By no password even where there is one: hashing is slow on purpose.
      const { token } = await openSession(db.prisma, { userId: id });
      return { id, bearer: `Bearer ${token}` };
    },
    enrolmentToken,
    vm: async ({ bearer, enrollmentToken } = {}) =>
      await enrolVm(send, enrollmentToken ?? (await enrolmentToken(bearer))),
    async close() {
      await app.close();
      await db.drop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function enrolVm(send: TestCore['send'], enrollmentToken: string): Promise<EnrolledVm> {
  const secret = randomBytes(32).toString('base64url');
  const request = { enrollmentToken, authSecretHash: await hash(secret, 8) };
  const { vmId } = (await send('POST', '/v1/vms', request, null)).body as { vmId: string };
  const proof = await send('POST', `/v1/vms/${vmId}/token`, undefined, basicOf(vmId, secret));
  return { vmId, secret, request, bearer: `Bearer ${(proof.body as { token: string }).token}` };
}
