import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/helpers/database.ts';
import { keySettings } from '../../tests/helpers/vault.ts';
import { listConfig } from '../config/list-config.ts';
import { createLogger } from '../kernel/log.ts';
import { openSealed } from './open.ts';
import { openVault } from './open-vault.ts';
import { rootKeyFromWords, showRecovery } from './recovery.ts';
import { fingerprintOfRootKey } from './root-key.ts';

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
const rows = async () =>
  new Map((await db.prisma.config.findMany()).map(({ key: name, value }) => [name, value]));
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
    expect(() => rootKeyFromWords('abandon abandon')).toThrowError(fails('E_VALIDATION'));
  });
});
