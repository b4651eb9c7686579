/** A mail by SMTP: text and HTML of the same words, and nothing in it that calls home. */
import { createHash } from 'node:crypto';
import type { SMTPTransportOptions } from 'nodemailer';
import { messageOf } from '../../kernel/errors.ts';
import type { Message } from '../message.ts';
import { SendFailure } from '../outside.ts';
import { given, type Send } from './sender.ts';

const patienceMs = 15_000;

// Most owners are told by other ways: when the first mail is sent.
const loadNodemailer = () => import('nodemailer');

export const sendEmail: Send = async (message, values, outside) => {
  const host = given(values, 'host');
  const port = Number(values.port ?? 465);
  const { security = 'tls', user, password } = values;
  // Nodemailer is given a connection that was checked: it would look the name up itself, and dial whatever it finds.
  const connection = await outside.dial(host, port);
  const options: SMTPTransportOptions = {
    ...{ host, port, connection, secure: security === 'tls' },
    ...{ requireTLS: security === 'starttls', ignoreTLS: security === 'none' },
    ...(user === undefined || password === undefined ? {} : { auth: { user, pass: password } }),
    ...{ connectionTimeout: patienceMs, greetingTimeout: patienceMs, socketTimeout: patienceMs },
    // The name of this machine is not told to the mail server.
    name: 'alfred.invalid',
    ...{ disableFileAccess: true, disableUrlAccess: true },
  };
  const { createTransport } = await loadNodemailer();
  const transport = createTransport(options);
  try {
    const { response } = await transport.sendMail(mailOf(message, values));
    return response;
  } catch (error) {
    throw failureOf(error, `${host}:${port}`);
  } finally {
    transport.close();
    connection.destroy();
  }
};

/** The mail as a client shows it: what belongs together is one thread. */
function mailOf(
  { id, at, title, text, page, links, thread }: Message,
  values: Readonly<Record<string, string>>,
) {
  const from = given(values, 'from');
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const ways = [...links, ...(page === undefined ? [] : [{ label: 'Open it in Alfred', url: page }])];
  const references = `<${createHash('sha256').update(thread).digest('hex').slice(0, 32)}.thread@${domain}>`;
  return {
    from: { name: 'Alfred', address: from },
    to: given(values, 'to'),
    subject: title,
    date: new Date(at),
    // The id is the same at every attempt, so that whoever gets the mail twice can tell.
    messageId: `<${id}@${domain}>`,
    references,
    inReplyTo: references,
    headers: {
      // RFC 3834: no vacation notice answers such a mail.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
    },
    text: [text, ...ways.map(({ label, url }) => `${label}:\n${url}`)]
      .filter((part) => part !== '')
      .join('\n\n'),
    html: htmlOf(title, text, ways),
  };
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const htmlOf = (title: string, text: string, ways: readonly { label: string; url: string }[]): string =>
  [
    '<!doctype html><html lang="en"><body style="font-family:system-ui,sans-serif;line-height:1.5;max-width:40rem">',
    `<h1 style="font-size:1.15rem">${escapeHtml(title)}</h1>`,
    text === '' ? '' : `<div style="white-space:pre-wrap">${escapeHtml(text)}</div>`,
    ...ways.map(({ label, url }) => `<p><a href="${escapeHtml(url)}">${escapeHtml(label)}</a></p>`),
    '</body></html>',
  ].join('\n');

/** A failure in the words of the server, or, where it said nothing, in Nodemailer's. */
function failureOf(error: unknown, place: string): SendFailure {
  const { response, responseCode, command } = error as {
    response?: unknown;
    responseCode?: unknown;
    command?: unknown;
  };
  const said = typeof response === 'string' ? response : messageOf(error);
  const message =
    typeof response === 'string' ? `${place} answers: ${said}` : `${place} took no mail: ${said}`;
  // A 5xx after DATA is about this mail; before DATA it is about the sender or the receiver.
  const isRefusal = command === 'DATA' && typeof responseCode === 'number' && responseCode >= 500;
  return new SendFailure(message, { isRefusal });
}
