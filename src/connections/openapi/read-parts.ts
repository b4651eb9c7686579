/**
 * Reads the other files that a document refers to. A document is a stranger's word: it can name files beside it, and nothing
 * else of this machine or network.
 */
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AlfredError, isAlfredError } from '../../kernel/errors.ts';
import { readCapped } from '../../outbound/guard-body.ts';
import type { GuardedFetch } from '../../outbound/guarded-fetch.ts';
import type { ReadPart } from './document-files.ts';
import { type LoadedDocument, readDocumentFile } from './load-document.ts';
import { documentBounds } from './parse-document.ts';

type Read = { text: string } | { why: string };
type PartDeps = { fetch: GuardedFetch['fetch']; home: string; signal: AbortSignal };

/**
 * @param home files in here are the VM's own, and part of no document
 * @returns how the parts of `loaded` are read; undefined where it came as text
 */
export function partReader({ url, file }: LoadedDocument, deps: PartDeps): ReadPart | undefined {
  if (url === undefined && file === undefined) return undefined;
  let bytes = 0;
  const tooMuch = {
    why: `the document has more than ${documentBounds.bytes / 1024 / 1024} MiB with its other files`,
  };
  return async (href) => {
    if (bytes > documentBounds.bytes) return tooMuch;
    const read = url === undefined ? await beside(file ?? '', href, deps) : await download(url, href, deps);
    if ('why' in read) return read;
    bytes += Buffer.byteLength(read.text);
    return bytes > documentBounds.bytes ? tooMuch : read;
  };
}

/** A JSON or YAML file in the folder of the document, or in one below, none of them hidden. */
async function beside(document: string, href: string, { home }: PartDeps): Promise<Read> {
  const folder = path.dirname(document);
  const isInside = (file: string) => {
    const relative = path.relative(folder, file);
    return (
      !path.isAbsolute(relative) &&
      /\.(json|ya?ml)$/i.test(relative) &&
      relative.split(path.sep).every((part) => !part.startsWith('.'))
    );
  };
  const outside = { why: 'it is no JSON or YAML file in the folder of the document' };
  let named: string;
  try {
    named = fileURLToPath(href);
  } catch {
    return outside;
  }
  if (!isInside(named)) return outside;
  const real = await realpath(named).catch(() => undefined);
  if (real === undefined) return { why: 'there is no such file' };
  if (!isInside(real)) return outside;
  // To open a pipe waits for whoever writes into it.
  if (!(await stat(real)).isFile()) return { why: 'it is not a plain file' };
  try {
    return { text: await readDocumentFile(real, home) };
  } catch (error) {
    if (isAlfredError(error)) return { why: 'it may not be read, or is too large' };
    throw error;
  }
}

/**
 * From where the document itself came from, and without credentials: what the document names has been looked at by nobody.
 * It leads to no other host, not by a redirect either.
 *
 * @throws AlfredError E_CONNECTION_FAILED, E_CONNECTION_TIMEOUT for what may pass: tools that are gone for a moment would have
 * to be approved again
 */
async function download(document: string, href: string, { fetch, signal }: PartDeps): Promise<Read> {
  if (new URL(href).origin !== new URL(document).origin)
    return { why: 'it is on another host than the document' };
  try {
    const response = await fetch(href, {
      headers: { accept: 'application/json, application/yaml, text/yaml, */*;q=0.5' },
      redirect: 'manual',
      signal,
    });
    if (response.ok) {
      const { bytes, truncated } = await readCapped(response, documentBounds.bytes);
      return truncated ? { why: 'it is too large' } : { text: bytes.toString('utf8') };
    }
    await response.body?.cancel();
    const why = `it is answered with HTTP ${response.status}`;
    if (response.status !== 429 && response.status < 500) return { why };
    throw new AlfredError('E_CONNECTION_FAILED', `A part of the OpenAPI document cannot be read: ${why}`, {
      remedy: 'Try again later, or give one document that holds all its parts ("bundled").',
    });
  } catch (error) {
    const mayPass = isAlfredError(error, 'E_CONNECTION_FAILED', 'E_CONNECTION_TIMEOUT');
    if (signal.aborted || mayPass || !isAlfredError(error)) throw error;
    return { why: error.message };
  }
}
