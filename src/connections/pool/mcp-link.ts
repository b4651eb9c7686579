/** A link over MCP: the SDK's client on a transport of ours, its errors in our codes and words. */
import {
  type CallToolResult,
  type Client,
  ProtocolError,
  type RequestOptions,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
} from '@modelcontextprotocol/client';
import { z } from 'zod';
import type { Tool } from '../../contract/connections.ts';
import { holdsRounded } from '../../contract/exact-json.ts';
import { AlfredError, messageOf } from '../../kernel/errors.ts';
import { boundResult } from '../tools/bound-result.ts';
import { readCallResult } from '../tools/read-call-result.ts';
import { maxTools, readToolList } from '../tools/tool-definition.ts';
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

/** Of what a server says of its use, in characters: it is shown to a person, and no model is given it. */
const longestInstructions = 8_000;

function instructionsOf({ client, redact }: McpLinkParts): { instructions?: string } {
  const said = client.getInstructions()?.trim() ?? '';
  return said === '' ? {} : { instructions: redact(said).slice(0, longestInstructions) };
}

/** How long a server that let a call time out may take to show that it lives. */
const aliveMs = 5_000;
const maxReasonLength = 2_000;
const theList = 'the list of its tools';

export class McpLink implements Link {
  readonly server: Link['server'];
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
            ...instructionsOf(parts),
          };
  }

  get end(): LinkEnd | undefined {
    return this.#end;
  }

  async listTools(options: CallOptions): Promise<Tool[]> {
    try {
      return readToolList(await this.#allTools(options)).map(this.#parts.redactValue);
    } catch (error) {
      throw await this.#explain(error, options, theList);
    }
  }

  /**
   * Page by page, each read by ourselves: the SDK refuses a whole list for one odd tool. Nor does it keep one then, whose
   * output schemas it would compile and run over results, patterns that never come to an end included.
   */
  async #allTools(options: CallOptions): Promise<unknown[]> {
    const { client } = this.#parts;
    if (client.getServerCapabilities()?.tools === undefined) return [];
    const tools: unknown[] = [];
    const seen = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = await client.request(
        { method: 'tools/list', ...(cursor === undefined ? {} : { params: { cursor } }) },
        pageSchema,
        requestOptions(options),
      );
      if (!Array.isArray(page.tools)) throw notMcp('its list of tools is no list');
      tools.push(...page.tools);
      const next = page.nextCursor;
      cursor = typeof next === 'string' && next !== '' ? next : undefined;
      if (cursor !== undefined && seen.has(cursor)) throw notMcp('its list of tools comes to no end');
      if (cursor !== undefined) seen.add(cursor);
    } while (cursor !== undefined && tools.length <= maxTools);
    return tools;
  }

  async callTool(tool: string, args: Record<string, unknown>, options: CallOptions): Promise<CallToolResult> {
    try {
      const result = await this.#parts.client.request(
        { method: 'tools/call', params: { name: tool, arguments: args } },
        resultSchema,
        { ...extendedBy(options), ...requestOptions(options) },
      );
      return boundResult(withoutRounded(readCallResult(result)), this.#parts.maxResultSize);
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
    if (SdkHttpError.isInstance(error)) {
      const reason = `"${name}" answered ${what} with HTTP ${error.status}.`;
      const code = what === theList ? 'E_CONNECTION_FAILED' : 'E_TOOL_FAILED';
      return new AlfredError(code, reason, { remedy: httpRemedy(error.status), cause: error });
    }
    const gone = error instanceof SdkError && goneCodes.includes(error.code);
    // The client learns of the end from the same event as we do, a moment earlier.
    if (gone || this.#end !== undefined) return (await this.ended).error;
    const isInvalid = error instanceof SdkError && error.code === SdkErrorCode.InvalidResult;
    const reason = isInvalid ? 'it is not of the form that the protocol has' : redact(messageOf(error));
    return new AlfredError(
      what === theList ? 'E_NOT_MCP' : 'E_TOOL_FAILED',
      `"${name}" gave an answer to ${what} that is not MCP: ${reason.slice(0, maxReasonLength)}.`,
      { remedy: 'Report it to whoever makes the server; another version of it may do.', cause: error },
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

const httpRemedy = (status: number): string =>
  status >= 500
    ? 'Something went wrong at the server: look there, and try again later.'
    : 'The server turned it away: check what it wants of who calls it.';

const goneCodes: string[] = [
  SdkErrorCode.ConnectionClosed,
  SdkErrorCode.NotConnected,
  SdkErrorCode.SendFailed,
];

const pageSchema = z.looseObject({ tools: z.unknown().optional(), nextCursor: z.unknown().optional() });
const resultSchema = z.looseObject({});

const notMcp = (why: string) =>
  new AlfredError('E_NOT_MCP', `It does not speak MCP as it should: ${why}.`, {
    remedy: 'Report it to whoever makes the server; another version of it may do.',
  });

/** A call that tells how far it is may go on: up to ten times its limit, and ten minutes unless its limit is longer. */
const extendedBy = ({ timeoutMs }: CallOptions): RequestOptions => ({
  // Without a listener, a server is not asked to tell.
  onprogress: () => {},
  resetTimeoutOnProgress: true,
  maxTotalTimeout: Math.max(timeoutMs, Math.min(10 * timeoutMs, 600_000)),
});

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

/**
 * The SDK reads a server's numbers as JavaScript has them. Where that made others of them, the data is left out: the text
 * beside it has every digit.
 */
function withoutRounded(result: CallToolResult): CallToolResult {
  const { structuredContent, ...rest } = result;
  if (structuredContent === undefined || rest.content.length === 0) return result;
  return holdsRounded(structuredContent) ? rest : result;
}
