/** Renewing: one at a time over processes, nothing lost that need not be, and no loop. The server gives each renewal token out once. */
import { once } from 'node:events';
import pg from 'pg';
import { beforeAll, expect, it, vi } from 'vitest';
import { closedAfterEach } from '../../../tests/helpers/closed-after-each.ts';
import { createLoginBench, type LoginBench } from '../../../tests/helpers/oauth/login-bench.ts';
import {
  type Answer,
  json,
  type ScriptedOptions,
  type ScriptedServer,
  startScriptedServer,
} from '../../../tests/helpers/oauth/scripted-server.ts';
import { startWorker } from '../../../tests/helpers/oauth/start-worker.ts';
import { keySettings } from '../../../tests/helpers/vault.ts';
import { newId } from '../../kernel/ids.ts';
import { KeyRotation } from '../../keys/key-rotation.ts';
import { openVault } from '../../vault/open-vault.ts';
import { beginningUnder } from '../../vault/seal.ts';
import { openConfig } from '../config/config-secrets.ts';
import { readRow } from '../connection-row.ts';
import { getConnection } from '../get-connection.ts';
import type { TellOfLogin } from './login-ends.ts';
import { watchLogins } from './watch-logins.ts';

let bench: LoginBench;
const opened = closedAfterEach();
beforeAll(async () => {
  bench = await createLoginBench();
  return () => bench.close();
});

async function signedIn(options: ScriptedOptions = {}): Promise<{ server: ScriptedServer; name: string }> {
  const server = await startScriptedServer(options);
  opened.push(server);
  const name = await bench.connect(server.mcp);
  await bench.signIn(name, ({ url }) => server.visit(url));
  return { server, name };
}
const renewals = (server: ScriptedServer) =>
  server.tokenRequests().filter((form) => form.get('grant_type') === 'refresh_token').length;
const shown = (name: string) => getConnection(bench.deps, name);

it('is asked for once by 200 calls in two processes whose token was taken back', async () => {
  const { server, name } = await signedIn();
  const workers = await Promise.all([startWorker(bench, name, 100), startWorker(bench, name, 100)]);
  const exits = workers.map(({ child }) => once(child, 'exit'));
  server.good.clear();
  for (const { go } of workers) go();
  const outcomes = await Promise.all(workers.map(({ outcome }) => outcome()));
  await Promise.all(exits);
  expect(outcomes).toEqual([
    { done: 100, failures: [] },
    { done: 100, failures: [] },
  ]);
  expect(renewals(server)).toBe(1);
});

it('is kept when the data keys change while it is under way', async () => {
  const { server, name } = await signedIn();
  const { db, vault, log } = bench.deps;
  const rotation = new KeyRotation({
    ...{ db, vault, log, settings: keySettings(bench.home) },
    sayKeys: async () => {},
  });
  server.good.clear();
  server.answers.push((response) => {
    void rotation
      .start('data', 'owner')
      .then(() => rotation.settled())
      .then(() => {
        server.good.set('access-behind-the-change', 'ada');
        json(response, {
          ...{ access_token: 'access-behind-the-change', token_type: 'Bearer' },
          refresh_token: 'refresh-behind-the-change',
        });
      });
  });
  expect(await bench.text(name)).toBe('ada');
  expect(renewals(server)).toBe(1);
  expect(await rotation.state()).toBeNull();
  const row = await db.prisma.connection.findUniqueOrThrow({ where: { name } });
  expect(JSON.stringify(row.config)).not.toContain(beginningUnder(1));
  const renewed = await openVault({ db, settings: keySettings(bench.home), log });
  const { config } = openConfig(renewed, readRow(row));
  expect(config).toMatchObject({
    oauth: { accessToken: 'access-behind-the-change', refreshToken: 'refresh-behind-the-change' },
  });
});

it('is done ahead of the end, and once for all callers of a process', async () => {
  const { server, name } = await signedIn({ accessTtl: 3_600 });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_590_000 });
  try {
    expect(await Promise.all(Array.from({ length: 50 }, () => bench.text(name)))).toEqual(
      Array(50).fill('ada'),
    );
  } finally {
    vi.useRealTimers();
  }
  expect(renewals(server)).toBe(1);
});

it.each<[string, Answer]>([
  ['503', (response) => json(response, {}, 503)],
  ['429', (response) => json(response, { error: 'slow_down' }, 429)],
  [
    'a page',
    (response) => response.writeHead(403, { 'content-type': 'text/html' }).end('<html>no robots</html>'),
  ],
  ['an error that passes', (response) => json(response, { error: 'temporarily_unavailable' }, 400)],
  ['a cut connection', (response) => response.destroy()],
  ['what nobody can read', (response) => response.writeHead(200).end('{"access_tok')],
])('that is answered with %s keeps the login, and the next attempt renews', async (_what, answer) => {
  const { server, name } = await signedIn();
  server.answers.push(answer);
  server.good.clear();
  await expect(bench.text(name)).rejects.toMatchObject({
    code: expect.stringMatching(/^E_(CONNECTION_FAILED|TOOL_FAILED)$/),
  });
  expect((await shown(name)).login).toMatchObject({ state: 'signed_in', renews: true });
  await vi.waitFor(async () => expect(await bench.text(name)).toBe('ada'), {
    timeout: 240_000,
    interval: 250,
  });
});

it('that is refused ends the login once, says so, and asks no more', async () => {
  const { server, name } = await signedIn();
  server.answers.push((response) =>
    json(response, { error: 'invalid_grant', error_description: 'revoked' }, 400),
  );
  server.good.clear();
  await expect(bench.text(name)).rejects.toMatchObject({ code: 'E_NEEDS_LOGIN' });
  await expect(bench.text(name)).rejects.toMatchObject({ code: 'E_NEEDS_LOGIN' });
  expect(renewals(server)).toBe(1);
  expect(await shown(name)).toMatchObject({
    status: 'needs_login',
    lastError: expect.stringContaining('invalid_grant: revoked'),
    login: { state: 'ended', renews: false },
  });
});

it('survives fields of the wrong form', async () => {
  const { server, name } = await signedIn();
  server.answers.push((response) => {
    server.good.set('odd', 'ada');
    json(response, {
      access_token: 'odd',
      refresh_token: null,
      scope: [],
      expires_in: 'never',
      id_token: null,
    });
  });
  server.good.clear();
  expect(await bench.text(name)).toBe('ada');
  expect((await shown(name)).login).toMatchObject({ state: 'signed_in', renews: true, expiresAt: null });
});

it('killed between the answer and its commit says that the answer was lost, and does not loop', async () => {
  const { server, name } = await signedIn();
  const holder = new pg.Client({ connectionString: bench.deps.db.url });
  await holder.connect();
  opened.push({ close: () => holder.end() });
  const { child, go } = await startWorker(bench, name, 1);
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  server.answers.push((response) => {
    // What is under way is committed by now. The row is held, so that the new token cannot be.
    void holder
      .query('BEGIN')
      .then(() => holder.query('SELECT 1 FROM connections WHERE name = $1 FOR UPDATE', [name]))
      .then(() => {
        json(response, { access_token: 'lost', token_type: 'Bearer', refresh_token: 'lost too' });
        resolve();
      });
  });
  server.good.clear();
  go();
  await asked;
  const blocked = `SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND locktype <> 'advisory'`;
  await vi.waitFor(async () => expect((await holder.query(blocked)).rows[0].n).toBeGreaterThan(0), {
    timeout: 240_000,
  });
  child.kill('SIGKILL');
  await once(child, 'exit');
  await holder.query('ROLLBACK');
  // Rotated, as far as the server is concerned.
  server.answers.push((response) => json(response, { error: 'invalid_grant' }, 400));
  await expect(bench.text(name)).rejects.toMatchObject({
    code: 'E_NEEDS_LOGIN',
    message: expect.stringMatching(/answer to a renewal of .* was lost before it was kept/),
  });
  await expect(bench.text(name)).rejects.toMatchObject({ code: 'E_NEEDS_LOGIN' });
  expect(renewals(server)).toBe(2);
});

it('of a token that is refused when it is new is not tried again', async () => {
  const { server, name } = await signedIn();
  server.answers.push((response) =>
    json(response, { access_token: 'never-good', token_type: 'Bearer', refresh_token: 'next' }),
  );
  server.good.clear();
  await expect(bench.text(name)).rejects.toMatchObject({ code: 'E_NEEDS_LOGIN' });
  await expect(bench.text(name)).rejects.toMatchObject({ code: 'E_NEEDS_LOGIN' });
  expect(renewals(server)).toBe(1);
});

it('of a token that lived for a moment is tried again, however new it is', async () => {
  const { server, name } = await signedIn();
  const { logins } = bench.deps.pool;
  for (const token of ['short', 'after'])
    server.answers.push((response) =>
      json(response, { access_token: token, token_type: 'Bearer', expires_in: 1, refresh_token: token }),
    );
  const { accessToken: first } = await logins.token(name);
  expect(await logins.token(name, { refused: first })).toMatchObject({ accessToken: 'short' });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2_000 });
  const again = await logins.token(name, { refused: 'short' }).finally(() => vi.useRealTimers());
  expect(again).toMatchObject({ accessToken: 'after' });
  expect(renewals(server)).toBe(2);
});

/** A scheduled skill that uses the connection, due so many minutes from now, and then as its schedule says. */
async function schedule(name: string, minutes: number, cron = '0 7 * * *'): Promise<string> {
  const slug = `due-${name}`;
  await bench.deps.db.prisma.skill.create({
    data: {
      id: newId(),
      slug,
      name: slug,
      steps: [{ id: 1, prompt: 'x', allowedTools: [] }],
      connectionNames: [name],
      triggerType: 'schedule',
      triggerConfig: { cron, timezone: 'UTC', missed: 'skip' },
      nextRunAt: new Date(Date.now() + minutes * 60_000),
    },
  });
  return slug;
}
const watchFor = (told: unknown[]) => {
  const tell: TellOfLogin = async (_tx, connection, detail) => void told.push({ connection, ...detail });
  return watchLogins({ ...bench.deps, logins: bench.deps.pool.logins, tell });
};

it('is tried before a scheduled run is due, so that an end is found while there is time', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 1_200_000 });
  const { server, name } = await signedIn({ accessTtl: 1_800 }).finally(() => vi.useRealTimers());
  const slug = await schedule(name, 90);
  const watch = watchFor([]);
  await watch.look();
  expect(renewals(server)).toBe(0);
  const nextRunAt = new Date(Date.now() + 50 * 60_000);
  await bench.deps.db.prisma.skill.update({ where: { slug }, data: { nextRunAt } });
  await watch.look();
  await watch.look();
  expect(renewals(server)).toBe(1);
  vi.useFakeTimers({ toFake: ['Date'], now: nextRunAt.getTime() - 60_000 });
  server.answers.push((response) =>
    json(response, { error: 'invalid_grant', error_description: 'idle' }, 400),
  );
  await watch.look().finally(() => vi.useRealTimers());
  expect(await shown(name)).toMatchObject({ status: 'needs_login', login: { state: 'ended' } });
  await watch.look();
  expect(renewals(server)).toBe(2);
});

it.each([
  ['', 600, '0 7 * * *'],
  [', also where a schedule runs often until then', 2, '*/5 * * * *'],
])('that cannot be, is told of a day ahead, once%s', async (_when, minutes, cron) => {
  const server = await startScriptedServer();
  opened.push(server);
  const name = await bench.connect(server.mcp);
  server.answers.push((response) => {
    server.good.set('short', 'ada');
    json(response, { access_token: 'short', token_type: 'Bearer', expires_in: 600 });
  });
  await bench.signIn(name, ({ url }) => server.visit(url));
  const slug = await schedule(name, minutes, cron);
  const told: unknown[] = [];
  await watchFor(told).look();
  await watchFor(told).look();
  expect(told).toEqual([
    {
      connection: name,
      issuer: server.url,
      skillSlug: slug,
      error: expect.stringMatching(/ends at .* and cannot be renewed/),
    },
  ]);
});
