/** One session with an MCP server: transport found, protocol agreed on, until it is closed, lost or broken. */
import {
  type PriorDiscovery,
  SSEClientTransport,
  SseError,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { AlfredError } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/log.ts';
import type { GuardedFetch } from '../../outbound/guarded-fetch.ts';
import type { LinkLogin } from '../login/link-login.ts';
import type { LinkEnd } from '../pool/link.ts';
import { McpLink } from '../pool/mcp-link.ts';
import { tooLongMark } from './answer-watch.ts';
import { explainFailure, type FailureCase, saysNothing, statusOf, tooLate } from './explain.ts';
import { MirroringClient } from './mirroring-client.ts';
import { sayGoodbye } from './say-goodbye.ts';
import { createSessionFetch } from './session-fetch.ts';

/** What a server turned out to speak; JSON, so that it can be kept and spare the next opening the question. */
export type McpHttpVerdict =
  | { transport: 'streamable'; prior: PriorDiscovery }
  /** The transport of 2024-11-05: an event stream, and messages posted elsewhere. */
  | { transport: 'sse' };

export type SessionRequest = FailureCase & {
  url: URL;
  /** The connection's own, secrets open. */
  headers: Record<string, string>;
  fetch: GuardedFetch['fetch'];
  /** Where somebody has signed in. */
  login?: LinkLogin | undefined;
  maxMessageBytes: number;
  maxResultSize: number;
  redactValue: <Value>(value: Value) => Value;
  onToolsChanged: () => void;
  signal: AbortSignal;
  log: Logger;
};

export type Session = {
  link: McpLink;
  client: MirroringClient;
  /** Undefined where it was found out by a guess. */
  verdict: McpHttpVerdict | undefined;
  /** True once the server has forgotten us. */
  isLost: () => boolean;
  /** Tells the server, and ends it. Idempotent. */
  close: () => Promise<void>;
};

type HttpTransport = StreamableHTTPClientTransport | SSEClientTransport;

/** @throws AlfredError E_NEEDS_LOGIN, E_NOT_MCP, E_CONNECTION_FAILED, E_CONNECTION_TIMEOUT, E_ADDRESS_REFUSED */
export async function openSession(
  request: SessionRequest,
  verdict: McpHttpVerdict | undefined,
): Promise<Session> {
  if (verdict?.transport === 'sse') {
    return attempt(request, 'sse', { kind: 'legacy' }).catch((error: unknown) => {
      throw explainFailure(error, request);
    });
  }
  try {
    return await attempt(request, 'streamable', verdict?.prior);
  } catch (first) {
    let error = first;
    // The question for its versions was answered with nothing that says which it speaks: those of 2025 are asked in their own
    // words. Not kept as a verdict, as the server may only have been unwell.
    if (verdict === undefined && saysNothing(first) && !request.signal.aborted) {
      try {
        return { ...(await attempt(request, 'streamable', { kind: 'legacy' })), verdict: undefined };
      } catch (second) {
        if (statusOf(second) !== undefined || statusOf(first) === undefined) error = second;
      }
    }
    // MCP, "Transports: backwards compatibility": a server that takes no POST here may be one of the older kind.
    const status = statusOf(error);
    if (status === undefined || ![400, 404, 405].includes(status)) throw explainFailure(error, request);
    try {
      return await attempt(request, 'sse', { kind: 'legacy' });
    } catch (second) {
      const explained = explainFailure(second, request);
      throw explained.code === 'E_NOT_MCP' ? explainFailure(error, request) : explained;
    }
  }
}

function createTransport(
  kind: McpHttpVerdict['transport'],
  request: SessionRequest,
  fetch: GuardedFetch['fetch'],
): HttpTransport {
  // A login is the fetch's own concern: the SDK's way to renew one is not made for many callers at once.
  if (kind === 'sse') return new SSEClientTransport(request.url, { fetch });
  return new StreamableHTTPClientTransport(request.url, {
    fetch,
    reconnectionOptions: {
      initialReconnectionDelay: 500,
      reconnectionDelayGrowFactor: 2,
      maxReconnectionDelay: 15_000,
      maxRetries: 6,
    },
  });
}

/** @param broken told why the server can no longer be heard */
function createClient(
  kind: McpHttpVerdict['transport'],
  { name, startTimeoutMs, log, redact, onToolsChanged }: SessionRequest,
  broken: (why: string) => void,
): MirroringClient {
  const client = new MirroringClient(
    { name: 'alfred-vm', version: '0.1.0' },
    {
      capabilities: {},
      versionNegotiation: {
        mode: kind === 'sse' ? 'legacy' : 'auto',
        probe: { timeoutMs: startTimeoutMs / 3 },
      },
      inputRequired: { autoFulfill: false },
      listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: () => onToolsChanged() } },
    },
  );
  client.onerror = (error) => {
    log.debug({ connection: name, reason: redact(error.message).slice(0, 500) }, 'from the server');
    if (/^Maximum reconnection attempts/.test(error.message)) broken('can no longer be listened to');
  };
  return client;
}

type Fetch = ReturnType<typeof createSessionFetch>;

/** A fetch that keeps what it threw last. */
function remembering(send: Fetch): { fetch: Fetch; lastFailure: () => unknown } {
  let last: unknown;
  const fetch: Fetch = (url, init) =>
    send(url, init).catch((error: unknown) => {
      last = error;
      throw error;
    });
  return { fetch, lastFailure: () => last };
}

/** Agrees on the protocol, within the time that there is; else both are closed. @throws whatever the SDK throws */
async function connect(
  request: SessionRequest,
  client: MirroringClient,
  transport: HttpTransport,
  prior: PriorDiscovery | undefined,
): Promise<void> {
  const { name, signal, startTimeoutMs: timeout } = request;
  const failed = Promise.withResolvers<never>();
  const timer = setTimeout(() => failed.reject(tooLate(request)), timeout);
  const cancel = () => failed.reject(openingCancelled(name));
  signal.addEventListener('abort', cancel);
  try {
    await Promise.race([client.connect(transport, { timeout, ...(prior ? { prior } : {}) }), failed.promise]);
  } catch (error) {
    await client.close();
    await transport.close();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  }
}

/** @throws whatever the SDK throws, for openSession to judge; AlfredErrors of ours */
async function attempt(
  request: SessionRequest,
  kind: McpHttpVerdict['transport'],
  prior: PriorDiscovery | undefined,
): Promise<Session> {
  const { name, redact, redactValue, maxResultSize, onToolsChanged } = request;
  if (request.signal.aborted) throw openingCancelled(name);
  const { promise: ended, resolve: resolveEnd } = Promise.withResolvers<LinkEnd>();
  let isLost = false;
  let closing: Promise<void> | undefined;

  const stop = (end: LinkEnd): Promise<void> => {
    closing ??= (async () => {
      resolveEnd(end);
      if (end.wasClosed) await sayGoodbye(transport);
      await client.close();
    })();
    return closing;
  };
  const broken = (why: string) =>
    void stop({ wasClosed: false, error: endOf(`"${name}" ${why}.`, 'opens it anew') });
  const close = () => stop({ wasClosed: true, error: endOf(`"${name}" was closed.`, 'opens it') });

  const sending = remembering(
    createSessionFetch({
      name,
      url: request.url,
      headers: request.headers,
      fetch: request.fetch,
      maxMessageBytes: request.maxMessageBytes,
      redact,
      login: request.login,
      onSessionLost: () => {
        isLost = true;
        onToolsChanged();
      },
      // The newer transport opens its stream again by itself.
      onListeningEnd: () => {
        if (kind === 'sse') broken('has closed the connection');
      },
    }),
  );
  const transport = createTransport(kind, request, sending.fetch);
  const client = createClient(kind, request, broken);
  await connect(request, client, transport, prior).catch((error: unknown) => {
    // The EventSource under the older transport keeps the words of an error only.
    throw error instanceof SseError && error.code === undefined ? (sending.lastFailure() ?? error) : error;
  });
  const discover = client.getDiscoverResult();
  return {
    link: new McpLink({
      name,
      client,
      ended,
      close,
      redact,
      redactValue,
      maxResultSize,
      tooLongMark,
      giveUp: broken,
    }),
    client,
    verdict:
      kind === 'sse'
        ? { transport: 'sse' }
        : { transport: 'streamable', prior: discover ? { kind: 'modern', discover } : { kind: 'legacy' } },
    isLost: () => isLost,
    close,
  };
}

const openingCancelled = (name: string) => new AlfredError('E_CANCELLED', `Opening "${name}" was cancelled.`);

const endOf = (message: string, next: 'opens it' | 'opens it anew') =>
  new AlfredError('E_CONNECTION_FAILED', message, { remedy: `Try again: the next call ${next}.` });
