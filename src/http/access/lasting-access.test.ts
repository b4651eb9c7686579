/** A stream ends with what let its watcher in: at once, whichever process ended it. The heartbeat is too far off to help. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestCore } from '../../../tests/helpers/core.ts';
import { createTestServer, type TestServer } from '../../../tests/helpers/http.ts';
import { insertExecution } from '../../../tests/helpers/rows.ts';
import { createdTokenSchema } from '../../contract/tokens.ts';
import { hashOfSecret } from '../../kernel/secret-text.ts';
import { createSession } from './sessions.ts';

let server: TestServer;
let address: string;
let streams: [name: string, path: string][];
beforeAll(async () => {
  server = await createTestServer({ withQueue: true, heartbeatMs: 3_600_000 });
  address = await server.app.listen({ host: '127.0.0.1', port: 0 });
  const { id } = await insertExecution(server.db);
  streams = [
    ['of a run', `/api/v1/executions/${id}/events`],
    ['of news', '/api/v1/events?topics=executions,approvals'],
  ];
});
afterAll(() => server.close());

type Watching = {
  /** The first beat: whoever watches was asked for once more, and let go on. */
  beat: Promise<void>;
  ended: Promise<string>;
};

/** Opens a stream, and returns once it is connected. @returns undefined when the caller is not let in */
async function open(path: string, headers: Record<string, string>): Promise<Watching | undefined> {
  const response = await fetch(`${address}${path}`, { headers });
  if (response.status === 401) return undefined;
  expect(response.status).toBe(200);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) throw new Error('The answer has no body');
  const first = await reader.read();
  // It was over before it had begun.
  if (first.done) return undefined;
  let seen = first.value;
  expect(seen).toContain(': connected');
  const beat = Promise.withResolvers<void>();
  const toTheEnd = async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return seen;
      seen += value;
      if (seen.includes('still here')) beat.resolve();
    }
  };
  return { beat: beat.promise, ended: toTheEnd() };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** Both streams, as one caller opens them. */
async function watch(headers: Record<string, string>): Promise<Watching[]> {
  const opened = await Promise.all(streams.map(([, path]) => open(path, headers)));
  return opened.filter((stream) => stream !== undefined);
}

/** What was seen of both streams, when they have ended. A beat would say that they were let go on first. */
async function endOf(watching: Watching[]): Promise<void> {
  expect(watching).toHaveLength(streams.length);
  for (const { ended } of watching) expect(await ended).not.toContain('still here');
}

const idOf = async (token: string) =>
  (await server.db.prisma.accessToken.findUniqueOrThrow({ where: { tokenHash: hashOfSecret(token) } })).id;

/** Runs a statement in another process, which knows nothing of this one but the database. */
const elsewhere = (statement: string, ...values: string[]) =>
  promisify(execFile)(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import pg from 'pg';
       const [url, statement, ...values] = JSON.parse(process.env.STATEMENT);
       const client = new pg.Client({ connectionString: url });
       await client.connect();
       await client.query(statement, values);
       await client.end();`,
    ],
    {
      cwd: process.cwd(),
      env: { ...process.env, STATEMENT: JSON.stringify([server.db.url, statement, ...values]) },
    },
  );

describe('a stream ends at once', () => {
  it('when the token is revoked, and no other token\u2019s stream does', async () => {
    const [gone, stays] = [await server.token('read'), await server.token('read')];
    const watching = await watch(bearer(gone));
    const others = await watch(bearer(stays));
    expect((await server.send('DELETE', `/api/v1/tokens/${await idOf(gone)}`)).status).toBe(204);
    await endOf(watching);
    const first = await Promise.race([...others.map(({ ended }) => ended), 'watching']);
    expect(first).toBe('watching');
    await server.send('DELETE', `/api/v1/tokens/${await idOf(stays)}`);
    await endOf(others);
  });

  it('when the session is closed', async () => {
    const { value } = await createSession(server.db);
    const headers = { cookie: `alfred_vm_session=${value}`, 'sec-fetch-site': 'same-origin' };
    const watching = await watch(headers);
    const gone = await fetch(`${address}/api/v1/session`, { method: 'DELETE', headers });
    expect(gone.status).toBe(204);
    await endOf(watching);
  });

  it('when the session is ended from elsewhere', async () => {
    const { value, principal } = await createSession(server.db);
    const watching = await watch({ cookie: `alfred_vm_session=${value}`, 'sec-fetch-site': 'same-origin' });
    expect((await server.send('DELETE', `/api/v1/sessions/${principal.id}`)).status).toBe(204);
    await endOf(watching);
  });

  it.each([
    ['revokes the token', 'UPDATE access_tokens SET revoked_at = now() WHERE id = $1'],
    ['takes its scope away', "UPDATE access_tokens SET scopes = '{run}' WHERE id = $1"],
    ['lets it expire', "UPDATE access_tokens SET expires_at = now() - interval '1 s' WHERE id = $1"],
    ['removes it', 'DELETE FROM access_tokens WHERE id = $1'],
  ])('when another process %s', async (_what, statement) => {
    const token = await server.token('read');
    const watching = await watch(bearer(token));
    await elsewhere(statement, await idOf(token));
    await endOf(watching);
  });

  it.each([
    ['closes the session', 'UPDATE sessions SET revoked_at = now() WHERE id = $1'],
    ['lets it expire', "UPDATE sessions SET expires_at = now() - interval '1 s' WHERE id = $1"],
    ['removes it', 'DELETE FROM sessions WHERE id = $1'],
  ])('when another process %s', async (_what, statement) => {
    const { value, principal } = await createSession(server.db);
    const watching = await watch({ cookie: `alfred_vm_session=${value}`, 'sec-fetch-site': 'same-origin' });
    await elsewhere(statement, principal.id);
    await endOf(watching);
  });

  it('when the token expires', async () => {
    // On a machine that is busy, a short life is over before the streams are open.
    for (let lifeMs = 500; ; lifeMs *= 2) {
      const expiresAt = new Date(Date.now() + lifeMs).toISOString();
      const input = { name: 'short', scopes: ['read'], expiresAt };
      const made = await server.send('POST', '/api/v1/tokens', input);
      if (made.status === 422) continue;
      const { token } = createdTokenSchema.parse(made.body);
      const watching = await watch(bearer(token));
      if (watching.length < streams.length) continue;
      await endOf(watching);
      expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
      return;
    }
  });

  it('and not because the token is used meanwhile', async () => {
    const token = await server.token('read');
    const watching = await watch(bearer(token));
    const id = await idOf(token);
    await elsewhere("UPDATE access_tokens SET last_used_at = now() + interval '1 s' WHERE id = $1", id);
    await server.send('DELETE', `/api/v1/tokens/${id}`);
    // Without a beat: nothing was asked between.
    await endOf(watching);
  });
});

it('goes on for a user of Core, whose token is good for one request, until the owner takes their access away', async () => {
  const core = await createTestCore();
  try {
    const ada = await core.user('ada');
    const link = { url: core.url, enrollmentToken: await core.enrolmentToken(ada.bearer) };
    const { vmId } = (await server.send('POST', '/api/v1/core/link', link)).body as { vmId: string };
    const allow = (value: string) => server.send('PUT', '/api/v1/config/core_token_scopes', { value });
    expect((await allow('content')).status).toBe(200);
    const watching: Watching[] = [];
    for (const [, path] of streams) {
      const asked = await core.send('POST', `/v1/vms/${vmId}/access`, { scopes: ['content'] }, ada.bearer);
      const stream = await open(path, bearer((asked.body as { token: string }).token));
      if (stream) watching.push(stream);
    }
    expect(watching).toHaveLength(streams.length);
    await allow('status content');
    for (const { beat } of watching) await beat;
    await allow('none');
    for (const { ended } of watching) await ended;
  } finally {
    await core.close();
  }
});
