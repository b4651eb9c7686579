/** Backups by schedule over a real database, with a clock that the test sets. */
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/database.ts';
import { createTestVault, keySettings, type TestVault } from '../../tests/helpers/vault.ts';
import { putConfig } from '../config/put-config.ts';
import { createLogger } from '../kernel/log.ts';
import { readBackupState } from './backup-state.ts';
import { openBackup } from './open-backup.ts';
import { createScheduledBackups } from './scheduled-backups.ts';

let db: TestDatabase;
let vault: TestVault;
let folder: string;
beforeAll(async () => {
  db = await createTestDatabase();
  vault = await createTestVault(db);
  folder = path.join(vault.home, 'elsewhere');
});
afterAll(async () => {
  await vault.remove();
  await db.drop();
});

const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
const hour = 3_600_000;
let ahead = 0;
const at = () => new Date(Date.now() + ahead);
const put = (key: string, value: string) => putConfig({ db, vault }, key, value);
const backups = () =>
  createScheduledBackups({ db, vault, settings: keySettings(vault.home), log, clock: { now: at } });
/** So much time goes by: what is on record was longer ago. */
const pass = (ms: number) => db.pool.query(`UPDATE audit_inbox SET at = at - $1 * interval '1 ms'`, [ms]);
const tick = () => backups().tick();

it('makes none without a schedule', async () => {
  expect(await tick()).toBeUndefined();
  expect(await readBackupState(db)).toMatchObject({ schedule: null, last: null, dueSince: null });
});

it('says what a schedule lacks, and tries again later', async () => {
  await put('timezone', 'UTC');
  await put('backup_schedule', '30 3 * * *');
  expect(await tick()).toBeUndefined();
  await pass(25 * hour);
  const scheduled = backups();
  expect(await scheduled.tick()).toBeUndefined();
  expect(await readBackupState(db, at())).toMatchObject({
    schedule: 'At 03:30 (UTC)',
    dueSince: expect.stringMatching(/T03:30:00/),
    failure: { message: expect.stringContaining('nobody for whom') },
  });
  // Not each minute.
  await db.pool.query(`DELETE FROM audit_inbox WHERE action = 'backup.failed'`);
  ahead = 60_000;
  expect(await scheduled.tick()).toBeUndefined();
  expect((await readBackupState(db, at())).failure).toBeNull();
});

it('makes one when its time has passed, keeps the newest, and leaves what others made', async () => {
  const identity = await generateX25519Identity();
  await put('backup_recipients', await identityToRecipient(identity));
  await put('backup_to', folder);
  await put('backup_keep', '2');
  await mkdir(folder);
  const others = [
    'alfred-2020-01-01T00-00-00.000Z.age',
    'alfred-00000000-2020-01-01T00-00-00.000Z.age',
    'mine.txt',
  ];
  for (const name of others) await writeFile(path.join(folder, name), '');
  const abandoned = `alfred-${vault.vaultId.slice(0, 8)}-2020.age.0123abcd.part`;
  await writeFile(path.join(folder, abandoned), '');
  await utimes(path.join(folder, abandoned), 1, 1);

  const made: string[] = [];
  for (let day = 0; day < 3; day++) {
    const file = await tick();
    expect(file).toMatch(/alfred-[0-9a-f]{8}-.*\.age$/);
    made.push(path.basename(file ?? ''));
    expect(await tick()).toBeUndefined();
    await pass(25 * hour);
  }
  expect((await readdir(folder)).sort()).toEqual([...others, ...made.slice(1)].sort());
  const { header } = await openBackup(path.join(folder, made[2] ?? ''), { identities: [identity] });
  expect(header).toMatchObject({ vaultId: vault.vaultId });
  expect(header).not.toHaveProperty('key');
  expect((await readBackupState(db, at())).last).toMatchObject({ file: made[2] });
}, 60_000);

it.each([
  ['backup_schedule', 'each day'],
  ['backup_schedule', '0 0 31 2 *'],
  ['backup_recipients', 'AGE-SECRET-KEY-1QQQQ'],
  ['backup_to', 'somewhere'],
  ['backup_keep', '0'],
])('takes no %s of %s', async (key, value) => {
  await expect(put(key, value)).rejects.toMatchObject({ code: 'E_VALIDATION' });
});
