/** What the database enforces besides the founding document's own sentences: see schema.test.ts for those. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isSecretKey } from '../src/contract/config.ts';
import { executionStatuses, executionTransitions } from '../src/contract/execution-status.ts';
import { sha256 } from '../src/kernel/hash.ts';
import { newId } from '../src/kernel/ids.ts';
import { createTestDatabase, type TestDatabase } from './helpers/database.ts';
import { insertExecution, insertFinishedExecution, insertSkill } from './helpers/rows.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

const query = async (sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> =>
  (await db.pool.query(sql, values)).rows;
const refused = (work: Promise<unknown>, why: RegExp) => expect(work).rejects.toThrow(why);

describe('secrets', () => {
  let made = 0;

  test('the database knows the same keys for secrets as the program', async () => {
    const part = fc.constantFrom(
      'a',
      'secret',
      'key',
      'token',
      'password',
      'public',
      'vm_auth',
      'tokens',
      'x1',
    );
    const keys = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('_'));
    await fc.assert(
      fc.asyncProperty(
        keys.filter((key) => key !== 'vm_auth_secret'),
        async (key) => {
          const stored = query(`INSERT INTO config VALUES ($1, 'plain:x') ON CONFLICT DO NOTHING`, [key]);
          if (isSecretKey(key)) await expect(stored).rejects.toThrow(/config_secrets_sealed/);
          else await stored;
        },
      ),
    );
    await query('DELETE FROM config');
  });

  test('in connections: wherever a secret can stand', async () => {
    const insert = (config: object) =>
      query(`INSERT INTO connections (id, name, type, config) VALUES ($1, $2, 'mcp_stdio', $3)`, [
        newId(),
        `connection-${made++}`,
        config,
      ]);
    // The founding document's own example.
    await insert({ command: 'npx', args: ['-y', 'server'], env: { API_KEY: 'encrypted:xxx' } });
    await insert({ command: 'npx', env: { MODE: { plain: 'production' } } });
    for (const config of [
      { env: { API_KEY: 'sk-1' } },
      { headers: { authorization: 'Bearer x' } },
      { secrets: { TOKEN: 'x' } },
      { env: { OK: 'encrypted:x', BAD: '' } },
      { auth: { token: 'x' } },
      { auth: { username: 'me', password: 'x' } },
      { oauth: { clientId: 'me', refreshToken: 'x' } },
      { device: { userCode: 'ABCD', deviceCode: 'x' } },
      { device: { deviceCode: 'encrypted:x', clientSecret: 'x' } },
    ]) {
      await expect(insert(config)).rejects.toThrow(/connections_secrets_sealed/);
    }
  });

  test('and the secret of a trigger', async () => {
    await expect(insertSkill(db, { triggerSecret: 'whsec_x' })).rejects.toThrow(
      /skills_trigger_secret_sealed/,
    );
    await insertSkill(db, { triggerSecret: 'encrypted:x' });
  });

  test('tokens, codes and cookies are kept as SHA-256 alone', async () => {
    const tokenHash = Buffer.from('alf_the-token-itself');
    await refused(
      db.prisma.accessToken.create({ data: { id: newId(), name: 'ci', tokenHash, scopes: [] } }),
      /access_tokens_token_hash_sha256/,
    );
    await refused(
      db.prisma.session.create({ data: { id: newId(), tokenHash, expiresAt: new Date() } }),
      /sessions_token_hash_sha256/,
    );
    await refused(
      db.prisma.signInLink.create({ data: { id: newId(), codeHash: tokenHash, expiresAt: new Date() } }),
      /sign_in_links_code_hash_sha256/,
    );
  });
});

test("the vault's id, once made, neither changes nor goes", async () => {
  await query(`INSERT INTO config VALUES ('vault_id', 'plain:one')`);
  await refused(query(`UPDATE config SET value = 'plain:two'`), /vault id does not change/);
  await refused(query(`UPDATE config SET key = 'other'`), /vault id does not change/);
  await refused(query(`DELETE FROM config`), /vault id does not change/);
  await query(`UPDATE config SET updated_at = now()`);
});

describe('names and definitions', () => {
  test.each(['Files', '1files', 'my_files', '', 'a'.repeat(41), 'a b'])(
    'no connection is called %j',
    async (name) => {
      await refused(
        db.prisma.connection.create({ data: { id: newId(), name, type: 'mcp_stdio', config: {} } }),
        /connections_name_format/,
      );
    },
  );

  test.each(['House', '-house', 'my_house', '', 'a'.repeat(65)])('no skill has the slug %j', async (slug) => {
    await refused(insertSkill(db, { slug }), /skills_slug_format/);
  });

  test.each([
    ['no list', {}],
    [
      'numbers that leave one out',
      [
        { id: 1, prompt: 'a' },
        { id: 3, prompt: 'b' },
      ],
    ],
    ['a number as text', [{ id: '1', prompt: 'a' }]],
    ['no prompt', [{ id: 1 }]],
    ['tools that are no list', [{ id: 1, prompt: 'a', allowedTools: 'all' }]],
  ])('no skill has steps with %s', async (_what, steps) => {
    await refused(insertSkill(db, { steps }), /skills_steps_well_formed/);
  });

  test('a saved version of a skill stays as it was saved', async () => {
    const { id: skillId } = await insertSkill(db);
    const contentHash = sha256('definition');
    await db.prisma.skillVersion.create({
      data: { skillId, version: 1, definition: {}, contentHash, createdBy: 'owner' },
    });
    await refused(
      query(`UPDATE skill_versions SET note = 'better'`),
      /saved version of a skill does not change/,
    );
    await refused(query('DELETE FROM skill_versions'), /saved version of a skill does not change/);
    await refused(query('TRUNCATE skill_versions'), /saved version of a skill does not change/);
  });
});

describe('executions', () => {
  test('an execution goes from one status to another as the contract says', async () => {
    const statuses = executionStatuses.flatMap((from) => executionStatuses.map((to) => ({ from, to })));
    for (const { from, to } of statuses.filter((pair) => pair.from !== pair.to)) {
      const [row] = await query('SELECT execution_may_become($1, $2) AS may', [from, to]);
      expect(row?.may, `${from} → ${to}`).toBe(executionTransitions[from].includes(to));
    }
    const { id } = await insertExecution(db, { status: 'queued' });
    await expect(
      query(`UPDATE executions SET status = 'waiting_approval' WHERE id = $1`, [id]),
    ).rejects.toThrow(/queued does not become waiting_approval/);
  });

  test('a time of completion and a final status come together', async () => {
    await refused(insertExecution(db, { status: 'failed' }), /executions_completed_when_final/);
    await refused(
      insertExecution(db, { status: 'running', completedAt: new Date() }),
      /executions_completed_when_final/,
    );
  });

  test('a rehearsal is never reported', async () => {
    const { id } = await insertFinishedExecution(db, { mode: 'rehearsal' });
    await refused(
      query('UPDATE executions SET reported_to_core = true WHERE id = $1', [id]),
      /executions_only_live_reported/,
    );
  });

  test('metrics are not negative', async () => {
    await refused(insertFinishedExecution(db, { durationMs: -1 }), /executions_metrics_not_negative/);
    await refused(insertFinishedExecution(db, { tokenCount: -1n }), /executions_metrics_not_negative/);
    await refused(insertFinishedExecution(db, { costUsd: '-0.01' }), /executions_metrics_not_negative/);
  });

  test('are found by the words of their input and output, however long those are', async () => {
    const long = Array.from({ length: 300_000 }, (_, n) => n.toString(36)).join(' ');
    const { id } = await insertFinishedExecution(db, { output: `The heron ate. ${long}`, input: { long } });
    const found = await query(
      `SELECT id FROM executions WHERE completed_at IS NOT NULL AND execution_search_document(status, mode, "trigger",
         skill_slug, cost_usd, created_at, input, output, error) @@ websearch_to_tsquery('simple', 'heron')`,
    );
    expect(found).toEqual([{ id }]);
  });
});

describe('steps, events and tool calls', () => {
  test('a step recorded as done does not change, until its execution is purged', async () => {
    const { id: executionId } = await insertExecution(db, { status: 'running' });
    await db.prisma.executionStep.create({ data: { executionId, stepId: 1, status: 'running' } });
    const set = (assignments: string) =>
      query(`UPDATE execution_steps SET ${assignments} WHERE execution_id = $1`, [executionId]);
    await set(`status = 'done', output = 'x'`);
    for (const change of [
      `status = 'running'`,
      `output = 'y'`,
      'output = NULL',
      'attempt = 2',
      `usage = '{}'`,
    ]) {
      await refused(set(change), /is done: its record does not change/);
    }
    await refused(query('DELETE FROM execution_steps WHERE execution_id = $1', [executionId]), /is done/);
    await query(`UPDATE executions SET status = 'failed', completed_at = now() WHERE id = $1`, [executionId]);
    await query('UPDATE executions SET purged_at = now(), input = NULL WHERE id = $1', [executionId]);
    await set('output = NULL');
    await refused(set(`status = 'running'`), /is done/);
  });

  test('events are appended, and go only when their execution is purged', async () => {
    const { id: executionId } = await insertFinishedExecution(db);
    await db.prisma.executionEvent.create({ data: { executionId, seq: 1, kind: 'status', data: {} } });
    await refused(query(`UPDATE execution_events SET data = '{"made": "up"}'`), /events are appended/);
    await refused(query('DELETE FROM execution_events'), /events are appended/);
    await query(
      'UPDATE executions SET purged_at = now(), input = NULL, output = NULL, trace = NULL WHERE id = $1',
      [executionId],
    );
    await query('DELETE FROM execution_events');
    await refused(
      db.prisma.executionEvent.create({ data: { executionId, seq: 2, kind: 'gossip', data: {} } }),
      /execution_events_kind_known/,
    );
  });

  test('events of a run that has ended stand in one row, which neither changes nor goes before it is purged', async () => {
    const { id: executionId } = await insertFinishedExecution(db);
    const add = (seq: number) =>
      db.prisma.executionEvent.create({ data: { executionId, seq, kind: 'status', data: {} } });
    await add(1);
    await add(2);
    const row = `INSERT INTO ended_events SELECT $1, '{2026-11-29}', '{null}', '{status}', `;
    await refused(query(`${row}ARRAY[]::jsonb[]`, [executionId]), /ended_events_as_many_of_each/);
    await query(`${row}ARRAY['{}'::jsonb]`, [executionId]);
    // What does not stand in it stays.
    await refused(query('DELETE FROM execution_events WHERE execution_id = $1', [executionId]), /appended/);
    await query('DELETE FROM execution_events WHERE execution_id = $1 AND seq = 1', [executionId]);
    await refused(query(`UPDATE ended_events SET kind = '{end}'`), /neither change nor go/);
    await refused(query('DELETE FROM ended_events'), /neither change nor go/);
    await query(
      'UPDATE executions SET purged_at = now(), input = NULL, output = NULL, trace = NULL WHERE id = $1',
      [executionId],
    );
    await query('DELETE FROM ended_events');
    await query('DELETE FROM execution_events WHERE execution_id = $1', [executionId]);
  });

  test('what a tool call asked for, and how it ended, stays on record', async () => {
    const id = newId();
    const argumentsHash = sha256('arguments');
    await db.prisma.toolCall.create({
      data: { id, connection: 'files', tool: 'read', arguments: {}, argumentsHash },
    });
    const set = (assignments: string) => query(`UPDATE tool_calls SET ${assignments} WHERE id = $1`, [id]);
    await set(`status = 'dispatched', dispatched_at = now()`);
    await refused(set(`tool = 'write'`), /is on record/);
    await refused(set(`arguments_hash = sha256('other')`), /is on record/);
    await set(`status = 'done', result = '{}'`);
    await refused(set(`status = 'dispatched'`), /is on record/);
    // A payload goes with its execution's alone (src/executions/retention.test.ts).
    await refused(set('result = NULL'), /is on record/);
  });
});
