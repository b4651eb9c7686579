import { mkdir, mkdtemp, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linkOntoPath } from './path-link.ts';

let home: string;
let bin: string;
const program = path.resolve('bin/alfred.js');
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'alfred-link-'));
  bin = path.join(home, '.local/bin');
});
afterEach(() => rm(home, { recursive: true, force: true }));

const onto = (...folders: string[]) => linkOntoPath(program, { searchPath: folders.join(':'), home });

describe('the link', () => {
  it('is made once, and said once', async () => {
    expect(await onto('/nowhere', bin)).toMatch(/^alfred is a command now \(~\/\.local\/bin\/alfred\)/);
    expect(await readlink(path.join(bin, 'alfred'))).toBe(program);
    expect(await onto('/nowhere', bin)).toBeUndefined();
  });

  it('says what is missing where its folder is not looked through, and says it once as well', async () => {
    expect(await onto('/nowhere')).toContain('export PATH="$HOME/.local/bin:$PATH"');
    expect(await onto('/nowhere')).toBeUndefined();
  });

  it('is not made beside another alfred, wherever that is', async () => {
    const elsewhere = path.join(home, 'opt');
    await mkdir(elsewhere);
    await writeFile(path.join(elsewhere, 'alfred'), '');
    expect(await onto(elsewhere, bin)).toBeUndefined();
    await expect(readlink(path.join(bin, 'alfred'))).rejects.toThrow('ENOENT');
  });

  it('replaces one that leads to a clone which is gone, and nothing else', async () => {
    await mkdir(bin, { recursive: true });
    await symlink(path.join(home, 'gone/bin/alfred.js'), path.join(bin, 'alfred'));
    expect(await onto(bin)).toBeDefined();
    expect(await readlink(path.join(bin, 'alfred'))).toBe(program);

    await rm(path.join(bin, 'alfred'));
    await symlink(path.join(home, 'gone/tool'), path.join(bin, 'alfred'));
    expect(await onto(bin)).toBeUndefined();
    expect(await readlink(path.join(bin, 'alfred'))).toBe(path.join(home, 'gone/tool'));
  });

  it('is given up where nothing may be made, and nothing fails', async () => {
    await writeFile(path.join(home, '.local'), 'a file where a folder would be');
    expect(await onto(bin)).toBeUndefined();
  });

  it('does not take what npm puts on the path for the shell’s', async () => {
    const own = path.join(home, 'node_modules/.bin');
    await mkdir(own, { recursive: true });
    await writeFile(path.join(own, 'alfred'), '');
    expect(await onto(own, bin)).toBeDefined();
  });
});
