import { once } from 'node:events';
import type { ExecutionEvent, ExecutionEventKind } from '../contract/events.ts';
import type { Database } from '../database/client.ts';
import type { ExecutionFeed } from './execution-feed.ts';
import { findExecution } from './find-execution.ts';

/** How many events are read at once. */
const pageSize = 500;

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
    while (!signal.aborted) {
      isStale = false;
      const rows = await db.prisma.executionEvent.findMany({
        where: { executionId, seq: { gt: seq } },
        orderBy: { seq: 'asc' },
        take: pageSize,
      });
      for (const row of rows) {
        seq = row.seq;
        yield {
          seq,
          at: row.at.toISOString(),
          step: row.step,
          kind: row.kind as ExecutionEventKind,
          data: row.data,
        } as ExecutionEvent;
        if (row.kind === 'end') return;
      }
      if (rows.length < pageSize && !isStale) await sleepUntilNews(news, signal);
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
