/** Core's database: what its migrations make is what its Prisma schema says, and nothing in it could hold content. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readMigrations } from '../src/database/migrations.ts';
import { openSchemaEngine } from '../src/database/schema-engine.ts';
import { createTestCoreDatabase, type TestCoreDatabase } from '../tests/helpers/database.ts';
import { coreMigrationsFolder } from './database.ts';

const schemaFile = new URL('./prisma/schema.prisma', import.meta.url);

let db: TestCoreDatabase;
beforeAll(async () => {
  db = await createTestCoreDatabase();
});
afterAll(() => db.drop());

const query = async (sql: string): Promise<Record<string, unknown>[]> => (await db.pool.query(sql)).rows;

describe("Core's database", () => {
  it('waits for a transaction on a busy machine, where Prisma alone would end it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      await db.prisma.$transaction(async (tx) => {
        await vi.advanceTimersByTimeAsync(20_000);
        await tx.user.count();
      });
    } finally {
      vi.useRealTimers();
    }
  });

  it('is what its Prisma schema says', async () => {
    const { engine, close } = await openSchemaEngine(db.url, () => {});
    try {
      const files = [{ path: 'schema.prisma', content: readFileSync(schemaFile, 'utf8') }];
      const { stdout } = await engine.diff({
        from: { tag: 'migrations', ...(await readMigrations(coreMigrationsFolder)) },
        to: { tag: 'schemaDatamodel', files },
        script: true,
        exitCode: null,
        filters: { externalTables: [], externalEnums: [] },
      });
      expect(stdout).toMatch(/^-- This is an empty migration/);
    } finally {
      await close();
    }
  });

  it('has no column that could hold content', async () => {
    const columns = await query(
      `SELECT table_name || '.' || column_name AS name, data_type AS type FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name <> '_prisma_migrations' ORDER BY 1`,
    );
    const numbersAndTimes = new Set(['uuid', 'bigint', 'timestamp with time zone', 'date']);
    // Everything else by name: hashes of a fixed length, one of few words, and the short names that people at Core give.
    expect(columns.filter(({ type }) => !numbersAndTimes.has(String(type)))).toEqual([
      { name: 'access_tokens.kind', type: 'text' },
      { name: 'access_tokens.name', type: 'text' },
      { name: 'access_tokens.role', type: 'text' },
      { name: 'access_tokens.token_hash', type: 'bytea' },
      { name: 'acts.action', type: 'text' },
      { name: 'acts.actor', type: 'text' },
      { name: 'acts.chain', type: 'bytea' },
      { name: 'acts.data', type: 'jsonb' },
      { name: 'acts.subject', type: 'text' },
      { name: 'alert_messages.attempts', type: 'integer' },
      { name: 'alert_messages.channel', type: 'text' },
      // Of the provider's own mail server or webhook: no VM has a part in it.
      { name: 'alert_messages.last_error', type: 'text' },
      { name: 'alert_tellings.event', type: 'text' },
      { name: 'alert_watch.id', type: 'integer' },
      { name: 'alerts.kind', type: 'text' },
      { name: 'audit_anchors.epoch', type: 'integer' },
      { name: 'audit_anchors.head', type: 'bytea' },
      { name: 'enrolments.label', type: 'text' },
      { name: 'enrolments.token_hash', type: 'bytea' },
      { name: 'entries.kind', type: 'text' },
      { name: 'entries.note', type: 'text' },
      { name: 'passkeys.can_be_backed_up', type: 'boolean' },
      { name: 'passkeys.credential_id', type: 'bytea' },
      { name: 'passkeys.is_backed_up', type: 'boolean' },
      { name: 'passkeys.name', type: 'text' },
      { name: 'passkeys.public_key', type: 'bytea' },
      { name: 'passkeys.rp_id', type: 'text' },
      { name: 'sign_in_links.code_hash', type: 'bytea' },
      { name: 'used_challenges.hash', type: 'bytea' },
      { name: 'users.customer_number', type: 'text' },
      { name: 'users.login', type: 'text' },
      { name: 'users.password_hash', type: 'text' },
      { name: 'users.role', type: 'text' },
      { name: 'vms.auth_secret_hash', type: 'text' },
      { name: 'vms.label', type: 'text' },
      // Core's own code of an error, and the names of the report's fields.
      { name: 'vms.refused_because', type: 'text' },
    ]);
    // And what a VM sends goes to ids, integers and times alone, the bcrypt hash aside.
    const reported = columns.filter(({ name }) => /^(metric_reports|daily_totals)\./.test(String(name)));
    expect(new Set(reported.map(({ type }) => type))).toEqual(numbersAndTimes);
  });

  it.each([
    ["INSERT INTO users (id, login, password_hash) VALUES (gen_random_uuid(), 'x y', '')", /users_/],
    [
      "INSERT INTO users (id, login, password_hash) VALUES (gen_random_uuid(), 'x', 'a password in the open')",
      /users_password_hash_form/,
    ],
    [
      "INSERT INTO vms (id, auth_secret_hash, refused_because) VALUES (gen_random_uuid(), '$2b$10$' || repeat('a', 53), 'a story')",
      /vms_refused_because/,
    ],
    [
      "INSERT INTO vms (id, label, auth_secret_hash) VALUES (gen_random_uuid(), 'a{b}', 'x')",
      /vms_(label_short|secret_is_bcrypt)/,
    ],
    [
      `INSERT INTO vms (id, label, auth_secret_hash) VALUES (gen_random_uuid(), repeat('a', 61), '$2b$10$' || repeat('a', 53))`,
      /vms_label_short/,
    ],
    [
      "INSERT INTO vms (id, auth_secret_hash) VALUES (gen_random_uuid(), 'my secret, in the open')",
      /vms_secret_is_bcrypt/,
    ],
    [
      "INSERT INTO access_tokens (id, token_hash) VALUES (gen_random_uuid(), 'a story of any length')",
      /access_tokens_hash_length/,
    ],
    [
      "INSERT INTO audit_anchors (vm_id, epoch, seq, head) VALUES (gen_random_uuid(), 0, 1, 'a story of any length')",
      /audit_anchors_head_length/,
    ],
  ])('refuses %s', async (statement, constraint) => {
    await expect(query(statement)).rejects.toThrow(constraint);
  });
});
