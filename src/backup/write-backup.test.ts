/** What a backup takes while it is written and before it is read: memory, and room on the disk. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLogger } from '../kernel/log.ts';
import { backupFormat } from './backup-format.ts';
import { folderPlace, openFile } from './folder-place.ts';
import { openBackup } from './open-backup.ts';
import { stageHome } from './stage.ts';
import { lineOf, writeBackup } from './write-backup.ts';

const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
const megabyte = 1024 * 1024;
/** More than any disk holds. */
const tooMuch = 2 ** 52;

let folder: string;
let identity: string;
let to: { recipients: string[] };
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'alfred-write-'));
  identity = await generateX25519Identity();
  to = { recipients: [await identityToRecipient(identity)] };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('holds some pieces of it at a time, however slowly its place takes it', async () => {
  const total = 24 * megabyte;
  let made = 0;
  // What does not compress: all of it must pass.
  async function* text() {
    for (; made < total; made += megabyte / 16) yield randomBytes(megabyte / 16);
  }
  let aheadAtMost = 0;
  let taken = 0;
  const place = {
    ...folderPlace(folder),
    write: async (_name: string, pieces: AsyncIterable<Uint8Array>) => {
      for await (const { length } of pieces) {
        // Whoever writes now and then waits for the disk: until nothing moves any more.
        const isWaiting = taken % (6 * megabyte) > (taken + length) % (6 * megabyte) || taken === 0;
        for (let before = -1; isWaiting && before !== made; ) {
          before = made;
          await sleep(50);
        }
        taken += length;
        aheadAtMost = Math.max(aheadAtMost, made - taken);
      }
      return taken;
    },
  };
  const { bytes, textBytes } = await writeBackup(
    text(),
    { databaseBytes: 0 },
    { place, name: 'slow.age', to },
  );
  expect(textBytes).toBe(total);
  expect(bytes).toBeGreaterThan(total);
  expect(aheadAtMost).toBeGreaterThan(0);
  expect(aheadAtMost).toBeLessThan(8 * megabyte);
});

it('is not begun where there is no room for it', async () => {
  const place = folderPlace(path.join(folder, 'full'));
  async function* text() {
    yield 'more than there is room for';
  }
  await expect(
    writeBackup(text(), { databaseBytes: tooMuch }, { place, name: 'no.age', to }),
  ).rejects.toMatchObject({ code: 'E_DISK_FULL', message: expect.stringContaining('at the very least') });
  expect(await place.list()).toEqual([]);
});

it('is not restored where there is no room for its database', async () => {
  async function* text() {
    yield lineOf({
      ...{ format: backupFormat, createdAt: '2026-11-29T12:00:00.000Z', program: '0.1.0' },
      ...{ vaultId: 'a-vault', rootKey: 'a-key', databaseBytes: tooMuch },
    });
  }
  const place = folderPlace(folder);
  const { file } = await writeBackup(text(), { databaseBytes: 0 }, { place, name: 'large.age', to });
  const home = path.join(folder, 'home');
  const backup = await openBackup(await openFile(file), { identities: [identity] });
  await expect(
    stageHome(backup, { home, kind: 'restoring', log, onProgress: () => {} }),
  ).rejects.toMatchObject({ code: 'E_DISK_FULL', remedy: expect.stringContaining('Make room') });
  expect(await readdir(home)).toEqual([]);
});
