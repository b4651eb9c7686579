import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runInProcess } from '../../../tests/helpers/cli-io.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'alfred-restore-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** What BIP-39 has for 256 bits of zeros. */
const words = `${'abandon '.repeat(23)}art`;
const restore = (input: string, ...more: string[]) =>
  runInProcess(home, ['key', 'restore', '--secret-stdin', ...more], { input });
const keyFile = () => path.join(home, 'keys', 'vm_encryption_secret');

it('puts the key into its file, and the same words show again', async () => {
  const restored = await restore(`${words}\n`, '--json');
  expect(restored).toMatchObject({ code: 0, stderr: '' });
  expect(restored.json()).toMatchObject({ source: 'file', file: keyFile() });
  expect(Buffer.from(await readFile(keyFile(), 'utf8'), 'base64')).toEqual(Buffer.alloc(32));
  const shown = await runInProcess(home, ['key', 'show-recovery', '--yes-print', '--json']);
  expect(shown.json()).toMatchObject({ words: words.split(' ') });
  expect((await restore(words)).code).toBe(0);
});

it('replaces no other key, and repeats no word', async () => {
  await restore(words);
  const other = `${'zoo '.repeat(23)}vote`;
  const refused = await restore(other);
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain('E_CONFLICT');
  const wrong = await restore(words.replace('art', 'zebra'));
  expect(wrong.stderr).toContain('E_VALIDATION');
  for (const { stdout, stderr } of [refused, wrong]) expect(stdout + stderr).not.toMatch(/zoo|zebra|abandon/);
  expect(Buffer.from(await readFile(keyFile(), 'utf8'), 'base64')).toEqual(Buffer.alloc(32));
});
