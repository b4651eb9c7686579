/**
 * The fetch under one MCP session: guarded, with the connection's headers for its own server alone, and with an eye on
 * what the SDK would not tell apart: a login that is missing, a session that the server has forgotten, a request that
 * nobody waits for any more.
 */
import { AlfredError } from '../../kernel/errors.ts';
import type { GuardedFetch } from '../../outbound/guarded-fetch.ts';
import { isRedirect } from '../../outbound/redirect.ts';
import { sendWithRetries } from '../../outbound/retry.ts';
import { challengeOf } from '../login/discover.ts';
import { type LinkLogin, sendSignedIn } from '../login/link-login.ts';
import { shortText } from '../login/login-fetch.ts';
import { watchAnswer } from './answer-watch.ts';
import { lossOf } from './session-loss.ts';

/** The server has forgotten the session; it did nothing with the request. */
export class SessionLost extends AlfredError {
  constructor(name: string, status?: number) {
    const said = status === undefined ? '' : ` (HTTP ${status})`;
    super('E_CONNECTION_FAILED', `"${name}" has ended our session with it${said}.`, {
      remedy: 'Try again: the next call begins a new one.',
    });
  }
}

export type SessionFetchOptions = {
  /** The connection's name, for messages. */
  name: string;
  url: URL;
  headers: Record<string, string>;
  fetch: GuardedFetch['fetch'];
  maxMessageBytes: number;
  redact: (text: string) => string;
  /** Where somebody has signed in: gives the token of each request. */
  login?: LinkLogin | undefined;
  onSessionLost: () => void;
  /** The stream on which the server speaks unasked has ended. */
  onListeningEnd: () => void;
};

/** A request may be under way for as long as a call may take, in milliseconds, and a little more. */
const longestRequestMs = 3_700_000;

type Message = {
  id: string | number | undefined;
  method: string | undefined;
  cancels: string | number | undefined;
};

const idOf = (value: unknown): string | number | undefined =>
  typeof value === 'string' || typeof value === 'number' ? value : undefined;

function readMessage(body: RequestInit['body']): Message {
  const nothing = { id: undefined, method: undefined, cancels: undefined };
  if (typeof body !== 'string') return nothing;
  try {
    const { id, method, params } = JSON.parse(body);
    return {
      id: typeof method === 'string' ? idOf(id) : undefined,
      method: typeof method === 'string' ? method : undefined,
      cancels: method === 'notifications/cancelled' ? idOf(params?.requestId) : undefined,
    };
  } catch {
    // Not JSON-RPC: a form for a token endpoint.
    return nothing;
  }
}

/** What a refusal that wants a login, or more of one, is told as (RFC 6750, RFC 9728). */
function needsLogin(name: string, response: Response): AlfredError | undefined {
  const hasChallenge = response.headers.has('www-authenticate');
  if (response.status === 401) {
    return new AlfredError(
      'E_NEEDS_LOGIN',
      `"${name}" wants a login, or refuses the one it was given (HTTP 401).`,
      {
        remedy: hasChallenge
          ? `Sign in to it in the console under Connections, or with: npx alfred connection login ${name}`
          : 'Sign in to the connection, or give it its credentials in "headers", such as Authorization.',
      },
    );
  }
  if (response.status !== 403 || !hasChallenge) return undefined;
  const { scope } = challengeOf(response);
  return new AlfredError(
    'E_NEEDS_LOGIN',
    `"${name}" wants a login with more permissions (HTTP 403)${scope === undefined ? '' : `: ${shortText(scope)}`}.`,
    {
      remedy: `Sign in again and allow them, if you want that: npx alfred connection login ${name}. Or give the connection a token that has them.`,
    },
  );
}

/**
 * An answer that leads elsewhere and is not followed: what was posted would be lost on the way, or leave its server. Of another
 * server only the origin is named.
 */
function movedTo(target: URL, method: string, response: Response, redact: (text: string) => string) {
  const location = response.headers.get('location');
  if (!isRedirect(response.status) || location === null || !URL.canParse(location, target.href))
    return undefined;
  const to = new URL(location, target);
  const isElsewhere = to.origin !== target.origin;
  const keepsPost = response.status === 307 || response.status === 308;
  if (!isElsewhere && (method === 'GET' || keepsPost)) return undefined;
  const named = isElsewhere ? to.origin : redact(`${to.origin}${to.pathname}`).slice(0, 300);
  return new AlfredError(
    'E_CONNECTION_FAILED',
    `${target.origin} redirects to ${named} (HTTP ${response.status}).`,
    { remedy: 'Give the connection the address that it redirects to, if that is the right server.' },
  );
}

export function createSessionFetch(options: SessionFetchOptions) {
  const { name, url, headers, fetch, maxMessageBytes, redact, login } = options;
  /** Requests without an answer yet. */
  const underWay = new Map<string | number, AbortController>();
  /** Something was answered in this session: what is refused from then on may be for want of it. */
  let worked = false;

  async function send(target: URL, init: RequestInit, message: Message): Promise<Response> {
    const abandon = new AbortController();
    const signal = AbortSignal.any([abandon.signal, ...(init.signal ? [init.signal] : [])]);
    if (message.id !== undefined) underWay.set(message.id, abandon);
    const limits = {
      maxBytes: maxMessageBytes,
      headersTimeoutMs: null,
      totalTimeoutMs: init.method === 'GET' ? null : longestRequestMs,
    };
    // Only a POST that was turned away with a time to come back is sent again.
    const method = init.method ?? 'GET';
    const sending = sendWithRetries(() => fetch(target, { ...init, signal }, limits), {
      method: method === 'POST' ? 'POST' : 'NEVER',
      deadline: performance.now() + longestRequestMs,
      signal,
      policy: { attempts: 3, backoff: { baseMs: 500, capMs: 10_000 } },
    });
    const response = await sending.catch((error: unknown) => {
      if (message.id !== undefined) underWay.delete(message.id);
      throw error;
    });
    const body = response.body as ReadableStream<Uint8Array<ArrayBuffer>> | null;
    const streams = /^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '');
    const { id } = message;
    const forget = () => {
      if (id !== undefined) underWay.delete(id);
    };
    if (!response.ok || body === null || !streams) {
      forget();
      return response;
    }
    const watched =
      id === undefined
        ? endingWith(body, method === 'GET' ? options.onListeningEnd : () => {})
        : watchAnswer(body, { id, origin: target.origin, maxBytes: maxMessageBytes, onEnd: forget });
    return new Response(watched, response);
  }

  return async (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    const target = new URL(input);
    const message = readMessage(init.body);
    const isOurs = target.origin === url.origin;
    const all = new Headers(init.headers);
    // Never to the authorization servers that a server may name.
    if (isOurs) for (const [key, value] of Object.entries(headers)) if (!all.has(key)) all.set(key, value);
    const sendWith = (headers: Headers) => send(target, { ...init, headers }, message);
    const response = await (isOurs && login ? sendSignedIn(login, all, sendWith) : sendWith(all));
    if (message.cancels !== undefined) {
      underWay.get(message.cancels)?.abort();
      underWay.delete(message.cancels);
    }
    const inSession = isOurs && all.has('mcp-session-id');
    const loss = inSession
      ? await lossOf(response, { asked: message.id === undefined ? undefined : message.method, worked })
      : 'none';
    if (loss !== 'none') options.onSessionLost();
    if (loss === 'refused') {
      await response.body?.cancel();
      throw new SessionLost(name, response.status);
    }
    if (inSession && response.ok && message.id !== undefined) worked = true;
    if (!isOurs || response.ok) return response;
    if (response.status === 403) await login?.noteChallenge(challengeOf(response));
    const refused = movedTo(target, init.method ?? 'GET', response, redact) ?? needsLogin(name, response);
    if (refused === undefined) return response;
    await response.body?.cancel();
    throw refused;
  };
}

/** `body`, with a word when it has ended however that came about; not when we let go of it ourselves. */
function endingWith(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onEnd: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { value, done } = await reader.read();
          if (!done && value !== undefined) {
            controller.enqueue(value);
            return;
          }
          controller.close();
        } catch (error) {
          controller.error(error);
        }
        onEnd();
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
