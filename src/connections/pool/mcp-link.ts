/** A link over MCP: the SDK's client on a transport of ours, its errors in our codes and words. */
import {
  type CallToolResult,
  type Client,
  ProtocolError,
  type RequestOptions,
  SdkError,
  SdkErrorCode,
} from '@modelcontextprotocol/client';
import type { Tool } from '../../contract/connections.ts';
import { AlfredError, messageOf } from '../../kernel/errors.ts';
import { boundResult } from '../tools/bound-result.ts';
import { readToolList } from '../tools/tool-definition.ts';
import type { CallOptions, Link, LinkEnd } from './link.ts';

export type McpLinkParts = {
  /** The connection's name, for messages. */
  name: string;
  client: Client;
  /** Settles when the transport has ended, with what a call is told from then on. */
  ended: Promise<LinkEnd>;
  /** Gives up a server that no longer answers. */
  giveUp: (reason: string) => void;
  close: () => Promise<void>;
  /** Replaces known secrets in a server's words. */
  redact: (text: string) => string;
  /** The same in every text of a value. */
  redactValue: <Value>(value: Value) => Value;
  /** About the longest result, in characters of JSON. */
  maxResultSize: number;
  /** In the data of an error that the transport put in place of an answer that was too long. */
  tooLongMark: string;
};

/** How long a server that let a call time out may take to show that it lives. */
const aliveMs = 5_000;
const maxReasonLength = 2_000;

export class McpLink implements Link {
  readonly server: { name: string; version: string } | undefined;
  readonly ended: Promise<LinkEnd>;
  readonly #parts: McpLinkParts;
  #end: LinkEnd | undefined;
  #asking: Promise<void> | undefined;

  constructor(parts: McpLinkParts) {
    this.#parts = parts;
    this.ended = parts.ended.then((end) => {
      this.#end = end;
      return end;
    });
    const version = parts.client.getServerVersion();
    this.server =
      version === undefined
        ? undefined
        : {
            name: parts.redact(version.name).slice(0, 200),
            version: parts.redact(version.version).slice(0, 100),
          };
  }

  get end(): LinkEnd | undefined {
    return this.#end;
  }

  async listTools(options: CallOptions): Promise<Tool[]> {
    try {
      // Past the SDK's cache: with a list in it, the SDK would compile the server's own output schemas and run them over
      // results, patterns that never come to an end included.
      const { tools } = await this.#parts.client.listTools(undefined, {
        ...requestOptions(options),
        cacheMode: 'bypass',
      });
      return readToolList(tools).map(this.#parts.redactValue);
    } catch (error) {
      throw await this.#explain(error, options, 'the list of its tools');
    }
  }

  async callTool(tool: string, args: Record<string, unknown>, options: CallOptions): Promise<CallToolResult> {
    try {
      const result = await this.#parts.client.request(
        { method: 'tools/call', params: { name: tool, arguments: args } },
        requestOptions(options),
      );
      return boundResult(result, this.#parts.maxResultSize);
    } catch (error) {
      throw await this.#explain(error, options, tool);
    }
  }

  close(): Promise<void> {
    return this.#parts.close();
  }

  async #explain(error: unknown, { signal, timeoutMs }: CallOptions, what: string): Promise<AlfredError> {
    if (error instanceof AlfredError) return error;
    const { name, redact, tooLongMark } = this.#parts;
    if (signal?.aborted === true) {
      return new AlfredError('E_CANCELLED', `The call of ${what} was cancelled.`, { cause: error });
    }
    if (error instanceof ProtocolError) {
      const bytes = tooLongBytes(error.data, tooLongMark);
      if (bytes !== undefined) {
        return new AlfredError(
          'E_TOOL_FAILED',
          `${what} of "${name}" answered with ${Math.ceil(bytes / 1_048_576)} MiB, more than one answer may have.`,
          { remedy: 'Ask it for less: a smaller range, fewer items, one file.' },
        );
      }
      const reason = redact(error.message).slice(0, maxReasonLength);
      return new AlfredError('E_TOOL_FAILED', `"${name}" refused ${what}: ${reason}`, { cause: error });
    }
    if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) {
      this.#askWhetherAlive();
      return new AlfredError(
        'E_TOOL_TIMEOUT',
        `${what} of "${name}" did not answer within ${seconds(timeoutMs)}.`,
        {
          remedy: 'Try again, or raise "timeoutMs" of the connection.',
          cause: error,
        },
      );
    }
    const gone = error instanceof SdkError && goneCodes.includes(error.code);
    // The client learns of the end from the same event as we do, a moment earlier.
    if (gone || this.#end !== undefined) return (await this.ended).error;
    return new AlfredError(
      'E_TOOL_FAILED',
      `"${name}" gave an answer to ${what} that is not MCP: ${redact(messageOf(error)).slice(0, maxReasonLength)}`,
      { cause: error },
    );
  }

  /** A server may let one call time out and be well; one that then answers nothing at all is given up. */
  #askWhetherAlive(): void {
    const { client, giveUp } = this.#parts;
    const isModern = client.getProtocolEra() === 'modern';
    this.#asking ??= (
      isModern ? client.discover({ timeout: aliveMs }) : client.ping({ timeout: aliveMs })
    ).then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout)
          giveUp('no longer answers');
      },
    );
    void this.#asking.finally(() => {
      this.#asking = undefined;
    });
  }
}

const goneCodes: string[] = [
  SdkErrorCode.ConnectionClosed,
  SdkErrorCode.NotConnected,
  SdkErrorCode.SendFailed,
];

const requestOptions = ({ timeoutMs, signal, onProgress }: CallOptions): RequestOptions => ({
  timeout: timeoutMs,
  ...(signal === undefined ? {} : { signal }),
  ...(onProgress === undefined ? {} : { onprogress: onProgress }),
});

function tooLongBytes(data: unknown, mark: string): number | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const bytes: unknown = Object.getOwnPropertyDescriptor(data, mark)?.value;
  return typeof bytes === 'number' ? bytes : undefined;
}

const seconds = (ms: number) => (ms < 1_000 ? `${ms} ms` : `${Math.round(ms / 100) / 10} s`);
