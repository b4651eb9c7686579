/** A listening HTTP server that counts who reaches it, and answers as a test says. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';

export type Seen = { method: string; url: string; headers: IncomingMessage['headers']; body: Buffer };

export type Canary = {
  port: number;
  url: string;
  /** TCP connections, whether or not a request followed. */
  connections: () => number;
  requests: Seen[];
  /** The request seen last. */
  last: () => Seen;
  close: () => Promise<void>;
};

/** @param host where to listen; `::` takes IPv4 too, so that every spelling of this machine would reach it */
export async function startCanary(
  answer: RequestListener = (_request, response) => response.end('reached'),
  host = '127.0.0.1',
): Promise<Canary> {
  const requests: Seen[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks),
      });
      answer(request, response);
    });
  });
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${isIPv6(host) ? '127.0.0.1' : host}:${port}`,
    connections: () => connections,
    requests,
    last() {
      const seen = requests.at(-1);
      if (seen === undefined) throw new Error('Nobody has come yet');
      return seen;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
