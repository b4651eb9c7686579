import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createLogger } from '../kernel/log.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts';
import { endLeftover, postgresProcesses, readPostmasterPid } from './leftover.ts';

const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
/** The first start of a home takes a second: tests that are not about it share one. */
let home: string;
const folders: string[] = [];
let running: EmbeddedPostgres[] = [];

beforeAll(async () => {
  home = await newHome();
});
afterEach(async () => {
  for (const postgres of running) await postgres.stop();
  running = [];
});
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function newHome(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'alfred-embedded-'));
  folders.push(folder);
  return folder;
}

async function start(of: string, lines: string[] = []): Promise<EmbeddedPostgres> {
  const onProgress = (line: string) => void lines.push(line);
  const postgres = await startEmbeddedPostgres({ home: of, log, onProgress, durable: false });
  running.push(postgres);
  return postgres;
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

/** Waits until `what` holds; the test's own time limit is the only one. */
async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await what())) await sleep(20);
}

const processesOf = (postgres: { dataDir: string }) => postgresProcesses(postgres.dataDir, undefined);

/** Another process that starts the server of `home` and stays. */
async function startElsewhere(): Promise<{ child: ChildProcess; dataDir: string }> {
  const embedded = fileURLToPath(new URL('./embedded.ts', import.meta.url));
  const kernel = fileURLToPath(new URL('../kernel/log.ts', import.meta.url));
  const code = `import { startEmbeddedPostgres } from ${JSON.stringify(embedded)};
    import { createLogger } from ${JSON.stringify(kernel)};
    const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
    const { dataDir } = await startEmbeddedPostgres({ home: ${JSON.stringify(home)}, log, durable: false });
    console.log(dataDir);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [dataDir] = await once(child.stdout, 'data');
  return { child, dataDir: String(dataDir).trim() };
}

test('starts, tells how far it is, keeps what it is given, and leaves nothing running', async () => {
  const lines: string[] = [];
  const fresh = await newHome();
  const first = await start(fresh, lines);
  expect(lines).toEqual([expect.stringContaining('first start'), 'starting PostgreSQL']);
  await ask(first.url, 'CREATE TABLE kept AS SELECT 1 AS a');
  await first.stop();
  await first.stop();
  expect(processesOf(first)).toEqual([]);
  expect(existsSync(first.socketDir)).toBe(false);

  lines.length = 0;
  const second = await start(fresh, lines);
  expect(lines).toEqual(['starting PostgreSQL']);
  expect(await ask(second.url, 'SELECT a FROM kept')).toEqual([1]);
});

describe('the server', () => {
  test("has one way in: a socket in a folder that is its owner's alone", async () => {
    const { url, socketDir, pid } = await start(home);
    expect((await stat(socketDir)).mode & 0o777).toBe(0o700);
    expect((await stat(path.join(home, 'postgres'))).mode & 0o777).toBe(0o700);
    expect(await ask(url, 'SHOW listen_addresses')).toEqual(['']);
    if (process.platform === 'linux') {
      // No listening TCP socket among its files.
      const sockets = readdirSync(`/proc/${pid}/fd`).length;
      expect(sockets).toBeGreaterThan(0);
      const listening = readFileSync(`/proc/${pid}/net/tcp`, 'utf8')
        .split('\n')
        .filter((line) => line.includes(':1538 '));
      expect(listening).toEqual([]);
    }
  });

  test('is safe against power failures, checks its pages, and sorts the same everywhere', async () => {
    const postgres = await startEmbeddedPostgres({ home, log });
    running.push(postgres);
    const show = (name: string) => ask(postgres.url, `SHOW ${name}`);
    for (const name of ['fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums']) {
      expect(await show(name), name).toEqual(['on']);
    }
    expect(await show('server_encoding')).toEqual(['UTF8']);
    expect(await show('timezone')).toEqual(['UTC']);
    expect(
      await ask(postgres.url, `SELECT string_agg(x, '' ORDER BY x) FROM unnest('{b,A,a,B,ä}'::text[]) x`),
    ).toEqual(['ABabä']);
    expect(await ask(postgres.url, `SELECT upper('öl')`)).toEqual(['ÖL']);
  });

  test('is used by a role that is no superuser', async () => {
    const { url } = await start(home);
    expect(await ask(url, 'SELECT rolsuper FROM pg_roles WHERE rolname = current_user')).toEqual([false]);
    await expect(ask(url, `COPY (SELECT 1) TO PROGRAM 'id'`)).rejects.toThrow(/permission denied/);
  });

  test('is told nothing of our environment, and logs no statement, value or row', async () => {
    process.env.ALFRED_TEST_CANARY = 'canary-in-the-environment';
    const { url, pid } = await start(home);
    delete process.env.ALFRED_TEST_CANARY;
    if (process.platform === 'linux')
      expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain('canary');
    await ask(url, `CREATE TABLE checked (a text CHECK (a <> 'canary-row'))`);
    await expect(ask(url, `INSERT INTO checked VALUES ('canary-row')`)).rejects.toThrow();
    await expect(ask(url, `SELECT 'canary-value'::int`)).rejects.toThrow();
    expect(await readFile(path.join(home, 'postgres', 'server.log'), 'utf8')).not.toContain('canary');
  });

  test('is stopped although it was just being started again', async () => {
    const postgres = await start(home);
    process.kill(postgres.pid, 'SIGKILL');
    await until(() => processesOf(postgres).length === 0);
    await until(() => processesOf(postgres).length > 0);
    await postgres.stop();
    expect(processesOf(postgres)).toEqual([]);
  });

  test('is started again when it is killed', async () => {
    const postgres = await start(home);
    const killed = postgres.pid;
    process.kill(killed, 'SIGKILL');
    await until(() => postgres.pid !== killed);
    expect(await ask(postgres.url, 'SELECT 1')).toEqual([1]);
  });
});

test('two homes run side by side', async () => {
  const other = await newHome();
  const [one, two] = await Promise.all([start(home), start(other)]);
  await ask(one.url, 'CREATE TABLE only_here (a int)');
  expect(await ask(two.url, `SELECT to_regclass('only_here')`)).toEqual([null]);
});

test("PostgreSQL's own environment variables, meant for another server, change nothing", async () => {
  const meant = {
    PGHOST: 'nowhere',
    PGPORT: '1',
    PGSSLMODE: 'require',
    PGUSER: 'nobody',
    PGDATABASE: 'none',
  };
  Object.assign(process.env, meant);
  try {
    const { url } = await start(home);
    expect(await ask(url, 'SELECT current_user, current_database()')).toEqual(['alfred', 'alfred']);
  } finally {
    for (const name of Object.keys(meant)) delete process.env[name];
  }
});

test("a home with a path too long for a socket's gets its socket elsewhere", async () => {
  const long = path.join(await newHome(), 'a'.repeat(60), 'b'.repeat(60));
  const postgres = await start(long);
  expect(postgres.socketDir).toMatch(/^\/tmp\/alfred-/);
  expect((await stat(postgres.socketDir)).mode & 0o777).toBe(0o700);
  expect(await ask(postgres.url, 'SELECT 1')).toEqual([1]);
  await postgres.stop();
  expect(existsSync(postgres.socketDir)).toBe(false);
});

describe('after a hard end', () => {
  test('a program that is killed takes its server with it', async () => {
    const { child, dataDir } = await startElsewhere();
    child.kill('SIGKILL');
    await until(() => processesOf({ dataDir }).length === 0);
  });

  test('a server that was left running is ended, and its work is there', async () => {
    const { child, dataDir } = await startElsewhere();
    await ask(
      `postgresql://alfred@localhost/alfred?host=${encodeURIComponent(path.join(home, 'postgres/socket'))}`,
      'CREATE TABLE left_behind ()',
    );
    const left = await readPostmasterPid(dataDir);
    // Stopped, the server does not hear that its program is gone: as if nobody had been there to tell it.
    process.kill(left ?? 0, 'SIGSTOP');
    child.kill('SIGKILL');
    await once(child, 'exit');
    setTimeout(() => process.kill(left ?? 0, 'SIGCONT'), 200);
    const postgres = await start(home);
    expect(postgres.pid).not.toBe(left);
    expect(await ask(postgres.url, `SELECT to_regclass('left_behind')::text`)).toEqual(['left_behind']);
  });

  test("another process with the dead server's number is no server", async () => {
    const first = await start(home);
    await first.stop();
    await writeFile(path.join(first.dataDir, 'postmaster.pid'), `${process.pid}\n${first.dataDir}\n`);
    const second = await start(home);
    expect(await ask(second.url, 'SELECT 1')).toEqual([1]);
  });

  test('a server that was ended and that nobody buries is no server', async () => {
    const dataDir = await newHome();
    // The shell becomes a program that never asks after its children.
    const server = 'console.log(process.pid); setInterval(() => {}, 1000);';
    const shell = spawn(
      '/bin/sh',
      ['-c', '"$0" --eval "$1" & cd /; exec sleep 600', process.execPath, server],
      {
        cwd: dataDir,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const [said] = await once(shell.stdout, 'data');
    const note = path.join(dataDir, 'postmaster.pid');
    await writeFile(note, `${Number(String(said))}\n${dataDir}\n`);
    await until(() => processesOf({ dataDir }).length === 1);
    expect(await endLeftover(dataDir)).toBe(true);
    expect(existsSync(note)).toBe(false);
    shell.kill('SIGKILL');
    await once(shell, 'exit');
  });

  test('a first start that was interrupted begins again', async () => {
    const fresh = await newHome();
    await mkdir(path.join(fresh, 'postgres', 'data.new-0a1b2c3d', 'base'), { recursive: true });
    const { url } = await start(fresh);
    expect(await ask(url, 'SELECT 1')).toEqual([1]);
    expect(readdirSync(path.join(fresh, 'postgres')).filter((name) => name.startsWith('data'))).toEqual([
      'data',
    ]);
  });
});

describe('says what is wrong and what to do', () => {
  test('when another major version made the data', async () => {
    const fresh = await newHome();
    await mkdir(path.join(fresh, 'postgres', 'data'), { recursive: true });
    await writeFile(path.join(fresh, 'postgres', 'data', 'PG_VERSION'), '16\n');
    await expect(start(fresh)).rejects.toMatchObject({
      code: 'E_DATABASE',
      message: expect.stringMatching(/made by PostgreSQL 16.*carries PostgreSQL \d\d/),
    });
  });

  test('when the server does not start: with its own last words', async () => {
    const fresh = await newHome();
    await mkdir(path.join(fresh, 'postgres', 'data'), { recursive: true, mode: 0o700 });
    await writeFile(path.join(fresh, 'postgres', 'data', 'PG_VERSION'), '18\n');
    await expect(start(fresh)).rejects.toMatchObject({
      code: 'E_DATABASE',
      message: expect.stringContaining('postgresql.conf'),
      remedy: expect.stringContaining('server.log'),
    });
  });

  test('when something else stands where the data should be', async () => {
    const fresh = await newHome();
    await mkdir(path.join(fresh, 'postgres', 'data', 'mine'), { recursive: true });
    await expect(start(fresh)).rejects.toMatchObject({
      code: 'E_DATABASE',
      message: expect.stringContaining('not empty'),
    });
    await writeFile(path.join(fresh, 'file'), '');
    await expect(start(path.join(fresh, 'file'))).rejects.toMatchObject({ code: 'E_DATABASE' });
  });

  test.runIf(process.getuid?.() === 0)("when the home is somebody else's", async () => {
    const fresh = await newHome();
    await mkdir(path.join(fresh, 'postgres'));
    await chown(path.join(fresh, 'postgres'), 65534, 65534);
    await expect(start(fresh)).rejects.toMatchObject({
      code: 'E_DATABASE',
      message: expect.stringContaining('belongs to user number 65534'),
    });
  });
});
