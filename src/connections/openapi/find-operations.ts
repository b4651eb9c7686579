/** The operations of a document, in the order in which they stand there, and those that cannot be called. */
import { isRecord } from '../../contract/is-record.ts';
import type { Found } from './input-schema.ts';
import { entriesOf, type JsonObject, own } from './json.ts';
import type { Method } from './operation.ts';
import { dereference, whyMissing } from './references.ts';
import { withBraces } from './request-path.ts';
import { selects } from './selection.ts';

/** An operation that is there and cannot be called: `reason` is the end of a sentence. */
export type Lost = Pick<Found, 'method' | 'path' | 'operation'> & { reason: string };

const methods: Record<string, Method> = {
  get: 'GET',
  head: 'HEAD',
  options: 'OPTIONS',
  put: 'PUT',
  delete: 'DELETE',
  post: 'POST',
  patch: 'PATCH',
  query: 'QUERY',
  trace: 'TRACE',
};

/** Methods that the platform's fetch sends for nobody: they would open a tunnel, or show credentials to whoever asks. */
const neverSent = new Set(['CONNECT', 'TRACE', 'TRACK']);
const isMethod = (name: string): boolean => /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}$/.test(name);

/** @param include operationIds, tags, or `GET /path`; empty: everything */
export function findOperations(document: JsonObject, include: string[]): { found: Found[]; lost: Lost[] } {
  const found: Found[] = [];
  const lost: Lost[] = [];
  const paths = dereference(document, document.paths);
  if (!isRecord(paths))
    lost.push({ method: 'ANY', path: '/', operation: {}, reason: whyMissing(document, document.paths) });
  for (const [path, entry] of entriesOf(paths)) {
    if (path.startsWith('x-')) continue;
    for (const one of operationsAt(document, path, entry)) {
      if (!selects(include, one)) continue;
      if ('reason' in one) lost.push(one);
      else found.push({ ...one, path: withBraces(one.path) });
    }
  }
  return { found, lost };
}

function operationsAt(document: JsonObject, path: string, entry: unknown): (Found | Lost)[] {
  const pathItem = dereference(document, entry);
  const whole = { method: 'ANY', path, operation: {} };
  if (!path.startsWith('/')) return [{ ...whole, reason: 'its path does not begin with a slash' }];
  if (!isRecord(pathItem)) return [{ ...whole, reason: whyMissing(document, entry) }];
  const offered = [
    ...entriesOf(pathItem).flatMap(([key, operation]): [Method, unknown][] => {
      const method = Object.hasOwn(methods, key) ? methods[key] : undefined;
      return method === undefined ? [] : [[method, operation]];
    }),
    ...entriesOf(own(pathItem, 'additionalOperations')).map(([key, operation]): [Method, unknown] => [
      key.toUpperCase(),
      operation,
    ]),
  ];
  return offered.map(([method, given]) => {
    const operation = dereference(document, given);
    const at = { method, path };
    if (!isRecord(operation)) return { ...at, operation: {}, reason: whyMissing(document, given) };
    if (!isMethod(method)) return { ...at, operation, reason: 'its method is no method of HTTP' };
    if (neverSent.has(method)) return { ...at, operation, reason: `${method} requests are not sent` };
    return { ...at, operation, pathItem };
  });
}
