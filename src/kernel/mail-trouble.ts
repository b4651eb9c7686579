/**
 * What went wrong with a mail, for the person who set its server up: what happened, in the server's own words where it said any, and what
 * helps. The cases are what servers were seen to say (docs/mail.md).
 */
import { messageOf } from './errors.ts';

export type MailServer = {
  /** `host:port`, or its address. */
  place: string;
  security: 'tls' | 'starttls' | 'none';
  /** Whether a user name and a password are set. */
  hasLogin: boolean;
  /** Whether the server has said a word on this connection; undefined where that is not known. */
  hasSpoken?: boolean | undefined;
};

/** What Nodemailer tells of a failure. */
export type MailFailure = {
  message: string;
  /** The last answer, on one line, where the server gave one. */
  response: string | undefined;
  responseCode: number;
  /** The command that was answered, such as `RCPT TO`. */
  command: string;
  /** The code of Node.js or OpenSSL, where there is one. */
  code: string;
};

/** Takes from an error of Nodemailer what it says of the server. */
export function readMailFailure(error: unknown): MailFailure {
  const { response, responseCode, command, code, originalCode } = error as Record<string, unknown>;
  return {
    message: withoutNoise(messageOf(error)),
    response: typeof response === 'string' ? oneLine(response) : undefined,
    responseCode: typeof responseCode === 'number' ? responseCode : 0,
    command: typeof command === 'string' ? command : '',
    code: String(originalCode ?? code ?? ''),
  };
}

/** @returns a sentence that says what happened, and one that says what helps where that is known */
export function mailTrouble(failure: MailFailure, server: MailServer): string {
  const { what, help } =
    ofEncryption(failure, server) ?? ofSilence(failure, server) ?? ofAnswer(failure, server);
  return help === undefined ? what : `${what.replace(/[\s.:]+$/, '')}. ${help}`;
}

/** What is said where a server took a mail for some of its receivers. @param errors one of each receiver that it did not take it for */
export const refusedWords = (errors: readonly unknown[], place: string): string => {
  const refused = errors.map((error) => {
    const { recipient } = error as { recipient?: unknown };
    return `${recipient ?? 'somebody'} (${readMailFailure(error).response ?? messageOf(error)})`;
  });
  return `${place} took the mail for the others, and not for ${refused.join(', ')}. Look at that address in To.`;
};

type Words = { what: string; help?: string | undefined };

const certificates = new Map([
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'The certificate is good for another name: use that name as the server, if it is the same machine.',
  ],
  ['CERT_HAS_EXPIRED', 'The server needs a new certificate.'],
  ['CERT_NOT_YET_VALID', 'The clock of this machine or of the server is wrong.'],
]);
const unknownSigner =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$/;
const unknownSignerHelp =
  'If the server is yours, start Alfred with NODE_EXTRA_CA_CERTS=/path/to/its-certificate.pem, or give the server a certificate of a known authority.';

function ofEncryption(
  { message, response, command, code }: MailFailure,
  { place, security }: MailServer,
): Words | undefined {
  if (command === 'STARTTLS' && response !== undefined)
    return {
      what: `${place} offers no STARTTLS, so nothing was sent: ${response}`,
      help: 'Use its port for TLS from the first byte (often 465), or none for a server on this machine.',
    };
  const what = `${place} took no mail: ${message}`;
  if (unknownSigner.test(code)) return { what, help: unknownSignerHelp };
  if (certificates.has(code)) return { what, help: certificates.get(code) };
  if (!/^(ERR_SSL_|EPROTO$)/.test(code)) return undefined;
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|RECORD_LAYER/.test(code) && security === 'tls')
    return {
      what: `${place} does not begin with TLS`,
      help: 'Use STARTTLS, as is usual at ports 587 and 25, or the port for TLS (often 465).',
    };
  if (/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/.test(code))
    return {
      what: `${place} knows no TLS that is good enough: ${message}`,
      help: 'It must offer TLS 1.2 or 1.3.',
    };
  return { what };
}

function ofSilence(
  { response, code, message }: MailFailure,
  { place, security, hasSpoken }: MailServer,
): Words | undefined {
  if (response !== undefined) return undefined;
  const isTimeout =
    code === 'ETIMEDOUT' ||
    /^(Greeting never received|Timeout|Connection timeout)$/.test(message) ||
    /TIMEOUT$/.test(code);
  if (isTimeout && hasSpoken === false)
    return {
      what: `${place} took the connection and said nothing`,
      help:
        security === 'tls'
          ? 'If it begins without TLS, use STARTTLS.'
          : 'If that is its port for TLS from the first byte (often 465), use TLS.',
    };
  return isTimeout || /closed|ECONNRESET|EPIPE/i.test(message)
    ? {
        what: `${place} broke off: ${message}`,
        help: hasSpoken
          ? 'It may have the mail all the same: the one that is tried again has the same Message-ID.'
          : undefined,
      }
    : undefined;
}

function ofAnswer(failure: MailFailure, { place, hasLogin }: MailServer): Words {
  const { response, message, command, responseCode } = failure;
  if (response === undefined) return { what: `${place} took no mail: ${message}` };
  // The greeting of IMAP or POP3; LMTP greets as SMTP does, and knows no EHLO.
  if (/^(\* |\+OK)/.test(response) || (command === 'HELO' && responseCode >= 500))
    return {
      what: `${place} is no server that mail is sent by (SMTP): ${response}`,
      help: 'Look at its name and port: mail is sent by 465, 587 or, on this machine, 25.',
    };
  return { what: `${place} answers: ${response}`, help: helpWith(failure, response, hasLogin) };
}

/** What helps, by what the server says. The order counts: what is surer comes first. */
function helpWith(
  { command, responseCode }: MailFailure,
  response: string,
  hasLogin: boolean,
): string | undefined {
  const says = (pattern: RegExp) => pattern.test(response);
  if (says(/STARTTLS/i)) return 'Use STARTTLS.';
  if (command.startsWith('AUTH') && responseCode >= 500)
    return says(/mechanism|unrecogni[sz]ed|not supported/i)
      ? 'Alfred signs in with a name and a password (PLAIN, LOGIN or CRAM-MD5): see whether your provider has app passwords.'
      : 'Look at user name and password: the name is often the whole address, and many providers want an app password.';
  if (command.startsWith('AUTH')) return 'The server could not look the password up: it is tried again.';
  if (/^(MAIL FROM|RCPT TO|DATA|API)?$/.test(command) && says(/greylist|gr[ae]y.?list/i))
    return 'That is usual for a first mail: it is tried again, and taken then.';
  if (says(/size|too (big|large)/i) && responseCode === 552)
    return 'Let the channel tell less: its content can be the headline alone.';
  if (responseCode < 500) return undefined;
  if (says(/authenticat|log ?in|relay|access denied|530 /i) && !hasLogin)
    return 'It wants a user name and a password.';
  if (command === 'MAIL FROM' || says(/sender|not owned by|send as|from address/i))
    return 'Use the address of the mailbox itself as From.';
  if (command === 'RCPT TO' && !hasLogin)
    return 'Look at the address in To; for one of elsewhere a server wants a user name and a password.';
  if (command === 'RCPT TO') return 'Look at the address in To.';
  return undefined;
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** OpenSSL writes its own place in the source around what it has to say, and Node.js a switch of its own behind it. */
const withoutNoise = (message: string): string =>
  oneLine(message)
    .replace(/\b[0-9A-F]{8,16}:error:[0-9A-F]{8}:[^:]*:[^:]*:([^:]+):.*$/, '$1')
    .replace(/; if the root CA is installed locally.*$/, '')
    .trim();
