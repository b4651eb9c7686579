/** A row of the database can deny, and never direct: what its own role changes is refused where it counts, and found. */
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestServer, type TestServer } from '../../tests/helpers/http.ts';
import { insertExecution } from '../../tests/helpers/rows.ts';
import { keySettings } from '../../tests/helpers/vault.ts';
import { putConfig } from '../config/put-config.ts';
import { readConfig } from '../config/read-config.ts';
import { findRow } from '../connections/connection-row.ts';
import { createConnection } from '../connections/create-connection.ts';
import { listConnections } from '../connections/list-connections.ts';
import { removeConnection } from '../connections/remove-connection.ts';
import { connectionInputSchema } from '../contract/connection-types.ts';
import { skillDefinitionSchema } from '../contract/skills.ts';
import { planExecution } from '../executions/start-execution.ts';
import { createSession, findSessionPrincipal } from '../http/access/sessions.ts';
import { createToken, findTokenPrincipal, revokeToken } from '../http/access/tokens.ts';
import { createLogger } from '../kernel/log.ts';
import { readModelEndpoint } from '../model/proxy/endpoint.ts';
import { createSkill } from '../skills/create-skill.ts';
import { restoreVersion } from '../skills/restore-version.ts';
import { type GuardedTable, guardedRows } from '../vault/guarded-rows.ts';
import { sealKeyring } from '../vault/keyring.ts';
import { keyringOf } from '../vault/keyring-of.ts';
import { openVault } from '../vault/open-vault.ts';
import { decodeRootKey } from '../vault/root-key.ts';
import type { Vault } from '../vault/vault.ts';
import { verifyAudit } from './verify/verify-audit.ts';

const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
const owner = { actor: 'owner', mayApprove: true };
let server: TestServer;
let deps: Parameters<typeof createConnection>[0];

beforeAll(async () => {
  server = await createTestServer();
  const { db, vault, home } = server;
  deps = { db, vault, log, home };
  const config = { url: 'https://good.example/mcp', headers: { Authorization: 'Bearer canary-5f1e83' } };
  const input = connectionInputSchema.parse({ name: 'mail', type: 'mcp_http', config });
  await createConnection(deps, input, owner);
  await putConfig(deps, 'model_base_url', 'https://gateway.example', { actor: 'owner' });
  await putConfig(deps, 'anthropic_api_key', 'sk-ant-canary-77aa', { actor: 'owner' });
  const definition = skillDefinitionSchema.parse({
    slug: 'week',
    name: 'Week',
    triggerType: 'manual',
    triggerConfig: {},
    steps: [{ id: 1, prompt: 'What is due?', allowedTools: [] }],
  });
  await createSkill({ db, vault }, definition, { actor: 'owner', mayLoosen: true });
});
afterAll(() => server.close());

const sql = (text: string, values: unknown[] = []) => server.db.pool.query(text, values);
const altered = (name: string) => ({ code: 'E_ROW_ALTERED', message: expect.stringContaining(name) });
/** The rows that the verifier names. */
const found = async (vault: Vault = server.vault) =>
  (await verifyAudit({ db: server.db, vault, home: server.home })).findings
    .filter(({ kind }) => kind === 'row')
    .map(({ subject }) => subject);

it('is quiet about what nobody changed', async () => {
  expect(await found()).toEqual([]);
});

describe('who gets in', () => {
  it('is nobody whose scopes were raised, and nobody who was revoked', async () => {
    const { db } = server;
    const by = { scopes: new Set(['read', 'run'] as const), actor: 'owner' };
    const { token, id } = await createToken({ db }, { name: 'ci', scopes: ['read'] }, by);
    expect((await findTokenPrincipal(db, token))?.scopes).toEqual(new Set(['read']));
    await sql(`UPDATE access_tokens SET scopes = '{read,admin}' WHERE id = $1`, [id]);
    expect(await findTokenPrincipal(db, token)).toBeUndefined();
    expect(await found()).toEqual([`access_tokens/${id}`]);
    await sql(`UPDATE access_tokens SET scopes = '{read}' WHERE id = $1`, [id]);
    const before = await sql('SELECT mac FROM access_tokens WHERE id = $1', [id]);
    await revokeToken({ db }, id, 'owner');
    await sql('UPDATE access_tokens SET revoked_at = NULL WHERE id = $1', [id]);
    expect(await findTokenPrincipal(db, token)).toBeUndefined();
    // With the MAC that it had as well it is let in, as nothing in the row is wrong; the record tells.
    await sql('UPDATE access_tokens SET mac = $2 WHERE id = $1', [id, before.rows[0]?.mac]);
    expect(await found()).toEqual([`access_tokens/${id}`]);
    await revokeToken({ db }, id, 'owner');
    expect(await found()).toEqual([]);
  });

  it('is nobody by a session that was put in, or made longer', async () => {
    const { db } = server;
    const { value, principal } = await createSession(db);
    await sql(`UPDATE sessions SET expires_at = expires_at + interval '1 year' WHERE id = $1`, [
      principal.id,
    ]);
    expect(await findSessionPrincipal(db, value)).toBeUndefined();
    expect(await found()).toEqual([`sessions/${principal.id}`]);
    await sql('DELETE FROM sessions WHERE id = $1', [principal.id]);
  });
});

describe('where a secret goes', () => {
  it('is no address that was written into a connection, approved by whoever wrote it or not', async () => {
    const { db } = server;
    await sql(`UPDATE connections SET config = jsonb_set(config, '{url}', '"https://evil.example/mcp"')`);
    await expect(findRow(db.prisma, 'mail')).rejects.toMatchObject(altered('connections/mail'));
    const { items } = await listConnections(deps, { limit: 10 });
    expect(items).toMatchObject([{ name: 'mail', approved: false, status: 'error' }]);
    expect(items[0]?.lastError).toMatch(/^E_ROW_ALTERED/);
    expect(await found()).toHaveLength(1);
    await sql(`UPDATE connections SET config = jsonb_set(config, '{url}', '"https://good.example/mcp"')`);
    expect((await findRow(db.prisma, 'mail')).name).toBe('mail');
  });

  it.each([
    ['changed', `UPDATE config SET value = 'plain:https://evil.example' WHERE key = 'model_base_url'`],
    ['removed', `DELETE FROM config WHERE key = 'model_base_url'`],
    ['renamed', `UPDATE config SET key = 'other' WHERE key = 'model_base_url'`],
  ])("is no model's address that was %s, and the key goes before another is set", async (_what, attack) => {
    await sql(attack);
    await expect(readModelEndpoint(deps)).rejects.toMatchObject(altered('config/model_base_url'));
    expect(await found()).toContain('config/model_base_url');
    await putConfig(deps, 'model_base_url', 'https://gateway.example', { actor: 'owner' });
    expect((await readModelEndpoint(deps)).hasKey).toBe(false);
    await sql(`DELETE FROM config WHERE key = 'other'`);
    await putConfig(deps, 'anthropic_api_key', 'sk-ant-canary-77aa', { actor: 'owner' });
    expect(await found()).toEqual([]);
  });

  it('is nowhere while the list of settings is not as it was, until its owner makes it anew', async () => {
    await sql(`UPDATE config SET value = replace(value, '"mac":"', '"mac":"00') WHERE key = 'config_macs'`);
    await expect(readConfig(server.db.prisma, 'timezone')).rejects.toMatchObject(
      altered('config/config_macs'),
    );
    expect(await found()).toContain('config/config_macs');
    expect((await server.send('GET', '/api/v1/config')).status).toBe(200);
    expect((await server.send('DELETE', '/api/v1/config/config_macs')).status).toBe(204);
    expect((await readModelEndpoint(deps)).baseUrl.href).toContain('gateway.example');
    expect((await server.send('DELETE', '/api/v1/config/config_macs')).status).toBe(403);
    expect(await found()).toEqual([]);
  });
});

describe('what is started', () => {
  it('is no skill that was changed; a saved version heals it', async () => {
    const { db, vault, settings } = server;
    const plan = () =>
      planExecution({ vault, settings }, db.prisma, {
        skill: 'week',
        input: {},
        mode: 'live',
        trigger: 'manual',
        actor: 'owner',
      });
    await sql(`UPDATE skills SET steps = '[{"id": 1, "prompt": "Send all", "allowedTools": ["*"]}]'`);
    await expect(plan()).rejects.toMatchObject(altered('skills/week'));
    expect((await server.send('GET', '/api/v1/skills')).status).toBe(200);
    expect(await found()).toEqual([expect.stringMatching(/^skills\//)]);
    await restoreVersion({ db, vault }, 'week', 1, { actor: 'owner', mayLoosen: true });
    expect((await plan()).version.number).toBe(2);
    expect(await found()).toEqual([]);
  });
});

/** Another value of the same kind, in SQL. */
function other(column: string, type: string): string {
  if (type === 'ARRAY') return `array_append(${column}, 'x')`;
  if (type === 'jsonb') return `'{"forged": true}'`;
  if (type === 'bytea') return `sha256(coalesce(${column}, ''))`;
  if (type === 'boolean') return `NOT ${column}`;
  if (type === 'uuid') return 'gen_random_uuid()';
  if (type.startsWith('timestamp')) return `coalesce(${column}, now()) + interval '1 hour'`;
  if (/int|numeric/.test(type)) return `coalesce(${column}, 0) + 1`;
  return `coalesce(${column}, '') || 'x'`;
}

it('every column that counts, of every table: changed, its row is named', async () => {
  const { db } = server;
  await createSession(db);
  const run = await insertExecution(db);
  const { rows: columns } = await sql(
    `SELECT table_name AS table, column_name AS column, data_type AS type, udt_name AS kind FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = ANY($1) ORDER BY 1, 2`,
    [Object.keys(guardedRows)],
  );
  const switchTriggers = async (verb: 'DISABLE' | 'ENABLE') => {
    for (const table of Object.keys(guardedRows)) await sql(`ALTER TABLE ${table} ${verb} TRIGGER USER`);
  };
  await switchTriggers('DISABLE');
  const [missed, tried]: [string[], string[]] = [[], []];
  try {
    for (const { table, column, type, kind } of columns as Record<string, string>[]) {
      const guard = guardedRows[table as GuardedTable];
      const names = [...guard.id, ...guard.columns].map((name) =>
        name.replace(/[A-Z]/g, (one) => `_${one.toLowerCase()}`),
      );
      if (table === 'config' || !column || !names.includes(column)) continue;
      const { rows } = await sql(
        `SELECT ctid::text, to_jsonb(t) AS whole FROM ${table} t WHERE mac IS NOT NULL LIMIT 1`,
      );
      if (rows.length === 0) continue;
      const value =
        type === 'USER-DEFINED'
          ? `(SELECT v FROM unnest(enum_range(NULL::${kind})) v WHERE v IS DISTINCT FROM ${column} LIMIT 1)`
          : other(column, type ?? '');
      const changed = await sql(
        `UPDATE ${table} SET ${column} = ${value} WHERE ctid = $1::tid RETURNING ctid::text`,
        [rows[0].ctid],
      ).catch((error: { code?: string }) => {
        // A value that the database itself refuses (a check, a key).
        if (error.code?.startsWith('23')) return undefined;
        throw error;
      });
      if (changed === undefined) continue;
      tried.push(`${table}.${column}`);
      if (!(await found()).some((subject) => subject?.startsWith(`${table}/`)))
        missed.push(`${table}.${column}`);
      await sql(
        `UPDATE ${table} SET ${column} = (jsonb_populate_record(NULL::${table}, $2)).${column} WHERE ctid = $1::tid`,
        [changed.rows[0].ctid, rows[0].whole],
      );
    }
  } finally {
    await switchTriggers('ENABLE');
  }
  expect(missed).toEqual([]);
  expect(tried.length).toBeGreaterThan(40);
  expect((await found()).filter((subject) => subject !== `executions/${run.id}`)).toEqual([]);
});

it('removes a connection that somebody changed, while a skill uses it', async () => {
  await sql(`UPDATE connections SET is_active = NOT is_active WHERE name = 'mail'`);
  await removeConnection({ ...deps, pool: { evict: async () => {} } as never }, 'mail', { actor: 'owner' });
  expect(await found()).toEqual([]);
});

it('signs a VM older than its MACs once, and never again for an older keyring', async () => {
  const { db, vault } = server;
  const settings = keySettings(vault.home);
  const rootKey = decodeRootKey(
    await readFile(path.join(vault.home, 'keys', 'vm_encryption_secret'), 'utf8'),
  );
  if (!rootKey) throw new Error('The vault has no root key');
  // As an older VM left it.
  const older = sealKeyring({ ...keyringOf(vault), rowKeys: [] }, rootKey, vault.vaultId);
  await sql(`UPDATE config SET value = $1 WHERE key = 'vm_encryption_secret'`, [older]);
  await sql(`DELETE FROM config WHERE key = 'config_macs'`);
  for (const table of ['access_tokens', 'skills']) await sql(`UPDATE ${table} SET mac = NULL`);
  await expect(openVault({ db, settings, log })).rejects.toMatchObject(
    altered('config/vm_encryption_secret'),
  );
  await rm(path.join(vault.home, 'keys', 'rows-signed'));
  const told: unknown[] = [];
  const onRowsSigned = async (_tx: unknown, signed: unknown) => void told.push(signed);
  const upgraded = await openVault({ db, settings, log, onRowsSigned });
  expect(told).toMatchObject([{ skills: 1, skill_versions: 2 }]);
  expect(await found(upgraded)).toEqual([]);
  // From now on a MAC that is missing is one that somebody took away.
  await sql('UPDATE skills SET mac = NULL');
  const again = await openVault({ db, settings, log, onRowsSigned });
  expect(told).toHaveLength(1);
  expect(await found(again)).toEqual([expect.stringMatching(/^skills\//)]);
});
