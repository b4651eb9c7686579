/**
 * The only way out by HTTP. A fetch that dials checked addresses only (dialer.ts), follows redirects itself and checks
 * each one, keeps size and time in bounds, and throws AlfredErrors that name an origin and nothing more of the URL.
 */
import { type Dispatcher, fetch as undiciFetch } from 'undici';
import { AlfredError } from '../kernel/errors.ts';
import { checkUrl } from './check-url.ts';
import { createDialer, type DialerOptions } from './dialer.ts';
import { httpFailure } from './failures.ts';
import { guardBody } from './guard-body.ts';
import { followRedirect, isRedirect, type OutgoingRequest } from './redirect.ts';

export type FetchLimits = {
  /** Until the first answer, in milliseconds; null: no limit. Every redirect starts anew. */
  headersTimeoutMs: number | null;
  /** Silence within a body, in milliseconds; event streams may be silent for as long as they like. */
  idleTimeoutMs: number;
  /** From the first dial to the last byte, in milliseconds; null: no limit. */
  totalTimeoutMs: number | null;
  /** Of a body after decompression; of an event stream, of one event. */
  maxBytes: number;
  maxRedirects: number;
};

const defaultLimits: FetchLimits = {
  headersTimeoutMs: 30_000,
  idleTimeoutMs: 30_000,
  totalTimeoutMs: 120_000,
  maxBytes: 32 * 1024 * 1024,
  maxRedirects: 5,
};

export type GuardedFetchOptions = DialerOptions & {
  limits?: Partial<FetchLimits>;
  /** Values that no redirect may carry to another origin in its URL. */
  secrets?: readonly string[];
};

export type GuardedFetch = {
  /** Like the global fetch; bodies may be text, bytes or URLSearchParams. `response.url` is the last one dialled. */
  fetch: (url: string | URL, init?: RequestInit, limits?: Partial<FetchLimits>) => Promise<Response>;
  /** Ends what is under way and closes idle connections. */
  close: () => Promise<void>;
};

/** A body in a form that can be sent again after a redirect. */
function plainBody(body: RequestInit['body']): OutgoingRequest['body'] {
  if (body === null || body === undefined) return undefined;
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  if (body instanceof Uint8Array) return new Uint8Array(body);
  throw new TypeError('Only text, bytes and URLSearchParams can be sent');
}

function requestOf(url: URL, init: RequestInit): OutgoingRequest {
  const headers = new Headers(init.headers);
  // Who is dialled is in the URL alone, and how the body is framed is for the HTTP layer to say.
  for (const name of ['host', 'content-length', 'transfer-encoding', 'connection']) headers.delete(name);
  if (init.body instanceof URLSearchParams && !headers.has('content-type')) {
    headers.set('content-type', 'application/x-www-form-urlencoded;charset=UTF-8');
  }
  if (!headers.has('user-agent')) headers.set('user-agent', 'alfred-vm');
  return { url, method: (init.method ?? 'GET').toUpperCase(), headers, body: plainBody(init.body) };
}

const isEventStream = (headers: { get(name: string): string | null }): boolean =>
  /^text\/event-stream\b/i.test(headers.get('content-type') ?? '');

async function dial(request: OutgoingRequest, dispatcher: Dispatcher, signal: AbortSignal) {
  return undiciFetch(request.url, {
    method: request.method,
    headers: [...request.headers],
    redirect: 'manual',
    dispatcher,
    signal,
    ...(request.body === undefined ? {} : { body: request.body }),
  });
}

/**
 * Makes a guarded fetch with connections of its own. Close it when the connection that uses it is closed.
 *
 * @throws (from fetch) AlfredError E_ADDRESS_REFUSED, E_VALIDATION, E_CONNECTION_FAILED, E_CONNECTION_TIMEOUT, E_TOO_LARGE;
 * the reason of the caller's own signal as it is
 */
export function createGuardedFetch(options: GuardedFetchOptions): GuardedFetch {
  const dispatcher = createDialer(options);
  /** What is under way, bodies included that nobody reads: each has timers that must not outlive us. */
  const underWay = new Set<() => void>();

  async function guardedFetch(
    url: string | URL,
    init: RequestInit = {},
    overrides: Partial<FetchLimits> = {},
  ) {
    const limits = { ...defaultLimits, ...options.limits, ...overrides };
    let request = requestOf(checkUrl(url, options), init);
    const ours = new AbortController();
    const signal = init.signal ? AbortSignal.any([init.signal, ours.signal]) : ours.signal;
    const timers = new Set<NodeJS.Timeout>();
    const stopAfter = (ms: number | null, what: string) => {
      if (ms === null) return undefined;
      const timer = setTimeout(() => {
        const error = new AlfredError(
          'E_CONNECTION_TIMEOUT',
          `${request.url.origin} ${what} within ${ms} ms`,
          {
            remedy: 'Try again later, or give the connection a longer timeoutMs.',
          },
        );
        ours.abort(error);
      }, ms);
      timers.add(timer);
      return timer;
    };
    const clearTimers = () => {
      for (const timer of timers) clearTimeout(timer);
      underWay.delete(clearTimers);
    };
    underWay.add(clearTimers);
    const explain = (error: unknown): unknown => {
      if (init.signal?.aborted) return init.signal.reason;
      return httpFailure(ours.signal.aborted ? ours.signal.reason : error, request.url.origin);
    };

    stopAfter(limits.totalTimeoutMs, 'did not finish its answer');
    try {
      for (let redirects = 0; ; redirects++) {
        const untilHeaders = stopAfter(limits.headersTimeoutMs, 'did not answer');
        const response = await dial(request, dispatcher, signal);
        clearTimeout(untilHeaders);
        const location = response.headers.get('location');
        if (!isRedirect(response.status) || location === null || init.redirect === 'manual') {
          return present(response, request.url, {
            limits,
            explain,
            clearTimers,
            abort: (error) => ours.abort(error),
          });
        }
        await response.body?.cancel();
        if (init.redirect === 'error' || redirects >= limits.maxRedirects) {
          throw new AlfredError('E_CONNECTION_FAILED', `${request.url.origin} redirects too often`, {
            remedy: 'Give the connection the address that it redirects to.',
          });
        }
        request = followRedirect(
          request,
          { status: response.status, location },
          { allowPrivateNetwork: options.allowPrivateNetwork, secrets: options.secrets ?? [] },
        );
      }
    } catch (error) {
      clearTimers();
      throw explain(error);
    }
  }

  const close = async () => {
    for (const forget of underWay) forget();
    await dispatcher.destroy();
  };
  return { fetch: guardedFetch, close };
}

/** The response with its body under watch, as the runtime's own Response. */
function present(
  response: Awaited<ReturnType<typeof undiciFetch>>,
  url: URL,
  guard: {
    limits: FetchLimits;
    explain: (error: unknown) => unknown;
    clearTimers: () => void;
    abort: (error: AlfredError) => void;
  },
): Response {
  const headers = new Headers([...response.headers]);
  if (headers.has('content-encoding')) {
    // The body is handed on decompressed.
    headers.delete('content-encoding');
    headers.delete('content-length');
  }
  if (response.body === null) guard.clearTimers();
  const streams = isEventStream(headers);
  const body =
    response.body &&
    guardBody(
      response.body,
      {
        maxBytes: guard.limits.maxBytes,
        idleTimeoutMs: streams ? null : guard.limits.idleTimeoutMs,
        isEventStream: streams,
      },
      { origin: url.origin, abort: guard.abort, onEnd: guard.clearTimers, explain: guard.explain },
    );
  const presented = new Response(body, { status: response.status, statusText: response.statusText, headers });
  Object.defineProperty(presented, 'url', { value: url.href });
  return presented;
}
