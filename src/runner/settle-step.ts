/** What becomes of a run when one of its steps has come to an end. */
import type { Usage } from '../contract/executions.ts';
import type { ExecutionRow } from '../executions/find-execution.ts';
import type { Ending } from '../executions/finish-execution.ts';
import type { Failure } from '../kernel/failure.ts';
import type { Logger } from '../kernel/log.ts';
import { type RetryDeps, retryLater } from './retry-later.ts';
import { endStep, type StepPlace } from './step-checkpoints.ts';
import type { StepEnd } from './step-run.ts';
import { cancelled } from './stop-reasons.ts';
import { waitForPerson } from './wait-for-person.ts';

export type SettleDeps = RetryDeps & { log: Logger };

/** `goes on`: with its next step. `is left`: it waits, and whoever takes it up then goes on. Else how it ends. */
export type AfterStep = 'goes on' | 'is left' | Ending;

/**
 * Writes the end of a step down.
 *
 * @param run `total`: what it has used so far
 * @throws ClaimLostError
 */
export async function settleStep(
  deps: SettleDeps,
  run: { row: ExecutionRow; total: Usage; approvalTimeoutMs: number },
  place: StepPlace,
  end: StepEnd,
): Promise<AfterStep> {
  const { row, total } = run;
  if ('waiting' in end) {
    const waits = await waitForPerson(deps, place, end, { total, timeoutMs: run.approvalTimeoutMs });
    if (!waits) return endingOf(cancelled(), total);
    deps.log.info({ calls: end.waiting.length }, 'run waits for a person');
    return 'is left';
  }
  if ('failure' in end) {
    const { code } = end.failure;
    const delay = await retryLater(deps, row, place, end.failure, total);
    if (delay !== undefined) {
      deps.log.warn({ code, delay }, 'the model could not answer; the run goes on later');
      return 'is left';
    }
    await endStep(deps, place, end, total);
    return endingOf({ code, message: deps.vault.redactor.text(sentenceOf(end.failure)) }, total);
  }
  await endStep(deps, place, end, total);
  return 'goes on';
}

/** @param error its message redacted */
export const endingOf = ({ code, message }: NonNullable<Ending['error']>, usage: Usage): Ending => ({
  status: code === 'E_CANCELLED' ? 'cancelled' : 'failed',
  error: { code, message },
  usage,
});

const sentenceOf = ({ message, remedy }: Failure): string =>
  remedy === '' ? message : `${message} ${remedy}`;
