/** The VM as one caller's MCP server: what is listed, called and read goes by what that caller may do. */
import { ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server';
import { isAlfredError } from '../kernel/errors.ts';
import { callTool } from './call-tool.ts';
import type { McpCaller, McpServerDeps } from './caller.ts';
import { getExecutionTool } from './get-execution-tool.ts';
import { executionTemplate, listExecutionResources, readExecutionResource } from './resources.ts';
import { listSkillTools } from './skill-tools.ts';

const instructions =
  'Each tool is a skill of the owner’s Alfred: a run of its own, on record, with its own caps and approvals. A run that takes longer than a minute answers with its executionId; ask get_execution for it then.';

/** The low-level server: the high-level one cannot have a tool whose name every object has, as `constructor`. */
export function buildServer(deps: McpServerDeps, caller: McpCaller): Server {
  const server = new Server(
    { name: 'alfred', title: 'Alfred', version: deps.version },
    { capabilities: { tools: {}, resources: {} }, instructions },
  );
  server.setRequestHandler('tools/list', async () => ({
    tools: [...(await listSkillTools(deps.db, caller)), getExecutionTool],
  }));
  server.setRequestHandler('tools/call', async ({ params }, { mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    let progress = 0;
    return await callTool(deps, caller, {
      name: params.name,
      args: params.arguments ?? {},
      signal: mcpReq.signal,
      tell: (message) => {
        if (progressToken === undefined) return;
        progress += 1;
        const told = mcpReq.notify({
          method: 'notifications/progress',
          params: { progressToken, progress, message },
        });
        // Nobody reads any more; the run goes its way.
        told.catch((err: unknown) => deps.log.debug({ err }, 'progress was not told'));
      },
    });
  });
  server.setRequestHandler('resources/list', async () => ({
    resources: await listExecutionResources(deps, caller),
  }));
  server.setRequestHandler('resources/templates/list', async () => ({
    resourceTemplates: [executionTemplate],
  }));
  server.setRequestHandler('resources/read', async ({ params }) => {
    try {
      return await readExecutionResource(deps, caller, params.uri);
    } catch (error) {
      if (!isAlfredError(error, 'E_NOT_FOUND')) throw error;
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, error.message, { uri: params.uri });
    }
  });
  return server;
}
