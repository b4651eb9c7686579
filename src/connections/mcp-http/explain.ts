/** Why an MCP server could not be opened by HTTP, in plain words. */
import { SdkError, SdkErrorCode, SdkHttpError, SseError } from '@modelcontextprotocol/client';
import { AlfredError, isAlfredError, messageOf } from '../../kernel/errors.ts';

export type FailureCase = {
  name: string;
  origin: string;
  redact: (text: string) => string;
  startTimeoutMs: number;
};

/** The AlfredError that the SDK wrapped, if there is one. */
function alfredErrorIn(error: unknown, depth = 0): AlfredError | undefined {
  if (isAlfredError(error)) return error;
  return error instanceof Error && depth < 8 ? alfredErrorIn(error.cause, depth + 1) : undefined;
}

/** The HTTP status that the server answered with, if that was the trouble. */
export function statusOf(error: unknown): number | undefined {
  if (SdkHttpError.isInstance(error)) return error.status;
  if (error instanceof SseError) return error.code;
  return undefined;
}

const wrongAddress =
  'Check the address: MCP servers mostly answer at a path such as /mcp, older ones at /sse.';

function byStatus(status: number, { name, origin }: FailureCase): AlfredError {
  if (status === 401) {
    return new AlfredError(
      'E_NEEDS_LOGIN',
      `"${name}" wants a login, or refuses the one it was given (HTTP 401).`,
      {
        remedy: 'Give the connection its credentials in "headers", such as Authorization, or sign in.',
      },
    );
  }
  if (status >= 300 && status < 400) {
    return new AlfredError(
      'E_CONNECTION_FAILED',
      `${origin} redirects to another address (HTTP ${status}).`,
      {
        remedy: 'Give the connection the address that it redirects to.',
      },
    );
  }
  if (status === 403 || status === 429 || status >= 500) {
    return new AlfredError('E_CONNECTION_FAILED', `${origin} answers with HTTP ${status}.`, {
      remedy: status === 403 ? 'Check what this server wants of who calls it.' : 'Try again later.',
    });
  }
  return new AlfredError(
    'E_NOT_MCP',
    `There is no MCP server at this address of ${origin} (HTTP ${status}).`,
    {
      remedy: wrongAddress,
    },
  );
}

/** @returns why `error` came up while the server was opened */
export function explainFailure(error: unknown, failure: FailureCase): AlfredError {
  const known = alfredErrorIn(error);
  if (known) return known;
  const { name, redact } = failure;
  const status = statusOf(error);
  if (status !== undefined) return byStatus(status, failure);
  if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) return tooLate(failure);
  const words = redact(messageOf(error)).slice(0, 300);
  return new AlfredError('E_NOT_MCP', `"${name}" answers, but not as an MCP server does: ${words}`, {
    remedy: wrongAddress,
  });
}

export const tooLate = ({ name, startTimeoutMs }: FailureCase): AlfredError =>
  new AlfredError(
    'E_CONNECTION_TIMEOUT',
    `"${name}" did not answer within ${Math.round(startTimeoutMs / 100) / 10} s.`,
    {
      remedy: 'Check the address, and that the server is well; then try again.',
    },
  );

/** Whether an error of the first question leaves open what the server speaks: 5xx, silence, an answer that is none. */
export const saysNothing = (error: unknown): boolean =>
  !isAlfredError(alfredErrorIn(error), 'E_ADDRESS_REFUSED', 'E_NEEDS_LOGIN', 'E_CANCELLED') &&
  ((SdkError.isInstance(error) &&
    (error.code === SdkErrorCode.EraNegotiationFailed || error.code === SdkErrorCode.RequestTimeout)) ||
    (statusOf(error) ?? 0) >= 500);
