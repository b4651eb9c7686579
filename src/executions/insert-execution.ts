import { recordAudits } from '../audit/record-audit.ts';
import type { Execution } from '../contract/executions.ts';
import type { Transaction } from '../database/client.ts';
import { storableJson } from '../database/storable.ts';
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
  deps: { queue: Queue; tx: Transaction },
  run: NewExecution,
): Promise<void> {
  const inserted = await insertExecutions(deps, [run]);
  if (!inserted.has(run.id)) throw new Error(`Execution ${run.id} has a dedupe key that is taken`);
}

/**
 * Writes executions within `tx`: of each its row, its steps, its first events, its audit event and its job.
 *
 * @returns the ids of those that were written; the others' dedupe keys are taken
 */
export async function insertExecutions(
  { queue, tx }: { queue: Queue; tx: Transaction },
  runs: readonly NewExecution[],
): Promise<ReadonlySet<string>> {
  // One statement for all of them: what a webhook waits for is the number of questions asked of the database.
  const rows = await tx.$queryRaw<{ id: string }[]>`
    WITH run AS (
      SELECT * FROM json_to_recordset(${JSON.stringify(runs.map((run) => toRow(rowGuardOf(tx), run)))}::text::json) AS run (
        id uuid, skill_id uuid, skill_slug text, skill_version int, skill_hash text, mode execution_mode, model text,
        actor text, trigger trigger_type, trigger_detail jsonb, dedupe_key text, retry_of uuid, replay_of uuid, definition jsonb,
        input jsonb, input_hash text, mac text, held_by uuid, steps jsonb, events jsonb, at timestamptz)
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
    )
    SELECT id::text FROM inserted`;
  const inserted = new Set(rows.map(({ id }) => id));
  const written = runs.filter(({ id }) => inserted.has(id));
  if (written.length === 0) return inserted;
  await recordAudits(
    tx,
    written.map(({ id, actor, skill, version, mode, trigger, retryOf, replayOf }) => ({
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
    })),
  );
  const sent = written.filter(
    ({ waitsForAnother = false, heldBy }) => !waitsForAnother && heldBy === undefined,
  );
  for (const [name, runs] of Map.groupBy(sent, jobNameOf)) {
    await queue.sendAll(
      tx,
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

const toRow = (guard: RowGuard, run: NewExecution) => ({
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
  input_hash: hashOf(run.input).toString('hex'),
  mac: Buffer.from(guard.sign('executions', startOf(run))).toString('hex'),
  held_by: run.heldBy ?? null,
  steps: run.version.stepIds.map((stepId) => {
    const output = run.doneBefore?.get(stepId) ?? null;
    if (output === null) {
      const isBegun = stepId === begunStepOf(run);
      const state = isBegun ? { status: 'running', attempt: 1 } : { status: 'pending', attempt: 0 };
      return { id: stepId, ...state, output, mac: null };
    }
    const mac = guard.sign('execution_steps', { executionId: run.id, stepId, output });
    return { id: stepId, status: 'done', attempt: 0, output, mac: Buffer.from(mac).toString('hex') };
  }),
  events: firstEvents(run).map(({ kind, step = null, data }, index) => ({
    seq: index + 1,
    step,
    kind,
    data: storableJson(data),
  })),
  at: new Date().toISOString(),
});

/** What it starts with, as the row's MAC is over it. */
const startOf = (run: NewExecution): Covered<'executions'> => ({
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
  inputHash: new Uint8Array(hashOf(run.input)),
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
