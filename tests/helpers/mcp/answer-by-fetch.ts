import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';

/** Lets an MCP server that speaks Request and Response answer a request of Node's, whose body was read already. */
export async function answerByFetch(
  handler: { fetch(request: Request): Promise<Response> },
  url: string,
  request: IncomingMessage,
  body: Uint8Array,
  response: ServerResponse,
): Promise<void> {
  const answer = await handler.fetch(
    new Request(`${url}${request.url}`, {
      method: request.method ?? 'GET',
      headers: Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      ...(request.method === 'POST' ? { body: new Uint8Array(body) } : {}),
    }),
  );
  response.writeHead(answer.status, [...answer.headers].flat());
  if (answer.body) Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]).pipe(response);
  else response.end();
}
