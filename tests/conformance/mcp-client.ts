/**
 * Our MCP link and sign-in as a program for the conformance suite: docs/mcp-conformance.md says how it is run and what fails.
 * node tests/conformance/mcp-client.ts URL, with MCP_CONFORMANCE_SCENARIO and MCP_CONFORMANCE_CONTEXT.
 */
import { pino } from 'pino';
import type { LinkLogin } from '../../src/connections/login/link-login.ts';
import { openMcpHttpLink } from '../../src/connections/mcp-http/open-mcp-http-link.ts';
import type { Tool } from '../../src/contract/connections.ts';
import { isAlfredError } from '../../src/kernel/errors.ts';
import { MemoryLogin } from './memory-login.ts';

const url = process.argv.at(-1) ?? '';
const scenario = process.env.MCP_CONFORMANCE_SCENARIO ?? '';

type Context = {
  client_id?: string;
  client_secret?: string;
  toolCalls?: { name: string; arguments: Record<string, unknown> }[];
};
const context: Context = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}');

/** Arguments that fit a simple schema. */
function argumentsFor({ inputSchema }: Tool): Record<string, unknown> {
  const samples: Record<string, unknown> = {
    string: 'text',
    number: 2,
    integer: 2,
    boolean: true,
    array: [],
    object: {},
  };
  const properties: Record<string, { type?: string }> = Object(inputSchema.properties);
  return Object.fromEntries(
    Object.entries(properties).map(([name, { type }]) => [name, samples[type ?? 'string']]),
  );
}

async function use(login: LinkLogin | undefined): Promise<void> {
  const { link } = await openMcpHttpLink({
    name: 'conformance',
    config: { url, headers: {}, secrets: {}, allowPrivateNetwork: true },
    startTimeoutMs: 20_000,
    maxMessageBytes: 10_000_000,
    maxResultSize: 1_000_000,
    redact: (text) => text,
    redactValue: (value) => value,
    onToolsChanged: () => {},
    signal: new AbortController().signal,
    log: pino({ level: process.env.VERBOSE === undefined ? 'silent' : 'debug' }),
    login,
  });
  try {
    // What is off is called by nobody (connections/tools/compare-catalog.ts).
    const tools = (await link.listTools({ timeoutMs: 20_000 })).filter(
      ({ unusable }) => unusable === undefined,
    );
    const focal = tools.find(({ name }) => name === 'json_schema_2020_12_tool');
    const calls =
      context.toolCalls ??
      (focal === undefined
        ? tools.map((tool) => ({ name: tool.name, arguments: argumentsFor(tool) }))
        : [{ name: 'json_schema_echo', arguments: { schema: focal.inputSchema } }]);
    if (scenario === 'json-schema-ref-no-deref') return;
    for (const call of calls) {
      await link.callTool(call.name, call.arguments, { timeoutMs: 20_000 }).catch((error: unknown) => {
        // One tool that fails says nothing of the next.
        if (!isAlfredError(error, 'E_TOOL_FAILED')) throw error;
        process.stderr.write(`${error.message}\n`);
      });
    }
  } finally {
    await link.close();
  }
}

const login = new MemoryLogin(
  new URL(url),
  context.client_id === undefined
    ? undefined
    : { clientId: context.client_id, clientSecret: context.client_secret },
);
for (let attempt = 1; ; attempt++) {
  try {
    await use(login.isSignedIn ? login : undefined);
    break;
  } catch (error) {
    const mayHelp = isAlfredError(error, 'E_NEEDS_LOGIN') && attempt < 3 && scenario.startsWith('auth/');
    const problem = mayHelp ? await login.signIn().catch((trouble: unknown) => trouble) : error;
    if (problem === undefined) continue;
    process.stderr.write(
      `${problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)}\n`,
    );
    process.exitCode = 1;
    break;
  }
}
await login.close();
