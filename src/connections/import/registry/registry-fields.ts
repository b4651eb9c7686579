/** The fields of a `server.json` of the MCP registry, whichever of its spellings a file has: `isSecret`, `is_secret`. */
import { isRecord } from '../../../contract/is-record.ts';

export type Fields = Record<string, unknown>;

/** A copy whose names are as they are spelled today, all the way down; `variables` keep theirs. */
function inCamelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inCamelCase);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]): [string, unknown] => [
      name.startsWith('_')
        ? name
        : name.replace(/_([a-z])/g, (_whole, letter: string) => letter.toUpperCase()),
      name === 'variables' && isRecord(one)
        ? Object.fromEntries(Object.entries(one).map(([variable, input]) => [variable, inCamelCase(input)]))
        : inCamelCase(one),
    ]),
  );
}

export const recordsIn = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isRecord) : []);

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : undefined;

/** One that says where it is from, or where it is. */
function isServer(value: unknown): value is Fields {
  if (!isRecord(value) || typeof value.name !== 'string') return false;
  const fields = inCamelCase(value) as Fields;
  return (
    /\/server\.schema\.json$/.test(textOf(fields.$schema) ?? '') ||
    isRecord(fields.versionDetail) ||
    recordsIn(fields.packages).some(
      ({ registryType, registryName }) => registryType !== undefined || registryName !== undefined,
    ) ||
    recordsIn(fields.remotes).some(({ url }) => typeof url === 'string')
  );
}

/** @returns undefined for what is no file of the registry, and no answer of its API */
export function registryServersIn(document: unknown): Fields[] | undefined {
  if (!isRecord(document)) return undefined;
  const all = Array.isArray(document.servers) ? document.servers : [document];
  const servers = all.map((one: unknown) => (isRecord(one) && isServer(one.server) ? one.server : one));
  return servers.length > 0 && servers.every(isServer)
    ? servers.map((one) => inCamelCase(one) as Fields)
    : undefined;
}
