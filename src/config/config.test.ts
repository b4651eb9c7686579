import { beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../tests/helpers/database.ts';
import { createTestVault } from '../../tests/helpers/vault.ts';
import { provideVault, type VaultBench } from '../../tests/helpers/vault-bench.ts';
import { openSealed } from '../vault/open.ts';
import { listAllRows, writePlain } from '../vault/plain-rows.ts';
import { deleteConfig } from './delete-config.ts';
import { internalEntries } from './internal-entries.ts';
import { anthropicBaseUrl, defaultModel } from './known-keys.ts';
import { listConfig } from './list-config.ts';
import { isMarked, mark } from './marks.ts';
import { readModelSettings } from './model-settings.ts';
import { provisionConfig } from './provision-config.ts';
import { configPlace, putConfig } from './put-config.ts';
import { readConfig } from './read-config.ts';

let { db, vault } = {} as VaultBench;
provideVault((bench) => {
  ({ db, vault } = bench);
});
const kept = ['vault_id', 'vm_auth_secret', 'vm_encryption_secret', 'root_key_fingerprint'];
beforeEach(async () => {
  await db.prisma.config.deleteMany({ where: { key: { notIn: kept } } });
  await listAllRows(db.prisma);
});

const put = (key: string, value: string) => putConfig({ db, vault }, key, value);
const stored = async (key: string) => (await db.prisma.config.findUnique({ where: { key } }))?.value;
const apiKey = 'sk-ant-api03-canary-5f1e';
const fails = (code: string) => expect.objectContaining({ code });

describe('a secret entry', () => {
  it('is sealed, listed by fingerprint, redacted, and never given back', async () => {
    const entry = await put('anthropic_api_key', ` ${apiKey}\n`);
    expect(entry).toEqual({
      key: 'anthropic_api_key',
      value: null,
      sealed: true,
      fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/),
      updatedAt: expect.any(String),
    });
    const sealed = (await stored('anthropic_api_key')) ?? '';
    expect(sealed).toMatch(/^encrypted:pwEAAAAB/);
    expect(openSealed(vault, configPlace('anthropic_api_key'), sealed, 'x')).toBe(apiKey);
    expect(JSON.stringify(await listConfig({ db, vault }))).not.toContain('encrypted:');
    expect(vault.redactor.text(`key ${apiKey}`)).toBe('key [redacted:anthropic_api_key]');
  });

  it('has the same fingerprint for the same value, and another one in another VM', async () => {
    const first = await put('anthropic_api_key', apiKey);
    expect((await put('anthropic_api_key', apiKey)).fingerprint).toBe(first.fingerprint);
    expect((await put('anthropic_api_key', `${apiKey}2`)).fingerprint).not.toBe(first.fingerprint);
    const otherDb = await createTestDatabase();
    const otherVault = await createTestVault(otherDb);
    const other = await putConfig({ db: otherDb, vault: otherVault }, 'anthropic_api_key', apiKey);
    await otherVault.remove();
    await otherDb.drop();
    expect(other.fingerprint).not.toBe(first.fingerprint);
  });

  it.each(['door_password', 'github_token', 'hook_secret', 'weather_key'])(
    'may be one of the owner, such as %s',
    async (key) => {
      expect(await put(key, 'a-secret-of-mine')).toMatchObject({ sealed: true, value: null });
      expect(await stored(key)).toMatch(/^encrypted:/);
    },
  );

  it('that is too short to be redacted everywhere says so', async () => {
    expect((await put('door_password', '1234')).warnings).toEqual([expect.stringContaining('too short')]);
    expect((await put('door_password', 'long enough')).warnings).toBeUndefined();
    expect(vault.redactor.value({ door_password: '1234' })).toEqual({
      door_password: '[redacted:door_password]',
    });
  });
});

describe('the model key', () => {
  it('is dropped, with word of it, when its destination changes', async () => {
    await put('anthropic_api_key', apiKey);
    expect((await put('model_base_url', 'https://models.example')).warnings).toEqual([
      expect.stringContaining('anthropic_api_key'),
    ]);
    expect(await stored('anthropic_api_key')).toBeUndefined();

    await put('anthropic_api_key', apiKey);
    expect((await put('model_base_url', 'https://models.example')).warnings).toBeUndefined();
    expect(await stored('anthropic_api_key')).toBeDefined();
    await deleteConfig({ db }, 'model_base_url');
    expect(await stored('anthropic_api_key')).toBeUndefined();
  });

  it('stays when the new destination is refused', async () => {
    await put('anthropic_api_key', apiKey);
    await expect(put('model_base_url', 'http://models.example')).rejects.toThrowError(fails('E_VALIDATION'));
    expect(await stored('anthropic_api_key')).toBeDefined();
  });

  it.each([
    'https://gateway.example/anthropic',
    'http://127.0.0.1:4000',
    'http://localhost:11434/v1',
    'http://[::1]:8080',
    'http://192.168.1.20',
    'http://100.64.0.7:8000',
    'http://models:8080',
    'http://host.docker.internal:1234',
  ])('may be sent to %s', async (url) => {
    expect((await put('model_base_url', url)).value).toBe(url);
  });

  it.each([
    'http://api.example.com',
    'http://127.0.0.1.example.com',
    'http://127.evil.example',
    'http://10.evil.example',
    'http://localhost.example.com',
    'http://8.8.8.8',
    'http://[2606:4700::1111]',
    'https://me:pass@gateway.example',
    'ftp://gateway.example',
    'gateway.example',
  ])('is not sent to %s', async (url) => {
    await expect(put('model_base_url', url)).rejects.toThrowError(fails('E_VALIDATION'));
  });
});

describe('a plain entry', () => {
  it('is put, read, listed and deleted', async () => {
    expect(await put('timezone', 'Europe/Berlin')).toMatchObject({ value: 'Europe/Berlin', sealed: false });
    expect(await readConfig(db.prisma, 'timezone')).toEqual({ timezone: 'Europe/Berlin' });
    await deleteConfig({ db }, 'timezone');
    await expect(deleteConfig({ db }, 'timezone')).rejects.toThrowError(fails('E_NOT_FOUND'));
    expect(await put('my_notes', 'plain: and simple')).toMatchObject({ value: 'plain: and simple' });
    expect(await stored('my_notes')).toBe('plain:plain: and simple');
  });

  it.each([
    ['timezone', 'Europe/Atlantis'],
    ['timezone', '+02:00'],
    ['max_cost_per_run_usd', '-1'],
    ['max_cost_per_run_usd', 'much'],
    ['max_cost_per_run_usd', 'Infinity'],
    ['run_timeout_ms', '1.5'],
    ['run_timeout_ms', '10'],
    ['max_turns', '0'],
    ['model', 'a model\nwith lines'],
    ['model_prices', '[broken'],
    ['anthropic_api_key', 'sk ant'],
    ['alfred_core_public_key', 'ssh-ed25519 AAAA'],
    ['my_notes', ''],
  ])('is refused as %s = %j, by its field', async (key, value) => {
    await expect(put(key, value)).rejects.toThrowError(
      expect.objectContaining({
        code: 'E_VALIDATION',
        fields: [expect.objectContaining({ field: '/value' })],
      }),
    );
    expect(await stored(key)).toBeUndefined();
  });
});

describe('a key', () => {
  it.each(Object.keys(internalEntries))(
    'that the VM keeps itself is neither put nor deleted: %s',
    async (key) => {
      await mark(db, 'demo_done');
      const before = await stored(key);
      const refusal = { code: 'E_FORBIDDEN', message: expect.stringContaining(`"${key}"`) };
      await expect(put(key, 'true')).rejects.toMatchObject(refusal);
      await expect(deleteConfig({ db }, key)).rejects.toMatchObject(refusal);
      expect(await stored(key)).toBe(before);
    },
  );

  it('of a mark that somebody else changed may be deleted, as nothing else renews it', async () => {
    await mark(db, 'demo_done');
    await db.prisma.config.update({ where: { key: 'demo_done' }, data: { value: 'plain:false' } });
    expect(await isMarked(db, 'demo_done')).toBe(true);
    await deleteConfig({ db }, 'demo_done');
    expect(await isMarked(db, 'demo_done')).toBe(false);
  });

  it.each([
    ['time_zone', 'timezone'],
    ['antropic_api_key', 'anthropic_api_key'],
    ['model_bas_url', 'model_base_url'],
    ['max_truns', 'max_turns'],
  ])('that is one slip away from a known one is refused: %s', async (key, meant) => {
    await expect(put(key, 'a-value-of-some-kind')).rejects.toThrowError(
      expect.objectContaining({
        code: 'E_VALIDATION',
        message: expect.stringContaining(`did you mean "${meant}"`),
        fields: [expect.objectContaining({ field: '/key' })],
      }),
    );
  });
});

describe("a key of the owner's own", () => {
  it.each(['garage_code', 'constructor'])('is kept in the open, with a word about it: %s', async (key) => {
    expect(await put(key, 'a-value-of-some-kind')).toMatchObject({
      value: 'a-value-of-some-kind',
      warnings: [expect.stringContaining(`reads no "${key}"`)],
    });
  });
});

describe('the environment', () => {
  const environment = { provisioning: { apiKey, baseUrl: 'http://127.0.0.1:4000' } };

  it('is taken once in the life of a VM', async () => {
    expect(await provisionConfig({ db, vault }, environment)).toBe(false);
    expect(await stored('anthropic_api_key')).toMatch(/^encrypted:/);
    expect(await stored('model_base_url')).toBe('plain:http://127.0.0.1:4000');
    await deleteConfig({ db }, 'anthropic_api_key');
    expect(await provisionConfig({ db, vault }, environment)).toBe(true);
    expect(await stored('anthropic_api_key')).toBeUndefined();
  });
});

describe('the model settings', () => {
  const read = (model?: string) => readModelSettings({ db, settings: { model } });

  it('rehearse as long as nothing else could answer', async () => {
    expect(await read()).toMatchObject({
      model: defaultModel,
      baseUrl: anthropicBaseUrl,
      hasApiKey: false,
      rehearsal: true,
    });
    await put('anthropic_api_key', apiKey);
    expect(await read()).toMatchObject({ hasApiKey: true, rehearsal: false });
    expect(await read('rehearsal')).toMatchObject({ rehearsal: true });
    await deleteConfig({ db }, 'anthropic_api_key');
    await put('model_base_url', 'http://127.0.0.1:4000');
    expect(await read()).toMatchObject({ hasApiKey: false, rehearsal: false });
  });

  it('are what was put, and the environment goes before', async () => {
    await put('model', 'my-model');
    await put('max_cost_per_run_usd', '0.5');
    await put('timezone', 'Asia/Tokyo');
    expect(await read()).toMatchObject({ model: 'my-model', maxCostPerRunUsd: 0.5, timezone: 'Asia/Tokyo' });
    expect((await read('other-model')).model).toBe('other-model');
  });
});

describe('what is read', () => {
  it('is typed by its schema, with the default of the table', async () => {
    const keys = ['core_anchor', 'core_token_scopes', 'max_cost_per_day_usd', 'model_timeout_ms'] as const;
    expect(await readConfig(db.prisma, ...keys)).toEqual({
      core_anchor: false,
      core_token_scopes: ['status', 'start'],
      max_cost_per_day_usd: undefined,
      model_timeout_ms: 90_000,
    });
    await put('core_anchor', 'on');
    await put('core_token_scopes', 'none');
    await put('max_cost_per_day_usd', '2.5');
    await put('model_timeout_ms', '1500');
    expect(await readConfig(db.prisma, ...keys)).toEqual({
      core_anchor: true,
      core_token_scopes: [],
      max_cost_per_day_usd: 2.5,
      model_timeout_ms: 1500,
    });
  });

  it('names an entry that holds what it may not', async () => {
    await db.transaction((tx) => writePlain(tx, { run_timeout_ms: 'soon' }));
    await expect(readConfig(db.prisma, 'model', 'run_timeout_ms')).rejects.toMatchObject({
      code: 'E_VALIDATION',
      message: expect.stringContaining('"run_timeout_ms"'),
    });
  });

  it('is not believed when somebody else wrote it', async () => {
    await put('timezone', 'Asia/Tokyo');
    await db.prisma.config.update({ where: { key: 'timezone' }, data: { value: 'plain:Europe/Berlin' } });
    await expect(readConfig(db.prisma, 'timezone')).rejects.toThrowError(fails('E_ROW_ALTERED'));
  });
});
