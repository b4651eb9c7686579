/** What becomes of a run that met an error of the VM's own. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseAway } from '../database/is-away.ts';
import { isDiskFull } from '../database/is-disk-full.ts';
import { ClaimLostError } from '../executions/claims.ts';
import { type Ending, finishExecution } from '../executions/finish-execution.ts';
import type { StartDeps } from '../executions/start-execution.ts';
import { isAlfredError, messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import type { Vault } from '../vault/vault.ts';
import { releaseExecution } from './claim-execution.ts';

type TroubleDeps = StartDeps & { log: Logger; workerId: string };

/** How long to wait before the database is asked again when it is away, in milliseconds. */
const awayMs = 500;

/**
 * Gives the run back to the queue when the database was away or its disk full, and ends it as failed otherwise; tries for as
 * long as the database is away.
 *
 * @param first what was thrown
 * @param signal aborted when the worker stops: whoever sees its end takes its claims away
 * @throws what keeps the run's end from being written
 */
export async function afterTrouble(
  deps: TroubleDeps,
  executionId: string,
  first: unknown,
  signal: AbortSignal,
): Promise<void> {
  for (let error = first; ; ) {
    if (error instanceof ClaimLostError) {
      deps.log.warn({ executionId }, 'a run was left: another worker has it');
      return;
    }
    try {
      await giveBackOrFail(deps, executionId, error);
      return;
    } catch (next) {
      if (!isDatabaseAway(next) && !isDiskFull(next) && !(next instanceof ClaimLostError)) throw next;
      if (signal.aborted) throw next;
      error = next;
      await sleep(awayMs, undefined, { ref: false });
    }
  }
}

async function giveBackOrFail(deps: TroubleDeps, executionId: string, error: unknown): Promise<void> {
  if (isDatabaseAway(error) || isDiskFull(error)) {
    await releaseExecution(deps, executionId, deps.workerId);
    const why = isDiskFull(error) ? 'the disk was full' : 'the database was away';
    deps.log.warn({ executionId }, `${why}; the run goes back to the queue`);
    return;
  }
  deps.log.error({ err: error, executionId }, 'a run failed by an error of the VM');
  await finishExecution(deps, executionId, {
    status: 'failed',
    error: errorOf(deps.vault, error),
    holder: deps.workerId,
  });
}

function errorOf({ redactor }: Vault, error: unknown): NonNullable<Ending['error']> {
  if (isAlfredError(error, 'E_ROW_ALTERED')) {
    return { code: error.code, message: `${error.message} ${error.remedy ?? ''}` };
  }
  const sentence = `The VM itself failed: ${messageOf(error)} Look into its log, then run again.`;
  return { code: 'E_INTERNAL', message: redactor.text(sentence) };
}
