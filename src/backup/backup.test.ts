/** Backups of a real database, opened and restored by their own functions; a whole VM is in tests/backup.test.ts. */
import { appendFile, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { zstdCompressSync } from 'node:zlib';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/database.ts';
import { createTestVault, keySettings, type TestVault } from '../../tests/helpers/vault.ts';
import { fillRecord } from '../../tests/tamper/record.ts';
import { createAppender } from '../audit/appender.ts';
import { putConfig } from '../config/put-config.ts';
import type { Transaction } from '../database/client.ts';
import { settleAccess } from '../http/access/settle-access.ts';
import { createLogger } from '../kernel/log.ts';
import { findRootKey } from '../vault/root-key.ts';
import { encryptFor } from './age.ts';
import { createBackup } from './create-backup.ts';
import { findKeyFor } from './find-key.ts';
import { folderPlace, openFile } from './folder-place.ts';
import { backupKindOf, type OpenBackup, openBackup, restoreFiles } from './open-backup.ts';
import { restoreBackup } from './restore-backup.ts';
import { verifyBackup } from './verify-backup.ts';

const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
const secret = 'sk-canary-7f1d9c52e6b84a03';
const note = 'a note that only its owner should read';

let db: TestDatabase;
let vault: TestVault;
let folder: string;
let identity: string;
let recipient: string;
/** A backup for `recipient`, without the root key. */
let file: string;

beforeAll(async () => {
  db = await createTestDatabase();
  vault = await createTestVault(db);
  folder = path.join(vault.home, 'out');
  const appender = createAppender({ db, vault, log, home: vault.home, checkpointEvents: 10 });
  await putConfig({ db, vault }, 'anthropic_api_key', secret);
  await putConfig({ db, vault }, 'my_note', note);
  await fillRecord({ db, vault, appender }, 12);
  await appender.flush();
  const own = path.join(vault.home, 'connections', 'one');
  await mkdir(path.join(own, 'node_modules'), { recursive: true });
  await writeFile(path.join(own, 'memory.json'), Buffer.alloc(200_000, 'x\ny'), { mode: 0o640 });
  await writeFile(path.join(own, 'empty'), '');
  await writeFile(path.join(own, 'node_modules', 'left-out.js'), '');
  identity = await generateX25519Identity();
  recipient = await identityToRecipient(identity);
  file = (await create('backup.age')).file;
});
afterAll(async () => {
  await vault.remove();
  await db.drop();
});

const settings = () => keySettings(vault.home);
const create = (name: string, options: { withKey?: boolean } = {}) =>
  createBackup(
    { url: db.url, settings: settings() },
    { place: folderPlace(folder), name, to: { recipients: [recipient] }, ...options },
  );
const open = async (of = file, keys = [identity]) => openBackup(await openFile(of), { identities: keys });
const key = async () => {
  const found = await findRootKey(settings());
  if (!found) throw new Error('The vault has no key');
  return found.key;
};

/** All of its text. */
async function textOf(backup: OpenBackup): Promise<string> {
  let text = '';
  for (let line = await backup.reader.line(); line !== undefined; line = await backup.reader.line())
    text += `${line}\n`;
  return text;
}

describe('a backup', () => {
  it('is its owner’s alone, and holds no secret in the clear, not even for who opens it', async () => {
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['backup.age']);
    const bytes = await readFile(file);
    const text = await textOf(await open());
    for (const form of [secret, Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -2)]) {
      expect(bytes.includes(form)).toBe(false);
      expect(text).not.toContain(form);
    }
    expect(text).not.toContain((await key()).toString('base64'));
    expect(bytes.includes(note)).toBe(false);
    expect(text).toContain(note);
  });

  it('takes the root key in when that is asked for', async () => {
    const made = await create('with-key.age', { withKey: true });
    expect(made.withKey).toBe(true);
    const { header } = await open(made.file);
    expect(header).toMatchObject({ key: (await key()).toString('base64'), vaultId: vault.vaultId });
    const elsewhere = keySettings(path.join(folder, 'elsewhere'));
    expect(await findKeyFor(await open(made.file), elsewhere, undefined)).toEqual({
      key: await key(),
      isInPlace: false,
    });
  });

  it('writes over nothing', async () => {
    await expect(create('backup.age')).rejects.toMatchObject({ code: 'E_CONFLICT' });
  });

  it.runIf(process.platform === 'linux')('says in words that nothing can be written there', async () => {
    const to = { place: folderPlace('/proc/alfred/backups'), name: 'a.age', to: { recipients: [recipient] } };
    const given = { url: db.url, settings: keySettings(vault.home) };
    await expect(createBackup(given, to)).rejects.toMatchObject({
      code: 'E_BACKUP',
      message: expect.stringMatching(/^No backup was made: .* no folder can be made there/),
      remedy: expect.stringContaining('on a disk'),
    });
  });

  it('leaves nothing when it fails in the middle', async () => {
    const stop = new AbortController();
    const made = createBackup(
      { url: db.url, settings: settings() },
      {
        place: folderPlace(folder),
        name: 'stopped.age',
        to: { recipients: [recipient] },
        signal: stop.signal,
        onProgress: (stage) => stage === 'executions' && stop.abort(),
      },
    );
    await expect(made).rejects.toMatchObject({ code: 'E_BACKUP' });
    expect((await readdir(folder)).filter((name) => name.startsWith('stopped'))).toEqual([]);
  });

  it.each([
    ['too short a passphrase', { passphrase: 'short' }],
    ['what is no recipient', { recipients: ['age1nonsense'] }],
    ['a private key', { recipients: ['AGE-SECRET-KEY-1QQQ'] }],
  ])('is not made for %s', async (_what, to) => {
    const made = createBackup(
      { url: db.url, settings: settings() },
      { place: folderPlace(folder), name: 'no.age', to },
    );
    await expect(made).rejects.toMatchObject({
      code: 'E_VALIDATION',
      message: expect.not.stringContaining('SECRET'),
    });
  });
});

describe('opening it', () => {
  it('takes the right key, and says so of another', async () => {
    await expect(open(file, [await generateX25519Identity()])).rejects.toMatchObject({
      code: 'E_BACKUP',
      message: expect.stringContaining('does not open with this identity'),
    });
  });

  it('finds every flipped bit and every cut', async () => {
    const whole = await readFile(file);
    const bad = path.join(folder, 'bad.age');
    const refused = async (bytes: Buffer) => {
      await writeFile(bad, bytes);
      const read = async () => {
        if ((await backupKindOf(await openFile(bad))) === 'dump') throw new Error('taken for a dump');
        return textOf(await open(bad));
      };
      await expect(read()).rejects.toMatchObject({ code: 'E_BACKUP' });
    };
    // Each byte of the header, and of the rest some: every one is under the same tag as its neighbours.
    const at = Array.from({ length: whole.length }, (_, index) => index).filter(
      (index) => (index < 300 && index % 7 === 0) || index % 499 === 0 || index > whole.length - 3,
    );
    for (const index of at) {
      const flipped = Buffer.from(whole);
      flipped.writeUInt8(whole.readUInt8(index) ^ (1 << (index % 8)), index);
      await refused(flipped);
    }
    for (const length of [0, 10, 200, 1000, whole.length >> 1, whole.length - 1]) {
      await refused(whole.subarray(0, length));
    }
    await refused(Buffer.concat([whole, Buffer.from('more')]));
    await rm(bad);
  });

  it('refuses what leads out of the home', async () => {
    const header = JSON.stringify((await open()).header);
    for (const name of [
      '../outside',
      'samples/../../outside',
      '/etc/outside',
      'cli-token',
      'samples//x',
      'samples/',
    ]) {
      const text = `${header}\n${JSON.stringify({ file: name, mode: 0o600 })}\nAAAA\n\\.\n`;
      const forged = path.join(folder, 'forged.age');
      const pieces = encryptFor({ recipients: [recipient] })(Readable.from([zstdCompressSync(text)]));
      await writeFile(forged, '');
      await pipeline(pieces, async (all) => {
        for await (const piece of all) await appendFile(forged, piece);
      });
      await expect(restoreFiles(await open(forged), path.join(folder, 'target'))).rejects.toMatchObject({
        code: 'E_BACKUP',
        message: expect.stringContaining('none of a home'),
      });
      await rm(forged);
    }
  });
});

describe('with a database of its own', () => {
  const onProgress = () => {};

  it('is verified: every row, every secret, the chain; or it is said what was not looked at', async () => {
    const home = path.join(folder, 'scratch');
    const executions = await db.prisma.execution.count();
    const seen = await verifyBackup(await open(), { home, key: await key(), log, onProgress });
    expect(seen).toMatchObject({
      ok: true,
      vaultId: vault.vaultId,
      rootKey: vault.fingerprint,
      withKey: false,
      executions,
      sealed: { count: 3, unreadable: [] },
      audit: { ok: true, findings: [], warnings: [] },
    });
    expect(await readdir(home)).toEqual([]);
    const blind = await verifyBackup(await open(), { home, key: undefined, log, onProgress });
    expect(blind).toMatchObject({ ok: true, executions, sealed: null, audit: null });
  });

  it('is found to be damaged before anything of a home is replaced', async () => {
    const home = path.join(folder, 'home');
    await mkdir(path.join(home, 'keys'), { recursive: true });
    await writeFile(path.join(home, 'keys', 'kept'), 'kept');
    const cut = path.join(folder, 'cut.age');
    await writeFile(cut, await readFile(file));
    await truncate(cut, (await stat(file)).size - 1);
    const found = { key: await key(), isInPlace: false };
    const options = {
      settings: { ...keySettings(home), databaseUrl: undefined },
      key: found,
      actor: 'owner',
      settleAccess: (tx: Transaction) => settleAccess(tx, { keep: false, actor: 'owner' }),
      log,
      onProgress,
    };
    const restoreCut = async () => restoreBackup(await open(cut), options);
    await expect(restoreCut()).rejects.toMatchObject({ code: 'E_BACKUP' });
    const other = { ...options, key: { key: Buffer.alloc(32, 7), isInPlace: false } };
    await expect(restoreBackup(await open(), other)).rejects.toMatchObject({ code: 'E_WRONG_KEY' });
    expect(await readdir(home)).toEqual(['keys']);

    const done = await restoreBackup(await open(), options);
    expect(done).toMatchObject({
      ...{ epoch: 1, lost: 0, sealed: { unreadable: [] } },
      access: { good: { tokens: [], apps: [], passkeys: [], hasPassword: false } },
    });
    expect(await readdir(done.aside ?? '')).toEqual(['keys']);
    expect((await readdir(home)).sort()).toEqual(
      ['audit', path.basename(done.aside ?? ''), 'connections', 'keys', 'postgres'].sort(),
    );
    const memory = path.join(home, 'connections', 'one', 'memory.json');
    expect(await readFile(memory)).toEqual(
      await readFile(path.join(vault.home, 'connections/one/memory.json')),
    );
    expect((await stat(memory)).mode & 0o777).toBe(0o640);
    expect((await readdir(path.join(home, 'connections', 'one'))).sort()).toEqual(['empty', 'memory.json']);
    expect((await findRootKey(keySettings(home)))?.fingerprint).toBe(vault.fingerprint);
  });
});
