/** A conversation as it happens: the events of its turns' executions, in the order of the turns. */
import { once } from 'node:events';
import type { ChatEvent } from '../contract/chat.ts';
import type { Database } from '../database/client.ts';
import type { ExecutionFeed } from '../executions/execution-feed.ts';
import { Follower, type Turn } from './conversation-follower.ts';
import type { Position } from './event-id.ts';
import { findConversation } from './find-conversation.ts';
import { withRun } from './present-messages.ts';

type Deps = { db: Database; feed: ExecutionFeed };

/** A notification may be lost with its connection: look again after this time at the latest, in milliseconds. */
const lookAgainMs = 15_000;

/** Who looks on reads of a new message so long after it is on record, in milliseconds: first the model is asked. */
const restMs = 60;

/**
 * What happened in a conversation behind `after`, then what happens, until the signal is aborted.
 *
 * @throws AlfredError E_NOT_FOUND, before the first event
 */
export async function followConversation(
  deps: Deps,
  id: string,
  { after, signal }: { after: Position; signal: AbortSignal },
): Promise<AsyncGenerator<ChatEvent, void, undefined>> {
  await findConversation(deps.db.prisma, id);
  return follow(deps, id, new Follower(deps.db, after), signal);
}

async function* follow(
  { db, feed }: Deps,
  id: string,
  follower: Follower,
  signal: AbortSignal,
): AsyncGenerator<ChatEvent, void, undefined> {
  const news = new EventTarget();
  // Of the conversation itself, and of the execution that answers.
  let areMessagesStale = true;
  let areEventsStale = true;
  const wake = () => news.dispatchEvent(new Event('news'));
  let rest: NodeJS.Timeout | undefined;
  const stopMessages = feed.subscribe(id, () => {
    rest ??= setTimeout(() => {
      rest = undefined;
      areMessagesStale = true;
      wake();
    }, restMs);
  });
  let watched: { executionId: string; stop: () => void } | undefined;
  const watch = (executionId: string | undefined) => {
    if (watched?.executionId === executionId) return;
    watched?.stop();
    watched =
      executionId === undefined ? undefined : { executionId, stop: feed.subscribe(executionId, tellEvents) };
    areEventsStale = true;
  };
  const tellEvents = () => {
    areEventsStale = true;
    wake();
  };
  try {
    while (!signal.aborted) {
      if (areMessagesStale || follower.current === undefined) {
        areMessagesStale = false;
        yield* follower.messages(await readTurns(db, id, follower.position.turn));
        watch(follower.current?.executionId);
      }
      areEventsStale = false;
      const hasMore = yield* follower.events();
      if (hasMore || areMessagesStale || areEventsStale) continue;
      if (!(await sleepUntilNews(news, signal))) areMessagesStale = true;
    }
  } finally {
    stopMessages();
    clearTimeout(rest);
    watched?.stop();
  }
}

/** @returns false when there was no news for so long that it is looked at all the same */
async function sleepUntilNews(news: EventTarget, signal: AbortSignal): Promise<boolean> {
  const waited = AbortSignal.any([signal, AbortSignal.timeout(lookAgainMs)]);
  try {
    await once(news, 'news', { signal: waited });
    return true;
  } catch (error) {
    if (!waited.aborted) throw error;
    return false;
  }
}

/** The turns from one on, in order. */
async function readTurns(db: Database, conversationId: string, from: number): Promise<Turn[]> {
  const rows = await db.prisma.message.findMany({
    where: { conversationId, turn: { gte: from } },
    orderBy: [{ turn: 'asc' }, { id: 'asc' }],
    include: withRun,
  });
  return [...Map.groupBy(rows, ({ turn }) => turn)].flatMap(([turn, those]) => {
    const answer = those.find(({ role }) => role === 'assistant');
    return answer === undefined
      ? []
      : [{ turn, executionId: answer.executionId, asked: those.find(({ role }) => role === 'user'), answer }];
  });
}
