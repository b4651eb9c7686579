import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEmptyDatabase } from '../../tests/helpers/database.ts';
import { createLogger } from '../kernel/log.ts';
import { acquireHomeLock } from '../processes/home-lock.ts';
import { startEmbeddedPostgres } from './embedded.ts';
import { datasourceUrl } from './prisma-cli.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
let home: string;
let requests = 0;
/** Stands where Prisma would download from, and counts who comes. */
const elsewhere = createServer((_request, response) => {
  requests++;
  response.writeHead(404).end();
});

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'alfred-prisma-'));
  await once(elsewhere.listen(0, '127.0.0.1'), 'listening');
});
afterAll(async () => {
  elsewhere.close();
  await rm(home, { recursive: true, force: true });
});

async function prisma(args: string[], environment: Record<string, string> = {}) {
  const { port } = elsewhere.address() as AddressInfo;
  const proxy = `http://127.0.0.1:${port}`;
  const { DATABASE_URL: _ours, ...inherited } = process.env;
  const cli = path.join(root, 'node_modules/prisma-cli/build/index.js');
  const run = await promisify(execFile)(process.execPath, [cli, ...args], {
    cwd: root,
    env: {
      ...inherited,
      ALFRED_HOME: home,
      XDG_CACHE_HOME: path.join(home, 'cache'),
      PRISMA_ENGINES_MIRROR: proxy,
      HTTP_PROXY: proxy,
      HTTPS_PROXY: proxy,
      PATH: `${path.dirname(process.execPath)}:${process.env.PATH}`,
      ...environment,
    },
  });
  return run.stdout + run.stderr;
}

describe("Prisma's own command line", () => {
  test('applies the migrations to the database of DATABASE_URL', async () => {
    const { url, drop } = await createEmptyDatabase();
    expect(await prisma(['migrate', 'deploy'], { DATABASE_URL: url })).toContain('successfully applied');
    expect(await prisma(['migrate', 'status'], { DATABASE_URL: url })).toContain('up to date');
    await drop();
  });

  test('and to the embedded one without it, whether that is running or not', async () => {
    expect(await prisma(['migrate', 'deploy'])).toContain('successfully applied');
    const lock = await acquireHomeLock(home);
    const postgres = await startEmbeddedPostgres({ home, log, durable: false });
    expect(await prisma(['migrate', 'status'])).toContain('up to date');
    await postgres.stop();
    await lock.release();
  });

  test('answers --version, and says why it cannot connect', async () => {
    expect(await prisma(['--version'])).toContain('schema-engine-cli');
    const nowhere = { DATABASE_URL: 'postgresql://u:canary@127.0.0.1:1/x' };
    const failure = await prisma(['migrate', 'status'], nowhere).catch((error: Error) => error.message);
    expect(failure).toContain('P1001');
    expect(failure).not.toContain('canary');
  });

  test('downloads nothing and asks nobody', async () => {
    expect(requests).toBe(0);
    expect(await readdir(home)).not.toContain('cache');
  });
});

test('the address that the command line is told holds no password', () => {
  const databaseUrl = 'postgresql://u:canary@host:5432/x?sslmode=require&password=canary';
  expect(datasourceUrl({ home, databaseUrl })).toBe('postgresql://u@host:5432/x?sslmode=require');
});
