/** Mail to servers that do what servers do (docs/mail.md): what their owner reads, and who gets the mail how often. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type SmtpScript, startSmtpScript } from '../../../tests/helpers/smtp-script.ts';
import { dialTcp } from '../../outbound/dial-tcp.ts';
import { Redactor } from '../../vault/redact.ts';
import type { Message } from '../message.ts';
import { openOutside } from '../outside.ts';
import { sendEmail } from './email.ts';

let server: SmtpScript;
beforeAll(async () => {
  server = await startSmtpScript();
});
afterAll(() => server.close());
beforeEach(() => {
  server.answers(() => undefined);
  server.lines.length = 0;
  server.mails.length = 0;
});

const message: Message = {
  id: '01a205e0-f7f5-769c-8a86-362236834e68',
  at: '2026-11-29T07:00:00.000Z',
  title: 'A run failed',
  text: 'The garden was not watered.',
  page: 'https://alfred.example/executions/1',
  path: '/executions/1',
  links: [],
  thread: 'run-1',
  isUrgent: false,
  body: {},
};

type Given = { values?: Record<string, string>; id?: string; seenAs?: string; title?: string };

async function send({
  values = {},
  id = message.id,
  seenAs,
  title = message.title,
}: Given = {}): Promise<string> {
  const signal = AbortSignal.timeout(20_000);
  const outside = openOutside({ allowPrivateNetwork: true, signal, redactor: new Redactor() });
  const dial = async (_host: string, port: number) => {
    const socket = await dialTcp({ host: '127.0.0.1', port, allowPrivateNetwork: true, signal });
    return seenAs === undefined ? socket : Object.defineProperty(socket, 'remoteAddress', { value: seenAs });
  };
  try {
    const usual = { host: 'mail.example', security: 'none', from: 'alfred@house.example' };
    return await sendEmail(
      { ...message, id, title },
      { ...usual, port: String(server.port), to: 'one@house.example, two@house.example', ...values },
      { ...outside, dial },
    );
  } finally {
    await outside.close();
  }
}
const receivers = () => server.mails.map(({ to }) => to);
const one = 'one@house.example';
const two = 'two@house.example';

it('greets as a machine without a name, as a name that nobody knows is refused by some', async () => {
  await send();
  expect(server.lines[0]).toBe('EHLO [127.0.0.1]');
});

it('says who is not reached where others are, and does not send to those again', async () => {
  server.answers((line) => (line.includes(two) ? '550 5.1.1 User unknown' : undefined));
  await expect(send()).rejects.toMatchObject({
    message: `mail.example:${server.port} took the mail for the others, and not for ${two} (550 5.1.1 User unknown). Look at that address in To.`,
    isTaken: true,
  });
  expect(receivers()).toEqual([[one]]);
});

it('sends again to those alone whom the server puts off, and to each once', async () => {
  server.answers((line) => (line.includes(two) ? '450 4.2.0 Greylisted' : undefined));
  await expect(send()).rejects.toMatchObject({ isTaken: false });
  await expect(send()).rejects.toMatchObject({ isTaken: false });
  server.answers(() => undefined);
  expect(await send()).toBe('250 2.0.0 fine');
  expect(receivers()).toEqual([[one], [two]]);
  // Done: the same message, asked for once more, is for both again.
  await send();
  expect(receivers().at(-1)).toEqual([one, two]);
});

it('gives up those who are put off for ever, so that what is told next does not wait for them', async () => {
  server.answers((line) => (line.includes(two) ? '452 4.2.2 Mailbox full' : undefined));
  const id = '01a205e0-f7f5-769c-8a86-000000000002';
  for (let attempt = 1; attempt < 9; attempt++)
    await expect(send({ id })).rejects.toMatchObject({ isTaken: false });
  await expect(send({ id })).rejects.toMatchObject({ isTaken: true });
  expect(receivers()).toEqual([[one]]);
});

it('is the same mail where the connection broke after it was taken, and says that it may be there', async () => {
  server.answers((line) => (line === '.' ? 'hang up' : undefined));
  await expect(send()).rejects.toThrowError(/ broke off: .*It may have the mail all the same/);
  server.answers(() => undefined);
  await send();
  const ids = server.mails.map(({ raw }) => /^Message-ID: (.*)$/im.exec(raw)?.[1]);
  expect(ids).toEqual([`<${message.id}@house.example>`, `<${message.id}@house.example>`]);
});

it('goes unencrypted to no server out in the internet', async () => {
  await expect(send({ seenAs: '93.184.215.14' })).rejects.toMatchObject({ code: 'E_ADDRESS_REFUSED' });
  expect(server.lines).toEqual([]);
  expect(await send({ seenAs: '192.168.1.9' })).toMatch(/^250/);
});

it('has ASCII in its headers and no long line, and a subject that is read as it was written', async () => {
  const subject = async (title: string) => {
    await send({ title, values: { from: 'alfred@bücher.example', to: 'me@bücher.example' } });
    const [head = ''] = server.mails.at(-1)?.raw.split('\r\n\r\n') ?? [];
    expect(head).toMatch(/^Message-ID: <[\w-]+@xn--bcher-kva\.example>$/im);
    expect(head).toMatch(/^[\x20-\x7e\r\n\t]+$/);
    expect(Math.max(...head.split('\r\n').map((line) => line.length))).toBeLessThan(300);
    return head;
  };
  await subject('x'.repeat(1500));
  await subject('Grüße aus dem Garten '.repeat(40));
  // Read by a library of others, it would be "Hello is what it said".
  expect(await subject('=?UTF-8?B?SGVsbG8=?= is what it said')).not.toContain('SGVsbG8=?=');
});

// What servers were seen to answer, each with what helps.
const answered: [string, RegExp, string, RegExp][] = [
  ['postfix, another From', /^RCPT/, '553 5.7.1 <a@b>: Sender address rejected: not owned by user owner', /mailbox itself as From/],
  ['postfix, no login', /^RCPT/, '554 5.7.1 <a@b>: Relay access denied', /wants a user name and a password/],
  ['postfix, no TLS', /^MAIL/, '530 5.7.0 Must issue a STARTTLS command first', /Use STARTTLS/],
  ['postfix, size', /^\.$/, '552 5.3.4 Error: message file too big', /the headline alone/],
  ['postgrey', /^RCPT/, '450 4.2.0 <a@b>: Recipient address rejected: Greylisted, see http://x', /tried again, and taken then/],
  ['postfix, unknown receiver', /^RCPT/, '550 5.1.1 <a@b>: User unknown in local recipient table', /address in To/],
  ['exim, several lines', /^RCPT/, '550-Verification failed for <a@b>\r\n550-Unrouteable address\r\n550 Sender verification failed', /550-Verification failed for <a@b> 550-Unrouteable address .*as From/],
  ['dovecot, IMAP', /^greeting$/, '* OK [CAPABILITY IMAP4rev1 STARTTLS] Dovecot (Debian) ready.', /no server that mail is sent by/],
  ['dovecot, LMTP', /^(EHLO|HELO)/, '500 5.5.1 Unknown command', /no server that mail is sent by/],
  ['too many', /^greeting$/, '421 4.7.0 mail Error: too many connections from 127.0.0.1', /answers: 421 4\.7\.0 mail Error: too many connections from 127\.0\.0\.1$/],
]; // biome-ignore format: a table

it.each(answered)('%s', async (_name, asked, answer, says) => {
  server.answers((line) => (asked.test(line) ? answer : undefined));
  await expect(send()).rejects.toThrowError(says);
});

it('tells a server without STARTTLS from one that refuses the login', async () => {
  const account = { user: 'me', password: 'of the mailbox', security: 'starttls' };
  server.answers((line) => (line === 'STARTTLS' ? '502 5.5.1 Error: command not implemented' : undefined));
  await expect(send({ values: account })).rejects.toThrowError(/offers no STARTTLS, so nothing was sent/);
  expect(server.lines.join()).not.toMatch(/AUTH|MAIL/);
});

it('says what to choose where the port and the encryption do not fit', async () => {
  await expect(send({ values: { security: 'tls' } })).rejects.toThrowError(
    /does not begin with TLS\. Use STARTTLS/,
  );
});
