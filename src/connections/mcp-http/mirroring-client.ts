/**
 * The SDK's client with the headers that MCP 2026-07-28 (SEP-2243) wants for arguments marked `x-mcp-header`. The SDK adds
 * them in callTool alone, which the link does not use: callTool also runs the server's own output schemas over results,
 * patterns that never come to an end included.
 */
import {
  Client,
  type ClientOptions,
  type Implementation,
  type RequestOptions,
  type Tool,
} from '@modelcontextprotocol/client';

type CallParams = Parameters<Client['callTool']>[0];
type Message = { method: string; params?: Record<string, unknown> };
/** As the SDK has it: with a schema of the result, or without. */
type Send = (message: Message, ...rest: unknown[]) => Promise<unknown>;

export class MirroringClient extends Client {
  readonly #marked = new Map<string, Tool>();

  constructor(info: Implementation, options: ClientOptions) {
    super(info, options);
    const send = this.request.bind(this) as Send;
    const request: Send = (message, ...rest) => {
      const sendOptions = rest.at(-1) as RequestOptions | undefined;
      const name = message.method === 'tools/call' ? message.params?.name : undefined;
      const toolDefinition = typeof name === 'string' ? this.#marked.get(name) : undefined;
      // callTool comes back here with the definition among its options, and the headers.
      const isMirrored = sendOptions !== undefined && 'toolDefinition' in sendOptions;
      if (toolDefinition === undefined || isMirrored) return send(message, ...rest);
      return this.callTool(message.params as CallParams, { ...sendOptions, toolDefinition });
    };
    this.request = request as Client['request'];
  }

  /** Remembers which tools want arguments in headers. */
  noteTools(tools: { name: string; inputSchema: Record<string, unknown> }[]): void {
    this.#marked.clear();
    for (const { name, inputSchema } of tools) {
      if (!JSON.stringify(inputSchema).includes('"x-mcp-header"')) continue;
      // Without the output schema, there is nothing that the SDK could run.
      this.#marked.set(name, { name, inputSchema: { ...inputSchema, type: 'object' } });
    }
  }
}
