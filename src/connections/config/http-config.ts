/** Parts of configs as they are sent and shown: values by name, and a document of operations. */
import type { SecretInput } from '../../contract/common.ts';
import { sha256 } from '../../kernel/hash.ts';
import type { ConfigOf } from './typed-config.ts';

/** Values by name with those of `{plain}` entries, once the secret ones are open. */
export function plainValues(values: Record<string, SecretInput>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value : value.plain]),
  );
}

/** What is shown in the place of a document that was sent along. */
type KeptDocument = { kept: { sha256: string; bytes: number } };

/** `openapi` as it is shown and approved: an address or a file as it is, a document by its digest. */
export function shownSource(source: ConfigOf<'http_api'>['openapi']): {
  openapi?: unknown;
} {
  if (source === undefined) return {};
  if (typeof source === 'string' || !('document' in source)) return { openapi: source };
  const text = typeof source.document === 'string' ? source.document : JSON.stringify(source.document);
  const kept = { sha256: sha256(text).toString('hex'), bytes: Buffer.byteLength(text) };
  return { openapi: { kept } satisfies KeptDocument };
}
