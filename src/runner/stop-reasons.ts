/** Why a run is stopped, as the reason of the signal that stops it. */
import { AlfredError } from '../kernel/errors.ts';

export const cancelled = (): AlfredError => new AlfredError('E_CANCELLED', 'The run was cancelled.');
/** The claim is another's by now: nothing of the run is written any more. */
export const lost = (): AlfredError => new AlfredError('E_CONFLICT', 'Another worker has the run.');
export const stopping = (): AlfredError => new AlfredError('E_NOT_READY', 'The VM is stopping.');

export const timedOut = (ms: number): AlfredError =>
  new AlfredError(
    'E_RUN_TIMEOUT',
    `The run took longer than its limit of ${Math.round(ms / 1000)} seconds.`,
    { remedy: "Raise the skill's timeoutMs, or make its steps smaller." },
  );

/** Whether a run was stopped for its worker's sake: then its end is none of the run's. */
export const isOfWorker = (reason: unknown): boolean =>
  reason instanceof AlfredError && (reason.code === 'E_NOT_READY' || reason.code === 'E_CONFLICT');
