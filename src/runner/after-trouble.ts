/** What becomes of a run that met an error of the VM's own. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseAway } from '../database/is-away.ts';
import { isDiskFull } from '../database/is-disk-full.ts';
import { ClaimLostError } from '../executions/claims.ts';
import { type Ending, finishExecution } from '../executions/finish-execution.ts';
import type { StartDeps } from '../executions/start-execution.ts';
import { isAlfredError, messageOf } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { shortageOf } from '../kernel/shortage.ts';
import type { Vault } from '../vault/vault.ts';
import { releaseExecution } from './claim-execution.ts';

type TroubleDeps = StartDeps & { log: Logger; workerId: string };

/** How long to wait before the database is asked again when it is away, in milliseconds. */
const awayMs = 500;
/** How long a run waits for what the machine had none left of, in seconds. */
const shortSeconds = 5;

/**
 * Gives the run back to the queue when the database was away, its disk full, or the machine short of files, processes or memory, and
 * ends it as failed otherwise; tries for as long as the record cannot be written.
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
      if (passing(next) === undefined && !(next instanceof ClaimLostError)) throw next;
      if (signal.aborted) throw next;
      error = next;
      await sleep(awayMs, undefined, { ref: false });
    }
  }
}

async function giveBackOrFail(deps: TroubleDeps, executionId: string, error: unknown): Promise<void> {
  const trouble = passing(error);
  if (trouble !== undefined) {
    await releaseExecution(deps, executionId, deps.workerId, trouble);
    deps.log.warn({ executionId }, `${trouble.why}; the run goes back to the queue`);
    return;
  }
  deps.log.error({ err: error, executionId }, 'a run failed by an error of the VM');
  await finishExecution(deps, executionId, {
    status: 'failed',
    error: errorOf(deps.vault, error),
    holder: deps.workerId,
  });
}

/** What passes by itself, and after how long the run may be tried again. */
function passing(error: unknown): { why: string; delaySeconds?: number } | undefined {
  const shortage = shortageOf(error);
  if (shortage !== undefined) return { why: shortage, delaySeconds: shortSeconds };
  if (isDiskFull(error)) return { why: 'the disk was full' };
  return isDatabaseAway(error) ? { why: 'the database was away' } : undefined;
}

function errorOf({ redactor }: Vault, error: unknown): NonNullable<Ending['error']> {
  if (isAlfredError(error, 'E_ROW_ALTERED')) {
    return { code: error.code, message: `${error.message} ${error.remedy ?? ''}` };
  }
  const sentence = `The VM itself failed: ${messageOf(error)} Look into its log, then run again.`;
  return { code: 'E_INTERNAL', message: redactor.text(sentence) };
}
