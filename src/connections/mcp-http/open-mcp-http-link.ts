/** Opens a link to an MCP server by HTTP: streamable HTTP, or the older SSE where a server speaks only that. */
import { AlfredError, isAlfredError } from '../../kernel/errors.ts';
import { checkUrl } from '../../outbound/check-url.ts';
import type { Resolve } from '../../outbound/dialer.ts';
import { createGuardedFetch } from '../../outbound/guarded-fetch.ts';
import type { LinkLogin } from '../login/link-login.ts';
import type { McpLinkRequest } from '../pool/link.ts';
import { McpHttpLink } from './mcp-http-link.ts';
import { type McpHttpVerdict, openSession, type Session, type SessionRequest } from './session.ts';

/** An `mcp_http` config with every secret open. */
type OpenMcpHttpConfig = {
  /** `${NAME}` takes the entry of that name from `secrets`. */
  url: string;
  headers: Record<string, string>;
  secrets: Record<string, string>;
  allowPrivateNetwork: boolean;
};

export type McpHttpRequest = McpLinkRequest & {
  config: OpenMcpHttpConfig;
  /** What this server spoke the last time. */
  verdict?: McpHttpVerdict | undefined;
  /** Where somebody has signed in; not used beside an Authorization of the connection's own. */
  login?: LinkLogin | undefined;
  /** For tests. */
  resolve?: Resolve | undefined;
};

const placeholder = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** The URL with its secrets in place, each percent-encoded: none can change the host. */
export function fillUrl(url: string, secrets: Record<string, string>, name: string): string {
  return url.replace(placeholder, (_whole, key: string) => {
    const value = Object.hasOwn(secrets, key) ? secrets[key] : undefined;
    if (value !== undefined) return encodeURIComponent(value);
    throw new AlfredError(
      'E_VALIDATION',
      `The address of "${name}" names the secret ${key}, which is not there.`,
      {
        remedy: `Enter it as "secrets": {"${key}": …} of the connection.`,
        fields: [{ field: `/config/secrets/${key}`, message: 'is named by the address and missing' }],
      },
    );
  });
}

export const hasAuthorization = (headers: Record<string, string>): boolean =>
  Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');

/**
 * @returns the link, and what the server speaks: give it to the next opening
 * @throws AlfredError E_NEEDS_LOGIN, E_NOT_MCP, E_CONNECTION_FAILED, E_CONNECTION_TIMEOUT, E_ADDRESS_REFUSED, E_VALIDATION
 */
export async function openMcpHttpLink(
  request: McpHttpRequest,
): Promise<{ link: McpHttpLink; verdict: McpHttpVerdict | undefined }> {
  const { config, name } = request;
  const url = checkUrl(fillUrl(config.url, config.secrets, name), config);
  const { headers } = config;
  const guarded = createGuardedFetch({
    allowPrivateNetwork: config.allowPrivateNetwork,
    secrets: [
      ...Object.values(headers).filter((value) => value.length >= 8),
      ...Object.values(config.secrets),
    ],
    ...(request.resolve ? { resolve: request.resolve } : {}),
  });
  const closing = new AbortController();
  const sessionRequest: SessionRequest = {
    ...request,
    url,
    headers,
    login: hasAuthorization(headers) ? undefined : request.login,
    origin: url.origin,
    fetch: guarded.fetch,
    signal: AbortSignal.any([request.signal, closing.signal]),
  };
  const release = async () => {
    closing.abort();
    await guarded.close();
  };
  try {
    const first = await openKnown(sessionRequest, request.verdict);
    let verdict = first.verdict;
    const renew = async (): Promise<Session> => {
      // The signal of the first opening is long over; the link's own end is what counts.
      const next = await openKnown({ ...sessionRequest, signal: closing.signal }, verdict);
      verdict = next.verdict;
      return next;
    };
    return {
      link: new McpHttpLink({ name, first, renew, stopRenewing: () => closing.abort(), release }),
      verdict,
    };
  } catch (error) {
    await release();
    if (request.signal.aborted) throw new AlfredError('E_CANCELLED', `Opening "${name}" was cancelled.`);
    throw error;
  }
}

/** A verdict may be out of date: where it does not work, the server is asked anew. */
async function openKnown(request: SessionRequest, verdict: McpHttpVerdict | undefined): Promise<Session> {
  if (verdict === undefined) return openSession(request, undefined);
  try {
    return await openSession(request, verdict);
  } catch (error) {
    if (!isAlfredError(error, 'E_NOT_MCP') || request.signal.aborted) throw error;
    return openSession(request, undefined);
  }
}
