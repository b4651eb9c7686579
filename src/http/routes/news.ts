import type { News } from '../../contract/news.ts';
import { operations } from '../../contract/operations.ts';
import { watchNews } from '../../executions/watch-news.ts';
import type { Redactor } from '../../vault/redact.ts';
import { route } from '../../web/route.ts';
import { lastingAccess } from '../access/lasting-access.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';
import { type Frame, sendEvents } from '../event-stream.ts';
import { goneSignal } from '../gone-signal.ts';

export function newsRoutes(app: App, deps: ServerDeps): void {
  route(app, operations.followNews, async (request, reply) => {
    const signal = goneSignal(app, reply);
    const after = readPlaces(request.headers['last-event-id']);
    const news = await watchNews(deps, { topics: request.query.topics, after, signal });
    return sendEvents(reply, frames(news, after, deps.vault.redactor), {
      signal,
      ...lastingAccess(deps, request),
    });
  });
}

async function* frames(
  news: AsyncIterable<News>,
  places: Map<string, number>,
  redactor: Redactor,
): AsyncGenerator<Frame> {
  for await (const { name, data } of news) {
    if (name === 'execution') places.set(data.executionId, data.seq);
    const id = [...places].map(([executionId, seq]) => `${executionId}:${seq}`).join();
    yield { ...(name === 'execution' ? { id } : {}), event: name, data: redactor.line(JSON.stringify(data)) };
  }
}

/** What a browser sends back is what it was sent; anything else begins at the beginning. */
function readPlaces(header = ''): Map<string, number> {
  const places = [...header.slice(0, 2000).matchAll(/([0-9a-f-]{36}):(\d{1,9})(?:,|$)/g)];
  return new Map(places.map(([, executionId = '', seq]) => [executionId, Number(seq)]));
}
