/**
 * The founding document ("User VM Database Schema") held against a live database: its tables, fields and types, its
 * indexes and cascade rules, what it says is encrypted, and what it says cannot be done. The rest of what the database
 * enforces is in schema-guards.test.ts.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executionStatuses, executionTransitions } from '../src/contract/execution-status.ts';
import { readMigrations } from '../src/database/migrations.ts';
import { openSchemaEngine } from '../src/database/schema-engine.ts';
import { createTestDatabase, type TestDatabase } from './helpers/database.ts';
import { insertExecution, insertFinishedExecution, insertSkill } from './helpers/rows.ts';

const schemaFile = new URL('../prisma/schema.prisma', import.meta.url);

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const query = async (sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> =>
  (await db.pool.query(sql, values)).rows;

/** The columns of `table`, as `type` or `type null`. */
async function columnsOf(table: string): Promise<Record<string, string>> {
  const rows = await query(
    `SELECT attname AS name, format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN '' ELSE ' null' END AS type
     FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
    [table],
  );
  return Object.fromEntries(rows.map(({ name, type }) => [String(name), String(type)]));
}

describe('all required tables exist', () => {
  test('with the fields that the founding document names, and their types', async () => {
    expect(await columnsOf('connections')).toMatchObject({
      name: 'text',
      type: 'connection_type',
      config: 'jsonb',
      tools: 'text[]',
    });
    expect(await columnsOf('skills')).toMatchObject({
      steps: 'jsonb',
      connection_names: 'text[]',
      trigger_type: 'trigger_type',
      is_system: 'boolean',
    });
    expect(await columnsOf('executions')).toMatchObject({
      input: 'jsonb null',
      output: 'text null',
      trace: 'jsonb null',
      error: 'text null',
      duration_ms: 'integer null',
      token_count: 'bigint',
      cost_usd: 'numeric(12,6) null',
      reported_to_core: 'boolean',
    });
    expect(await columnsOf('config')).toEqual({
      key: 'text',
      value: 'text',
      updated_at: 'timestamp(3) with time zone',
    });
  });

  test('and the values that it lists', async () => {
    const values = async (type: string) =>
      (await query(`SELECT unnest(enum_range(NULL::${type}))::text AS value`)).map(({ value }) => value);
    expect(await values('connection_type')).toEqual(
      expect.arrayContaining(['mcp_stdio', 'mcp_http', 'http_api']),
    );
    expect(await values('trigger_type')).toEqual(
      expect.arrayContaining(['manual', 'schedule', 'webhook', 'chat']),
    );
  });

  test('every time has its zone, every id is a UUID', async () => {
    const odd = await query(
      `SELECT table_name, column_name FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'
         AND (data_type = 'timestamp without time zone' OR (column_name = 'id' AND data_type <> 'uuid'))`,
    );
    expect(odd).toEqual([]);
  });
});

describe('indexes are correctly defined', () => {
  test.each([
    ['connections', /UNIQUE .*\(name\)$/],
    ['skills', /UNIQUE .*\(slug\)$/],
    ['skills', /\(trigger_type, next_run_at\) WHERE is_active$/],
    ['executions', /\(created_at DESC, id DESC\)$/],
    ['executions', /\(skill_id, created_at DESC\)$/],
    ['executions', /UNIQUE .*\(skill_id, dedupe_key\)$/],
    ['executions', /\(status, created_at\) WHERE .*'queued'.*'running'.*'waiting_approval'/],
    ['executions', /WHERE .*reported_to_core = false/],
    ['executions', /USING gin \(execution_search_document\(.*input, output, error\)\)/],
    ['tool_calls', /\(execution_id, created_at\)$/],
  ])('%s: %s', async (table, definition) => {
    const indexes = await query('SELECT indexdef FROM pg_indexes WHERE tablename = $1', [table]);
    expect(indexes.filter(({ indexdef }) => definition.test(String(indexdef)))).toHaveLength(1);
  });
});

describe('relations have proper cascade rules', () => {
  test('an execution outlives its skill; what belongs to an execution goes with nothing else', async () => {
    const rules = await query(
      `SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent, confdeltype AS rule
       FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY 1, 2`,
    );
    expect(rules).toEqual([
      { child: 'app_tokens', parent: 'app_grants', rule: 'c' },
      { child: 'approval_links', parent: 'approvals', rule: 'c' },
      { child: 'approvals', parent: 'executions', rule: 'c' },
      { child: 'attachments', parent: 'messages', rule: 'r' },
      { child: 'conversation_summaries', parent: 'conversations', rule: 'r' },
      { child: 'conversation_summaries', parent: 'executions', rule: 'r' },
      { child: 'conversation_summaries', parent: 'messages', rule: 'r' },
      { child: 'ended_events', parent: 'executions', rule: 'c' },
      { child: 'execution_events', parent: 'executions', rule: 'c' },
      { child: 'execution_marks', parent: 'executions', rule: 'c' },
      { child: 'execution_reads', parent: 'executions', rule: 'c' },
      { child: 'execution_steps', parent: 'executions', rule: 'c' },
      { child: 'executions', parent: 'skills', rule: 'n' },
      { child: 'executions', parent: 'workers', rule: 'n' },
      { child: 'messages', parent: 'conversations', rule: 'r' },
      { child: 'messages', parent: 'executions', rule: 'r' },
      { child: 'messages', parent: 'messages', rule: 'r' },
      { child: 'notice_deliveries', parent: 'notice_channels', rule: 'c' },
      { child: 'spend_reservations', parent: 'executions', rule: 'c' },
      { child: 'step_sessions', parent: 'executions', rule: 'c' },
      { child: 'tool_calls', parent: 'executions', rule: 'n' },
    ]);
  });

  test('deleting a skill keeps its executions and its versions', async () => {
    const { id: skillId, slug } = await insertSkill(db);
    const contentHash = Buffer.alloc(32);
    await db.prisma.skillVersion.create({
      data: { skillId, version: 1, definition: {}, contentHash, createdBy: 'owner' },
    });
    const running = await insertExecution(db, { skillId, skillSlug: slug, status: 'running' });
    const finished = await insertFinishedExecution(db, { skillId, skillSlug: slug });
    await db.prisma.skill.delete({ where: { id: skillId } });
    for (const before of [running, finished]) {
      const after = await db.prisma.execution.findUniqueOrThrow({ where: { id: before.id } });
      expect(after).toEqual({ ...before, skillId: null });
    }
    expect(await db.prisma.skillVersion.count({ where: { skillId } })).toBe(1);
  });
});

describe('secrets are encrypted', () => {
  test('and documented as such, in the database and in schema.prisma', async () => {
    const comment = async (table: string, column: string) =>
      (
        await query(
          'SELECT col_description($1::regclass, (SELECT attnum FROM pg_attribute WHERE attrelid = $1::regclass AND attname = $2)) AS c',
          [table, column],
        )
      )[0]?.c;
    for (const [table, column] of [
      ['connections', 'config'],
      ['config', 'value'],
      ['skills', 'trigger_secret'],
    ] as const) {
      expect(await comment(table, column)).toMatch(/AES-256-GCM \(encrypted at rest\)/);
    }
    const schema = readFileSync(schemaFile, 'utf8');
    for (const field of ['config +Json', 'triggerSecret +String']) {
      expect(schema).toMatch(new RegExp(`///[^\\n]*encrypted:[^\\n]*\\n +${field}`));
    }
  });

  test("the founding document's own INSERTs work", async () => {
    await query(`INSERT INTO config (key, value) VALUES ('anthropic_api_key', 'encrypted:sk-ant-...')`);
    await query(`INSERT INTO config (key, value) VALUES ('vm_auth_secret', 'plain:random-secret-string')`);
    await query(`INSERT INTO config (key, value) VALUES ('vm_encryption_secret', 'plain:aes-256-key')`);
    await query(
      `INSERT INTO config (key, value) VALUES ('alfred_core_public_key', 'plain:-----BEGIN PUBLIC KEY-----...')`,
    );
    expect(await query('SELECT key FROM config WHERE updated_at IS NULL')).toEqual([]);
    await query('DELETE FROM config');
  });

  test('a plain: API key is refused, whether it comes new or in place of a sealed one', async () => {
    const refusal = /config_secrets_sealed/;
    await expect(query(`INSERT INTO config VALUES ('anthropic_api_key', 'plain:sk-ant')`)).rejects.toThrow(
      refusal,
    );
    await query(`INSERT INTO config VALUES ('anthropic_api_key', 'encrypted:AAAA')`);
    await expect(query(`UPDATE config SET value = 'plain:sk-ant'`)).rejects.toThrow(refusal);
    await expect(query(`UPDATE config SET value = 'sk-ant'`)).rejects.toThrow(
      /config_value_form|config_secrets_sealed/,
    );
    await expect(query(`INSERT INTO config VALUES ('timezone', 'UTC')`)).rejects.toThrow(/config_value_form/);
    await query('DELETE FROM config');
  });
});

test('a system skill can be neither deleted nor made an ordinary one', async () => {
  const { id } = await insertSkill(db, { isSystem: true, name: 'Teach New Skill' });
  await expect(query('DELETE FROM skills WHERE id = $1', [id])).rejects.toThrow(/belongs to the system/);
  await expect(query('UPDATE skills SET is_system = false WHERE id = $1', [id])).rejects.toThrow(
    /belongs to the system/,
  );
  await query(`UPDATE skills SET description = 'better' WHERE id = $1`, [id]);
});

describe('an execution that has ended', () => {
  const finals = executionStatuses.filter((status) => executionTransitions[status].length === 0);

  test.each(finals)('does not change in any column when %s', async (status) => {
    const { id } = await insertFinishedExecution(db, { status });
    const columns = Object.entries(await columnsOf('executions'));
    for (const [column, type] of columns.filter(
      // Its MAC is made anew when the keys change, and is of no use to whoever has none.
      ([name]) => !['mac', 'metric_report_id', 'reported_to_core'].includes(name),
    )) {
      const others: Record<string, string> = {
        ...{
          uuid: 'gen_random_uuid()',
          text: `'other'`,
          bytea: 'sha256(random()::text::bytea)',
          jsonb: `'{"other": 1}'`,
        },
        ...{
          integer: '77',
          bigint: '77',
          'numeric(12,6)': '77',
          trigger_type: `'chat'`,
          execution_mode: `'replay'`,
        },
        ...{ execution_status: `'running'`, 'timestamp(3) with time zone': `now() + interval '1 day'` },
      };
      const other = others[type.replace(' null', '')];
      const change = query(`UPDATE executions SET ${column} = ${other} WHERE id = $1`, [id]);
      await expect(change, column).rejects.toThrow(/its record does not change/);
    }
  });

  test('is reported, loses its payloads together, and loses its skill: nothing else', async () => {
    const { id: skillId } = await insertSkill(db);
    const { id } = await insertFinishedExecution(db, { skillId });
    const set = (assignments: string) => query(`UPDATE executions SET ${assignments} WHERE id = $1`, [id]);
    const refused = (assignments: string) =>
      expect(set(assignments)).rejects.toThrow(/its record does not change/);
    await set('metric_report_id = gen_random_uuid(), reported_to_core = true');
    await refused('input = NULL');
    await refused('output = NULL, trace = NULL, input = NULL');
    await refused('purged_at = now()');
    await refused('purged_at = now(), input = NULL, output = NULL, trace = NULL, error = $$x$$');
    await set('purged_at = now(), input = NULL, output = NULL, trace = NULL');
    await refused('purged_at = NULL');
    await refused(`output = 'made up'`);
    await set('skill_id = NULL');
    await refused('skill_id = gen_random_uuid()');
  });

  test('is not deleted, and neither is one that runs', async () => {
    const { id } = await insertExecution(db);
    await expect(query('DELETE FROM executions WHERE id = $1', [id])).rejects.toThrow(
      /executions are not deleted/,
    );
    await expect(query('TRUNCATE executions CASCADE')).rejects.toThrow(/executions are not deleted/);
  });
});

describe('schema.prisma and the migrations agree', () => {
  /** What Prisma's engine would do to a database with all migrations to make it one of `schema`. */
  async function differenceTo(schema: string): Promise<string> {
    const files = [{ path: schemaFile.pathname, content: schema }];
    const { engine, close } = await openSchemaEngine(db.url, () => {});
    const { stdout } = await engine.diff({
      from: { tag: 'migrations', ...(await readMigrations()) },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    await close();
    return stdout ?? '';
  }

  test('says the engine, which tries the migrations on a database of its own', async () => {
    expect(await differenceTo(readFileSync(schemaFile, 'utf8'))).toContain('This is an empty migration');
  });

  test('and would say what is different', async () => {
    const schema = readFileSync(schemaFile, 'utf8');
    const changes: [from: RegExp, to: string, says: string][] = [
      [/ +concurrency +Int/, ' concurrency BigInt', 'ALTER COLUMN "concurrency"'],
      [/ +retryOf .*/, '', 'DROP COLUMN "retry_of"'],
      [/ +@@index\(\[skillId.*/, '', 'DROP INDEX "executions_skill_id_created_at_idx"'],
      [/onDelete: SetNull/, 'onDelete: Restrict', 'ON DELETE RESTRICT'],
    ];
    for (const [from, to, says] of changes)
      expect(await differenceTo(schema.replace(from, to))).toContain(says);
  });
});
