/** `/mcp`: other programs run skills, as tools of an MCP server. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { operations } from '../../contract/operations.ts';
import type { McpEndpoint } from '../../mcp-server/mcp-endpoint.ts';
import { route } from '../../web/route.ts';
import { checkSameOrigin } from '../../web/same-origin.ts';
import { callerOf } from '../access/caller.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';
import { goneSignal } from '../gone-signal.ts';

// Half a megabyte of program: when the first client comes.
const loadEndpoint = () => import('../../mcp-server/mcp-endpoint.ts');

export function mcpRoutes(app: App, deps: ServerDeps): void {
  let opening: Promise<McpEndpoint> | undefined;
  const open = async (): Promise<McpEndpoint> => {
    const { createMcpEndpoint } = await loadEndpoint();
    return createMcpEndpoint({ ...deps, closing: app.closing });
  };
  app.addHook('onClose', async () => (await opening)?.close());

  const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    // A page of another site speaks here with nobody's token, not even with one that it has (DNS rebinding).
    checkSameOrigin(request, { mayBeSilent: true });
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers)) {
      // Whose token it is was found out already; nothing behind this has a use for it.
      if (name === 'authorization' || name === 'cookie') continue;
      for (const one of [value ?? []].flat()) headers.append(name, one);
    }
    const web = new Request(new URL(request.url, 'http://alfred.invalid'), {
      method: request.method,
      headers,
      signal: goneSignal(app, reply),
    });
    opening ??= open();
    const answer = await (await opening).handle(web, request.body ?? undefined, callerOf(request));
    reply.header('cache-control', 'no-store');
    return reply.send(answer);
  };
  route(app, operations.callMcp, handle as never);
  route(app, operations.followMcp, handle as never);
  route(app, operations.endMcpSession, handle as never);
}
