/** The HTTP server over a real database and vault, for tests of routes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import type { InjectOptions } from 'fastify';
import { createAppender } from '../../src/audit/appender.ts';
import { ConnectionPool } from '../../src/connections/pool/pool.ts';
import { type Scope, scopes } from '../../src/contract/common.ts';
import { createReporter } from '../../src/core-link/reporter.ts';
import { openExecutionFeed } from '../../src/executions/execution-feed.ts';
import { openAccessFeed } from '../../src/http/access/access-feed.ts';
import { createToken } from '../../src/http/access/tokens.ts';
import type { App } from '../../src/http/app.ts';
import type { ServerDeps } from '../../src/http/deps.ts';
import { buildServer } from '../../src/http/server.ts';
import { newId } from '../../src/kernel/ids.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { readSettings, type Settings } from '../../src/kernel/settings.ts';
import { KeyRotation } from '../../src/keys/key-rotation.ts';
import { openQueue, type Queue } from '../../src/queue/queue.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { createTestVault, keySettings, type TestVault } from './vault.ts';

export type TestServer = {
  app: App;
  db: TestDatabase;
  vault: TestVault;
  home: string;
  settings: Settings;
  /** With `withQueue`. */
  queue: Queue;
  /** Everything that was logged, a line each. */
  logged: string[];
  /** Sends a request with the owner's rights, or with another token, or with none (null). */
  send(method: string, url: string, body?: unknown, options?: SendOptions): Promise<TestAnswer>;
  /** A new token with these scopes. */
  token(...held: Scope[]): Promise<string>;
  close(): Promise<void>;
};

type SendOptions = { token?: string | null; headers?: Record<string, string> };
export type TestAnswer = { status: number; body: unknown; text: string; headers: Record<string, unknown> };

/**
 * Builds a server; `over` replaces or adds what it is given, `withPool` starts MCP servers when
 * they are needed, `withQueue` lets executions be started and followed.
 */
export async function createTestServer(
  over: Partial<ServerDeps> & { env?: Record<string, string>; withPool?: boolean; withQueue?: boolean } = {},
): Promise<TestServer> {
  const { env = {}, withPool = false, withQueue = false, ...given } = over;
  const db = await createTestDatabase();
  const vault = await createTestVault(db);
  const home = await mkdtemp(path.join(tmpdir(), 'alfred-http-'));
  const { log, logged } = listeningLog(vault);
  const settings = readSettings({ ALFRED_HOME: home, ...env });
  const pool = withPool ? new ConnectionPool({ db, vault, log, home }, settings) : undefined;
  const queue = withQueue ? await openQueue({ url: db.url, log }) : undefined;
  const feed = withQueue ? await openExecutionFeed(db.url) : undefined;
  const accessFeed = withQueue ? await openAccessFeed(db.url) : undefined;
  const app = await buildServer({
    db,
    vault,
    log,
    settings,
    version: '0.0.0-test',
    workerId: newId(),
    reporter: createReporter({ db, vault, log, settings }),
    audit: createAppender({ db, vault, log, home }),
    keys: new KeyRotation({ db, vault, log, settings: keySettings(vault.home), sayKeys: async () => {} }),
    // Tests of routes that need these give them.
    ...({} as Pick<ServerDeps, 'queue' | 'pool' | 'feed' | 'accessFeed' | 'proxy'>),
    ...(pool ? { pool } : {}),
    ...(queue && feed && accessFeed ? { queue, feed, accessFeed } : {}),
    ...(given as Pick<ServerDeps, 'queue'>),
  });

  const token = async (...held: Scope[]) => {
    const input = { name: 'test', scopes: held };
    return (await createToken({ db }, input, { scopes: new Set(scopes), actor: 'owner' })).token;
  };
  return {
    app,
    db,
    vault,
    home,
    settings,
    queue: queue as Queue,
    logged,
    token,
    send: sender(app, await token(...scopes)),
    async close() {
      await app.close();
      await queue?.stop();
      await feed?.close();
      await accessFeed?.close();
      await pool?.close();
      await vault.remove();
      await db.drop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

function listeningLog({ redactor }: TestVault) {
  const logged: string[] = [];
  const destination = new Writable({
    write(line, _encoding, done) {
      logged.push(String(line));
      done();
    },
  });
  const log = createLogger({
    level: 'debug',
    format: 'json',
    destination,
    redact: (line) => redactor.line(line),
  });
  return { log, logged };
}

/** @param owner the token that is sent where no other is given */
function sender(app: App, owner: string): TestServer['send'] {
  return async (method, url, body, { token: bearer = owner, headers = {} } = {}) => {
    const isRaw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await app.inject({
      method: method as NonNullable<InjectOptions['method']>,
      url,
      headers: {
        host: '127.0.0.1:4280',
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: isRaw ? Buffer.from(body) : JSON.stringify(body) }),
    });
    const isJson = /\bjson\b/.test(String(response.headers['content-type']));
    return {
      status: response.statusCode,
      body: isJson && response.payload !== '' ? (JSON.parse(response.payload) as unknown) : undefined,
      text: response.payload,
      headers: response.headers,
    };
  };
}
