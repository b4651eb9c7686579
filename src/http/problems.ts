/** Every error answer: RFC 9457 problem details, redacted, and never more than was meant to be said. */
import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { errorCodes, type Problem } from '../contract/errors.ts';
import { Prisma } from '../database/client.ts';
import { isDatabaseAway } from '../database/is-away.ts';
import { isDiskFull } from '../database/is-disk-full.ts';
import { AlfredError, isAlfredError } from '../kernel/errors.ts';
import type { Redactor } from '../vault/redact.ts';

export const problemType = 'application/problem+json';

/** What was thrown, as an error of ours; undefined for a bug. */
function known(error: unknown, bodyLimit?: number): AlfredError | undefined {
  if (isAlfredError(error)) return error;
  if (isDiskFull(error)) {
    return new AlfredError('E_DISK_FULL', 'The database has no room left on its disk: nothing was written', {
      remedy: 'Make room, or let old payloads go: npx alfred config set retention_days 30. Then try again.',
      cause: error,
    });
  }
  if (error instanceof Prisma.PrismaClientInitializationError || isDatabaseAway(error)) {
    return new AlfredError('E_DATABASE', 'The database does not answer', { cause: error });
  }
  return fromFastify(error, bodyLimit);
}

/** What Fastify refuses by itself, before a handler is called. */
function fromFastify(error: unknown, bodyLimit = 1024 * 1024): AlfredError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, statusCode } = error as Partial<FastifyError>;
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new AlfredError('E_TOO_LARGE', `The body is larger than ${bodyLimit / 1024 / 1024} MiB`, {
        cause: error,
      });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_EMPTY_TYPE':
      return new AlfredError('E_UNSUPPORTED_MEDIA', 'The body is of a type that is not read here', {
        remedy: 'Send JSON, with Content-Type: application/json.',
        cause: error,
      });
    case 'FST_ERR_BAD_URL':
      return new AlfredError('E_MALFORMED', 'The path of the address cannot be decoded', { cause: error });
    default:
      return statusCode !== undefined && statusCode >= 400 && statusCode < 500
        ? new AlfredError('E_MALFORMED', 'The request could not be read', { cause: error })
        : undefined;
  }
}

/** The problem that says `error`, every text of it redacted. */
function problemOf(error: AlfredError, redactor: Redactor, requestId: string): Problem {
  return {
    type: 'about:blank',
    title: STATUS_CODES[error.status] ?? 'Error',
    status: error.status,
    detail: redactor.text(error.message),
    code: error.code,
    ...(error.remedy === undefined ? {} : { remedy: redactor.text(error.remedy) }),
    instance: `urn:uuid:${requestId}`,
    ...(error.fields === undefined
      ? {}
      : {
          errors: error.fields.map(({ field, message }) => ({
            field: redactor.text(field),
            message: redactor.text(message),
          })),
        }),
  };
}

/** Answers with a problem. A bug is logged once, with the request's id, and shown as E_INTERNAL without its text. */
export function sendProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  redactor: Redactor,
): FastifyReply {
  const said = known(error, request.routeOptions.bodyLimit);
  if (!said || said.status >= 500) {
    request.log[said && said.code !== 'E_INTERNAL' ? 'warn' : 'error']({ err: error }, 'the request failed');
  }
  const shown =
    said ??
    new AlfredError(
      'E_INTERNAL',
      'Something went wrong inside the VM; it is in its log under this request id',
      {
        remedy: `Look for ${request.id} in the log, and report it.`,
      },
    );
  if (shown.code === 'E_UNAUTHENTICATED' && !reply.hasHeader('www-authenticate'))
    reply.header('www-authenticate', 'Bearer realm="alfred"');
  // How long a stop lasts only its owner knows.
  const isForLater = shown.code === 'E_RATE_LIMITED' || shown.code === 'E_STOPPED';
  if (isForLater && !reply.hasHeader('retry-after')) reply.header('retry-after', 60);
  return reply
    .code(errorCodes[shown.code])
    .header('cache-control', 'no-store')
    .type(problemType)
    .send(problemOf(shown, redactor, request.id));
}
