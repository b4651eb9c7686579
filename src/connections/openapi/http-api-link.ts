/** A link to an HTTP API: calls of its tools become requests. */
import { isDeepStrictEqual } from 'node:util';
import { lackedScopes } from '../../contract/scopes.ts';
import { AlfredError, isAlfredError } from '../../kernel/errors.ts';
import type { GuardedFetch } from '../../outbound/guarded-fetch.ts';
import type { RetryPolicy } from '../../outbound/retry.ts';
import type { CallOptions, CallToolResult, Link, LinkEnd } from '../pool/link.ts';
import { boundResult } from '../tools/bound-result.ts';
import { type FoundTool, readDefinition } from '../tools/found-tool.ts';
import { apiWarnings } from './api-warnings.ts';
import type { Authorizer } from './authorize.ts';
import { callOperation, needsLogin } from './call-operation.ts';
import type { FoundApi, Operation } from './operation.ts';

export type HttpApiLinkParts = {
  /** The connection's name, for messages. */
  name: string;
  config: {
    headers: Record<string, string>;
    auth: { type: string };
    oauth?: { accessToken?: string | undefined; scope?: string | undefined } | undefined;
  };
  /** About the longest result, in characters of JSON. */
  maxResultSize: number;
  retry?: RetryPolicy | undefined;
  /** Replaces known secrets in every text of a value. */
  redactValue?: (<Value>(value: Value) => Value) | undefined;
  /** The same for tools. */
  redactTools?: ((tools: FoundTool[]) => FoundTool[]) | undefined;
  /** Told as soon as the document turns out to describe other tools than before. */
  onToolsChanged?: (() => void) | undefined;
};

export class HttpApiLink implements Link {
  readonly server: { name: string; version: string };
  readonly ended: Promise<LinkEnd>;
  readonly #request: HttpApiLinkParts;
  #operations: Map<string, Operation<FoundTool>>;
  #api: FoundApi;
  /** Reads the document again; undefined where there is none. */
  readonly #readAgain: (() => Promise<FoundApi>) | undefined;
  /** False from the first list on: the document was read just before it. */
  #isFresh = true;
  readonly #guarded: GuardedFetch;
  readonly #authorizer: Authorizer;
  readonly #closing = new AbortController();
  readonly #resolveEnd: (end: LinkEnd) => void;
  #end: LinkEnd | undefined;

  constructor(
    request: HttpApiLinkParts,
    api: FoundApi,
    guarded: GuardedFetch,
    authorizer: Authorizer,
    readAgain?: () => Promise<FoundApi>,
  ) {
    this.#readAgain = readAgain;
    this.#api = api;
    this.#request = request;
    this.#guarded = guarded;
    this.#authorizer = authorizer;
    this.#operations = byName(api);
    this.server = { name: api.title, version: api.version };
    const { promise, resolve } = Promise.withResolvers<LinkEnd>();
    this.ended = promise;
    this.#resolveEnd = resolve;
  }

  get end(): LinkEnd | undefined {
    return this.#end;
  }

  /** Each list after the first reads the document again. */
  async listTools(): Promise<FoundTool[]> {
    this.#assertOpen();
    if (!this.#isFresh && this.#readAgain !== undefined) this.#take(await this.#readAgain());
    this.#isFresh = false;
    const tools = toolsOf(this.#api);
    return this.#request.redactTools?.(tools) ?? tools;
  }

  /** Of the document as it was read last. */
  warnings(): string[] {
    const { name, config } = this.#request;
    const { auth, headers, oauth } = config;
    const hasLogin =
      oauth?.accessToken !== undefined ||
      !['none', 'oauth2'].includes(auth.type) ||
      Object.keys(headers).length > 0;
    const warnings = apiWarnings(this.#api, { name, hasLogin });
    return this.#request.redactValue?.(warnings) ?? warnings;
  }

  #take(api: FoundApi): void {
    const before = this.#api;
    this.#api = api;
    if (isDeepStrictEqual([before.operations, before.unusable], [api.operations, api.unusable])) return;
    this.#operations = byName(api);
    this.#request.onToolsChanged?.();
  }

  /** Asks for the root of the API with the login. Any answer shows that it is there; 401 that the login is not taken. */
  async reach({ timeoutMs, signal }: CallOptions): Promise<string> {
    this.#assertOpen();
    const { name, config } = this.#request;
    const url = new URL(this.#api.baseUrl);
    const send = async () => {
      const { headers, query, renew } = await this.#authorizer.sign();
      for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
      const response = await this.#guarded.fetch(
        url,
        {
          headers: { ...config.headers, ...headers },
          signal: AbortSignal.any([this.#closing.signal, ...(signal ? [signal] : [])]),
        },
        { headersTimeoutMs: timeoutMs, totalTimeoutMs: timeoutMs },
      );
      await response.body?.cancel();
      return { response, renew };
    };
    const first = await send();
    const { response } = first.response.status === 401 && (await first.renew()) ? await send() : first;
    if (response.status === 401) throw needsLogin(name, url.origin);
    return `${url.origin} answers (HTTP ${response.status})`;
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
          lacks: ({ scopes }) =>
            config.oauth?.accessToken === undefined
              ? ''
              : lackedScopes(scopes, config.oauth.scope ?? null).join(' '),
          ...(retry ? { retry } : {}),
        },
        { ...operation, tool: readDefinition(operation.tool) },
        args,
        { deadline: performance.now() + options.timeoutMs, signal },
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

const toolsOf = ({ operations, unusable }: FoundApi): FoundTool[] => [
  ...operations.map(({ tool }) => tool),
  ...unusable,
];

const byName = (api: FoundApi): Map<string, Operation<FoundTool>> =>
  new Map(api.operations.map((operation) => [operation.tool.name, operation]));
