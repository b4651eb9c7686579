import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkHome } from './check-home.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'alfred-home-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('makes a home that is not there', async () => {
  await checkHome(path.join(folder, 'a', 'home'));
});

it('says of one that cannot be written why, and what to do', async () => {
  await writeFile(path.join(folder, 'file'), '');
  await expect(checkHome(path.join(folder, 'file', 'home'))).rejects.toMatchObject({
    code: 'E_SETTINGS',
    message: expect.stringMatching(/^The home .* cannot be written: ENOTDIR/),
    remedy: expect.stringContaining('ALFRED_HOME'),
  });
});

it.runIf(process.platform === 'linux')('refuses a place where no folder can be made', async () => {
  const refused = { code: 'E_SETTINGS', message: expect.stringContaining('no folder can be made there') };
  await expect(checkHome('/proc/alfred/home')).rejects.toMatchObject(refused);
});

it.skipIf(process.getuid?.() === 0)('says so of one that is for reading alone', async () => {
  await chmod(folder, 0o500);
  await expect(checkHome(folder)).rejects.toMatchObject({ code: 'E_SETTINGS' });
});

it('says how many files it must be let open', async () => {
  const limits =
    'Limit  Soft Limit  Hard Limit  Units\nMax open files            64                   64                   files\n';
  await expect(checkHome(folder, limits)).rejects.toMatchObject({
    code: 'E_SETTINGS',
    message: 'This process may open 64 files at once: a VM needs 256 at least.',
    remedy: expect.stringContaining('ulimit -n'),
  });
  await checkHome(folder, limits.replaceAll('64', 'unlimited'));
});
