/** How many operations a document has, read by nothing of Alfred's. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { isRecord } from '../../../src/contract/is-record.ts';

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

export type Counted = {
  /** "3.1.0", or "2.0" of Swagger. */
  version: string;
  operations: number;
  /** Those that stand in another file. */
  elsewhere: number;
  /** Whether it says at which host its API is. */
  hasHost: boolean;
};

export function countOperations(file: string): Counted {
  const document = read(file);
  const paths = isRecord(document.paths) ? Object.values(document.paths) : [];
  let operations = 0;
  let elsewhere = 0;
  for (const item of paths) {
    if (!isRecord(item)) continue;
    const outside = typeof item.$ref === 'string' && !item.$ref.startsWith('#') ? item.$ref : undefined;
    const whole =
      outside === undefined ? item : read(path.join(path.dirname(file), outside.split('#')[0] ?? ''));
    for (const [method, operation] of Object.entries(whole)) {
      if (!methods.includes(method)) continue;
      operations += 1;
      const isOutside =
        isRecord(operation) && typeof operation.$ref === 'string' && !operation.$ref.startsWith('#');
      if (outside !== undefined || isOutside) elsewhere += 1;
    }
  }
  return {
    version: String(document.openapi ?? document.swagger),
    operations,
    elsewhere,
    hasHost: namesHost(document),
  };
}

export function read(file: string): Record<string, unknown> {
  const text = readFileSync(file, 'utf8');
  const value: unknown = file.endsWith('.json')
    ? JSON.parse(text)
    : parse(text, { merge: true, maxAliasCount: -1 });
  if (!isRecord(value)) throw new Error(`${file} is no document`);
  return value;
}

/** `host` of Swagger, or an absolute address among the servers, of all or of the first path. */
function namesHost({ host, servers, paths }: Record<string, unknown>): boolean {
  if (typeof host === 'string') return host.includes('.');
  const [first] = isRecord(paths) ? Object.values(paths) : [];
  const all = [servers, isRecord(first) ? first.servers : undefined].flat();
  return all.some((one) => isRecord(one) && /^https?:\/\/[\w-]+(\.[\w-]+)+/.test(String(one.url)));
}
