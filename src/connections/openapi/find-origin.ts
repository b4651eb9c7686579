/** Where a document says that its API is, found without a word of the owner: no credential of the connection goes along. */
import type { HttpApiConfigInput } from '../../contract/http-connections.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { createGuardedFetch } from '../../outbound/guarded-fetch.ts';
import { compile } from './compile.ts';
import { baseOf, loadDocument } from './load-document.ts';
import { partReader } from './read-parts.ts';

/** How long a person who is about to approve waits for a document, in milliseconds. */
const timeoutMs = 60_000;

/**
 * Reads the document, and nothing else of the API.
 *
 * @param home files in here are the VM's own, and no document
 * @throws AlfredError E_VALIDATION, E_TOO_LARGE for a document that does not say it; E_ADDRESS_REFUSED, E_NEEDS_LOGIN,
 * E_CONNECTION_FAILED, E_CONNECTION_TIMEOUT where it cannot be had
 */
export async function findOrigin(
  {
    openapi,
    operations = [],
    serverVariables,
    include,
    allowPrivateNetwork,
  }: Pick<
    HttpApiConfigInput,
    'openapi' | 'operations' | 'serverVariables' | 'include' | 'allowPrivateNetwork'
  >,
  home: string,
): Promise<string> {
  const guarded = createGuardedFetch({ allowPrivateNetwork });
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const document =
      openapi === undefined
        ? undefined
        : await loadDocument(openapi, { fetch: guarded.fetch, home, headersFor: async () => ({}), signal });
    const api = await compile(
      {
        text: document?.text,
        base: baseOf(document),
        operations,
        include,
        covered: [],
        server: { baseUrl: undefined, variables: serverVariables, documentUrl: document?.url },
      },
      {
        signal,
        readPart: document && partReader(document, { fetch: guarded.fetch, home, signal }),
      },
    );
    return new URL(api.baseUrl).origin;
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
