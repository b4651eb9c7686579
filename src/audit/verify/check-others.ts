/** What else has a row and an event: executions that began, calls by hand, versions of skills; and rows without an event. */
import type { Database } from '../../database/client.ts';
import { hashOf } from '../../kernel/hash.ts';
import { callsHashOf } from '../execution-record.ts';
import type { Findings } from './findings.ts';
import type { SoundEvent } from './walk-events.ts';

export async function checkOthers(
  db: Database,
  events: readonly SoundEvent[],
  findings: Findings,
): Promise<void> {
  await checkBegun(db, of(events, 'execution.queued'), findings);
  await checkCallsByHand(db, of(events, 'connection.tool_called'), findings);
  await checkVersions(
    db,
    versionActs.flatMap((action) => of(events, action)).toSorted((a, b) => a.seq - b.seq),
    findings,
  );
}

/** What stands for a version; adopted are those from before there was a chain. */
const versionActs = ['skill.created', 'skill.changed', 'skill.adopted'] as const;
const anyOfThese = versionActs.map((action) => `'${action}'`).join(', ');

type Named = SoundEvent & { subject: string };
const of = (events: readonly SoundEvent[], action: string): Named[] =>
  events.filter((event): event is Named => event.action === action && event.subject !== null);

async function checkBegun(db: Database, events: Named[], findings: Findings): Promise<void> {
  if (events.length === 0) return;
  const { rows } = await db.pool.query<{ id: string }>(
    'SELECT id FROM executions WHERE id = ANY($1::uuid[])',
    [events.map(({ subject }) => subject)],
  );
  const there = new Set(rows.map(({ id }) => id));
  for (const { seq, subject } of events) {
    if (!there.has(subject))
      findings.add('execution', seq, `Execution ${subject}, which was queued here, is gone.`, subject);
  }
}

async function checkCallsByHand(db: Database, events: Named[], findings: Findings): Promise<void> {
  if (events.length === 0) return;
  const rows = await db.prisma.toolCall.findMany({
    where: { id: { in: events.map(({ subject }) => subject) } },
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const { seq, subject, data } of events) {
    const row = byId.get(subject);
    const name = `The call by hand ${subject}`;
    if (!row) findings.add('tool_call', seq, `${name} is gone.`, subject);
    else if (
      row.executionId !== null ||
      // Of one from before there was a chain nothing but that it was made is known.
      (data !== null && data.adopted !== true && data.callsHash !== callsHashOf([row]).toString('hex'))
    )
      findings.add('tool_call', seq, `${name} was changed after it ended.`, subject);
  }
}

async function checkVersions(db: Database, events: Named[], findings: Findings): Promise<void> {
  const saved = events.filter(({ data }) => data !== null);
  if (saved.length === 0) return;
  const rows = await db.prisma.skillVersion.findMany({
    where: { skillId: { in: [...new Set(saved.map(({ data }) => String(data?.id)))] } },
  });
  const byKey = new Map(rows.map((row) => [`${row.skillId} ${row.version}`, row]));
  for (const { seq, subject, actor, data } of saved) {
    const row = byKey.get(`${data?.id} ${data?.version}`);
    const name = `Version ${data?.version} of the skill ${subject}`;
    if (!row) findings.add('skill_version', seq, `${name} is gone.`, subject);
    else if (
      row.createdBy !== actor ||
      row.note !== (data?.note ?? null) ||
      Buffer.from(row.contentHash).toString('hex') !== data?.contentHash ||
      hashOf(row.definition).toString('hex') !== data.contentHash
    )
      findings.add('skill_version', seq, `${name} was changed after it was saved.`, subject);
  }
}

/** Rows that no event stands for were put in; asked in one statement each, so that an act just committed is seen whole. */
export async function checkStrays(db: Database, findings: Findings): Promise<void> {
  const known = (action: string, id: string) => `
    NOT EXISTS (SELECT FROM audit_events a WHERE a.action = '${action}' AND a.subject = ${id}::text)
    AND NOT EXISTS (SELECT FROM audit_inbox a WHERE a.action = '${action}' AND a.subject = ${id}::text)`;
  const stray = async (sql: string) =>
    (await db.pool.query<{ id: string }>(`${sql} LIMIT 20`)).rows.map(({ id }) => id);
  for (const id of await stray(
    `SELECT id FROM executions WHERE ${known('execution.queued', 'executions.id')}`,
  ))
    findings.add('execution', null, `Execution ${id} was put in: no event says that it was started.`, id);
  for (const id of await stray(
    `SELECT id FROM executions WHERE completed_at IS NOT NULL AND ${known('execution.finished', 'executions.id')}
     AND NOT (${known('execution.queued', 'executions.id')})`,
  ))
    findings.add('execution', null, `Execution ${id} was given an end: no event says that it ended.`, id);
  const versions = await db.pool.query<{ slug: string; version: number }>(
    `SELECT coalesce((SELECT slug FROM skills WHERE id = v.skill_id), v.skill_id::text) AS slug, version FROM skill_versions v
     WHERE NOT EXISTS (SELECT FROM (SELECT data FROM audit_events WHERE action IN (${anyOfThese})
       UNION ALL SELECT data FROM audit_inbox WHERE action IN (${anyOfThese})) a
       WHERE a.data ->> 'id' = v.skill_id::text AND a.data ->> 'version' = v.version::text) LIMIT 20`,
  );
  for (const { slug, version } of versions.rows)
    findings.add(
      'skill_version',
      null,
      `Version ${version} of the skill ${slug} was put in: no event says that it was saved.`,
      slug,
    );
  for (const id of await stray(
    `SELECT id FROM tool_calls WHERE execution_id IS NULL AND status IN ('done', 'failed')
     AND ${known('connection.tool_called', 'tool_calls.id')}`,
  ))
    findings.add('tool_call', null, `The call by hand ${id} was put in: no event says that it was made.`, id);
}
