/** What follows a failure, in the transaction that records it: the failure skill's run and the owner's notice, once each. */
import { z } from 'zod';
import type { ErrorCode } from '../contract/errors.ts';
import type { Transaction } from '../database/client.ts';
import { AlfredError, isAlfredError } from '../kernel/errors.ts';
import { announce } from '../queue/announce.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import { factsOfRun } from './facts-of-run.ts';
import type { ExecutionRow } from './find-execution.ts';
import { insertExecution } from './insert-execution.ts';
import { planExecution, type StartDeps } from './start-execution.ts';
import { refuseWhileStopped } from './stop-state.ts';

type Failure = { code: ErrorCode; message: string };

/** An input that is longer, in characters of JSON, is not handed on. */
const longestInput = 65_536;

/**
 * Starts the failure skill that the definition which ran names, and sends the owner's notice. A failure skill's own failure
 * starts nothing.
 *
 * @returns the failure as it is recorded: it says so when its failure skill could not be started
 */
export async function afterFailure(
  deps: StartDeps,
  tx: Transaction,
  row: ExecutionRow,
  { error }: { error?: Failure | undefined },
  completedAt: Date,
): Promise<Failure | undefined> {
  const remark = await startFailureSkill(deps, tx, row, error, completedAt);
  await announce({ queue: deps.queue, tx }, { event: 'failed', executionId: row.id, at: completedAt });
  if (remark === undefined || error === undefined) return error;
  return { ...error, message: deps.vault.redactor.text(`${error.message} ${remark}`) };
}

/** @returns why it was not started, for a person; undefined when it was, or when there is none to start */
async function startFailureSkill(
  deps: StartDeps,
  tx: Transaction,
  row: ExecutionRow,
  error: Failure | undefined,
  completedAt: Date,
): Promise<string | undefined> {
  // Of one that somebody else changed it is not known which skill it ran, and so not who takes care of it.
  if (isFailureRun(row) || !rowGuardOf(tx).isIntact('executions', row)) return undefined;
  const slug = await failureSkillOf(tx, row);
  if (slug === undefined) return undefined;
  // Not removed until this transaction ends.
  await tx.$queryRaw`SELECT 1 FROM skills WHERE slug = ${slug} FOR KEY SHARE`;
  try {
    if (slug === row.skillSlug) throw new AlfredError('E_CONFLICT', 'It is the skill itself.');
    const run = await planExecution(deps, tx, {
      skill: slug,
      input: { failed: await describeFailure(tx, row, error, completedAt) },
      mode: row.mode === 'live' ? 'live' : 'rehearsal',
      trigger: row.trigger,
      triggerDetail: { failureOf: row.id },
      actor: `failure of ${row.skillSlug}`,
    });
    await refuseWhileStopped(tx, run);
    await insertExecution({ queue: deps.queue, tx }, run);
    return undefined;
  } catch (cause) {
    // What is wrong with the failure skill keeps no failure from its record; anything else does, and is tried again.
    if (!isAlfredError(cause)) throw cause;
    return `The failure skill "${slug}" was not started: ${cause.message}`;
  }
}

/** Whether an execution is a failure skill's, or a retry of one. */
const isFailureRun = ({ triggerDetail }: Pick<ExecutionRow, 'triggerDetail'>): boolean =>
  typeof (triggerDetail as Record<string, unknown>).failureOf === 'string';

const handlerSchema = z.looseObject({ onFailureSkill: z.string().nullish() });

/** As the version that ran names it. */
async function failureSkillOf(tx: Transaction, row: ExecutionRow): Promise<string | undefined> {
  const version = await tx.skillVersion.findFirst({
    where: { contentHash: row.skillHash, version: row.skillVersion },
  });
  if (!version || !rowGuardOf(tx).isIntact('skill_versions', version)) return undefined;
  return handlerSchema.parse(version.definition).onFailureSkill ?? undefined;
}

/** `input.failed` of a failure skill (docs/operations.md). What it holds is redacted already. */
async function describeFailure(
  tx: Transaction,
  row: ExecutionRow,
  error: Failure | undefined,
  completedAt: Date,
): Promise<Record<string, unknown>> {
  const step = await tx.executionStep.findFirst({
    where: { executionId: row.id, status: { notIn: ['done', 'skipped', 'pending'] } },
    orderBy: { stepId: 'asc' },
  });
  return {
    ...factsOfRun(row),
    errorCode: error?.code ?? null,
    error: error?.message ?? null,
    step: step?.stepId ?? null,
    completedAt: completedAt.toISOString(),
    input: JSON.stringify(row.input ?? null).length > longestInput ? null : row.input,
  };
}
