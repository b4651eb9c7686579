/** One open way to a server's tools, whatever its transport. The pool knows connections by this alone. */
import type { CallToolResult } from '@modelcontextprotocol/client';
import type { Tool } from '../../contract/connections.ts';
import type { AlfredError } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/log.ts';
import type { FoundTool } from '../tools/found-tool.ts';

export type { CallToolResult } from '@modelcontextprotocol/client';

export type CallProgress = { progress: number; total?: number | undefined; message?: string | undefined };

export type CallOptions = {
  /** In milliseconds, from the call to its result. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: CallProgress) => void) | undefined;
};

export type LinkEnd = {
  /** False when we did not close it ourselves. */
  wasClosed: boolean;
  /** Why it is gone, as a call that comes too late is told. */
  error: AlfredError;
};

/** What every MCP server is opened with. */
export type McpLinkRequest = {
  /** The connection's name, for messages. */
  name: string;
  /** To the end of the handshake, in milliseconds: from the first dial, or from the start of the process or the end of what it has to download. */
  startTimeoutMs: number;
  maxMessageBytes: number;
  /** About the longest result, in characters of JSON. */
  maxResultSize: number;
  redact: (text: string) => string;
  redactValue: <Value>(value: Value) => Value;
  onToolsChanged: () => void;
  signal: AbortSignal;
  log: Logger;
};

export type Link = {
  /** What the server calls itself, and says of its use. */
  readonly server: { name: string; version: string; instructions?: string } | undefined;
  /** Undefined while it can be used. */
  readonly end: LinkEnd | undefined;
  /** Settles when it can no longer be used; never rejects. */
  readonly ended: Promise<LinkEnd>;
  /** As data from a server that speaks MCP, as they are kept from an API's document. */
  listTools(options: CallOptions): Promise<Tool[] | FoundTool[]>;
  /** @throws AlfredError E_TOOL_TIMEOUT, E_TOOL_FAILED, E_CANCELLED, or why the link is gone */
  callTool(tool: string, args: Record<string, unknown>, options: CallOptions): Promise<CallToolResult>;
  /**
   * Where listing the tools does not already show it: whether the server is there and takes our login.
   *
   * @returns what was found, as the end of a sentence: `https://api.example.com answers`
   * @throws AlfredError E_NEEDS_LOGIN, or what keeps the server from answering
   */
  reach?(options: CallOptions): Promise<string>;
  /** What a person should know of what the tools were read from, each a sentence. */
  warnings?(): string[];
  /** Ends it with everything behind it. Idempotent. */
  close(): Promise<void>;
};

/** What came of trying one out. */
export type Probe = {
  server: Link['server'];
  toolCount: number;
  /** What else was tried, as the end of a sentence. */
  found: string | undefined;
};
