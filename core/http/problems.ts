/** Core's error answers: RFC 9457 problem details. What stood in a request is never repeated. */
import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { vmOperations } from '../../src/contract/core-api/vms.ts';
import { errorCodes, type Problem } from '../../src/contract/errors.ts';
import { isDatabaseAway } from '../../src/database/is-away.ts';
import { violatedConstraint } from '../../src/database/violations.ts';
import { AlfredError, isAlfredError } from '../../src/kernel/errors.ts';
import { Prisma } from '../database.ts';

function known(error: unknown): AlfredError | undefined {
  if (isAlfredError(error)) return error;
  if (error instanceof Prisma.PrismaClientInitializationError || isDatabaseAway(error)) {
    return new AlfredError('E_DATABASE', 'The database does not answer', { cause: error });
  }
  if (violatedConstraint(error) === 'closed_months_hold') {
    return new AlfredError('E_CONFLICT', 'The month was closed meanwhile', {
      remedy: 'Try again.',
      cause: error,
    });
  }
  const { code, statusCode } = error as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new AlfredError('E_TOO_LARGE', 'The body is too large');
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' || code === 'FST_ERR_CTP_EMPTY_TYPE') {
    return new AlfredError('E_UNSUPPORTED_MEDIA', 'Send JSON, with Content-Type: application/json');
  }
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500
    ? new AlfredError('E_MALFORMED', 'The request could not be read')
    : undefined;
}

export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const said = known(error);
  if (!said || said.status >= 500) request.log.error({ err: error }, 'the request failed');
  const shown =
    said ?? new AlfredError('E_INTERNAL', 'Something went wrong inside Core; it is in its log under this id');
  const status = errorCodes[shown.code];
  const problem: Problem = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: shown.message,
    code: shown.code,
    ...(shown.remedy === undefined ? {} : { remedy: shown.remedy }),
    instance: `urn:uuid:${request.id}`,
    ...(shown.fields === undefined ? {} : { errors: shown.fields }),
  };
  if (status === 401) reply.header('www-authenticate', challengeOf(request));
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send(problem);
}

/** How a caller may say who they are (RFC 9110): a VM that asks for its bearer by its secret, everybody else by a bearer. */
const challengeOf = ({ routeOptions }: FastifyRequest): string =>
  routeOptions.url === vmOperations.proveVm.path ? 'Basic realm="Alfred Core"' : 'Bearer realm="Alfred Core"';
