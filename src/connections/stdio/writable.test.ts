/** What a server in the default sandbox may write to, tried from within it behind each kind of walls that can be built here. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kindsHere } from '../../../tests/helpers/walls.ts';
import { Sandbox } from './sandbox.ts';
import { writablePlaces } from './writable.ts';

const installation = path.resolve(import.meta.dirname, '../../..');
let root: string;
/** The user's home; and one place outside it. Neither lies in /tmp, which may be written. A name has a blank. */
let user: string;
let elsewhere: string;
beforeAll(async () => {
  root = realpathSync(mkdtempSync(path.join(homedir(), '.alfred-writable-')));
  user = path.join(root, 'a user');
  elsewhere = path.join(root, 'elsewhere');
  for (const folder of ['notes', 'vm/connections/own', '.ssh', '.config/autostart', 'code'])
    mkdirSync(path.join(user, folder), { recursive: true });
  for (const folder of ['declared', 'named', 'data'])
    mkdirSync(path.join(elsewhere, folder), { recursive: true });
  for (const file of ['.bashrc', '.ssh/authorized_keys', 'book.db', 'code/server.js'])
    writeFileSync(path.join(user, file), 'as it was');
  writeFileSync(path.join(elsewhere, 'data/book.db'), 'as it was');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('what may be written', () => {
  const named = (...words: string[]) => writablePlaces({ home: user, declared: [], words }).write;

  it('is what an argument names: a folder, or the folder of a file with data', () => {
    expect(named(path.join(user, 'notes'))).toContain(path.join(user, 'notes'));
    expect(named(`--root=${user}/notes`)).toContain(path.join(user, 'notes'));
    expect(named(path.join(elsewhere, 'data/book.db'))).toContain(path.join(elsewhere, 'data'));
  });

  it('is a file alone where it lies in the home itself, and nothing of a program', () => {
    const places = named(path.join(user, 'book.db'), path.join(user, 'code/server.js'));
    expect(places).toContain(path.join(user, 'book.db'));
    expect(places).not.toContain(user);
    expect(places).not.toContain(path.join(user, 'code'));
  });

  it('is nothing of the system, and nothing that is not there', () => {
    const before = named();
    expect(
      named('/', '/etc', '/usr/lib', '/etc/passwd', '/no/such/folder', 'notes', 'https://a.example/x'),
    ).toEqual(before);
  });

  it('is never what runs by itself, even where the whole home is named', () => {
    const { write, keep } = writablePlaces({ home: user, declared: [user], words: [] });
    expect(write).toContain(user);
    for (const place of ['.bashrc', '.ssh', '.config/autostart'])
      expect(keep).toContain(path.join(user, place));
    expect(keep).toContain(realpathSync(installation));
  });
});

const kinds = (await kindsHere()).filter(({ kind }) => kind !== 'none');

// A home that lies in /tmp, which may be written, shows nothing.
describe.skipIf(/^\/(var\/)?tmp(\/|$)/.test(homedir())).each(kinds)(
  'a server in the default sandbox, behind $kind',
  ({ kind, searchPath }) => {
    /** What a file that may not be written says. */
    const no = kind === 'landlock' ? 'EACCES' : 'EROFS';

    /** `done`, or why not, for each file that is written to from within. */
    async function written(
      files: string[],
      { words = [], paths = [] }: { words?: string[]; paths?: string[] } = {},
    ) {
      const script = `
        import { openSync } from 'node:fs';
        const tried = (file) => { try { openSync(file, 'a'); return 'done'; } catch (error) { return error.code; } };
        console.log(JSON.stringify(${JSON.stringify(files)}.map(tried)));`;
      const ownFolder = path.join(user, 'vm/connections/own');
      const sandbox = new Sandbox({ home: path.join(user, 'vm'), hide: [], searchPath });
      const { program, args } = await sandbox.wrap({
        mode: 'default',
        program: process.execPath,
        args: ['--input-type=module', '-e', script],
        cwd: ownFolder,
        ownFolder,
        paths,
        words,
        loaders: [],
        userHome: user,
        network: true,
      });
      const { stdout } = await promisify(execFile)(program, args, { env: { HOME: user, PATH: searchPath } });
      return JSON.parse(stdout) as string[];
    }

    it('writes to its own folder, to /tmp and to the caches of launchers', async () => {
      const own = path.join(user, 'vm/connections/own/x');
      const places = [own, '/tmp/alfred-writable-test', '/var/tmp/alfred-writable-test'];
      const files = [...places, `${user}/.npm/x`, `${user}/.cache/x`, '/dev/null'];
      expect(await written(files)).toEqual(Array(6).fill('done'));
      for (const file of places.slice(1)) rmSync(file, { force: true });
    });

    it('writes to what is declared and what an argument names, and nowhere else', async () => {
      const files = ['declared/x', 'named/x', 'x'].map((name) => path.join(elsewhere, name));
      const approved = { paths: [path.join(elsewhere, 'declared')], words: [path.join(elsewhere, 'named')] };
      expect(await written(files, approved)).toEqual(['done', 'done', no]);
      expect(await written(files)).toEqual([no, no, no]);
    });

    it('leaves alone what runs when its user signs in, what is not there yet too', async () => {
      const files = ['.bashrc', '.profile', '.ssh/authorized_keys', '.config/autostart/x', 'x'];
      const all = files.map((name) => path.join(user, name));
      expect(await written(all)).toEqual(Array(5).fill(no));
      // Somebody let it have the home. Landlock knows no "all but": what is not there yet cannot be made there.
      expect(
        await written([`${user}/.bashrc`, `${user}/.ssh/x`, `${user}/notes/x`, `${user}/by-${kind}`], {
          words: [user],
        }),
      ).toEqual([no, no, 'done', kind === 'landlock' ? no : 'done']);
    });

    it('leaves alone the installation, the system’s settings and the kernel’s', async () => {
      const files = [
        path.join(installation, 'package.json'),
        '/etc/x',
        '/usr/x',
        '/proc/sys/kernel/hostname',
      ];
      const answers = await written(files, { words: [installation, '/etc', '/'] });
      expect(answers.filter((answer) => !/^(EROFS|EACCES|EPERM)$/.test(answer))).toEqual([]);
    });
  },
);
