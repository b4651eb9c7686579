import type { Database } from '../database/client.ts';
import type { ExecutionFeed } from './execution-feed.ts';
import { followEvents } from './follow-events.ts';

/**
 * Whether the execution ended within `ms`, while its caller waited.
 *
 * @param gone aborted when nobody waits any more
 */
export async function waitForEnd(
  deps: { db: Database; feed: ExecutionFeed },
  id: string,
  ms: number,
  gone: AbortSignal,
): Promise<boolean> {
  const signal = AbortSignal.any([gone, AbortSignal.timeout(ms)]);
  for await (const { kind } of await followEvents(deps, id, { signal })) {
    if (kind === 'end') return true;
  }
  return false;
}
