/** Whoever a VM tells something to: channels of notices, and a collector of traces. Most repeat all that they were sent, as an error. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { ChannelKind } from '../../src/contract/channel-kinds.ts';
import { type Canary, startCanary } from '../helpers/canary.ts';
import { type PushService, startPushService } from '../helpers/push-service.ts';
import { secrets, spread } from './secrets.ts';

export type Outsiders = {
  by: Record<Exclude<ChannelKind, 'email' | 'browser'>, Canary>;
  push: PushService;
  collector: Canary;
  mail: { port: number };
  close(): Promise<void>;
};

export async function startOutsiders(): Promise<Outsiders> {
  const kind = () => startCanary((_request, response) => response.end('{"ok":true}'));
  const echoing = async () => {
    const server = await startCanary((_request, response) => {
      const { url, headers, body } = server.last();
      response.writeHead(500).end(`${url} ${JSON.stringify(headers)} ${body} ${spread}`);
    });
    return server;
  };
  const [webhook, ntfy, telegram, slack, discord, collector, push, mail] = await Promise.all([
    ...[kind(), kind(), echoing(), echoing(), echoing(), kind()],
    startPushService(secrets['what a browser shares with who sends it notices']),
    startMail(),
  ] as const);
  const http = { webhook, ntfy, telegram, slack, discord };
  return {
    ...{ by: http, push, collector, mail },
    async close() {
      await Promise.all([...Object.values(http), collector, push, mail].map((each) => each.close()));
    },
  };
}

/** A mail server whose certificate nobody trusts: a password that reached it would be out, and is repeated. */
async function startMail() {
  const server = new SMTPServer({
    onAuth: ({ password = '' }, _session, done) => done(new Error(`${password} is wrong`)),
  });
  server.on('error', () => {}); // a client that hung up
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return { port, close: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}
