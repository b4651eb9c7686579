/** A real HTTP API on loopback whose answers a test gives route by route; what it was asked is kept. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Canary, startCanary } from './canary.ts';

export type Answer = (request: IncomingMessage, response: ServerResponse, nth: number) => void;

/** @param routes by `METHOD /path` without the query; `nth` counts requests of one route from 1 */
export function startApi(routes: Record<string, Answer>): Promise<Canary> {
  const counts = new Map<string, number>();
  return startCanary((request, response) => {
    const route = `${request.method} ${request.url?.split('?')[0]}`;
    const nth = (counts.get(route) ?? 0) + 1;
    counts.set(route, nth);
    const answer = routes[route];
    if (answer) answer(request, response, nth);
    else json(response, { error: `no ${route}` }, 404);
  });
}

export function json(
  response: ServerResponse,
  value: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}
