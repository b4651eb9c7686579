/** How the model proxy answers by itself: in the Messages API's own form, so that the agent understands it. */

import type { ServerResponse } from 'node:http';
import type { Failure } from '../../kernel/failure.ts';

/** A request that the proxy refuses, or an endpoint that gave no usable answer. */
export class Refusal extends Error {
  readonly status: number;
  readonly failure: Failure;
  /** Whether the agent may try again by itself. */
  readonly retry: boolean;

  constructor(status: number, failure: Failure, retry = false) {
    super(failure.message);
    this.status = status;
    this.failure = failure;
    this.retry = retry;
  }
}

const errorTypes: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  405: 'invalid_request_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

export const errorBody = (status: number, message: string): Record<string, unknown> => ({
  type: 'error',
  error: { type: errorTypes[status] ?? 'api_error', message },
});

/** Sends an error, unless an answer has begun. */
export function sendError(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  sendJson(response, status, body, { 'x-should-retry': 'false', ...headers });
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

/** Sends a refusal. */
export const sendRefusal = (response: ServerResponse, refusal: Refusal): void =>
  sendError(response, refusal.status, errorBody(refusal.status, refusal.message), {
    'x-should-retry': String(refusal.retry),
  });
