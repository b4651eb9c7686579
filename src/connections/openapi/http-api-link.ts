/** A link to an HTTP API: calls of its tools become requests. */
import type { Tool } from '../../contract/connections.ts';
import { AlfredError, isAlfredError } from '../../kernel/errors.ts';
import { boundResult } from '../bound-result.ts';
import type { GuardedFetch } from '../http/guarded-fetch.ts';
import type { RetryPolicy } from '../http/retry.ts';
import type { CallOptions, CallToolResult, Link, LinkEnd } from '../link.ts';
import type { Authorizer } from './authorize.ts';
import { callOperation } from './call-operation.ts';
import type { Api, Operation } from './operation.ts';

export type HttpApiLinkParts = {
  /** The connection's name, for messages. */
  name: string;
  config: { headers: Record<string, string> };
  /** About the longest result, in characters of JSON. */
  maxResultSize: number;
  retry?: RetryPolicy | undefined;
};

export class HttpApiLink implements Link {
  readonly server: { name: string; version: string };
  readonly ended: Promise<LinkEnd>;
  readonly #request: HttpApiLinkParts;
  readonly #operations: Map<string, Operation>;
  readonly #guarded: GuardedFetch;
  readonly #authorizer: Authorizer;
  readonly #closing = new AbortController();
  readonly #resolveEnd: (end: LinkEnd) => void;
  #end: LinkEnd | undefined;

  constructor(request: HttpApiLinkParts, api: Api, guarded: GuardedFetch, authorizer: Authorizer) {
    this.#request = request;
    this.#guarded = guarded;
    this.#authorizer = authorizer;
    this.#operations = new Map(api.operations.map((operation) => [operation.tool.name, operation]));
    this.server = { name: api.title, version: api.version };
    const { promise, resolve } = Promise.withResolvers<LinkEnd>();
    this.ended = promise;
    this.#resolveEnd = resolve;
  }

  get end(): LinkEnd | undefined {
    return this.#end;
  }

  async listTools(): Promise<Tool[]> {
    this.#assertOpen();
    return [...this.#operations.values()].map(({ tool }) => tool);
  }

  async callTool(tool: string, args: Record<string, unknown>, options: CallOptions): Promise<CallToolResult> {
    this.#assertOpen();
    const { name, config, maxResultSize, retry } = this.#request;
    const operation = this.#operations.get(tool);
    if (!operation) throw new AlfredError('E_UNKNOWN_TOOL', `"${name}" has no tool ${tool}`);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), options.timeoutMs);
    const signal = AbortSignal.any([
      late.signal,
      this.#closing.signal,
      ...(options.signal ? [options.signal] : []),
    ]);
    try {
      const result = await callOperation(
        {
          name,
          fetch: this.#guarded.fetch,
          authorizer: this.#authorizer,
          headers: config.headers,
          ...(retry ? { retry } : {}),
        },
        operation,
        args,
        { deadline: Date.now() + options.timeoutMs, signal },
      );
      return boundResult(result, maxResultSize);
    } catch (error) {
      if (options.signal?.aborted) throw new AlfredError('E_CANCELLED', `The call of ${tool} was cancelled.`);
      this.#assertOpen();
      if (late.signal.aborted) {
        throw new AlfredError(
          'E_TOOL_TIMEOUT',
          `${tool} of "${name}" did not answer within ${options.timeoutMs} ms.`,
          {
            remedy: 'Try again, or raise "timeoutMs" of the connection.',
          },
        );
      }
      if (isAlfredError(error)) throw error;
      throw new AlfredError('E_TOOL_FAILED', `The call of ${tool} of "${name}" failed.`);
    } finally {
      clearTimeout(timer);
    }
  }

  #assertOpen(): void {
    if (this.#end) throw this.#end.error;
  }

  async close(): Promise<void> {
    if (this.#end) return;
    this.#end = {
      wasClosed: true,
      error: new AlfredError('E_CONNECTION_FAILED', `"${this.#request.name}" was closed.`, {
        remedy: 'Try again: the next call opens it.',
      }),
    };
    this.#closing.abort();
    this.#resolveEnd(this.#end);
    await this.#guarded.close();
  }
}
