/** What each kind of channel is sent, held against what its other side documents. */
import { createECDH } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Canary, startCanary } from '../../../tests/helpers/canary.ts';
import { type PushService, startPushService } from '../../../tests/helpers/push-service.ts';
import { tlsIdentity } from '../../../tests/helpers/tls-identity.ts';
import type { ChannelKind } from '../../contract/channel-kinds.ts';
import { dialTcp } from '../../outbound/dial-tcp.ts';
import { Redactor } from '../../vault/redact.ts';
import type { Message } from '../message.ts';
import { openOutside } from '../outside.ts';
import { senders } from './by-kind.ts';

let receiver: Canary;
let answer: { status: number; body: string; headers?: Record<string, string> };
beforeAll(async () => {
  receiver = await startCanary((_request, response) => {
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
});
afterAll(() => receiver.close());
beforeEach(() => {
  answer = { status: 200, body: 'ok' };
});

const redactor = new Redactor();
redactor.register('a.token', 'a-secret-öf-the-house');

const message: Message = {
  id: '01a205e0-f7f5-769c-8a86-362236834e68',
  at: '2026-11-29T07:00:00.000Z',
  title: 'Gärten & Häuser <done>',
  text: '@everyone <!channel> *b* _c_ [x](y) `z`!\nline two',
  page: 'https://alfred.example/executions/1',
  path: '/executions/1',
  links: [{ label: 'Approve or refuse', url: 'https://alfred.example/approve#once_1' }],
  thread: 'run-1',
  isUrgent: true,
  body: { type: 'execution.succeeded' },
};

async function send(kind: ChannelKind, values: Record<string, string>, more: Partial<Message> = {}) {
  const signal = AbortSignal.timeout(20_000);
  const outside = openOutside({ allowPrivateNetwork: true, signal, redactor });
  // The name in the certificate is known to nobody else.
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  const dial = (host: string, port: number) =>
    dialTcp({ host, port, allowPrivateNetwork: true, resolve, signal });
  try {
    return await senders[kind]({ ...message, ...more }, values, { ...outside, dial });
  } finally {
    await outside.close();
  }
}
const json = () =>
  JSON.parse(String(receiver.last().body)) as Record<string, unknown> & {
    content: string;
    text: string;
    message: string;
  };
const long = '🌻é'.repeat(4000);

it('says what the other side answered, and when it wants to be left alone', async () => {
  answer = { status: 403, body: 'invalid_token' };
  await expect(send('slack', { url: `${receiver.url}/s` })).rejects.toMatchObject({
    message: `${receiver.url} answers 403 Forbidden: invalid_token`,
    isRefusal: false,
  });
  answer = { status: 429, body: '{"retry_after": 1.5}' };
  await expect(send('discord', { url: `${receiver.url}/d` })).rejects.toMatchObject({ retryAfterMs: 1500 });
  answer = { status: 429, body: '', headers: { 'retry-after': '7' } };
  await expect(send('ntfy', { server: receiver.url, topic: 't' })).rejects.toMatchObject({
    retryAfterMs: 7000,
  });
  answer = { status: 400, body: 'no' };
  await expect(send('webhook', { url: receiver.url, secret: 'whsec_AAAA' })).rejects.toMatchObject({
    isRefusal: true,
  });
  const outside = openOutside({
    ...{ allowPrivateNetwork: false, signal: AbortSignal.timeout(20_000), redactor },
  });
  await expect(outside.post(receiver.url, { body: '' })).rejects.toMatchObject({ code: 'E_ADDRESS_REFUSED' });
  await expect(outside.dial('localhost', receiver.port)).rejects.toMatchObject({ code: 'E_ADDRESS_REFUSED' });
  await outside.close();
});

it('quotes the other side without a secret, nor the beginning of one where the answer is cut off', async () => {
  const quoted = async (body: string) => {
    answer = { status: 500, body };
    return await send('slack', { url: `${receiver.url}/s` }).catch(({ message: words }: Error) => words);
  };
  expect(await quoted('No a-secret-öf-the-house here')).toContain('No [redacted:a.token] here');
  for (let before = 570; before < 600; before++) {
    const words = await quoted(`${'.'.repeat(before)}a-secret-öf-the-house, and more`);
    const [, dots = '', behind] = /(\.{100,})(.*)$/.exec(words) ?? [];
    expect(dots).toHaveLength(before);
    expect(behind).toMatch(/^(?:\[redacted:a\.token\].*)?$/);
  }
});

describe('ntfy', () => {
  it('is published as JSON at the root, whatever is in a title', async () => {
    expect(await send('ntfy', { server: `${receiver.url}/`, topic: 'mine', token: 'tk_1' })).toBe(
      '200 OK: ok',
    );
    expect(receiver.last()).toMatchObject({
      method: 'POST',
      url: '/',
      headers: { authorization: 'Bearer tk_1' },
    });
    expect(json()).toEqual({
      ...{ topic: 'mine', title: message.title, message: message.text, priority: 4, click: message.page },
      actions: [{ action: 'view', label: 'Approve or refuse', url: message.links[0]?.url }],
    });
  });

  it('is cut to 4,096 bytes, at a whole character', async () => {
    await send('ntfy', { server: receiver.url, topic: 'mine' }, { text: long });
    expect(Buffer.byteLength(json().message)).toBeLessThanOrEqual(4096);
    expect(json().message).toMatch(/^(🌻é)+🌻?…$/u);
  });
});

describe('Telegram', () => {
  it('is plain text: nothing of a result is read as a mark, and no preview fetches a link', async () => {
    await send('telegram', { server: receiver.url, token: '123456:ABC', chat: '42' });
    expect(receiver.last().url).toBe('/bot123456:ABC/sendMessage');
    const sent = json();
    expect(sent).toMatchObject({ chat_id: '42', link_preview_options: { is_disabled: true } });
    expect(sent.parse_mode).toBeUndefined();
    expect(sent.text).toContain(message.text);
    expect(sent.text).toContain('https://alfred.example/approve#once_1');
  });

  it('has at most 4,096 units, its links among them', async () => {
    await send('telegram', { server: receiver.url, token: '1:A', chat: '1' }, { text: long });
    expect(json().text.length).toBeLessThanOrEqual(4096);
    expect(json().text.isWellFormed()).toBe(true);
    expect(json().text.endsWith(message.page ?? '?')).toBe(true);
  });
});

describe('Slack', () => {
  it('escapes what would be a mark or ping everybody, and unfurls nothing', async () => {
    await send('slack', { url: `${receiver.url}/services/T/B/x` });
    const sent = json();
    expect(sent.text).toContain('Gärten &amp; Häuser &lt;done&gt;');
    expect(sent.text).toContain('&lt;!channel&gt;');
    expect(sent.text).not.toMatch(/[<>]/);
    expect(sent).toMatchObject({ mrkdwn: false, unfurl_links: false, unfurl_media: false });
  });
});

describe('Discord', () => {
  it('pings nobody, embeds nothing, and waits until the message is there', async () => {
    await send('discord', { url: `${receiver.url}/api/webhooks/1/x` });
    expect(receiver.last().url).toBe('/api/webhooks/1/x?wait=true');
    expect(json()).toMatchObject({ allowed_mentions: { parse: [] }, flags: 4 });
    expect(json().content).toContain('@everyone');
  });

  it('has at most 2,000 characters, its links among them', async () => {
    await send('discord', { url: `${receiver.url}/x` }, { text: long });
    expect(json().content.length).toBeLessThanOrEqual(2000);
    expect(json().content.endsWith(message.page ?? '?')).toBe(true);
  });
});

describe('a browser', () => {
  const sender = createECDH('prime256v1');
  sender.generateKeys();
  const identity = {
    publicKey: sender.getPublicKey('base64url'),
    privateKey: sender.getPrivateKey().toString('base64url').padStart(43, 'A'),
    subject: 'https://alfred.example',
  };
  let service: PushService;
  beforeAll(async () => {
    service = await startPushService();
  });
  afterAll(() => service.close());
  const push = (more: Partial<Message> = {}) =>
    send('browser', { ...service.subscription, ...identity }, more);

  it('is told encrypted for it alone, and knows who says so', async () => {
    expect(await push()).toBe('201 Created');
    const [pushed] = await service.pushed();
    expect(pushed).toMatchObject({
      publicKey: identity.publicKey,
      claims: { sub: 'https://alfred.example' },
      headers: { urgency: 'high', ttl: '259200', 'content-encoding': 'aes128gcm' },
      payload: {
        ...{ title: message.title, text: message.text, path: '/executions/1', thread: 'run-1' },
        links: [{ label: 'Approve or refuse', url: 'https://alfred.example/approve#once_1' }],
      },
    });
  });

  it('is sent one record that its push service must take, however long what is told is', async () => {
    // Letters of one, two and four bytes, and such as JSON writes with six.
    for (const text of ['x'.repeat(9000), long, '\u0001\n"'.repeat(3000)]) await push({ text });
    for (const { length, records, payload } of (await service.pushed()).slice(1)) {
      expect(length).toBeLessThanOrEqual(4096);
      expect(length).toBeGreaterThan(4000);
      expect(records).toBe(1);
      expect(String(payload.text)).toMatch(/…$/);
      expect(payload.links).toHaveLength(1);
    }
  });

  it('has ended once its push service does not know it any more, and not before', async () => {
    for (const [status, isEnd] of [
      [410, true],
      [404, true],
      [403, false],
      [500, false],
    ] as const) {
      service.answers(status);
      await expect(push()).rejects.toMatchObject({ isEnd });
    }
  });
});

describe('e-mail', () => {
  type Mail = { from: string | undefined; to: string[]; isSecure: boolean; raw: string };
  const mails: Mail[] = [];
  let secure: SMTPServer;
  let plain: SMTPServer;
  const portOf = (server: SMTPServer) => String((server.server.address() as AddressInfo).port);
  const certificates = getCACertificates('default');

  async function startServer(isSecure: boolean, tls: { key: string; cert: string }): Promise<SMTPServer> {
    const server = new SMTPServer({
      ...{ secure: isSecure, ...tls, authOptional: false },
      onAuth: ({ username, password }, _session, done) =>
        username === 'me@house.example' && password === 'of the mailbox'
          ? done(null, { user: 'me' })
          : done(new Error('5.7.8 Authentication failed')),
      onData(stream, session, done) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          mails.push({
            from: mailFrom ? mailFrom.address : undefined,
            to: rcptTo.map(({ address }) => address),
            isSecure: session.secure,
            raw: Buffer.concat(chunks).toString(),
          });
          done();
        });
      },
    });
    server.on('error', () => {}); // a client that does not trust the certificate hangs up
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    return server;
  }

  beforeAll(async () => {
    const identity = { key: tlsIdentity.key, cert: tlsIdentity.certificate };
    setDefaultCACertificates([...certificates, tlsIdentity.certificate]);
    secure = await startServer(true, identity);
    plain = await startServer(false, identity);
  });
  afterAll(async () => {
    setDefaultCACertificates(certificates);
    for (const server of [secure, plain]) await new Promise<void>((resolve) => server.close(resolve));
  });

  const account = { user: 'me@house.example', password: 'of the mailbox' };
  const base = {
    host: tlsIdentity.host,
    from: 'alfred@house.example',
    to: 'me@house.example, you@house.example',
    ...account,
  };

  it('goes by TLS and by STARTTLS, signed in, to everybody named, as text and as HTML', async () => {
    expect(await send('email', { ...base, port: portOf(secure), security: 'tls' })).toMatch(/^250 /);
    expect(await send('email', { ...base, port: portOf(plain), security: 'starttls' })).toMatch(/^250 /);
    expect(mails).toHaveLength(2);
    for (const mail of mails.splice(0)) {
      expect(mail).toMatchObject({
        isSecure: true,
        from: base.from,
        to: ['me@house.example', 'you@house.example'],
      });
      const { raw } = mail;
      expect(raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
      expect(raw).toMatch(/^Message-ID: <01a205e0-f7f5-769c-8a86-362236834e68@house\.example>\r$/m);
      expect(raw).toMatch(/^References: <[0-9a-f]{32}\.thread@house\.example>\r$/m);
      expect(raw).toMatch(/^Content-Type: multipart\/alternative;/m);
      expect(raw).toContain('&lt;!channel&gt;');
      expect(raw).toMatch(/^Subject: =\?UTF-8\?/m);
    }
  });

  it('has no header of a result’s making, and no line that is too long', async () => {
    const values = { ...base, port: portOf(secure), security: 'tls' };
    await send('email', values, { title: 'Done\r\nBcc: other@house.example', text: 'x'.repeat(5000) });
    const [mail] = mails.splice(0);
    expect(mail?.to).toEqual(['me@house.example', 'you@house.example']);
    expect(mail?.raw.split('\r\n\r\n')[0]).not.toMatch(/^Bcc:/m);
    expect(Math.max(...(mail?.raw ?? '').split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
  });

  it('says what the server said, and sends no password where it is not encrypted', async () => {
    const port = portOf(secure);
    await expect(send('email', { ...base, port, security: 'tls', password: 'wrong' })).rejects.toThrowError(
      /api\.example\.test:\d+ answers: 535 .*Authentication failed/,
    );
    await expect(send('email', { ...base, port: portOf(plain), security: 'tls' })).rejects.toThrowError(
      /does not begin with TLS/,
    );
    setDefaultCACertificates(certificates);
    await expect(send('email', { ...base, port, security: 'tls' })).rejects.toThrowError(
      /self-signed certificate\. If the server is yours, start Alfred with NODE_EXTRA_CA_CERTS=/,
    );
    expect(mails).toEqual([]);
  });
});
