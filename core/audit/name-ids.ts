import type { CoreAct } from '../../src/contract/core-people.ts';
import type { CoreDatabase } from '../database.ts';

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** What the ids in acts are called now: VMs, users, tokens. A session is called as the token that it was opened with. */
export async function nameIds(
  { pool }: CoreDatabase,
  acts: readonly CoreAct[],
): Promise<Record<string, string>> {
  const texts = acts.flatMap(({ actor, subject, data }) => [actor, subject ?? '', ...Object.values(data)]);
  const ids = new Set(texts.flatMap((text) => String(text).match(uuid) ?? []));
  const { rows } = await pool.query<{ id: string; name: string }>(
    `SELECT id, label AS name FROM vms WHERE id = ANY($1::uuid[]) AND label <> ''
     UNION ALL SELECT id, login FROM users WHERE id = ANY($1::uuid[])
     UNION ALL SELECT t.id, CASE WHEN 'file' IN (t.kind, p.kind) THEN 'admin-token' ELSE coalesce(nullif(t.name, ''), p.name) END
       FROM access_tokens t LEFT JOIN access_tokens p ON p.id = t.parent_id
       WHERE t.id = ANY($1::uuid[]) AND ('file' IN (t.kind, p.kind) OR coalesce(nullif(t.name, ''), p.name, '') <> '')`,
    [[...ids]],
  );
  return Object.fromEntries(rows.map(({ id, name }) => [id, name]));
}
