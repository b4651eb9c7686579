/** `/mcp`: clients of the protocol of 2026-07-28 without a session, older ones in one. */
import { createMcpHandler, isLegacyRequest } from '@modelcontextprotocol/server';
import { buildServer } from './build-server.ts';
import type { McpCaller, McpServerDeps } from './caller.ts';
import { Sessions } from './sessions.ts';

export type McpEndpoint = {
  handle: (request: Request, body: unknown, caller: McpCaller) => Promise<Response>;
  close: () => Promise<void>;
};

export function createMcpEndpoint(deps: McpServerDeps): McpEndpoint {
  const callers = new WeakMap<Request, McpCaller>();
  const modern = createMcpHandler(
    ({ requestInfo }) => {
      const caller = requestInfo && callers.get(requestInfo);
      if (caller === undefined) throw new Error('A request came to the MCP server without its caller');
      return buildServer(deps, caller);
    },
    {
      legacy: 'reject',
      // A stream from the first moment: proxies and clients end what is silent for minutes.
      responseMode: 'sse',
      onerror: (err) => deps.log.debug({ err }, 'an MCP request was refused'),
    },
  );
  const sessions = new Sessions(deps);
  return {
    async handle(request, body, caller) {
      if (await isLegacyRequest(request, body)) return sessions.handle(request, body, caller);
      callers.set(request, caller);
      return modern.fetch(request, { parsedBody: body });
    },
    async close() {
      await Promise.all([modern.close(), sessions.close()]);
    },
  };
}
