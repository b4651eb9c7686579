/** `bin/alfred.js` runs what was bundled of the sources that are here, makes it where it is not there, and does without where it cannot. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookBeforeReading } from '../bin/look-before-reading.js';
import { compiledFolder, programFile } from '../bin/program.js';

const root = path.resolve(import.meta.dirname, '..');
const temporary = realpathSync(mkdtempSync(path.join(tmpdir(), 'alfred-built-')));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

/** A checkout with what was made for it, but for the program. */
const checkout = path.join(temporary, 'alfred');

async function alfred(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [path.join(checkout, 'bin/alfred.js'), ...args], {
    env: { PATH: process.env.PATH, HOME: temporary, ALFRED_HOME: path.join(temporary, 'none'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

const version = async () => (await alfred(['--version'])).stdout;
const made = () =>
  readdirSync(path.join(checkout, 'generated')).filter((name) => /program|unfinished|lock/.test(name));

beforeAll(() => {
  const parts = [
    'bin',
    'console',
    'core',
    'docs',
    'prisma',
    'scripts',
    'src',
    'package.json',
    'package-lock.json',
  ];
  for (const name of [...parts, 'vite.config.ts', 'generated'])
    cpSync(path.join(root, name), path.join(checkout, name), {
      recursive: true,
      filter: (file) => !/\/generated\/(program-|lock|\.unfinished)/.test(file),
    });
  // Every package but the one that bundles: what is installed where nothing is built.
  const installed = path.join(root, 'node_modules');
  mkdirSync(path.join(checkout, 'node_modules'));
  for (const name of readdirSync(installed).filter((each) => each !== 'rolldown'))
    symlinkSync(path.join(installed, name), path.join(checkout, 'node_modules', name));
});

describe('the program', () => {
  it('is its sources where nothing bundles them', async () => {
    expect(await alfred(['--version'])).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' });
    expect(made()).toEqual([]);
  });

  it('is bundled where something does, once for all who ask at the same time', async () => {
    symlinkSync(path.join(root, 'node_modules/rolldown'), path.join(checkout, 'node_modules/rolldown'));
    expect(await Promise.all([version(), version()])).toEqual(['0.1.0\n', '0.1.0\n']);
    const [program, ...more] = made();
    expect([program, more]).toEqual([expect.stringMatching(/^program-[0-9a-f]{16}$/), []]);
    expect(await alfred(['--version'])).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' });
    expect(made()).toEqual([program]);
  });

  it('is another one after a change, and says by the lines of its sources where an error is thrown', async () => {
    const file = path.join(checkout, 'src/cli/commands/status.ts');
    const text = readFileSync(file, 'utf8').replace(
      /(async run\(.*\) \{\n)/,
      "$1throw new Error('broken');\n",
    );
    writeFileSync(file, text);
    const line = text.split('\n').indexOf("throw new Error('broken');") + 1;
    const { code, stderr } = await alfred(['status'], { ALFRED_LOG_LEVEL: 'debug' });
    expect([code, line > 0]).toEqual([1, true]);
    expect(stderr).toContain(`src/cli/commands/status.ts:${line}:`);
    expect(made()).toHaveLength(2);
  });
});

describe('what is in the memory of whoever runs it', () => {
  const folder = path.dirname(programFile());
  const code = () =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.js'))
      .map((name) => readFileSync(path.join(folder, name), 'latin1'));

  it('is one byte a letter', () => {
    expect(code().filter((text) => /[^\0-\x7f]/.test(text))).toEqual([]);
  });

  it('is no array of holes for each model of Prisma', () => {
    // Another version of Prisma writes it otherwise, or needs it no more: see findings/prisma-arrays-of-holes.sh.
    const tables = code().flatMap(
      (text) => text.match(/\w+=\(\(\)=>\{const o=\{\};o\[4294967294\]=0/g) ?? [],
    );
    expect(tables).toHaveLength(2);
  });

  it('is nothing of the undici within Node.js, which node:http would bring', async () => {
    const said = path.join(temporary, 'said.cjs');
    const isLoaded = `process.moduleLoadList.some((name) => name.endsWith('deps/undici/undici'))`;
    writeFileSync(said, `process.on('exit', () => console.log(${isLoaded}));`);
    const { stdout } = await promisify(execFile)(process.execPath, [
      '-r',
      said,
      path.join(root, 'bin/alfred.js'),
      '--version',
    ]);
    expect(stdout).toBe('0.1.0\nfalse\n');
  });
});

describe('a look at the sources', () => {
  const folder = path.join(temporary, 'looked-at');
  const file = path.join(folder, 'a.ts');
  const note = path.join(temporary, 'note.json');
  const later = 60_000;
  let reads = 0;
  const ask = (nowMs = Date.now() + later) =>
    lookBeforeReading(
      note,
      temporary,
      () => ({ names: ['looked-at', 'looked-at/a.ts'], read: () => `read ${++reads}` }),
      nowMs,
    );
  beforeAll(() => {
    mkdirSync(folder);
    writeFileSync(file, 'one');
  });

  it('does for reading them while nothing changes', () => {
    expect([ask(), ask(), ask()]).toEqual(['read 1', 'read 1', 'read 1']);
  });

  it('sees a change of the same length that says it is as old as what it replaces', () => {
    const { atime, mtime } = statSync(file);
    writeFileSync(file, 'two');
    utimesSync(file, atime, mtime);
    expect([ask(), ask()]).toEqual(['read 2', 'read 2']);
  });

  it('sees what is new in a folder, and what is gone', () => {
    writeFileSync(path.join(folder, 'b.ts'), '');
    expect([ask(), ask()]).toEqual(['read 3', 'read 3']);
    rmSync(file);
    expect([ask(), ask()]).toEqual(['read 4', 'read 4']);
  });

  it('is not relied on right after a change, nor where it cannot be kept', () => {
    writeFileSync(file, 'three');
    expect([ask(Date.now()), ask(Date.now())]).toEqual(['read 5', 'read 6']);
    rmSync(note);
    mkdirSync(note);
    expect([ask(), ask()]).toEqual(['read 7', 'read 8']);
    expect(readdirSync(temporary).filter((name) => name.startsWith('note.json.'))).toEqual([]);
  });
});

describe('what Node.js compiled of it', () => {
  const home = path.join(temporary, 'home');
  const before = process.env.ALFRED_HOME;
  beforeAll(() => {
    process.env.ALFRED_HOME = home;
  });
  afterAll(() => {
    if (before === undefined) delete process.env.ALFRED_HOME;
    else process.env.ALFRED_HOME = before;
  });

  it('is kept beside it where that may be written', () => {
    const folder = mkdtempSync(path.join(temporary, 'program-'));
    expect(compiledFolder(folder)).toBe(path.join(folder, 'compiled'));
  });

  it('is kept nowhere while there is no home, or others may write to it', () => {
    expect(compiledFolder('/nonexistent/program-1')).toBeUndefined();
    expect(existsSync(home)).toBe(false);
    mkdirSync(home);
    chmodSync(home, 0o770);
    expect(compiledFolder('/nonexistent/program-1')).toBeUndefined();
    expect(readdirSync(home)).toEqual([]);
  });

  it('is kept in the home otherwise, that of one program at a time', () => {
    chmodSync(home, 0o700);
    expect(compiledFolder('/nonexistent/program-1')).toBe(path.join(home, 'cache/program-1'));
    expect(compiledFolder('/nonexistent/program-2')).toBe(path.join(home, 'cache/program-2'));
    expect(readdirSync(path.join(home, 'cache'))).toEqual(['program-2']);
  });
});
