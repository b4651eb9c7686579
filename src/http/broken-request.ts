/** What cannot even be parsed as HTTP is answered with a problem too, straight to the socket. */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorCode, Problem } from '../contract/errors.ts';
import { problemType } from './problems.ts';

/** Node's codes of a broken request, and what is said of each. */
const answers: Record<string, { status: number; code: ErrorCode; detail: string }> = {
  HPE_HEADER_OVERFLOW: { status: 431, code: 'E_TOO_LARGE', detail: 'The headers are larger than 16 KiB' },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'E_MALFORMED',
    detail: 'The request took too long to arrive',
  },
};

export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  // The caller has gone: there is nobody to tell.
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, code, detail } = answers[error.code ?? ''] ?? {
    status: 400,
    code: 'E_MALFORMED',
    detail: 'This is not a valid HTTP request',
  };
  const title = STATUS_CODES[status] ?? 'Bad Request';
  const body = JSON.stringify({ type: 'about:blank', title, status, detail, code } satisfies Problem);
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nContent-Type: ${problemType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

/** For an `Expect` that is not `100-continue` (RFC 9110, section 10.1.1): Node by itself would say nothing but 417. */
export function answerExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const problem = {
    type: 'about:blank',
    title: STATUS_CODES[417] ?? 'Expectation Failed',
    status: 417,
    detail: 'Expect can be 100-continue alone',
    code: 'E_MALFORMED',
  } satisfies Problem;
  response.writeHead(417, { 'content-type': problemType, connection: 'close' }).end(JSON.stringify(problem));
}
