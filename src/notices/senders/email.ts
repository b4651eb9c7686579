/** A mail by SMTP: text and HTML of the same words, and nothing in it that calls home. */
import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';
import type { SMTPTransportOptions } from 'nodemailer';
import { AlfredError } from '../../kernel/errors.ts';
import { type MailServer, mailTrouble, readMailFailure, refusedWords } from '../../kernel/mail-trouble.ts';
import { isDialable } from '../../outbound/address.ts';
import { cutText } from '../cut-text.ts';
import type { Message } from '../message.ts';
import { SendFailure } from '../outside.ts';
import { type Receivers, type Refused, receiversOf } from './receivers.ts';
import { given, type Send } from './sender.ts';

const patienceMs = 15_000;

// Most owners are told by other ways: when the first mail is sent.
const loadNodemailer = () => import('nodemailer');

export const sendEmail: Send = async (message, values, outside) => {
  const host = given(values, 'host');
  const port = Number(values.port ?? 465);
  const { user, password } = values;
  const security = (values.security ?? 'tls') as MailServer['security'];
  // Nodemailer is given a connection that was checked: it would look the name up itself, and dial whatever it finds.
  const connection = await outside.dial(host, port);
  // What is told, and links that decide, are not for everybody on the way.
  if (security === 'none' && isDialable(connection.remoteAddress ?? '', false)) {
    connection.destroy();
    throw new AlfredError(
      'E_ADDRESS_REFUSED',
      `${host} is out in the internet, where no mail goes without encryption.`,
      {
        remedy: 'Use TLS or STARTTLS for it.',
      },
    );
  }
  const options: SMTPTransportOptions = {
    ...{ host, port, connection, secure: security === 'tls' },
    ...{ requireTLS: security === 'starttls', ignoreTLS: security === 'none' },
    ...(user === undefined || password === undefined ? {} : { auth: { user, pass: password } }),
    ...{ connectionTimeout: patienceMs, greetingTimeout: patienceMs, socketTimeout: patienceMs },
    // The name of this machine is not told to the mail server, and a name that does not exist some refuse (docs/mail.md).
    name: '[127.0.0.1]',
    ...{ disableFileAccess: true, disableUrlAccess: true },
  };
  const server = (): MailServer => ({
    place: `${host}:${port}`,
    ...{ security, hasLogin: user !== undefined, hasSpoken: connection.bytesRead > 0 },
  });
  const { createTransport } = await loadNodemailer();
  const transport = createTransport(options);
  const receivers = receiversOf(message.id, given(values, 'to').split(/, ?/));
  try {
    const { response, rejectedErrors = [] } = await transport.sendMail({
      ...mailOf(message, values),
      envelope: { from: given(values, 'from'), to: [...receivers.waiting] },
    });
    if (rejectedErrors.length > 0) throw refusedBy(rejectedErrors, server(), receivers);
    receivers.end();
    return response;
  } catch (error) {
    if (error instanceof SendFailure) throw error;
    const { rejectedErrors } = error as { rejectedErrors?: readonly Refused[] };
    // Of those who are tried again nobody took it, and the others have it.
    if (receivers.areLeft && rejectedErrors) throw refusedBy(rejectedErrors, server(), receivers);
    throw failureOf(error, server());
  } finally {
    transport.close();
    connection.destroy();
  }
};

/** Some have the mail, and these do not. */
function refusedBy(refused: readonly Refused[], { place }: MailServer, receivers: Receivers): SendFailure {
  return new SendFailure(refusedWords(refused, place), { isTaken: !receivers.putOff(refused) });
}

/** The mail as a client shows it: what belongs together is one thread. */
function mailOf(
  { id, at, title, text, page, links, thread }: Message,
  values: Readonly<Record<string, string>>,
) {
  const from = given(values, 'from');
  // No header has other letters than ASCII: not every server takes them.
  const domain = domainToASCII(from.slice(from.lastIndexOf('@') + 1));
  const ways = [...links, ...(page === undefined ? [] : [{ label: 'Open it in Alfred', url: page }])];
  const references = `<${createHash('sha256').update(thread).digest('hex').slice(0, 32)}.thread@${domain}>`;
  return {
    from: { name: 'Alfred', address: from },
    to: given(values, 'to'),
    subject: subjectOf(title),
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

/** Some servers refuse a mail with a longer line than 998 letters, and a subject without blanks is one line. */
const longestSubject = 250;

/** What reads as an encoded word would arrive as what it stands for (findings/nodemailer-encoded-subject.sh): it is parted by a character of no width. */
const subjectOf = (title: string): string => cutText(title, longestSubject).replaceAll('=?', '=\u2060?');

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

/** A failure in the words of the server, with what helps. */
function failureOf(error: unknown, server: MailServer): SendFailure {
  const failure = readMailFailure(error);
  const { command, responseCode } = failure;
  // A 5xx after DATA is about this mail, as is a size that MAIL FROM names; else it is about the sender or the receiver.
  const isRefusal = (command === 'DATA' && responseCode >= 500) || responseCode === 552;
  return new SendFailure(mailTrouble(failure, server), { isRefusal });
}
