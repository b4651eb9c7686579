/** Finished executions, their steps and calls, against what their events say of them. */
import type { Database, Prisma } from '../../database/client.ts';
import { hashOf, sha256 } from '../../kernel/hash.ts';
import {
  callsHashOf,
  contentHashOf,
  detailHashOf,
  type KeptHashes,
  readEventsHashes,
  stepsHashOf,
} from '../execution-record.ts';
import type { Findings } from './findings.ts';
import type { SoundEvent } from './walk-events.ts';

/** Executions read at once, and bytes as they are stored: a single trace may have many megabytes. */
const atOnce = 100;
const bytesAtOnce = 4 * 1024 * 1024;

type Row = Prisma.ExecutionGetPayload<{ include: { steps: true; toolCalls: true } }>;
type Finished = SoundEvent & { subject: string; data: Record<string, unknown> };

/** @returns how many were looked at */
export async function checkExecutions(
  db: Database,
  events: readonly SoundEvent[],
  findings: Findings,
): Promise<number> {
  const finished = events.filter(
    (event): event is Finished =>
      event.action === 'execution.finished' && event.subject !== null && event.data !== null,
  );
  for (const some of await inPortions(db, finished)) {
    const rows = await db.prisma.execution.findMany({
      where: { id: { in: some.map(({ subject }) => subject) } },
      include: { steps: true, toolCalls: true },
    });
    const byId = new Map(rows.map((row) => [row.id, row]));
    const purges = await readPurges(
      db,
      rows.filter((row) => row.purgedAt !== null).map((row) => row.id),
    );
    const eventsHashes = await readEventsHashes(
      db.prisma,
      some.map(({ subject, data }) => ({ id: subject, lastSeq: Number(data.lastEvent ?? 0) })),
    );
    const skills = await livingSkills(db, some, byId);
    for (const { seq, subject, data } of some) {
      const row = byId.get(subject);
      const wrong =
        row === undefined
          ? 'is gone, with all that it did'
          : whatIsWrong(row, data, {
              eventsHash: eventsHashes.get(subject),
              purge: purges.get(subject),
              isSkillThere: skills.has(String(data.skillId)),
            });
      if (wrong !== undefined) findings.add('execution', seq, `Execution ${subject} ${wrong}.`, subject);
    }
  }
  return finished.length;
}

async function inPortions(db: Database, finished: readonly Finished[]): Promise<Finished[][]> {
  if (finished.length === 0) return [];
  const { rows } = await db.pool.query<{ id: string; bytes: number }>(
    `SELECT id, coalesce(pg_column_size(trace), 0) + coalesce(pg_column_size(input), 0)
       + coalesce(pg_column_size(output), 0) AS bytes
     FROM executions WHERE id = ANY($1::uuid[])`,
    [finished.map(({ subject }) => subject)],
  );
  const sizes = new Map(rows.map(({ id, bytes }) => [id, bytes]));
  const portions: Finished[][] = [];
  let room = 0;
  for (const event of finished) {
    const size = sizes.get(event.subject) ?? 0;
    const last = portions.at(-1);
    if (last === undefined || last.length === atOnce || room < size) {
      portions.push([event]);
      room = bytesAtOnce - size;
    } else {
      last.push(event);
      room -= size;
    }
  }
  return portions;
}

type Around = {
  eventsHash: string | undefined;
  purge: KeptHashes | 'unknown' | undefined;
  isSkillThere: boolean;
};

function whatIsWrong(row: Row, data: Record<string, unknown>, around: Around): string | undefined {
  const is = (field: string, hash: Uint8Array) =>
    data[field] === undefined || data[field] === null || data[field] === Buffer.from(hash).toString('hex');
  if (row.completedAt === null || row.status !== (data.status ?? row.status))
    return 'has another end than it had';
  if (
    row.contentHash === null ||
    !is('contentHash', row.contentHash) ||
    !is('contentHash', contentHashOf(row))
  )
    return 'was changed after it ended: its row is not what was written';
  if (!is('detailHash', detailHashOf(row)))
    return 'was changed after it ended: its error, its retries, or what started it';
  if (data.skillId !== undefined && row.skillId !== data.skillId) {
    if (row.skillId !== null || around.isSkillThere)
      return 'was changed after it ended: it is of another skill';
  }
  if (row.purgedAt === null) {
    const payload = wrongPayload(row);
    if (typeof data.eventsHash === 'string' && data.eventsHash !== around.eventsHash)
      return 'was changed after it ended: what it did, event by event, is not what was written';
    if (payload !== undefined) return `was changed after it ended: its ${payload} is not what was written`;
  } else {
    if ([row.input, row.output, row.trace, row.definition].some((payload) => payload !== null))
      return 'holds content, and was purged';
    if (around.purge === undefined) return 'lost its content, and nobody is on record as having purged it';
    // The event of the purge is pruned itself: what it said of steps and calls is gone with it.
    if (around.purge === 'unknown') return undefined;
  }
  const kept = around.purge === 'unknown' ? undefined : around.purge;
  if (!is('stepsHash', stepsHashOf(row.steps, kept))) return 'has other steps than it had';
  if (!is('callsHash', callsHashOf(row.toolCalls, kept))) return 'has other tool calls than it had';
  return undefined;
}

function wrongPayload(row: Row): 'input' | 'output' | 'trace' | 'definition' | undefined {
  const fits = (hash: Uint8Array | null, expected: Buffer) => hash !== null && expected.equals(hash);
  if (!fits(row.inputHash, hashOf(row.input))) return 'input';
  if (!fits(row.outputHash, sha256(row.output ?? ''))) return 'output';
  if (!fits(row.traceHash, hashOf(row.trace))) return 'trace';
  if (row.definition !== null && !fits(row.skillHash, hashOf(row.definition))) return 'definition';
  return undefined;
}

/** What the purges of these executions kept; also of those that are committed and not chained yet. */
async function readPurges(db: Database, ids: string[]): Promise<Map<string, KeptHashes | 'unknown'>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.pool.query<{ subject: string; data: KeptHashes | null }>(
    `SELECT subject, data FROM audit_events WHERE action = 'execution.purged' AND subject = ANY($1)
     UNION ALL SELECT subject, data FROM audit_inbox WHERE action = 'execution.purged' AND subject = ANY($1)`,
    [ids],
  );
  return new Map(rows.map(({ subject, data }) => [subject, data ?? 'unknown']));
}

/** Of the skills whose executions name none any more, those that are still there. */
async function livingSkills(
  db: Database,
  events: readonly Finished[],
  rows: ReadonlyMap<string, Row>,
): Promise<Set<string>> {
  const lost = events
    .filter(({ subject, data }) => rows.get(subject)?.skillId === null && typeof data.skillId === 'string')
    .map(({ data }) => String(data.skillId));
  if (lost.length === 0) return new Set();
  const skills = await db.prisma.skill.findMany({ where: { id: { in: lost } }, select: { id: true } });
  return new Set(skills.map(({ id }) => id));
}
