/** What went wrong on the wire, as a sentence for a person. Origins are named, paths and queries never: they may hold credentials. */
import { AlfredError, isAlfredError } from '../kernel/errors.ts';

/** What fetch has no code for: ports that no browser dials either, as other protocols live there (Fetch standard, "port blocking"). */
const badPort = 'BAD_PORT';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The first error in a chain of causes (and of aggregated errors) that says more than "fetch failed". */
function rootOf(error: unknown, depth = 0): { code: string; error: unknown } {
  if (isAlfredError(error)) return { code: error.code, error };
  if (!(error instanceof Error) || depth > 8) return { code: '', error };
  const nested =
    error instanceof AggregateError && error.errors.length > 0
      ? (error.errors.find((inner) => isAlfredError(inner)) ?? error.errors[0])
      : error.cause;
  if (nested instanceof Error) {
    const root = rootOf(nested, depth + 1);
    if (root.code !== '') return root;
  }
  return { code: 'code' in error ? text(error.code) : error.message === 'bad port' ? badPort : '', error };
}

const timedOut = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'ETIMEDOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);
const noName = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ENODATA', 'ESERVFAIL', 'EREFUSED', 'ETIMEOUT']);
const closed = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH']);
const certificate = /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY)|HOSTNAME_MISMATCH)/;

/** The sentence for a system or HTTP error code, and what to do. */
function explain(code: string, origin: string): { message: string; remedy: string } {
  if (noName.has(code)) {
    return {
      message: `No address is known for ${origin}`,
      remedy: 'Check the spelling of the host, and the network.',
    };
  }
  if (code === 'ECONNREFUSED') {
    return {
      message: `${origin} refuses the connection`,
      remedy: 'Check that the server runs and listens on this port.',
    };
  }
  if (code === badPort) {
    return {
      message: `${origin} is not asked: no HTTP is spoken to that port, as browsers keep it for another protocol`,
      remedy: 'Have that server listen on another port, such as 8080.',
    };
  }
  if (code === 'ENETUNREACH' || code === 'EHOSTUNREACH' || code === 'EADDRNOTAVAIL') {
    return { message: `${origin} cannot be reached from here`, remedy: 'Check the network.' };
  }
  if (closed.has(code)) {
    return {
      message: `${origin} closed the connection before it had answered`,
      remedy: 'Try again, and look at the log of that server.',
    };
  }
  if (certificate.test(code)) {
    return {
      message: `The certificate of ${origin} cannot be trusted (${code})`,
      remedy: 'Check the name in the address, and renew the certificate of that server.',
    };
  }
  if (code.startsWith('HPE_') || code.startsWith('ERR_SSL')) {
    return {
      message: `${origin} does not answer in HTTP as expected (${code})`,
      remedy: 'Check the port, and http or https.',
    };
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return { message: `${origin} answers with too large headers`, remedy: 'Look at that server.' };
  }
  if (code.startsWith('Z_') || code.startsWith('ERR_BROTLI') || code.startsWith('ZSTD_')) {
    return { message: `${origin} sent a broken compressed body`, remedy: 'Look at that server.' };
  }
  return {
    message: `The request to ${origin} failed${code === '' ? '' : ` (${code})`}`,
    remedy: 'Try again, and look at the log of that server.',
  };
}

/** Anything thrown by an outgoing request as an AlfredError: E_ADDRESS_REFUSED, E_CONNECTION_TIMEOUT or E_CONNECTION_FAILED. */
export function httpFailure(error: unknown, origin: string): AlfredError {
  const root = rootOf(error);
  if (isAlfredError(root.error)) return root.error;
  if (timedOut.has(root.code)) {
    return new AlfredError('E_CONNECTION_TIMEOUT', `${origin} did not answer in time`, {
      remedy: 'Try again later, or give the connection a longer timeoutMs.',
    });
  }
  const { message, remedy } = explain(root.code, origin);
  // No cause: messages of the layers below may quote the URL.
  return new AlfredError('E_CONNECTION_FAILED', message, { remedy });
}
