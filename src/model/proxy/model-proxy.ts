/**
 * The one way from an agent to a model. The agent knows a token and a Unix socket; here the token is checked, the step's
 * model enforced, known secrets replaced, money reserved, our key put in, and the tokens counted. Two paths exist:
 * `POST /v1/messages` and `POST /v1/messages/count_tokens`. A ticket of a rehearsal is answered in this process.
 */

import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import path from 'node:path';
import type { Database } from '../../database/client.ts';
import { AlfredError, messageOf } from '../../kernel/errors.ts';
import { failureOf } from '../../kernel/failure.ts';
import type { Logger } from '../../kernel/log.ts';
import type { Settings } from '../../kernel/settings.ts';
import { isCostCap } from '../../money/spend/caps.ts';
import { createOwnDialer } from '../../outbound/dialer.ts';
import type { Vault } from '../../vault/vault.ts';
import { modelFailure } from '../failures.ts';
import type { ModelProxy } from '../tickets.ts';
import { ModelWatch } from '../trouble.ts';
import { answerCall } from './answer-call.ts';
import { errorBody, Refusal, sendError, sendRefusal } from './answers.ts';
import { makeSocketFolder } from './socket.ts';
import { TicketBook } from './tickets.ts';

export type ModelProxyDeps = {
  db: Database;
  vault: Vault;
  log: Logger;
  settings: Pick<Settings, 'home'>;
};

/** A name that no resolver answers (RFC 6761): should the agent ever overlook the socket, nothing leaves the machine. */
const baseUrl = 'http://model-proxy.invalid';

/** Opens a connection within this time, in milliseconds. */
const connectTimeoutMs = 10_000;

/** What a child needs to reach the model. Without these the Agent SDK's program would go its own ways. */
const environmentOf = (socketPath: string, token: string): Record<string, string> => ({
  ANTHROPIC_UNIX_SOCKET: socketPath,
  // With the socket alone the program speaks TLS to it; an http:// address makes it speak plainly.
  ANTHROPIC_BASE_URL: baseUrl,
  ANTHROPIC_API_KEY: token,
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  // Otherwise requests show the model a tool of the program's own beside the step's.
  ENABLE_TOOL_SEARCH: 'false',
  // No other model than the step's is paid for, whatever happens to it.
  CLAUDE_CODE_NO_MODEL_FALLBACK: '1',
  // Some retired models would become others, which the step did not name.
  CLAUDE_CODE_DISABLE_LEGACY_MODEL_REMAP: '1',
  CLAUDE_CODE_MAX_RETRIES: '2',
  // The proxy's own limits come first, so that it is the proxy that knows what happened.
  API_TIMEOUT_MS: '3600000',
});

/** Starts the proxy of this VM process. */
export async function startModelProxy(deps: ModelProxyDeps): Promise<ModelProxy> {
  const folder = await makeSocketFolder(deps.settings.home);
  const socketPath = path.join(folder, 'model.sock');
  const tickets = new TicketBook((token) => environmentOf(socketPath, token));
  const watch = new ModelWatch({ ...deps, redactor: deps.vault.redactor });
  const dispatcher = createOwnDialer({ connectTimeoutMs });

  // An agent's idle connections stay: to close one just as it is used again would look like a failure.
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 120_000 }, (request, response) => {
    serve(request, response).catch((error: unknown) => {
      deps.log.error({ err: error }, 'The model proxy failed');
      sendError(response, 500, errorBody(500, 'The model proxy failed.'));
      response.destroy();
    });
  });
  server.on('clientError', (_error, socket) => socket.destroy());

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A peer that goes away is told by `close`; its error has nothing to add.
    request.on('error', () => {});
    response.on('error', () => {});
    const ticket = await tickets.find(tokenOf(request));
    if (!ticket)
      return sendError(response, 401, errorBody(401, 'This token is good for nothing, or no longer.'));
    // Whoever asked may have left while the ticket was awaited.
    if (response.destroyed) return;
    const target = targetOf(request);
    if (!target)
      return sendError(response, 404, errorBody(404, 'The model proxy serves the Messages API alone.'));
    deps.log.debug({ executionId: ticket.run.executionId, step: ticket.run.stepId }, 'model asked');
    const over = new AbortController();
    const cut = () => {
      over.abort();
      response.destroy();
    };
    ticket.signal.addEventListener('abort', cut);
    response.once('close', () => {
      ticket.signal.removeEventListener('abort', cut);
      if (!response.writableFinished) over.abort();
    });
    const { signal } = over;
    try {
      await answerCall({ ...deps, dispatcher, watch }, { ticket, ...target, request, response, signal });
    } catch (error) {
      if (signal.aborted) return;
      const refusal = refusalOf(error);
      if (isCostCap(refusal.failure.code)) ticket.verdict ??= refusal.failure;
      // What the agent tries after a failure, and may not, does not hide that failure.
      if (refusal.failure.code !== 'E_MODEL_REFUSED_REQUEST') ticket.failure = refusal.failure;
      else ticket.failure ??= refusal.failure;
      deps.log.debug(
        { executionId: ticket.run.executionId, step: ticket.run.stepId, code: refusal.failure.code },
        'A model call was refused',
      );
      sendRefusal(response, refusal);
    }
  }

  await listen(server, socketPath);
  await chmod(socketPath, 0o600);

  return {
    socketPath,
    prepare: () => tickets.prepare(),
    issue: (run) => tickets.prepare().issue(run),
    async close() {
      tickets.revokeAll();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await dispatcher.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const listen = (server: Server, socketPath: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, () => {
      server.off('error', reject);
      resolve();
    });
  });

function tokenOf({ headers }: IncomingMessage): string | undefined {
  const key = headers['x-api-key'];
  if (typeof key === 'string') return key;
  return /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
}

const paths = ['/v1/messages', '/v1/messages/count_tokens'] as const;

function targetOf({
  method,
  url,
}: IncomingMessage): { path: (typeof paths)[number]; isBeta: boolean } | undefined {
  const [asked, query] = (url ?? '').split('?');
  const found = paths.find((each) => each === asked);
  if (method !== 'POST' || !found || (query !== undefined && query !== 'beta=true')) return undefined;
  return { path: found, isBeta: query !== undefined };
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof AlfredError) return new Refusal(400, failureOf(error));
  return new Refusal(500, modelFailure('agent', { detail: messageOf(error) }));
}
