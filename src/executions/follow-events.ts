import { once } from 'node:events';
import type { ExecutionEvent } from '../contract/events.ts';
import type { Database } from '../database/client.ts';
import type { ExecutionFeed } from './execution-feed.ts';
import { findExecution } from './find-execution.ts';
import { firstPageSize, readEvents } from './read-events.ts';

/** A notification may be lost with its connection: look again after this time at the latest, in milliseconds. */
const lookAgainMs = 15_000;

export type FollowOptions = {
  /** The last `seq` that is known; events after it are given. */
  after?: number;
  signal: AbortSignal;
};

/**
 * The events of an execution in order: those that were, then those to come. Ends after `end`, or when the signal is aborted.
 *
 * @throws AlfredError E_NOT_FOUND, before the first event
 */
export async function followEvents(
  { db, feed }: { db: Database; feed: ExecutionFeed },
  executionId: string,
  { after = 0, signal }: FollowOptions,
): Promise<AsyncGenerator<ExecutionEvent, void, undefined>> {
  await findExecution(db.prisma, executionId);
  return follow(db, feed, executionId, after, signal);
}

async function* follow(
  db: Database,
  feed: ExecutionFeed,
  executionId: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<ExecutionEvent, void, undefined> {
  const news = new EventTarget();
  let isStale = true;
  const unsubscribe = feed.subscribe(executionId, () => {
    isStale = true;
    news.dispatchEvent(new Event('news'));
  });
  try {
    let seq = after;
    let most: number | undefined = firstPageSize;
    while (!signal.aborted) {
      isStale = false;
      const { events, isLast } = await readEvents(db, executionId, seq, most);
      most = undefined;
      for (const event of events) {
        seq = event.seq;
        yield event;
        if (event.kind === 'end') return;
      }
      if (isLast && !isStale) await sleepUntilNews(news, signal);
    }
  } finally {
    unsubscribe();
  }
}

async function sleepUntilNews(news: EventTarget, signal: AbortSignal): Promise<void> {
  const waited = AbortSignal.any([signal, AbortSignal.timeout(lookAgainMs)]);
  try {
    await once(news, 'news', { signal: waited });
  } catch (error) {
    if (!waited.aborted) throw error;
  }
}
