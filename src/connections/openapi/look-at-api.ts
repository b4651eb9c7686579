/** Reads the document of an API, and nothing else of it, for a person who waits: to approve it, or to sign in. */
import type { HttpApiConfigInput } from '../../contract/http-connections.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { createGuardedFetch } from '../../outbound/guarded-fetch.ts';
import { compile } from './compile.ts';
import { baseOf, loadDocument } from './load-document.ts';
import type { FoundApi } from './operation.ts';
import { partReader } from './read-parts.ts';

/** How long a person waits for a document, in milliseconds. */
const timeoutMs = 60_000;

export type LookedAt = Pick<
  HttpApiConfigInput,
  'baseUrl' | 'openapi' | 'operations' | 'serverVariables' | 'include' | 'allowPrivateNetwork'
> & {
  /** Sent along where the document is at the base URL's own origin. */
  headers?: Record<string, string>;
};

/**
 * @param home files in here are the VM's own, and no document
 * @throws AlfredError E_VALIDATION, E_TOO_LARGE for a document that cannot be used; E_ADDRESS_REFUSED, E_NEEDS_LOGIN,
 * E_CONNECTION_FAILED, E_CONNECTION_TIMEOUT where it cannot be had
 */
export async function lookAtApi(
  {
    baseUrl,
    openapi,
    operations = [],
    serverVariables,
    include,
    allowPrivateNetwork,
    headers = {},
  }: LookedAt,
  home: string,
): Promise<FoundApi> {
  const guarded = createGuardedFetch({ allowPrivateNetwork });
  const signal = AbortSignal.timeout(timeoutMs);
  const headersFor = async (url: string) =>
    baseUrl !== undefined && URL.parse(baseUrl)?.origin === URL.parse(url)?.origin ? headers : {};
  try {
    const document =
      openapi === undefined
        ? undefined
        : await loadDocument(openapi, { fetch: guarded.fetch, home, headersFor, signal });
    return await compile(
      {
        text: document?.text,
        base: baseOf(document),
        operations,
        include,
        covered: [],
        server: { baseUrl, variables: serverVariables, documentUrl: document?.url },
      },
      {
        signal,
        readPart: document && partReader(document, { fetch: guarded.fetch, home, signal }),
      },
    );
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new AlfredError(
      'E_CONNECTION_TIMEOUT',
      `The OpenAPI document could not be read within ${timeoutMs} ms`,
      {
        remedy: 'Try again, or give the document as a file.',
      },
    );
  } finally {
    await guarded.close();
  }
}
