/**
 * Carries one request to the model's endpoint and its answer back, event by event as it comes, and the endpoint is
 * read no faster than the agent reads. Our key goes to our base URL and nowhere else: no redirect is followed.
 */
import type { ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Sending, Upstream } from './call.ts';
import { passError } from './pass-error.ts';
import { passStream } from './pass-stream.ts';
import { passWhole } from './pass-whole.ts';
import { unanswered } from './unanswered.ts';

/** What may go to the endpoint: no key, cookie or authorization of the caller's, and nothing about the machine. */
const requestHeaders = /^(accept|content-type|user-agent|x-app|anthropic-(version|beta))$/;

/**
 * Sends, answers `response`, and concludes. What goes wrong on the way is an outcome as well.
 *
 * @throws AlfredError E_SEALED_VALUE when the key does not open
 */
export async function forward(upstream: Upstream, sending: Sending, response: ServerResponse): Promise<void> {
  const headers = headersFor(upstream, sending);
  let answer: Dispatcher.ResponseData;
  try {
    answer = await upstream.dispatcher.request({
      origin: upstream.baseUrl.origin,
      path: `${upstream.baseUrl.pathname.replace(/\/$/, '')}${sending.path}${sending.isBeta ? '?beta=true' : ''}`,
      method: 'POST',
      headers,
      body: sending.body,
      signal: sending.signal,
      headersTimeout: upstream.timeoutMs,
      bodyTimeout: upstream.timeoutMs,
    });
  } catch (error) {
    unanswered(error, upstream, sending, response);
    return;
  }
  const isStream = String(answer.headers['content-type'] ?? '').startsWith('text/event-stream');
  const pass = answer.statusCode !== 200 ? passError : isStream ? passStream : passWhole;
  await pass(answer, upstream, sending, response);
}

function headersFor({ baseUrl, openKey }: Upstream, { headers }: Sending): Record<string, string> {
  const kept = Object.entries(headers).filter(
    (entry): entry is [string, string] => requestHeaders.test(entry[0]) && typeof entry[1] === 'string',
  );
  const key = openKey();
  return {
    ...Object.fromEntries(kept),
    'content-type': 'application/json',
    // A compressed answer could not be counted.
    'accept-encoding': 'identity',
    ...(key === undefined ? {} : { 'x-api-key': key }),
    // Gateways that stand in for Anthropic look for the key here.
    ...(key === undefined || baseUrl.hostname.endsWith('.anthropic.com')
      ? {}
      : { authorization: `Bearer ${key}` }),
  };
}
