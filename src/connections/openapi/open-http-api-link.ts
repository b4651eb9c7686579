/** Opens a link to an HTTP API: its document becomes tools once, calls of them become requests. */
import type { HttpApiAuth, HttpOperation, OpenApiSource } from '../../contract/http-connections.ts';
import type { OAuthLogin } from '../../contract/login-config.ts';
import { AlfredError, isAlfredError } from '../../kernel/errors.ts';
import { canonicalJson, sha256 } from '../../kernel/hash.ts';
import type { Logger } from '../../kernel/log.ts';
import type { Resolve } from '../../outbound/dialer.ts';
import { createGuardedFetch, type GuardedFetch } from '../../outbound/guarded-fetch.ts';
import type { LinkLogin } from '../login/link-login.ts';
import { fillUrl, hasAuthorization } from '../mcp-http/open-mcp-http-link.ts';
import { type Authorizer, coveredParameters, createAuthorizer, type RegisterSecret } from './authorize.ts';
import { compile } from './compile.ts';
import type { CompileInput } from './compile-api.ts';
import { HttpApiLink, type HttpApiLinkParts } from './http-api-link.ts';
import { baseOf, type LoadedDocument, loadDocument } from './load-document.ts';
import type { FoundApi } from './operation.ts';
import { partReader } from './read-parts.ts';

/** An `http_api` config with every secret open. */
type OpenHttpApiConfig = {
  baseUrl?: string | undefined;
  basePath?: string | undefined;
  otherOrigins?: string[] | undefined;
  openapi?: OpenApiSource | undefined;
  include: string[];
  serverVariables: Record<string, string>;
  auth: HttpApiAuth;
  oauth?: OAuthLogin | undefined;
  headers: Record<string, string>;
  /** `${NAME}` in `baseUrl` takes the entry of that name. */
  secrets?: Record<string, string> | undefined;
  operations?: HttpOperation[] | undefined;
  allowPrivateNetwork: boolean;
};

export type HttpApiRequest = HttpApiLinkParts & {
  config: OpenHttpApiConfig;
  /** $ALFRED_HOME: no document is read from there. */
  home: string;
  startTimeoutMs: number;
  registerSecret: RegisterSecret;
  /** Where a person signs in; used where the connection has no credentials of its own. */
  login?: LinkLogin | undefined;
  /** Asked at each reading of a document that says itself where the API is; throws when that is not what was approved. */
  checkOrigin: (origin: string) => void;
  signal: AbortSignal;
  log: Logger;
  cache?: ApiCache | undefined;
  /** For tests. */
  resolve?: Resolve | undefined;
};

/** What documents became, by connection, so that a link that is opened again need not read an unchanged one again. */
export class ApiCache {
  readonly #entries = new Map<string, { key: string; document: LoadedDocument | undefined; api: FoundApi }>();

  get(name: string): { key: string; document: LoadedDocument | undefined; api: FoundApi } | undefined {
    return this.#entries.get(name);
  }

  set(name: string, entry: { key: string; document: LoadedDocument | undefined; api: FoundApi }): void {
    this.#entries.set(name, entry);
  }

  forget(name: string): void {
    this.#entries.delete(name);
  }
}

/** The document's headers: the connection's own credentials, when the document is at the API's own address. */
const headersFor = (config: OpenHttpApiConfig, authorizer: Authorizer) => async (url: string) => {
  const isSameOrigin =
    config.baseUrl !== undefined && URL.parse(config.baseUrl)?.origin === URL.parse(url)?.origin;
  if (!isSameOrigin) return {};
  // A login that has ended keeps nobody from reading a document that is for everybody.
  const signed = await authorizer.sign().catch((error: unknown) => {
    if (isAlfredError(error, 'E_NEEDS_LOGIN')) return { headers: {} };
    throw error;
  });
  return { ...config.headers, ...signed.headers };
};

async function readDocument(
  request: HttpApiRequest,
  guarded: GuardedFetch,
  authorizer: Authorizer,
  signal: AbortSignal,
) {
  const { config, home, cache, name, log } = request;
  if (config.openapi === undefined) return undefined;
  try {
    return await loadDocument(config.openapi, {
      fetch: guarded.fetch,
      home,
      headersFor: headersFor(config, authorizer),
      signal,
    });
  } catch (error) {
    const kept = cache?.get(name)?.document;
    if (kept === undefined || !isAlfredError(error, 'E_CONNECTION_FAILED', 'E_CONNECTION_TIMEOUT'))
      throw error;
    log.warn(
      { connection: name, code: error.code },
      'the OpenAPI document cannot be read again; the last one is used',
    );
    return kept;
  }
}

async function readApi(
  request: HttpApiRequest,
  guarded: GuardedFetch,
  authorizer: Authorizer,
  signal: AbortSignal,
): Promise<FoundApi> {
  const { config, cache, name } = request;
  const document = await readDocument(request, guarded, authorizer, signal);
  const input: CompileInput = {
    text: document?.text,
    base: baseOf(document),
    operations: config.operations ?? [],
    server: {
      baseUrl: config.baseUrl,
      basePath: config.basePath,
      otherOrigins: config.otherOrigins,
      variables: config.serverVariables,
      documentUrl: document?.url,
    },
    include: config.include,
    covered: coveredParameters(config.auth, config.headers),
  };
  const text = input.text === undefined ? '' : sha256(input.text).toString('hex');
  const key = sha256(canonicalJson({ ...input, text })).toString('hex');
  const known = cache?.get(name);
  // The text of a document of several files says nothing of the others.
  const isKnown = known?.key === key && known.api.partCount === 0;
  const readPart = document && partReader(document, { fetch: guarded.fetch, home: request.home, signal });
  const api = isKnown
    ? known.api
    : await compile(input, { signal, readPart }).catch((error: unknown) => {
        const mayPass = isAlfredError(error, 'E_CONNECTION_FAILED', 'E_CONNECTION_TIMEOUT');
        if (known?.key !== key || !mayPass) throw error;
        return known.api;
      });
  // Before any credential goes there.
  if (config.baseUrl === undefined) request.checkOrigin(new URL(api.baseUrl).origin);
  cache?.set(name, { key, document, api });
  return api;
}

/**
 * @throws AlfredError E_VALIDATION, E_TOO_LARGE for a document that cannot be used; E_ADDRESS_REFUSED, E_NEEDS_LOGIN,
 * E_CONNECTION_FAILED, E_CONNECTION_TIMEOUT where it cannot be had
 */
export async function openHttpApiLink(given: HttpApiRequest): Promise<HttpApiLink> {
  const request = withBaseUrl(given);
  const { config, name } = request;
  const options = {
    allowPrivateNetwork: config.allowPrivateNetwork,
    ...(request.resolve ? { resolve: request.resolve } : {}),
  };
  const forAuth = createGuardedFetch(options);
  const authorizer = createAuthorizer(config.auth, {
    fetch: forAuth.fetch,
    registerSecret: request.registerSecret,
    login: hasAuthorization(config.headers) ? undefined : request.login,
  });
  const guarded = createGuardedFetch({
    ...options,
    secrets: [
      ...authorizer.secrets,
      ...Object.values(config.secrets ?? {}),
      ...Object.values(config.headers).filter((value) => value.length >= 8),
    ],
  });
  const both: GuardedFetch = {
    fetch: guarded.fetch,
    close: async () => {
      await Promise.all([guarded.close(), forAuth.close()]);
    },
  };
  const closing = new AbortController();
  const readAgain = () => readInTime(request, guarded, authorizer, closing.signal);
  try {
    const api = await readInTime(request, guarded, authorizer, request.signal);
    const close = async () => {
      closing.abort();
      await both.close();
    };
    return new HttpApiLink(
      request,
      api,
      { fetch: guarded.fetch, close },
      authorizer,
      config.openapi === undefined ? undefined : readAgain,
    );
  } catch (error) {
    await both.close();
    if (request.signal.aborted) throw new AlfredError('E_CANCELLED', `Opening "${name}" was cancelled.`);
    throw error;
  }
}

/** The request with the secrets of its base URL in place, each percent-encoded: none can change the host. */
function withBaseUrl(request: HttpApiRequest): HttpApiRequest {
  const { baseUrl, secrets = {} } = request.config;
  if (baseUrl === undefined) return request;
  return { ...request, config: { ...request.config, baseUrl: fillUrl(baseUrl, secrets, request.name) } };
}

async function readInTime(
  request: HttpApiRequest,
  guarded: GuardedFetch,
  authorizer: Authorizer,
  signal: AbortSignal,
): Promise<FoundApi> {
  const { name, startTimeoutMs } = request;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), startTimeoutMs);
  try {
    return await readApi(request, guarded, authorizer, AbortSignal.any([signal, late.signal]));
  } catch (error) {
    if (signal.aborted || !late.signal.aborted) throw error;
    throw new AlfredError(
      'E_CONNECTION_TIMEOUT',
      `The OpenAPI document of "${name}" could not be read within ${startTimeoutMs} ms.`,
      { remedy: 'Try again, or give the document as a file.' },
    );
  } finally {
    clearTimeout(timer);
  }
}
