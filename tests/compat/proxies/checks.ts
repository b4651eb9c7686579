/** What an owner, their browser and a sender do at the public address; each check is true, or says in words what happens instead. */
import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliDecompressSync } from 'node:zlib';
import { signStandard } from '../../../src/kernel/sign-standard.ts';
import type { TestVm } from '../../helpers/vm.ts';
import { type Client, publicUrl } from './client.ts';

export type Check = {
  name: string;
  /** It does nothing but wait. */
  isSlow?: boolean;
  run(client: Client, vm: TestVm): Promise<true | string>;
};

export const secrets = {
  standard: 'whsec_c2VjcmV0IG9mIHRoaXMgdHJpYWwgMDEyMzQ1',
  twilio: 'secret-of-this-trial-0123456789',
};
/** Longer than the shortest limit that a proxy has for a stream on which nothing comes, and twice the time between two signs of life. */
const quietMs = 35_000;

const json = { 'content-type': 'application/json' };
const asBrowser = { origin: publicUrl, 'sec-fetch-site': 'same-origin', ...json };
const isFine = (status: number, rest = ''): true | string => (status < 300 ? true : `${status}${rest}`);

async function signIn(client: Client, vm: TestVm): Promise<{ status: number; cookie: string }> {
  const link = await vm.api('POST', '/api/v1/session/links', {});
  const code = new URL((link.body as { url: string }).url).hash.slice('#code='.length);
  const body = JSON.stringify({ code });
  const { status, headers } = await client.send('/api/v1/session', {
    method: 'POST',
    headers: asBrowser,
    body,
  });
  const cookies = headers['set-cookie'] ?? [];
  return { status, cookie: cookies.map((one) => one.split(';')[0]).join('; ') };
}

const signed = (body: Buffer) => {
  const id = randomUUID();
  const at = String(Math.floor(Date.now() / 1000));
  const signature = signStandard(secrets.standard, id, at, body);
  return { ...json, 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature };
};
const deliver = (client: Client, body: Buffer, more: Record<string, string> = {}) =>
  client.send('/hooks/standard', { method: 'POST', headers: { ...signed(body), ...more }, body });

export const checks: Check[] = [
  {
    name: 'signing in',
    async run(client, vm) {
      const { status, cookie } = await signIn(client, vm);
      if (status !== 200) return `${status}`;
      return isFine(
        (await client.send('/api/v1/session', { headers: { cookie, origin: publicUrl } })).status,
      );
    },
  },
  {
    name: 'streams of the page, at once and after half a minute without news',
    isSlow: true,
    async run(client, vm) {
      const headers = { authorization: `Bearer ${vm.token}`, 'accept-encoding': 'identity' };
      const stream = await client.follow('/api/v1/events?topics=executions', headers);
      await sleep(3000);
      const first = stream.said();
      await sleep(quietMs);
      const isOver = stream.isOver();
      stream.close();
      if (!first.includes('connected')) return 'nothing comes';
      return isOver ? 'it is cut off' : true;
    },
  },
  {
    name: 'a file of 3 MB to a message',
    async run(client, vm) {
      const headers = { authorization: `Bearer ${vm.token}`, ...json };
      const talk = await vm.api('POST', '/api/v1/conversations', {});
      const data = Buffer.alloc(3_000_000, 'a').toString('base64');
      const attachments = [{ name: 'a.txt', mediaType: 'text/plain', data }];
      const body = JSON.stringify({ text: 'Read this.', attachments });
      const path = `/api/v1/conversations/${(talk.body as { id: string }).id}/messages`;
      const { status } = await client.send(path, { method: 'POST', headers, body });
      return isFine(status);
    },
  },
  {
    name: 'webhooks signed over the body',
    run: async (client) =>
      isFine((await deliver(client, Buffer.from('{ "a" : "\u00e4\\u00e4", "b":1.0 }\n'))).status),
  },
  {
    name: 'a webhook of 4 MB',
    run: async (client) =>
      isFine((await deliver(client, Buffer.from(JSON.stringify({ a: 'x'.repeat(4_000_000) })))).status),
  },
  {
    name: 'a webhook with a header of 12 KB',
    run: async (client) =>
      isFine((await deliver(client, Buffer.from('{}'), { 'x-long': 'x'.repeat(12_000) })).status),
  },
  {
    name: 'webhooks signed over their address',
    async run(client) {
      const path = '/hooks/twilio?to=%5B1%5D&a=b+c%20d&e=%7Ef%2fg';
      const signature = createHmac('sha1', secrets.twilio).update(
        `${publicUrl}${path}BodyHelloMessageSidSM1`,
      );
      const { status } = await client.send(path, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'x-twilio-signature': signature.digest('base64'),
        },
        body: 'MessageSid=SM1&Body=Hello',
      });
      return isFine(status);
    },
  },
  {
    name: 'a sender that tries the address by HEAD',
    run: async (client) => isFine((await client.send('/hooks/trello', { method: 'HEAD' })).status),
  },
  {
    name: 'pages compressed, and not sent twice',
    async run(client) {
      const page = await client.send('/', { headers: { 'accept-encoding': 'gzip, br' } });
      const text =
        page.headers['content-encoding'] === 'br' ? brotliDecompressSync(page.body).toString() : '';
      if (!text.includes('<html')) return `${page.headers['content-encoding'] ?? 'not compressed'}`;
      const headers = { 'accept-encoding': 'gzip, br', 'if-none-match': page.headers.etag ?? '' };
      const { status } = await client.send('/', { headers });
      return status === 304 ? true : `${status}`;
    },
  },
  {
    name: 'changes of what was read before',
    async run(client, vm) {
      const headers = { authorization: `Bearer ${vm.token}`, 'accept-encoding': 'gzip' };
      const slug = `kept-${randomUUID()}`;
      await vm.api('POST', '/api/v1/skills', { slug, name: 'Kept', steps: [{ id: 1, prompt: 'Look.' }] });
      const { headers: read } = await client.send(`/api/v1/skills/${slug}`, { headers });
      const { status } = await client.send(`/api/v1/skills/${slug}`, {
        method: 'PATCH',
        headers: { ...headers, ...json, 'if-match': read.etag ?? '' },
        body: JSON.stringify({ name: 'Changed' }),
      });
      return isFine(status);
    },
  },
  {
    name: 'programs that sign in and call `/mcp`',
    async run(client, vm) {
      const known = await client.send('/.well-known/oauth-protected-resource/mcp');
      const { resource } = JSON.parse(known.body.toString() || '{}') as { resource?: string };
      if (resource !== `${publicUrl}/mcp`) return `they are told of ${resource}`;
      const headers = {
        ...{ authorization: `Bearer ${vm.token}`, accept: 'application/json, text/event-stream', ...json },
        'mcp-protocol-version': '2025-06-18',
      };
      const clientInfo = { name: 'trial', version: '1' };
      const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo };
      const begin = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
      const begun = await client.send('/mcp', { method: 'POST', headers, body: begin });
      const session = String(begun.headers['mcp-session-id']);
      if (begun.status !== 200 || session === 'undefined') return `${begun.status}`;
      const end = { method: 'DELETE', headers: { ...headers, 'mcp-session-id': session } };
      return isFine((await client.send('/mcp', end)).status);
    },
  },
  {
    name: 'whether it is ready, asked twice',
    async run(client) {
      await client.send('/readyz');
      const { headers } = await client.send('/readyz');
      return Number(headers.age ?? 0) > 0 || /hit/i.test(String(headers['x-cache']))
        ? 'answered from a cache'
        : true;
    },
  },
  {
    name: 'who asks, whatever they claim',
    async run(client) {
      const statuses: number[] = [];
      for (let guess = 0; guess < 12; guess++) {
        const headers = { ...asBrowser, 'x-forwarded-for': `203.0.113.${guess}` };
        const body = JSON.stringify({ code: `wrong-${guess}` });
        statuses.push((await client.send('/api/v1/session', { method: 'POST', headers, body })).status);
      }
      return statuses.includes(429) ? true : 'what they claim is believed';
    },
  },
];
