/** Backups by schedule over a real database, with a clock that the test sets. */
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/database.ts';
import { createTestVault, keySettings, type TestVault } from '../../tests/helpers/vault.ts';
import { putConfig } from '../config/put-config.ts';
import { channelInputSchema } from '../contract/channels.ts';
import { createLogger } from '../kernel/log.ts';
import { createChannel } from '../notices/create-channel.ts';
import { openQueue, type Queue } from '../queue/queue.ts';
import { readBackupState } from './backup-state.ts';
import { openFile } from './folder-place.ts';
import { openBackup } from './open-backup.ts';
import { createScheduledBackups } from './scheduled-backups.ts';

let db: TestDatabase;
let vault: TestVault;
let queue: Queue;
let folder: string;
beforeAll(async () => {
  db = await createTestDatabase();
  vault = await createTestVault(db);
  queue = await openQueue({ url: db.url, log });
  folder = path.join(vault.home, 'elsewhere');
});
afterAll(async () => {
  await queue.stop();
  await vault.remove();
  await db.drop();
});

const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
const hour = 3_600_000;
let ahead = 0;
const at = () => new Date(Date.now() + ahead);
const put = (key: string, value: string) => putConfig({ db, vault }, key, value);
const backups = () =>
  createScheduledBackups({ db, vault, queue, settings: keySettings(vault.home), log, clock: { now: at } });
/** So much time goes by: what is on record was longer ago. */
const pass = (ms: number) => db.pool.query(`UPDATE audit_inbox SET at = at - $1 * interval '1 ms'`, [ms]);
const tick = () => backups().tick();
/** What the owner was told, in order. */
const told = async () => {
  const { rows } = await db.pool.query<{ event: string }>(
    `SELECT data ->> 'event' AS event FROM pgboss.job WHERE name = 'notice.deliver' ORDER BY data ->> 'at'`,
  );
  return rows.map(({ event }) => event);
};

it('makes none without a schedule', async () => {
  expect(await tick()).toBeUndefined();
  expect(await readBackupState(db)).toMatchObject({ schedule: null, last: null, dueSince: null });
});

it('says what a schedule lacks, tells its owner once, and tries again later', async () => {
  const config = { url: 'https://notices.example.com/' };
  await createChannel(
    { db, vault },
    channelInputSchema.parse({ name: 'in', kind: 'webhook', config }),
    'owner',
  );
  await put('timezone', 'UTC');
  await put('backup_schedule', '30 3 * * *');
  expect(await tick()).toBeUndefined();
  await pass(25 * hour);
  const scheduled = backups();
  expect(await scheduled.tick()).toBeUndefined();
  expect(await readBackupState(db, at())).toMatchObject({
    schedule: 'At 03:30 (UTC)',
    dueSince: expect.stringMatching(/T03:30:00/),
    isOverdue: true,
    failure: { message: expect.stringContaining('nobody for whom') },
  });
  expect(await told()).toEqual(['backup_overdue', 'backup_failed']);
  await tick();
  expect(await told()).toEqual(['backup_overdue', 'backup_failed']);
  ahead = 25 * hour;
  await tick();
  expect(await told()).toEqual(['backup_overdue', 'backup_failed', 'backup_overdue']);
  ahead = 0;
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
  const dump = path.join(vault.home, 'backups', 'before-20250101000000_old.dump.zst');
  await mkdir(path.dirname(dump));
  await writeFile(dump, '');
  await utimes(dump, 1, 1);
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
  expect(await readdir(path.dirname(dump))).toHaveLength(1);
  await put('backup_keep_days', '30');
  made.push(path.basename((await tick()) ?? ''));
  expect(await readdir(path.dirname(dump))).toEqual([]);
  const { header } = await openBackup(await openFile(path.join(folder, made[2] ?? '')), {
    identities: [identity],
  });
  expect(header).toMatchObject({ vaultId: vault.vaultId });
  expect(header).not.toHaveProperty('key');
  expect((await readBackupState(db, at())).last).toMatchObject({ file: made[3] });
});

it.each([
  ['backup_schedule', 'each day'],
  ['backup_schedule', '0 0 31 2 *'],
  ['backup_recipients', 'AGE-SECRET-KEY-1QQQQ'],
  ['backup_to', 'somewhere'],
  ['backup_to', 's3://Bucket'],
  ['backup_keep_days', '0'],
  ['backup_s3_endpoint', 'http://s3.example.com'],
  ['backup_keep', '0'],
])('takes no %s of %s', async (key, value) => {
  await expect(put(key, value)).rejects.toMatchObject({ code: 'E_VALIDATION' });
});
