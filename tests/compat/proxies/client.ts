/** A browser and a sender, as they speak to the public address, through a proxy on the loopback. */
import http, { type IncomingHttpHeaders } from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { tlsIdentity } from '../../helpers/tls-identity.ts';

/** What the address bar shows: the port is another than 443, so that it must be passed on. */
const publicHost = `${tlsIdentity.host}:8443`;
export const publicUrl = `https://${publicHost}`;

export type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer };
export type Sent = { method?: string; headers?: Record<string, string>; body?: string | Buffer };

export type Client = {
  send(path: string, sent?: Sent): Promise<Answer>;
  /** Opens a stream; what it has said so far, and whether it ended. */
  follow(path: string, headers: Record<string, string>): Promise<Stream>;
  /** Whether a page is answered by HTTP/2. */
  speaksHttp2(): Promise<boolean>;
};
export type Stream = { said(): string; isOver(): boolean; close(): void };

const giveUpMs = 90_000;

/** @param from the address on the loopback that asks: another than the proxy's own */
export function clientOf(port: number, isPlain: boolean, from: string): Client {
  const open = ({ method = 'GET', headers = {} }: Sent, path: string) =>
    (isPlain ? http : https).request({
      ...{ host: '127.0.0.1', localAddress: from, port, path, method, agent: false, timeout: giveUpMs },
      ...{ servername: tlsIdentity.host, ca: tlsIdentity.certificate },
      headers: { host: publicHost, ...headers },
    });
  return {
    send: (path, sent = {}) =>
      new Promise((resolve, reject) => {
        const request = open(sent, path);
        request.on('timeout', () => request.destroy(new Error('no answer')));
        request.on('error', reject).on('response', (answer) => {
          const parts: Buffer[] = [];
          answer.on('data', (part: Buffer) => parts.push(part)).on('error', reject);
          answer.on('end', () =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              body: Buffer.concat(parts),
            }),
          );
        });
        request.end(sent.body);
      }),
    follow: (path, headers) =>
      new Promise((resolve, reject) => {
        const request = open({ headers: { accept: 'text/event-stream', ...headers } }, path);
        let text = '';
        let isOver = false;
        const end = () => {
          isOver = true;
        };
        // A proxy that keeps the answer back has not said anything yet: neither has the stream.
        const stream = { said: () => text, isOver: () => isOver, close: () => request.destroy() };
        request.on('error', end).on('close', end);
        request.on('response', (answer) => answer.on('data', (part) => (text += part)).on('error', end));
        request.on('socket', () => resolve(stream)).on('error', reject);
        request.end();
      }),
    speaksHttp2: () =>
      isPlain
        ? Promise.resolve(false)
        : new Promise((resolve) => {
            const session = http2.connect(`https://127.0.0.1:${port}`, {
              ...{ servername: tlsIdentity.host, ca: tlsIdentity.certificate },
            });
            session.on('error', () => resolve(false));
            const stream = session.request({ ':path': '/', ':authority': publicHost });
            stream.on('response', (headers) => {
              resolve(headers[':status'] === 200);
              session.destroy();
            });
            stream.on('error', () => resolve(false));
          }),
  };
}
