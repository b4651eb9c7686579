import { auditRowsOf, type NewAuditEvent } from '../audit/record-audit.ts';
import type { Execution } from '../contract/executions.ts';
import { type Ask, askPrisma } from '../database/ask.ts';
import { channels } from '../database/channels.ts';
import type { Transaction } from '../database/client.ts';
import { storableJson } from '../database/storable.ts';
import { timeNow } from '../kernel/clock.ts';
import { hashOf } from '../kernel/hash.ts';
import type { Queue } from '../queue/queue.ts';
import type { Covered } from '../vault/guarded-rows.ts';
import { type RowGuard, rowGuardOf } from '../vault/row-guard.ts';
import type { NewEvent } from './append-events.ts';
import { jobNameOf, jobOptions } from './job-options.ts';

export type NewExecution = {
  id: string;
  /** No id: of a skill that is only proposed, or gone. */
  skill: { id: string | null; slug: string; concurrency: number };
  version: { number: number; hash: Uint8Array<ArrayBuffer>; stepIds: readonly number[] };
  /** What runs where no version holds it, redacted and storable; `version.hash` is its own. */
  definition?: unknown;
  mode: Execution['mode'];
  model: string;
  actor: string;
  trigger: Execution['trigger'];
  /** Redacted and storable, as `input` is. */
  triggerDetail: unknown;
  input: unknown;
  dedupeKey?: string | undefined;
  retryOf?: string | undefined;
  replayOf?: string | undefined;
  /** A turn of a conversation behind one that is open: whoever ends that one sends this one's job. */
  waitsForAnother?: boolean;
  /** The worker that begins with it as soon as it is committed: it is that one's from the start, and has no job. */
  heldBy?: string | undefined;
  /** Outputs of steps that an earlier execution did, which are not done again. */
  doneBefore?: ReadonlyMap<number, string>;
};

/** Writes an execution's row, its steps, its first events and its job within `tx`: together, or not at all. */
export async function insertExecution(
  { queue, tx }: { queue: Queue; tx: Transaction },
  run: NewExecution,
): Promise<void> {
  const deps = { queue, ask: askPrisma(tx), guard: rowGuardOf(tx) };
  const inserted = await insertExecutions(deps, [run]);
  if (!inserted.has(run.id)) throw new Error(`Execution ${run.id} has a dedupe key that is taken`);
}

/** One statement for all: what a webhook waits for is the number of questions asked of the database. */
const insert = {
  name: 'insert executions',
  text: `
    WITH run AS (
      SELECT * FROM json_to_recordset($1::text::json) AS run (
        id uuid, skill_id uuid, skill_slug text, skill_version int, skill_hash text, mode execution_mode, model text,
        actor text, trigger trigger_type, trigger_detail jsonb, dedupe_key text, retry_of uuid, replay_of uuid, definition jsonb,
        input jsonb, input_hash text, mac text, held_by uuid, steps jsonb, events jsonb, at timestamptz, queue text)
    ), inserted AS (
      INSERT INTO executions (id, skill_id, skill_slug, skill_version, skill_hash, mode, model, actor, trigger,
        trigger_detail, dedupe_key, retry_of, replay_of, definition, input, input_hash, mac, created_at, status, claimed_by, started_at)
      SELECT id, skill_id, skill_slug, skill_version, decode(skill_hash, 'hex'), mode, model, actor, trigger,
        trigger_detail, dedupe_key, retry_of, replay_of, definition, input, decode(input_hash, 'hex'),
        decode(mac, 'hex'), at, CASE WHEN held_by IS NULL THEN 'queued' ELSE 'running' END::execution_status, held_by,
        CASE WHEN held_by IS NOT NULL THEN at END
      FROM run
      -- In one order everywhere, so that two that write the same keys wait for each other and never both.
      ORDER BY skill_id, dedupe_key
      ON CONFLICT (skill_id, dedupe_key) DO NOTHING
      RETURNING id
    ), steps AS (
      INSERT INTO execution_steps (execution_id, step_id, status, attempt, output, mac, started_at, finished_at)
      SELECT run.id, step.id, step.status::step_status, step.attempt, step.output, decode(step.mac, 'hex'),
        CASE WHEN step.status <> 'pending' THEN run.at END, CASE WHEN step.status = 'done' THEN run.at END
      FROM run JOIN inserted USING (id),
        jsonb_to_recordset(run.steps) AS step (id int, status text, attempt int, output text, mac text)
    ), events AS (
      INSERT INTO execution_events (execution_id, seq, at, step, kind, data)
      SELECT run.id, event.seq, run.at, event.step, event.kind, event.data
      FROM run JOIN inserted USING (id),
        jsonb_to_recordset(run.events) AS event (seq int, step int, kind text, data jsonb)
    ), acts AS (
      INSERT INTO audit_inbox (id, at, actor, action, subject, data)
      SELECT act.id, act.at, actor, action, subject, data
      FROM json_to_recordset($2::text::json)
        AS act (id uuid, at timestamptz, actor text, action text, subject text, data jsonb)
      JOIN inserted ON inserted.id = subject::uuid
    )
    SELECT id::text, CASE WHEN queue IS NOT NULL THEN pg_notify('${channels.jobs}', queue)::text END AS told
    FROM run JOIN inserted USING (id)`,
};

/**
 * Writes executions within a transaction: of each its row, its steps, its first events, its audit event and its job.
 *
 * @returns the ids of those that were written; the others' dedupe keys are taken
 */
export async function insertExecutions(
  { queue, ask, guard }: { queue: Queue; ask: Ask; guard: RowGuard },
  runs: readonly NewExecution[],
): Promise<ReadonlySet<string>> {
  const rows = await ask<{ id: string }>(insert, [
    JSON.stringify(runs.map((run) => toRow(guard, run))),
    JSON.stringify(auditRowsOf(runs.map(actOf))),
  ]);
  const inserted = new Set(rows.map(({ id }) => id));
  const sent = runs.filter((run) => inserted.has(run.id) && hasJob(run));
  for (const [name, runs] of Map.groupBy(sent, jobNameOf)) {
    await queue.sendAll(
      ask,
      name,
      runs.map((run) => ({
        id: run.id,
        data: { executionId: run.id },
        options: jobOptions({ ...run, slug: run.skill.slug, concurrency: run.skill.concurrency }),
      })),
    );
  }
  return inserted;
}

const hasJob = ({ waitsForAnother = false, heldBy }: NewExecution): boolean =>
  !waitsForAnother && heldBy === undefined;

/** What goes on record of it. */
const actOf = ({
  id,
  actor,
  skill,
  version,
  mode,
  trigger,
  retryOf,
  replayOf,
}: NewExecution): NewAuditEvent => ({
  action: 'execution.queued',
  actor,
  subject: id,
  data: {
    skill: skill.slug,
    version: version.number,
    mode,
    trigger,
    ...(retryOf === undefined ? {} : { retryOf }),
    ...(replayOf === undefined ? {} : { replayOf }),
  },
});

function toRow(guard: RowGuard, run: NewExecution) {
  const inputHash = hashOf(run.input);
  return {
    id: run.id,
    skill_id: run.skill.id,
    skill_slug: run.skill.slug,
    skill_version: run.version.number,
    skill_hash: Buffer.from(run.version.hash).toString('hex'),
    mode: run.mode,
    model: run.model,
    actor: run.actor,
    trigger: run.trigger,
    trigger_detail: run.triggerDetail,
    dedupe_key: run.dedupeKey ?? null,
    retry_of: run.retryOf ?? null,
    replay_of: run.replayOf ?? null,
    definition: run.definition ?? null,
    input: run.input,
    input_hash: inputHash.toString('hex'),
    mac: Buffer.from(guard.sign('executions', startOf(run, inputHash))).toString('hex'),
    held_by: run.heldBy ?? null,
    steps: stepsOf(guard, run),
    events: firstEvents(run).map(({ kind, step = null, data }, index) => ({
      seq: index + 1,
      step,
      kind,
      data: storableJson(data),
    })),
    at: timeNow().toISOString(),
    queue: hasJob(run) ? jobNameOf(run) : null,
  };
}

const stepsOf = (guard: RowGuard, run: NewExecution) =>
  run.version.stepIds.map((stepId) => {
    const output = run.doneBefore?.get(stepId) ?? null;
    if (output === null) {
      const isBegun = stepId === begunStepOf(run);
      const state = isBegun ? { status: 'running', attempt: 1 } : { status: 'pending', attempt: 0 };
      return { id: stepId, ...state, output, mac: null };
    }
    const mac = guard.sign('execution_steps', { executionId: run.id, stepId, output });
    return { id: stepId, status: 'done', attempt: 0, output, mac: Buffer.from(mac).toString('hex') };
  });

/** What it starts with, as the row's MAC is over it. */
const startOf = (run: NewExecution, inputHash: Buffer): Covered<'executions'> => ({
  id: run.id,
  skillSlug: run.skill.slug,
  skillVersion: run.version.number,
  skillHash: run.version.hash,
  mode: run.mode,
  model: run.model,
  actor: run.actor,
  trigger: run.trigger,
  triggerDetail: run.triggerDetail as Covered<'executions'>['triggerDetail'],
  retryOf: run.retryOf ?? null,
  replayOf: run.replayOf ?? null,
  inputHash: new Uint8Array(inputHash),
});

/** The step that whoever holds it from the start has begun with it. */
const begunStepOf = ({ heldBy, version, doneBefore }: NewExecution): number | undefined =>
  heldBy === undefined ? undefined : version.stepIds.find((id) => doneBefore?.has(id) !== true);

function firstEvents(run: NewExecution): NewEvent[] {
  const { version, doneBefore = new Map() } = run;
  const of = version.stepIds.length;
  const begun = begunStepOf(run);
  const carried = [...doneBefore].map(
    ([step, output]): NewEvent => ({ kind: 'step', step, data: { id: step, of, status: 'done', output } }),
  );
  const begins: NewEvent[] =
    begun === undefined
      ? []
      : [
          { kind: 'status', data: { status: 'running' } },
          { kind: 'step', step: begun, data: { id: begun, of, status: 'running' } },
        ];
  return [{ kind: 'status', data: { status: 'queued' } }, ...carried, ...begins];
}
