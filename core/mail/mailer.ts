/** Mail that Core sends: alerts to the provider. */
import { readFile } from 'node:fs/promises';
import { domainToASCII } from 'node:url';
import { createTransport } from 'nodemailer';
import { AlfredError, messageOf } from '../../src/kernel/errors.ts';
import {
  type MailServer,
  mailTrouble,
  readMailFailure,
  refusedWords,
} from '../../src/kernel/mail-trouble.ts';
import type { MailSettings } from '../settings.ts';

export type Mail = {
  to: readonly string[];
  subject: string;
  text: string;
  /** The same for every attempt, so that programs know a mail that came twice. */
  id: string;
};

/** The server took a mail for some of its receivers, and will not take it for the others: sent again, those would have it twice. */
export class HalfTaken extends AlfredError {}

export type Mailer = { send(mail: Mail): Promise<void>; close(): void };

const here = new Set(['127.0.0.1', '[::1]', 'localhost']);
const patienceMs = 15_000;

/** @throws AlfredError E_SETTINGS when the file of the password cannot be read */
export async function openMailer({ url, passwordFile, from }: MailSettings): Promise<Mailer> {
  const { hostname, port, username, protocol } = new URL(url);
  const isTls = protocol === 'smtps:';
  const pass = passwordFile === undefined ? undefined : await readPassword(passwordFile);
  const server: MailServer = {
    place: `${hostname}:${port === '' ? (isTls ? 465 : 587) : port}`,
    ...{ security: isTls ? 'tls' : 'starttls', hasLogin: username !== '' },
  };
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (isTls ? 465 : 587) : Number(port),
    secure: isTls,
    // Neither a password nor a mail goes out in the open, but on this machine.
    requireTLS: !isTls && !here.has(hostname),
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: pass ?? '' } }),
    // The name of this machine is not told, and a name that does not exist some servers refuse (docs/mail.md).
    name: '[127.0.0.1]',
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, subject, text, id }) {
      const { rejectedErrors = [] } = await transport
        .sendMail({
          from,
          to: [...to],
          subject,
          text,
          messageId: `<${id}@${domainToASCII(from.slice(from.lastIndexOf('@') + 1))}>`,
          headers: { 'auto-submitted': 'auto-generated' },
        })
        .catch((cause: unknown) => {
          const why = mailTrouble(readMailFailure(cause), server);
          throw new AlfredError('E_CONNECTION_FAILED', `The mail server takes no mail: ${why}`, { cause });
        });
      if (rejectedErrors.length > 0)
        throw new HalfTaken('E_CONNECTION_FAILED', refusedWords(rejectedErrors, server.place));
    },
    close: () => transport.close(),
  };
}

async function readPassword(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
  } catch (cause) {
    throw new AlfredError('E_SETTINGS', `CORE_SMTP_PASSWORD_FILE cannot be read: ${messageOf(cause)}`, {
      cause,
    });
  }
}
