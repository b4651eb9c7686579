/**
 * MCP over a server's stdin and stdout: one JSON-RPC message a line (MCP, "Transports: stdio").
 *
 * The SDK's own StdioClientTransport is not used because it starts the process itself, beside us in our group, folder and
 * sandbox. The SDK knows a stdio transport by its `pid` and `stderr`, and then probes the protocol version in place.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client';
import { messageOf } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/log.ts';
import { LineSplitter } from './line-splitter.ts';
import type { ServerProcess } from './spawn-server.ts';

export type TransportLimits = {
  /** The longest message, in bytes. */
  maxMessageBytes: number;
};

/** How a connection to a server came to its end. */
export type TransportEnd =
  | { kind: 'closed' }
  | { kind: 'exited'; code: number | null; signal: NodeJS.Signals | null }
  | { kind: 'broken'; reason: string };

/** What may be printed that is no MCP, in bytes between two messages, before the server is given up. */
const maxJunkBytes = 1_048_576;
/** What a server may send in a minute that answers nothing of ours, in bytes. */
const maxUnaskedBytes = 32 * 1_048_576;
const minuteMs = 60_000;
/** What a server may leave unread, in bytes. */
const maxUnreadBytes = 32 * 1_048_576;
/** How long output that was written before the exit may take to arrive, in milliseconds. */
const drainMs = 500;
/** In the answer that we put in place of one that was too long. */
export const tooLongMark = 'alfred.tooLong';

export class StdioTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: ((message: JSONRPCMessage) => void) | undefined;
  readonly pid: number;
  /** The SDK looks for it; the tail is in `server.stderr`. */
  readonly stderr = null;

  readonly #server: ServerProcess;
  readonly #limits: TransportLimits;
  readonly #log: Logger;
  readonly #printed: string[] = [];
  #end: TransportEnd | undefined;
  #messages = 0;
  #junkBytes = 0;
  #unasked = { since: 0, bytes: 0 };

  constructor(server: ServerProcess, limits: TransportLimits, log: Logger) {
    this.#server = server;
    this.#limits = limits;
    this.#log = log;
    this.pid = server.pid;
  }

  /** Set once the server is gone or given up. */
  get end(): TransportEnd | undefined {
    return this.#end;
  }

  /** How many messages it has sent. */
  get messages(): number {
    return this.#messages;
  }

  /** The first lines on stdout that were no MCP. */
  get printed(): string[] {
    return this.#printed;
  }

  async start(): Promise<void> {
    const splitter = new LineSplitter(
      { maxBytes: this.#limits.maxMessageBytes, floodBytes: 4 * this.#limits.maxMessageBytes },
      {
        onLine: (line) => this.#receive(line),
        onOverlong: (line) => this.#refuse(line),
        onFlood: (bytes) => this.giveUp(`sent a message of more than ${mebibytes(bytes)} MiB`),
      },
    );
    const { stdout } = this.#server;
    stdout.on('data', (chunk: Buffer) => {
      if (this.#end === undefined) splitter.push(chunk);
    });
    stdout.on('error', (error) => this.onerror?.(error));
    const drained = new Promise<void>((resolve) => stdout.once('end', resolve));
    void this.#server.exited.then(async ({ code, signal }) => {
      await Promise.race([drained, sleep(drainMs, undefined, { ref: false })]);
      await this.#finish({ kind: 'exited', code, signal });
    });
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#end !== undefined) throw new Error('the server is gone');
    const { stdin } = this.#server;
    if (stdin.writableLength > maxUnreadBytes) throw new Error('the server does not read what it is sent');
    stdin.write(`${JSON.stringify(message)}\n`);
  }

  /** Ends the server and all that it started. */
  async close(): Promise<void> {
    await this.#finish({ kind: 'closed' });
  }

  /** Ends the server because of what it does, as `"name" was ended because it ${reason}`; whatever waits for it fails. */
  giveUp(reason: string): void {
    this.#log.warn({ pid: this.pid, reason }, 'server given up');
    void this.#finish({ kind: 'broken', reason });
  }

  async #finish(end: TransportEnd): Promise<void> {
    if (this.#end === undefined) {
      this.#end = end;
      this.onclose?.();
    }
    try {
      await this.#server.end();
    } catch (error) {
      // The link is over either way; what may still run is found by its marks at the next start.
      this.#log.error({ pid: this.pid, reason: messageOf(error) }, 'a server could not be ended');
    }
  }

  #receive(line: string): void {
    if (this.#end !== undefined || line.trim() === '') return;
    const message = parseMessage(line);
    if (message === undefined) {
      this.#noteJunk(line);
      return;
    }
    this.#messages += 1;
    this.#junkBytes = 0;
    if ('method' in message) this.#noteUnasked(line.length);
    try {
      this.onmessage?.(message);
    } catch (error) {
      // A message can be built to break whoever reads it, for one by nesting: that is the server's end, not ours.
      this.giveUp(`sent a message that cannot be read (${messageOf(error)})`);
    }
  }

  #noteJunk(line: string): void {
    if (this.#printed.length < 5) this.#printed.push(line.slice(0, 4_096));
    this.#junkBytes += line.length;
    if (this.#junkBytes > maxJunkBytes) this.giveUp('prints text that is not MCP on its standard output');
  }

  #noteUnasked(bytes: number): void {
    const now = performance.now();
    if (now - this.#unasked.since > minuteMs) this.#unasked = { since: now, bytes: 0 };
    this.#unasked.bytes += bytes;
    if (this.#unasked.bytes > maxUnaskedBytes) this.giveUp('floods us with messages that nobody asked for');
  }

  /** An answer that is too long fails its own call and no other, as long as it can be told whose answer it is. */
  #refuse(line: { head: string; tail: string; bytes: number }): void {
    const id = idIn(line);
    if (id === undefined) {
      this.giveUp(`sent a message of ${mebibytes(line.bytes)} MiB`);
      return;
    }
    this.#receive(
      JSON.stringify({
        jsonrpc: '2.0',
        id,
        error: { code: -32_603, message: 'the answer was too long', data: { [tooLongMark]: line.bytes } },
      }),
    );
  }
}

const mebibytes = (bytes: number) => Math.ceil(bytes / 1_048_576);

/** A JSON-RPC 2.0 message, or undefined. The protocol layer checks the rest. */
function parseMessage(line: string): JSONRPCMessage | undefined {
  if (!line.trimStart().startsWith('{')) return undefined;
  try {
    const value: { jsonrpc?: unknown } = JSON.parse(line);
    return value.jsonrpc === '2.0' ? (value as JSONRPCMessage) : undefined;
  } catch {
    // Not JSON: a line of log or a banner, counted by the caller.
    return undefined;
  }
}

/** Servers write the id first or last; anywhere else it could be part of the content. */
function idIn({ head, tail }: { head: string; tail: string }): number | undefined {
  const match =
    /"id"\s*:\s*(\d+)\s*\}\s*$/.exec(tail) ??
    /"id"\s*:\s*(\d+)\s*,\s*"jsonrpc"\s*:\s*"2\.0"\s*\}\s*$/.exec(tail) ??
    /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d+)\s*,/.exec(head);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}
