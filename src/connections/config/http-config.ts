/** What is approved of a connection that is dialled by HTTP, and how its headers are sent. */
import type { SecretInput } from '../../contract/common.ts';
import { sha256 } from '../../kernel/hash.ts';
import { mapLeaves } from './leaves.ts';
import type { TypedConfig } from './typed-config.ts';

type HttpConfig = Exclude<TypedConfig, { type: 'mcp_stdio' }>;

/** `headers` with the values of `{plain}` entries, once the secret ones are open. */
export function plainValues(headers: Record<string, SecretInput>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : value.plain]),
  );
}

/**
 * Everything that decides what is dialled and how, without the secrets themselves: what a person approves, and what is
 * hashed to pin it. A login that comes and goes (`oauth`) and time limits are no part of it; of a document that was sent
 * along, its SHA-256 is.
 */
export function approvedPart({ type, config }: HttpConfig): Record<string, unknown> {
  const { oauth: _login, timeoutMs: _limit, ...rest } = mapLeaves(config, () => ({ secret: true }));
  return type === 'http_api' ? { ...rest, ...shownSource(config.openapi) } : rest;
}

/** Whether only the document of an API knows where it is: nobody has said it, and nobody has seen what the document says. */
export const hasUnknownOrigin = ({ type, config }: TypedConfig): boolean =>
  type === 'http_api' && config.baseUrl === undefined && config.origin === undefined;

/** What is shown in the place of a document that was sent along. */
export type KeptDocument = { kept: { sha256: string; bytes: number } };

/** `openapi` as it is shown and approved: an address or a file as it is, a document by its digest. */
export function shownSource(source: Extract<HttpConfig, { type: 'http_api' }>['config']['openapi']): {
  openapi?: unknown;
} {
  if (source === undefined) return {};
  if (typeof source === 'string' || !('document' in source)) return { openapi: source };
  const text = typeof source.document === 'string' ? source.document : JSON.stringify(source.document);
  const kept = { sha256: sha256(text).toString('hex'), bytes: Buffer.byteLength(text) };
  return { openapi: { kept } satisfies KeptDocument };
}
