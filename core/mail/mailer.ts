/** Mail that Core sends: alerts to the provider. */
import { readFile } from 'node:fs/promises';
import { createTransport } from 'nodemailer';
import { AlfredError, messageOf } from '../../src/kernel/errors.ts';
import type { MailSettings } from '../settings.ts';

export type Mail = {
  to: readonly string[];
  subject: string;
  text: string;
  /** The same for every attempt, so that programs know a mail that came twice. */
  id: string;
};

export type Mailer = { send(mail: Mail): Promise<void>; close(): void };

const here = new Set(['127.0.0.1', '[::1]', 'localhost']);
const patienceMs = 15_000;

/** @throws AlfredError E_SETTINGS when the file of the password cannot be read */
export async function openMailer({ url, passwordFile, from }: MailSettings): Promise<Mailer> {
  const { hostname, port, username, protocol } = new URL(url);
  const isTls = protocol === 'smtps:';
  const pass = passwordFile === undefined ? undefined : await readPassword(passwordFile);
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (isTls ? 465 : 587) : Number(port),
    secure: isTls,
    // Neither a password nor a mail goes out in the open, but on this machine.
    requireTLS: !isTls && !here.has(hostname),
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: pass ?? '' } }),
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, subject, text, id }) {
      try {
        await transport.sendMail({
          from,
          to: [...to],
          subject,
          text,
          messageId: `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
          headers: { 'auto-submitted': 'auto-generated' },
        });
      } catch (cause) {
        throw new AlfredError('E_CONNECTION_FAILED', `The mail server takes no mail: ${messageOf(cause)}`, {
          cause,
        });
      }
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
