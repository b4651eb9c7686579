import { z } from 'zod';
import { type News, newsQuerySchema } from '../../contract/news.ts';
import { watchNews } from '../../executions/watch-news.ts';
import type { Redactor } from '../../vault/redact.ts';
import { authorize } from '../access/authorize.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';
import { type Frame, sendEvents } from '../event-stream.ts';
import { goneSignal } from '../gone-signal.ts';

export function newsRoutes(app: App, deps: ServerDeps): void {
  app.get(
    '/api/v1/events',
    {
      schema: {
        summary: 'Follow many things in one stream',
        description:
          'Server-sent events, for browsers, which allow six connections to a host. `executions`: which came into being or changed their status. `approvals`: what waits for a person, first as it is. `execution`: the events of those that are followed, from the first on, each with `executionId`, `seq` and `kind`; the `id` says how far each was read, and sent back as `Last-Event-ID` the stream goes on behind it.',
        tags: ['executions'],
        querystring: newsQuerySchema,
        headers: z.looseObject({ 'last-event-id': z.string().optional() }),
        response: { 200: { content: { 'text/event-stream': { schema: z.string() } } } },
      },
    },
    async (request, reply) => {
      const signal = goneSignal(app, reply);
      const after = readPlaces(request.headers['last-event-id']);
      const news = await watchNews(deps, { topics: request.query.topics, after, signal });
      return sendEvents(reply, frames(news, after, deps.vault.redactor), {
        signal,
        authorize: () => authorize(deps.db, request),
      });
    },
  );
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
