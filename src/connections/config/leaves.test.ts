import { describe, expect, it } from 'vitest';
import { provideVault, type VaultBench } from '../../../tests/helpers/vault-bench.ts';
import { newId } from '../../kernel/ids.ts';
import { findSealedPlaces } from '../../vault/sealed-places.ts';
import { type ConnectionConfig, markLeaves, sealLeaves, secretLeaves } from './leaves.ts';
import { openLeaves } from './open-leaves.ts';

let { db, vault } = {} as VaultBench;
provideVault((bench) => {
  ({ db, vault } = bench);
});

const secret = 'a secret value';
/** Every leaf of every type that is a secret. */
const secrets: [string, ConnectionConfig][] = [
  ['env', { command: 'x', env: { API_KEY: secret, MODE: { plain: 'production' } } }],
  ['headers', { url: 'https://x', headers: { 'X-~Key': secret, Accept: { plain: 'text/html' } } }],
  ['secrets', { command: 'x', secrets: { KEY: secret } }],
  ['bearer', { auth: { type: 'bearer', token: secret } }],
  ['basic', { auth: { type: 'basic', username: 'me', password: secret } }],
  ['header', { auth: { type: 'header', name: 'X-Key', value: secret } }],
  ['query', { auth: { type: 'query', name: 'key', value: secret } }],
  ['client', { auth: { type: 'oauth2ClientCredentials', clientId: 'me', clientSecret: secret } }],
  ['oauth client', { oauth: { clientId: 'me', clientSecret: secret, expiresAt: 'x' } }],
  ['oauth access', { oauth: { clientId: 'me', accessToken: secret } }],
  ['oauth refresh', { oauth: { clientId: 'me', refreshToken: secret } }],
];
const owner = () => ({ id: newId(), name: `c-${newId().slice(-12)}` });
const store = ({ id, name }: { id: string; name: string }, config: ConnectionConfig) =>
  db.pool.query(`INSERT INTO connections (id, name, type, config) VALUES ($1, $2, 'http_api', $3)`, [
    id,
    name,
    config,
  ]);

describe.each(secrets)('the secret in %s', (_part, config) => {
  it('is one, alone in its config', () => {
    expect(secretLeaves(config).map(({ value }) => value)).toEqual([secret]);
  });

  it('is refused by the database in the open, and taken sealed', async () => {
    const connection = owner();
    await expect(store(connection, config)).rejects.toThrow(/connections_secrets_sealed/);
    const sealed = sealLeaves(vault, connection, config);
    expect(JSON.stringify(sealed)).not.toContain(secret);
    await store(connection, sealed);
    const { rows } = await db.pool.query<{ config: ConnectionConfig }>(
      'SELECT config FROM connections WHERE id = $1',
      [connection.id],
    );
    expect(openLeaves(vault, connection, rows[0]?.config ?? {})).toEqual(config);
  });

  it('is where the start looks for what to redact, under the same label', async () => {
    const connection = owner();
    const sealed = sealLeaves(vault, connection, config);
    await store(connection, sealed);
    const found = (await findSealedPlaces(db.prisma)).filter(({ place }) => place.rowId === connection.id);
    const [leaf] = secretLeaves(sealed);
    expect(found).toEqual([
      {
        place: { table: 'connections', rowId: connection.id, pointer: expect.stringMatching(/^\/config\//) },
        sealed: leaf?.value,
        label: `${connection.name}.${leaf?.path[1]}`,
      },
    ]);
    for (const { place, sealed: value } of found)
      expect(vault.fingerprintOf(place, value)).not.toBe('unreadable');
  });

  it('is shown by its fingerprint, and so is what was never sealed', () => {
    const connection = owner();
    const shown = JSON.stringify(markLeaves(vault, connection, sealLeaves(vault, connection, config)));
    expect(shown).toMatch(/\{"sealed":true,"fingerprint":"[0-9a-f]{8}"\}/);
    expect(shown).not.toContain('encrypted:');
    expect(JSON.stringify(markLeaves(vault, connection, config))).not.toContain(secret);
  });

  it('does not open for another connection', () => {
    const sealed = sealLeaves(vault, owner(), config);
    expect(() => openLeaves(vault, owner(), sealed)).toThrowError(
      expect.objectContaining({ code: 'E_SEALED_VALUE' }),
    );
  });
});

describe('sealing', () => {
  it('leaves the config that it was given, and what is no secret, as they are', () => {
    const config = { command: 'x', args: ['a'], env: { A: { plain: 'b' } }, headers: 'odd', auth: null };
    const before = structuredClone(config);
    expect(sealLeaves(vault, owner(), config)).toEqual(before);
    expect(config).toEqual(before);
  });

  it('takes a value that pretends to be sealed for what it is', () => {
    const connection = owner();
    const config = { env: { KEY: 'encrypted:not-really' } };
    const sealed = sealLeaves(vault, connection, config);
    expect(sealed).not.toEqual(config);
    expect(openLeaves(vault, connection, sealed)).toEqual(config);
  });

  it('is not led to a prototype by a name', () => {
    const config = JSON.parse('{"env":{"__proto__":"a secret value","constructor":"another value"}}');
    const connection = owner();
    expect(openLeaves(vault, connection, sealLeaves(vault, connection, config))).toEqual(config);
    expect(secretLeaves({}).concat(secretLeaves({ env: {} }))).toEqual([]);
  });
});
