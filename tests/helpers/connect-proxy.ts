/** A proxy as machines have one: it connects to what it is asked for, or says no, and notes what that was. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export type ConnectProxy = {
  url: URL;
  /** What it was asked to connect to, and the login that came along. */
  asked: { authority: string; login: string | undefined }[];
  close: () => Promise<void>;
};

/**
 * @param options.leadsTo where every tunnel ends, in place of what was asked for: a port of this machine
 * @param options.status what it answers instead of connecting
 */
export async function startConnectProxy({
  leadsTo,
  status = 200,
}: {
  leadsTo?: number;
  status?: number;
} = {}): Promise<ConnectProxy> {
  const asked: ConnectProxy['asked'] = [];
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('connection', (socket) => sockets.add(socket));
  server.on('connect', (request, client, head) => {
    const authority = request.url ?? '';
    asked.push({ authority, login: request.headers['proxy-authorization'] });
    if (status !== 200) {
      client.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(`http://${authority}`);
    const there =
      leadsTo === undefined
        ? connect(Number(port) || 80, hostname.replace(/^\[|\]$/g, ''))
        : connect(leadsTo, '127.0.0.1');
    sockets.add(there);
    there.once('connect', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      there.write(head);
      there.pipe(client).pipe(there);
    });
    for (const [one, other] of [
      [there, client],
      [client, there],
    ])
      one?.on('error', () => other?.destroy()).on('close', () => other?.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    asked,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
