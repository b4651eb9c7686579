/** Names of tools, from operations: characters and length that the Agent SDK takes as they are, each name once, stable when the document grows. */
import { sha256 } from '../../kernel/hash.ts';

const maxLength = 64;

const digestOf = (text: string): string => sha256(text).toString('hex').slice(0, 8);

const clean = (text: string): string => text.replace(/[^A-Za-z0-9_-]+/g, '_').replace(/^_+|_+$/g, '');

/** `text` in at most 64 characters of `[A-Za-z0-9_-]`; one that had to be cut ends in a digest of the whole. */
function fitting(text: string, suffix = ''): string {
  const name = clean(text);
  if (name.length + suffix.length <= maxLength) return name + suffix;
  const end = suffix || `_${digestOf(text)}`;
  return name.slice(0, maxLength - end.length).replace(/_+$/, '') + end;
}

export class ToolNames {
  readonly #taken = new Set<string>();

  /** The name for an operation: its operationId, or else its method and path, which also tell two of one name apart. */
  take(operationId: string | undefined, method: string, path: string): string {
    const request = `${method} ${path}`;
    const fromRequest = `${method.toLowerCase()}_${clean(path) || 'root'}`;
    const wanted = operationId !== undefined && clean(operationId) !== '' ? operationId : fromRequest;
    let name = fitting(wanted);
    // Differences in case alone would mislead people and models.
    if (this.#taken.has(name.toLowerCase())) name = fitting(wanted, `_${digestOf(request)}`);
    this.#taken.add(name.toLowerCase());
    return name;
  }
}
