import { execFileSync } from 'node:child_process';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  rmdir,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/database.ts';
import { keySettings } from '../../tests/helpers/vault.ts';
import { listConfig } from '../config/list-config.ts';
import { createLogger } from '../kernel/log.ts';
import { openSealed } from './open.ts';
import { openVault } from './open-vault.ts';
import { restoreRootKey, rootKeyFromWords, showRecovery } from './recovery.ts';
import { createRootKey, findRootKey, fingerprintOfRootKey } from './root-key.ts';

const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
const key = Buffer.alloc(32, 1);
const otherKey = Buffer.alloc(32, 2).toString('base64url');
const authPlace = { table: 'config', rowId: 'vm_auth_secret', pointer: '/value' };

let db: TestDatabase;
let home: string;

beforeEach(async () => {
  db = await createTestDatabase();
  home = await mkdtemp(path.join(tmpdir(), 'alfred-keys-'));
});
afterEach(async () => {
  await db.drop();
  await rm(home, { recursive: true, force: true });
});

type KeySources = { value?: string; file?: string; credentialsDirectory?: string };
const settings = (sources: KeySources = {}) => ({
  home,
  rootKey: { ...keySettings(home).rootKey, ...sources },
});
const open = (sources: KeySources = {}) => openVault({ db, settings: settings(sources), log });
/** All but the list of the others' MACs. */
const rows = async () => {
  const found = await db.prisma.config.findMany({ where: { key: { not: 'config_macs' } } });
  return new Map(found.map(({ key: name, value }) => [name, value]));
};
const keyFile = () => path.join(home, 'keys', 'vm_encryption_secret');
const fails = (code: string) => expect.objectContaining({ code });

describe('a new VM', () => {
  it('makes the secrets of the founding document and seals them', async () => {
    const vault = await open();
    const config = await rows();
    expect(config.get('vm_encryption_secret')).toMatch(/^encrypted:/);
    expect(config.get('vm_auth_secret')).toMatch(/^encrypted:/);
    expect(config.get('root_key_fingerprint')).toBe(`plain:${vault.fingerprint}`);
    expect((await stat(keyFile())).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(keyFile()))).mode & 0o777).toBe(0o700);
    expect([...config.values()].join()).not.toContain((await readFile(keyFile(), 'utf8')).trim());
  });

  it('opens again to the same values', async () => {
    const first = await open();
    const sealed = (await rows()).get('vm_auth_secret') ?? '';
    const value = openSealed(first, authPlace, sealed, 'vm_auth_secret');
    const again = await open();
    expect(openSealed(again, authPlace, sealed, 'vm_auth_secret')).toBe(value);
    expect(again.redactor.text(value)).toBe('[redacted:vm_auth_secret]');
    expect(again.vaultId).toBe(first.vaultId);
  });

  it('is made by one of two programs that start on one database at the same time', async () => {
    const otherHome = await mkdtemp(path.join(tmpdir(), 'alfred-keys-'));
    try {
      const starts = await Promise.allSettled([
        open(),
        openVault({ db, settings: keySettings(otherHome), log }),
      ]);
      expect(starts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      for (const start of starts) {
        if (start.status === 'rejected') expect(start.reason).toMatchObject({ code: 'E_KEY_MISSING' });
      }
      const homes = await Promise.all([readdir(home), readdir(otherHome)]);
      expect(homes.flat()).toEqual(['keys']); // the other has made no key
    } finally {
      await rm(otherHome, { recursive: true, force: true });
    }
  });

  it('knows the forms of its root key', async () => {
    const { redactor } = await open();
    const bytes = Buffer.from(await readFile(keyFile(), 'utf8'), 'base64');
    for (const form of ['base64', 'base64url', 'hex'] as const) {
      expect(redactor.text(`x ${bytes.toString(form)} x`)).toBe('x [redacted:vm_encryption_secret] x');
    }
    expect(redactor.text(`x ${bytes.toString('base64').replace(/=+$/, '')} x`)).not.toMatch(/\w{12}=* x$/);
  });

  it('refuses half of a character, which would come back as another one', async () => {
    const vault = await open();
    expect(() => vault.seal(authPlace, 'x\ud800', 'a.b')).toThrowError(fails('E_VALIDATION'));
  });

  it('lists its secrets by fingerprint alone', async () => {
    const vault = await open();
    const entries = await listConfig({ db, vault });
    expect(entries.find((entry) => entry.key === 'vm_auth_secret')).toMatchObject({
      sealed: true,
      value: null,
      fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/),
    });
  });
});

describe("the founding document's rows", () => {
  const insert = (name: string, value: string) =>
    db.pool.query('INSERT INTO config (key, value) VALUES ($1, $2)', [name, value]);

  it('are sealed, and the root key moves to its file', async () => {
    await insert('vm_encryption_secret', `plain:${key.toString('base64')}`);
    await insert('vm_auth_secret', 'plain:random-secret-string');
    const vault = await open();
    const config = await rows();
    expect(config.get('vm_encryption_secret')).toMatch(/^encrypted:/);
    expect(openSealed(vault, authPlace, config.get('vm_auth_secret') ?? '', 'vm_auth_secret')).toBe(
      'random-secret-string',
    );
    expect((await readFile(keyFile(), 'utf8')).trim()).toBe(key.toString('base64'));
  });

  it('work to the letter, but for the key, which is none', async () => {
    await insert('anthropic_api_key', 'encrypted:sk-ant-...');
    await insert('vm_auth_secret', 'plain:random-secret-string');
    await insert('vm_encryption_secret', `plain:${key.toString('base64url')}`);
    await insert('alfred_core_public_key', 'plain:-----BEGIN PUBLIC KEY-----...');
    await open();
    const config = await rows();
    // What was never sealed by this vault does not open; it is kept, and named in the log.
    expect(config.get('anthropic_api_key')).toBe('encrypted:sk-ant-...');
    expect(config.get('vm_auth_secret')).toMatch(/^encrypted:pwEAAAAB/);
    await open();
  });

  it('are refused where a keyring was overwritten by them', async () => {
    await open();
    await db.prisma.config.update({
      where: { key: 'vm_encryption_secret' },
      data: { value: `plain:${key.toString('base64')}` },
    });
    await rm(keyFile());
    const before = await rows();
    await expect(open()).rejects.toThrowError(fails('E_KEY_MISSING'));
    expect(await rows()).toEqual(before);
    await expect(stat(keyFile())).rejects.toThrow('ENOENT');
  });

  it('get an auth secret made when theirs is empty or gone', async () => {
    await insert('vm_auth_secret', 'plain:');
    const vault = await open();
    const read = async () =>
      openSealed(vault, authPlace, (await rows()).get('vm_auth_secret') ?? '', 'vm_auth_secret');
    expect(await read()).toHaveLength(43);
    await db.prisma.config.delete({ where: { key: 'vm_auth_secret' } });
    await open();
    expect(await read()).toHaveLength(43);
  });

  it('are refused whole when the key in them is none, and nothing is lost', async () => {
    await insert('vm_encryption_secret', 'plain:aes-256-key');
    await expect(open()).rejects.toThrowError(fails('E_KEY_UNSAFE'));
    expect((await rows()).get('vm_encryption_secret')).toBe('plain:aes-256-key');
    await expect(stat(keyFile())).rejects.toThrow('ENOENT');
  });

  it('are refused when they disagree with the key that is there', async () => {
    await insert('vm_encryption_secret', `plain:${key.toString('base64')}`);
    await expect(open({ value: otherKey })).rejects.toThrowError(fails('E_KEY_SOURCES_DISAGREE'));
  });
});

describe('the root key', () => {
  it('is refused when it is the wrong one, with both fingerprints named and nothing written', async () => {
    const { fingerprint } = await open();
    const before = await rows();
    await rm(keyFile());
    const other = fingerprintOfRootKey(Buffer.alloc(32, 2));
    await expect(open({ value: otherKey })).rejects.toThrowError(
      expect.objectContaining({
        code: 'E_WRONG_KEY',
        message: expect.stringMatching(`${other}.*${fingerprint}`),
      }),
    );
    expect(await rows()).toEqual(before);
    await expect(stat(keyFile())).rejects.toThrow('ENOENT');
  });

  it('is told from a damaged keyring', async () => {
    const { fingerprint } = await open();
    const config = await rows();
    const put = (name: string, value: string) =>
      db.prisma.config.update({ where: { key: name }, data: { value } });
    const sealed = config.get('vm_encryption_secret') ?? '';
    await put(
      'vm_encryption_secret',
      `${sealed.slice(0, -5)}${sealed.endsWith('AAAA=') ? 'BBBB=' : 'AAAA='}`,
    );
    await expect(open()).rejects.toThrowError(fails('E_SEALED_VALUE'));
    await put('vm_encryption_secret', sealed);

    // The keyring decides. The row with the fingerprint only names the key that is missed, and is put right.
    await put('root_key_fingerprint', 'plain:00000000');
    expect((await open()).fingerprint).toBe(fingerprint);
    expect(await rows()).toEqual(config);
    await db.prisma.config.delete({ where: { key: 'root_key_fingerprint' } });
    await rm(keyFile());
    await expect(open({ value: otherKey })).rejects.toThrowError(fails('E_WRONG_KEY'));
  });

  it('is read from a plain file alone', async () => {
    const file = path.join(home, 'elsewhere');
    await mkdir(file);
    await expect(open({ file })).rejects.toThrowError(fails('E_KEY_UNSAFE'));
    await rmdir(file);
    execFileSync('mkfifo', ['-m', '600', file]);
    await expect(open({ file })).rejects.toThrowError(fails('E_KEY_UNSAFE'));
    await rm(file);
    await writeFile(file, otherKey.padEnd(100_000), { mode: 0o600 });
    await expect(open({ file })).rejects.toThrowError(fails('E_KEY_UNSAFE'));
    expect(await rows()).toEqual(new Map());
  });

  it('is refused when it belongs to another user', async (context) => {
    if (process.getuid?.() !== 0) return context.skip(); // only root can give a file away
    await open();
    await chown(keyFile(), 12_345, 12_345);
    await expect(open()).rejects.toThrowError(fails('E_KEY_UNSAFE'));
  });

  it('does not replace a file that came to be meanwhile', async () => {
    const { fingerprint } = await createRootKey(settings());
    await expect(createRootKey(settings())).rejects.toThrowError(fails('E_CONFLICT'));
    expect((await findRootKey(settings()))?.fingerprint).toBe(fingerprint);
    expect(await readdir(path.dirname(keyFile()))).toEqual(['vm_encryption_secret']);
  });

  it('is never made anew where sealed values exist', async () => {
    await open();
    await rm(keyFile());
    await expect(open()).rejects.toThrowError(fails('E_KEY_MISSING'));
    await db.prisma.config.delete({ where: { key: 'vm_encryption_secret' } });
    await expect(open()).rejects.toThrowError(fails('E_KEY_MISSING'));
    await expect(stat(keyFile())).rejects.toThrow('ENOENT');
  });

  it('comes from the environment and from a named file, and two that disagree are refused', async () => {
    expect((await open({ value: otherKey })).keySource).toBe('environment');
    const file = path.join(home, 'elsewhere');
    await writeFile(file, key.toString('base64'), { mode: 0o600 });
    await expect(open({ value: otherKey, file })).rejects.toThrowError(fails('E_KEY_SOURCES_DISAGREE'));
    await writeFile(file, otherKey);
    expect(await open({ value: otherKey, file })).toMatchObject({ keySource: 'file', keyFile: file });
  });

  it('comes from a systemd credential before all others', async () => {
    await writeFile(path.join(home, 'vm_encryption_secret'), otherKey, { mode: 0o400 });
    expect((await open({ credentialsDirectory: home, value: otherKey })).keySource).toBe('credential');
  });

  it('is refused when others can read it', async () => {
    await open();
    await chmod(keyFile(), 0o640);
    await expect(open()).rejects.toThrowError(fails('E_KEY_UNSAFE'));
  });

  it.each([
    'short',
    `${otherKey}!`,
    `${otherKey} ${otherKey}`,
    Buffer.alloc(32, 2).toString('hex'),
    `${otherKey.slice(0, -1)}J`,
    `${Buffer.alloc(32, 0xfb).toString('base64').slice(0, -2)}_=`,
    Buffer.alloc(31).toString('base64'),
    Buffer.alloc(33).toString('base64'),
  ])('is refused as %j, which is not repeated', async (value) => {
    const error = await open({ value }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'E_KEY_UNSAFE' });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(value.slice(0, 20) || '-');
  });

  it('comes back from its 24 words', async () => {
    const { fingerprint } = await open();
    const recovery = await showRecovery(settings());
    expect(recovery.words).toHaveLength(24);
    expect(recovery.fingerprint).toBe(fingerprint);
    expect(fingerprintOfRootKey(rootKeyFromWords(recovery.words.join(' ')))).toBe(fingerprint);
  });

  it('is put back into its file from them, and never over another key', async () => {
    const { fingerprint } = await open();
    const words = (await showRecovery(settings())).words.join(' ');
    await rm(keyFile());
    await expect(open()).rejects.toThrowError(fails('E_KEY_MISSING'));
    expect(await restoreRootKey(settings(), ` ${words.toUpperCase().replaceAll(' ', '\n')}\n`)).toMatchObject(
      {
        fingerprint,
        file: keyFile(),
      },
    );
    expect((await stat(keyFile())).mode & 0o777).toBe(0o600);
    expect((await open()).fingerprint).toBe(fingerprint);
    await restoreRootKey(settings(), words);

    await writeFile(keyFile(), otherKey);
    await expect(restoreRootKey(settings(), words)).rejects.toThrowError(fails('E_CONFLICT'));
    expect(await readFile(keyFile(), 'utf8')).toBe(otherKey);
  });

  it.each([
    ['too few', 'abandon abandon'],
    ['twelve, which are valid words of a shorter key', `${'abandon '.repeat(11)}about`],
    ['a wrong checksum', 'abandon '.repeat(24)],
    ['an unknown word', `${'abandon '.repeat(23)}alfred`],
  ])('is not made of %s', (_what, words) => {
    expect(() => rootKeyFromWords(words)).toThrowError(fails('E_VALIDATION'));
  });

  it('is made of the words that BIP-39 has for zeros', () => {
    expect(rootKeyFromWords(`${'abandon '.repeat(23)}art`)).toEqual(Buffer.alloc(32));
  });
});
