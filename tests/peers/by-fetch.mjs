// Lets what speaks Request and Response answer a request of Node's.
import { Readable } from 'node:stream';

export async function answerByFetch(serve, origin, request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const answer = await serve(
    new Request(new URL(request.url, origin), {
      method: request.method,
      headers: Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
    }),
  );
  const headers = Object.fromEntries(answer.headers);
  const cookies = answer.headers.getSetCookie();
  response.writeHead(answer.status, cookies.length > 0 ? { ...headers, 'set-cookie': cookies } : headers);
  if (answer.body) Readable.fromWeb(answer.body).pipe(response);
  else response.end();
}
