/** Where a browser on this machine comes back to (RFC 8252, section 7.3): a listener on 127.0.0.1 that takes one visit. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type LoopbackListener = {
  port: number;
  /** The whole address of the visit. @throws the reason of `signal` */
  visit(signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
};

const page = (text: string) =>
  `<!doctype html><meta charset="utf-8"><title>Alfred</title><p style="font:16px system-ui;margin:3rem">${text}</p>`;

export async function listenOnLoopback(): Promise<LoopbackListener> {
  const { promise: visited, resolve } = Promise.withResolvers<string>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    // A browser also asks for an icon, and other pages may try: only the way back counts, and what it says is judged by the VM.
    const isBack = request.method === 'GET' && url.pathname === '/callback' && url.searchParams.has('state');
    response.writeHead(isBack ? 200 : 404, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    response.end(page(isBack ? 'That is all here: go back to the terminal.' : 'There is nothing here.'));
    if (isBack) resolve(url.href);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async visit(signal) {
      signal.throwIfAborted();
      const { promise: stopped, reject } = Promise.withResolvers<never>();
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      return Promise.race([visited, stopped]);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
