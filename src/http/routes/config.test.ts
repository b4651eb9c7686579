import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../../../tests/helpers/http.ts';
import { pageOf } from '../../contract/common.ts';
import { configEntrySchema } from '../../contract/config.ts';
import { vaultSchema } from '../../contract/vault.ts';

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
});
afterAll(() => server.close());

const config = '/api/v1/config';
const put = (key: string, value: string) => server.send('PUT', `${config}/${key}`, { value });
const list = async (query = '') =>
  pageOf(configEntrySchema).parse((await server.send('GET', `${config}${query}`)).body);

describe('config', () => {
  it('shows what is plain, and of secrets the fingerprint', async () => {
    expect((await put('timezone', 'Europe/Berlin')).body).toMatchObject({
      value: 'Europe/Berlin',
      sealed: false,
    });
    const key = 'sk-ant-canary-77aa0192';
    const answer = await put('anthropic_api_key', key);
    expect(configEntrySchema.parse(answer.body)).toMatchObject({
      key: 'anthropic_api_key',
      value: null,
      sealed: true,
      fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/),
    });
    const read = await server.send('GET', `${config}/anthropic_api_key`);
    expect(read.body).toEqual(answer.body);
    const listed = await server.send('GET', config);
    for (const { text } of [answer, read, listed]) expect(text).not.toContain(key);
    const sealed = (await list()).items.filter((entry) => entry.sealed).map((entry) => entry.key);
    expect(sealed).toEqual(['anthropic_api_key', 'vm_auth_secret', 'vm_encryption_secret']);
  });

  it('comes in pages', async () => {
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page: Awaited<ReturnType<typeof list>> = await list(`?limit=2&cursor=${next}`);
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ key }) => key));
      next = page.nextCursor;
    }
    expect(seen).toEqual((await list()).items.map(({ key }) => key));
  });

  it('drops the model key when its destination changes', async () => {
    await put('anthropic_api_key', 'sk-ant-canary-77aa0192');
    await put('model_base_url', 'https://models.example');
    expect((await server.send('GET', `${config}/anthropic_api_key`)).status).toBe(404);
    expect((await server.send('DELETE', `${config}/model_base_url`)).status).toBe(204);
    expect((await server.send('DELETE', `${config}/model_base_url`)).status).toBe(404);
  });

  it.each([
    ['vault_id', 'x', 403],
    ['vm_encryption_secret', 'x', 403],
    ['timezone', 'Europe/Atlantis', 422],
    ['model_base_url', 'http://elsewhere.example', 422],
    ['Not-A-Key', 'x', 404],
  ])('refuses %s = %s', async (key, value, status) => {
    expect((await put(key, value)).status).toBe(status);
  });

  it('can be read by a token that may read, and written by the owner alone', async () => {
    const token = await server.token('read', 'write', 'run', 'connections:approve');
    expect((await server.send('GET', config, undefined, { token })).status).toBe(200);
    const write = await server.send(
      'PUT',
      `${config}/model_base_url`,
      { value: 'https://evil.example' },
      { token },
    );
    expect(write.status).toBe(403);
  });
});

describe('the vault', () => {
  it('says what is sealed under which key, and what does not open', async () => {
    await put('anthropic_api_key', 'sk-ant-canary-77aa0192');
    const read = async () => vaultSchema.parse((await server.send('GET', '/api/v1/vault')).body);
    const { vaultId, fingerprint } = server.vault;
    expect(await read()).toEqual({
      vaultId,
      rootKey: { fingerprint, source: 'file' },
      dataKeys: [{ id: server.vault.activeKeyId, isActive: true, values: 2 }],
      sealed: { config: 2, connections: 0, skills: 0 },
      rotation: null,
      holders: [],
      unreadable: [],
    });
    const { value } = await server.db.prisma.config.findUniqueOrThrow({
      where: { key: 'anthropic_api_key' },
    });
    await server.db.prisma.config.create({ data: { key: 'moved_secret', value } });
    expect(await read()).toMatchObject({ unreadable: ['moved_secret'] });
    await server.db.prisma.config.delete({ where: { key: 'moved_secret' } });
  });
});

it('says that a model which the environment names goes before the one that was set', async () => {
  const forced = await createTestServer({ env: { ALFRED_MODEL: 'rehearsal' } });
  try {
    const answer = await forced.send('PUT', `${config}/model`, { value: 'claude-sonnet-4-5' });
    expect(answer.body).toMatchObject({ warnings: [expect.stringMatching(/^ALFRED_MODEL .* rehearsal /)] });
    expect((await put('model', 'claude-sonnet-4-5')).body).not.toHaveProperty('warnings');
  } finally {
    await forced.close();
  }
});
