import { setTimeout as sleep } from 'node:timers/promises';
import { type ExecutionStatus, isFinal } from '../contract/execution-status.ts';
import type { News, NewsTopic } from '../contract/news.ts';
import type { Database } from '../database/client.ts';
import type { ExecutionFeed } from './execution-feed.ts';
import { findExecution } from './find-execution.ts';
import { readEvents } from './read-events.ts';

/** What happens within so many milliseconds is told together. */
const paceMs = 100;
/** More executions than this with news at once are not named one by one. */
const mostNamed = 100;

export type NewsRequest = {
  topics: readonly NewsTopic[];
  /** Of executions that are followed: the last `seq` that is known. */
  after?: ReadonlyMap<string, number>;
  signal: AbortSignal;
};

type Deps = { db: Database; feed: ExecutionFeed };

/**
 * What is new in the topics, until the signal is aborted.
 *
 * @throws AlfredError E_NOT_FOUND for an execution that is not there, before the first news
 */
export async function watchNews(
  deps: Deps,
  { topics, after, signal }: NewsRequest,
): Promise<AsyncGenerator<News, void, undefined>> {
  const ids = topics.flatMap((topic) => /^execution:(.*)$/.exec(topic)?.[1]?.toLowerCase() ?? []);
  for (const id of ids) await findExecution(deps.db.prisma, id);
  const followed = new Map(ids.map((id) => [id, after?.get(id) ?? 0]));
  return watch(deps, new Set(topics), followed, signal);
}

async function* watch(
  { db, feed }: Deps,
  topics: ReadonlySet<NewsTopic>,
  followed: Map<string, number>,
  signal: AbortSignal,
): AsyncGenerator<News, void, undefined> {
  let changed = new Set<string>();
  let isAnyChanged = true;
  let woken = Promise.withResolvers<void>();
  const wake = () => woken.resolve();
  const unsubscribe = feed.subscribeAll((executionId) => {
    if (executionId === undefined || changed.size >= mostNamed) isAnyChanged = true;
    else changed.add(executionId);
    wake();
  });
  signal.addEventListener('abort', wake, { once: true });
  const statuses = new Map<string, ExecutionStatus>();
  let waiting: string | undefined;
  let isFirst = true;
  try {
    while (!signal.aborted) {
      const ids = changed;
      const isAny = isAnyChanged;
      changed = new Set();
      isAnyChanged = false;
      woken = Promise.withResolvers();
      for (const [id, seq] of followed) {
        if (isAny || ids.has(id)) yield* follow(db, followed, id, seq);
      }
      if (topics.has('executions') && !isFirst) {
        const news = await changesOf(db, ids, isAny, statuses);
        if (news.changed.length > 0 || news.more) yield { name: 'executions', data: news };
      }
      if (topics.has('skills') && !isFirst) {
        const saved = await savedSkills(db, ids);
        if (saved.length > 0 || isAny) yield { name: 'skills', data: { changed: saved, more: isAny } };
      }
      if (topics.has('approvals')) {
        const pending = await pendingApprovals(db);
        const now = pending.map(({ id }) => id).join();
        if (now !== waiting) yield { name: 'approvals', data: { pending } };
        waiting = now;
      }
      isFirst = false;
      await sleep(paceMs);
      await woken.promise;
    }
  } finally {
    unsubscribe();
    signal.removeEventListener('abort', wake);
  }
}

/** The next events of one that is followed; behind its end nothing comes, and it is followed no more. */
async function* follow(
  db: Database,
  followed: Map<string, number>,
  executionId: string,
  after: number,
): AsyncGenerator<News, void, undefined> {
  for (let seq = after, isDone = false; !isDone; ) {
    const { events, isLast } = await readEvents(db, executionId, seq);
    for (const event of events) {
      seq = event.seq;
      followed.set(executionId, seq);
      yield { name: 'execution', data: { executionId, ...event } };
      if (event.kind === 'end') followed.delete(executionId);
    }
    isDone = isLast;
  }
}

/** Those of the executions whose status is another than it was last. */
async function changesOf(
  db: Database,
  ids: ReadonlySet<string>,
  isAny: boolean,
  statuses: Map<string, ExecutionStatus>,
) {
  if (isAny) statuses.clear();
  const rows = await db.prisma.execution.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, skillSlug: true, status: true },
    orderBy: { id: 'asc' },
  });
  const changed = rows.filter(({ id, status }) => statuses.get(id) !== status);
  for (const { id, status } of changed) {
    if (isFinal(status)) statuses.delete(id);
    else statuses.set(id, status);
  }
  return { changed, more: isAny };
}

/** Those of the ids that are skills: whoever saves one tells of it where executions are told of. */
async function savedSkills(db: Database, ids: ReadonlySet<string>): Promise<string[]> {
  if (ids.size === 0) return [];
  const rows = await db.prisma.skill.findMany({
    where: { id: { in: [...ids] } },
    select: { slug: true },
    orderBy: { slug: 'asc' },
  });
  return rows.map(({ slug }) => slug);
}

const pendingApprovals = (db: Database) =>
  db.prisma.approval.findMany({
    where: { status: 'pending' },
    select: { id: true, executionId: true },
    orderBy: { id: 'asc' },
    take: mostNamed,
  });
