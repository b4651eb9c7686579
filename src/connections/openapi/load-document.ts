/** Gets the text of an OpenAPI document: by address (guarded), from a file, or as it was given. */
import { open, realpath } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OpenApiSource } from '../../contract/http-connections.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { readCapped } from '../../outbound/guard-body.ts';
import type { GuardedFetch } from '../../outbound/guarded-fetch.ts';
import { documentBounds } from './parse-document.ts';

export type LoadedDocument = {
  text: string;
  /** Where it was found in the end, for relative servers. */
  url: string | undefined;
  /** The real path of its file. */
  file: string | undefined;
};

/** Where the other files of a document are looked for. */
export const baseOf = (loaded: LoadedDocument | undefined): string | undefined =>
  loaded?.file === undefined ? loaded?.url : pathToFileURL(loaded.file).href;

type Source = { url: string } | { file: string } | { text: string };

/** What a source says in so many words; a bare string may be an address, a text or the path of a file. */
function readSource(source: OpenApiSource): Source {
  if (typeof source === 'string') {
    if (/^https?:\/\//i.test(source) && !/\s/.test(source.trim())) return { url: source.trim() };
    return /[\n{]/.test(source) ? { text: source } : { file: source };
  }
  if ('url' in source) return { url: source.url };
  if ('file' in source) return { file: source.file };
  return { text: typeof source.document === 'string' ? source.document : JSON.stringify(source.document) };
}

/** `source` in its one strict form, the text of a document without white space that says nothing. */
export function normalSource(source: OpenApiSource): OpenApiSource {
  const read = readSource(source);
  return 'text' in read ? { document: compact(read.text) } : read;
}

function compact(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text; // YAML, or nothing that can be read: the discovery says which
  }
}

const tooLarge = () =>
  new AlfredError(
    'E_TOO_LARGE',
    `The OpenAPI document is larger than ${documentBounds.bytes / 1024 / 1024} MiB`,
    {
      remedy: 'Give a document with the operations that you need, or list them by hand in "operations".',
    },
  );

const refuse = (why: string) =>
  new AlfredError('E_VALIDATION', `The OpenAPI document cannot be read from that file: ${why}`, {
    remedy: 'Give the absolute path of a JSON or YAML file.',
  });

/**
 * The text of a document's file.
 *
 * @param file its real path
 * @param home files in here are the VM's own, and no document
 * @throws AlfredError E_VALIDATION, E_TOO_LARGE
 */
export async function readDocumentFile(file: string, home: string): Promise<string> {
  const inside = path.relative(await realpath(home).catch(() => home), file);
  if (!inside.startsWith('..') && !path.isAbsolute(inside)) throw refuse("it is one of the VM's own");
  const handle = await open(file, 'r').catch(() => {
    throw refuse('it may not be read');
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw refuse('it is not a plain file');
    if (stat.size > documentBounds.bytes) throw tooLarge();
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

async function realFile(file: string): Promise<string> {
  if (!path.isAbsolute(file)) throw refuse('the path is not absolute');
  return realpath(file).catch((error: NodeJS.ErrnoException) => {
    throw refuse(error.code === 'EACCES' ? 'it may not be read' : 'there is none');
  });
}

async function download(
  url: string,
  fetch: GuardedFetch['fetch'],
  options: { headers: Record<string, string>; signal: AbortSignal },
): Promise<LoadedDocument> {
  const response = await fetch(
    url,
    {
      headers: { accept: 'application/json, application/yaml, text/yaml, */*;q=0.5', ...options.headers },
      signal: options.signal,
    },
    { maxBytes: 2 * documentBounds.bytes },
  );
  const { origin } = new URL(response.url);
  if (response.status === 401 || response.status === 403) {
    await response.body?.cancel();
    throw new AlfredError(
      'E_NEEDS_LOGIN',
      `${origin} does not show the OpenAPI document to us (HTTP ${response.status})`,
      {
        remedy: 'Download the document and give it as a file or as text.',
      },
    );
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw new AlfredError(
      'E_CONNECTION_FAILED',
      `${origin} has no OpenAPI document at that address (HTTP ${response.status})`,
      {
        remedy: 'Check the address of the document.',
      },
    );
  }
  const { bytes, truncated } = await readCapped(response, documentBounds.bytes);
  if (truncated) throw tooLarge();
  return { text: bytes.toString('utf8'), url: response.url, file: undefined };
}

/** @throws AlfredError E_VALIDATION, E_TOO_LARGE, E_NEEDS_LOGIN, and what the guarded fetch throws */
export async function loadDocument(
  source: OpenApiSource,
  deps: {
    fetch: GuardedFetch['fetch'];
    home: string;
    headersFor: (url: string) => Promise<Record<string, string>>;
    signal: AbortSignal;
  },
): Promise<LoadedDocument> {
  const from = readSource(source);
  if ('text' in from) return { text: from.text, url: undefined, file: undefined };
  if ('file' in from) {
    const file = await realFile(from.file);
    return { text: await readDocumentFile(file, deps.home), url: undefined, file };
  }
  return download(from.url, deps.fetch, { headers: await deps.headersFor(from.url), signal: deps.signal });
}
