import { AlfredError } from '../../kernel/errors.ts';
import type { Turns } from '../../kernel/turns.ts';

/**
 * Makes a call at once, or when those before it are through, where its server takes one call at a time.
 *
 * @param turns undefined where it takes several
 * @throws AlfredError E_CANCELLED for one that was given up while it waited; what `work` throws
 */
export function inTurn<T>(
  turns: Turns | undefined,
  { name, signal }: { name: string; signal: AbortSignal | undefined },
  work: () => Promise<T>,
): Promise<T> {
  if (turns === undefined) return work();
  return turns.take(async () => {
    if (signal?.aborted === true)
      throw new AlfredError('E_CANCELLED', `The call of "${name}" was cancelled.`);
    return work();
  });
}
