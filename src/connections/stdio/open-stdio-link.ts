/** Opens a link to a stdio server: start it, agree on a protocol version, and say in plain words what went wrong. */
import { Client, type PriorDiscovery } from '@modelcontextprotocol/client';
import { AlfredError, isAlfredError } from '../../kernel/errors.ts';
import { version } from '../../kernel/version.ts';
import type { LinkEnd, McpLinkRequest } from '../pool/link.ts';
import { McpLink } from '../pool/mcp-link.ts';
import { explainEnd, explainFailure, hasNoNetwork } from './explain.ts';
import {
  endInstallation,
  handsOver,
  installTimeoutMs,
  isPackageManager,
  tellsHandOver,
} from './package-manager.ts';
import {
  folderOf,
  type ServerPlan,
  type ServerProcess,
  type SpawnDeps,
  spawnServer,
} from './spawn-server.ts';
import { StdioTransport, tooLongMark } from './stdio-transport.ts';

export type StdioRequest = McpLinkRequest & {
  plan: ServerPlan;
  /** True once this server is known to leave when it is asked for a newer protocol than its own. */
  isLegacy: boolean;
};

const saysWhatItMisses =
  /(?:is|are|be|not) (?:required|missing|set|provided|defined)\b|^\s*missing |required (?:environment|argument|option)|environment variable|MODULE_NOT_FOUND|Cannot find (?:module|package)|No module named|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|E404|command not found|Usage:/im;

/** How long a server may take to say which protocol it speaks before it is taken for one that does not know the question. */
const probeMs = 10_000;

/**
 * @returns the link, and whether the server turned out to be a legacy one that must not be asked for its versions
 * @throws AlfredError E_COMMAND_NOT_FOUND, E_SERVER_EXITED, E_NOT_MCP, E_CONNECTION_TIMEOUT, E_CONNECTION_FAILED
 */
export async function openStdioLink(
  deps: SpawnDeps,
  request: StdioRequest,
): Promise<{ link: McpLink; isLegacy: boolean }> {
  if (request.isLegacy) return { link: await attempt(deps, request, { kind: 'legacy' }), isLegacy: true };
  try {
    return { link: await attempt(deps, request), isLegacy: false };
  } catch (error) {
    // Servers on some SDKs end at any request before `initialize`: ask such a one again, in its own words.
    if (!isAlfredError(error, 'E_SERVER_EXITED') || request.signal.aborted) throw error;
    // One that says what it misses would only say it again.
    if (saysWhatItMisses.test(error.message)) throw error;
    return { link: await attempt(deps, request, { kind: 'legacy' }), isLegacy: true };
  }
}

/**
 * Calls `onLate` when the server has had its time, in milliseconds. A package manager is not hurried: the limit counts from when it has
 * handed over, where that can be told; else it has its own, which is far longer. It is asked meanwhile all the same: what stands in
 * for one may never hand over.
 *
 * @param settled aborted when nothing is waited for any more
 */
async function watchTheTime(
  server: ServerProcess,
  { name, plan, startTimeoutMs, log }: StdioRequest,
  settled: AbortSignal,
  onLate: (limitMs: number) => void,
): Promise<void> {
  let limitMs = startTimeoutMs;
  if (isPackageManager(plan.command)) {
    const { pid } = server;
    log.info({ connection: name, pid }, 'its package manager may have to download: it is waited for');
    // Without a network it would ask again and again: its first words say enough.
    const timer = setInterval(() => {
      if (plan.sandbox === 'strict' && !plan.network && hasNoNetwork(server)) onLate(startTimeoutMs);
    }, 1_000);
    settled.addEventListener('abort', () => clearInterval(timer));
    if (tellsHandOver(plan.command)) await handsOver(server, installTimeoutMs, settled);
    else limitMs = installTimeoutMs;
  }
  if (settled.aborted) return;
  const timer = setTimeout(() => onLate(limitMs), limitMs);
  settled.addEventListener('abort', () => clearTimeout(timer));
}

async function attempt(deps: SpawnDeps, request: StdioRequest, prior?: PriorDiscovery): Promise<McpLink> {
  const { name, startTimeoutMs, signal, redact, log } = request;
  signal.throwIfAborted();
  const server = await spawnServer(deps, request.plan);
  const transport = new StdioTransport(server, { maxMessageBytes: request.maxMessageBytes }, log);
  const ended = new Promise<LinkEnd>((resolve) => {
    transport.onclose = () =>
      resolve({
        wasClosed: transport.end?.kind === 'closed',
        error: explainEnd({ name, transport, server, redact }),
      });
  });
  transport.onerror = (error) =>
    log.debug({ pid: server.pid, reason: redact(error.message) }, 'from the server');
  const client = new Client(
    { name: 'alfred-vm', version },
    {
      capabilities: {},
      versionNegotiation: { mode: 'auto', probe: { timeoutMs: Math.min(probeMs, startTimeoutMs / 2) } },
      inputRequired: { autoFulfill: false },
      listChanged: {
        tools: { autoRefresh: false, debounceMs: 0, onChanged: () => request.onToolsChanged() },
      },
    },
  );
  let isLate = false;
  const settled = new AbortController();
  const stop = () => void transport.close();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  const limits = { startTimeoutMs };
  const downloads = isPackageManager(request.plan.command);
  try {
    void watchTheTime(server, request, settled.signal, (limitMs) => {
      isLate = true;
      limits.startTimeoutMs = limitMs;
      void transport.close();
    });
    // The clock above ends it; the client's own limit is behind that.
    const timeout = { timeout: installTimeoutMs + startTimeoutMs };
    await client.connect(transport, { ...timeout, ...(prior === undefined ? {} : { prior }) });
    if (downloads) await endInstallation(folderOf(deps.home, request.plan.id));
  } catch (error) {
    // Before it is closed: afterwards every end looks like one of ours.
    const explained = explainFailure({
      name,
      transport,
      server,
      redact,
      downloads,
      error,
      isLate,
      ...limits,
    });
    await transport.close();
    throw signal.aborted ? new AlfredError('E_CANCELLED', `Opening "${name}" was cancelled.`) : explained;
  } finally {
    settled.abort();
    signal.removeEventListener('abort', stop);
  }
  return new McpLink({
    name,
    client,
    ended,
    giveUp: (reason) => transport.giveUp(reason),
    close: () => transport.close(),
    redact,
    redactValue: request.redactValue,
    maxResultSize: request.maxResultSize,
    tooLongMark,
  });
}
