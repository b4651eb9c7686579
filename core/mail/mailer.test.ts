/** Core's mail to servers that do what servers do (docs/mail.md): what its operator reads. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type SmtpScript, startSmtpScript } from '../../tests/helpers/smtp-script.ts';
import { HalfTaken, type Mailer, openMailer } from './mailer.ts';

let server: SmtpScript;
let mailer: Mailer;
beforeAll(async () => {
  server = await startSmtpScript();
});
afterAll(() => server.close());
beforeEach(async () => {
  server.answers(() => undefined);
  server.lines.length = 0;
  mailer = await openMailer({
    ...{ url: `smtp://127.0.0.1:${server.port}`, passwordFile: undefined },
    from: 'core@provider.example',
  });
});
afterEach(() => mailer.close());

const send = () =>
  mailer.send({
    ...{ to: ['ada@provider.example', 'ben@provider.example'], subject: 'One VM needs somebody' },
    ...{ text: 'Bern is silent.', id: '01a205e0-f7f5-769c-8a86-362236834e68' },
  });

it('does not tell the name of its machine', async () => {
  await send();
  expect(server.lines[0]).toBe('EHLO [127.0.0.1]');
});

it('says what helps, with what the server said', async () => {
  server.answers((line) => (line.startsWith('RCPT') ? '554 5.7.1 Relay access denied' : undefined));
  await expect(send()).rejects.toThrowError(
    `The mail server takes no mail: 127.0.0.1:${server.port} answers: 554 5.7.1 Relay access denied. It wants a user name and a password.`,
  );
});

it('tells one receiver who is refused from a mail that nobody has', async () => {
  server.answers((line) => (line.includes('ben@') ? '550 5.1.1 User unknown' : undefined));
  const failure = await send().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(HalfTaken);
  expect(String(failure)).toContain('and not for ben@provider.example (550 5.1.1 User unknown)');
  expect(server.mails.at(-1)?.to).toEqual(['ada@provider.example']);
});
