/**
 * What the configs of `mcp_http` and `http_api` hold, seen from outside: which leaves are secrets, what a person approves,
 * and where the secrets go. The parts of this folder that seal, mark, open and approve build on these.
 */
import { isObject, type JsonObject } from './openapi/json.ts';

export type HttpConnectionType = 'mcp_http' | 'http_api';

export type SecretLeaf = {
  /** JSON pointer from the row: `/config/headers/X-Key`, `/config/auth/token`. */
  pointer: string;
  /** Its part of the label that a redacted value reads: `[redacted:<connection>.<field>]`. */
  field: string;
};

/** In `headers` a bare string is a secret and `{plain}` is not; elsewhere these names are. */
const secretFields: Record<HttpConnectionType, { open: string[]; named: Record<string, string[]> }> = {
  mcp_http: {
    open: ['headers', 'secrets'],
    named: { oauth: ['clientSecret', 'accessToken', 'refreshToken'] },
  },
  http_api: { open: ['headers'], named: { auth: ['token', 'password', 'value', 'clientSecret'] } },
};

const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** A copy of `config` with `visit`'s value in the place of every secret leaf that is text. */
export function mapSecrets(
  type: HttpConnectionType,
  config: JsonObject,
  visit: (leaf: SecretLeaf, value: string) => unknown,
): JsonObject {
  const copy: JsonObject = { ...config };
  const { open, named } = secretFields[type];
  for (const part of [...open, ...Object.keys(named)]) {
    const values = config[part];
    if (!isObject(values)) continue;
    const isSecret = (name: string) => named[part]?.includes(name) ?? true;
    copy[part] = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        typeof value === 'string' && isSecret(name)
          ? visit({ pointer: `/config/${part}/${escapePointer(name)}`, field: name }, value)
          : value,
      ]),
    );
  }
  return copy;
}

/** `headers` with the values of `{plain}` entries, once the secret ones are open. */
export function openHeaders(headers: Record<string, string | { plain: string }>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : value.plain]),
  );
}

/**
 * Everything that decides what is dialled and how, without the secrets themselves: what a person approves, and what is
 * hashed to pin it. A login that comes and goes (`oauth`) and time limits are no part of it.
 */
export function approvedPart(type: HttpConnectionType, config: JsonObject): JsonObject {
  const { oauth: _login, timeoutMs: _limit, ...rest } = mapSecrets(type, config, () => ({ secret: true }));
  return rest;
}

/**
 * Where the secrets of a config go. When this changes, they must be entered again.
 *
 * @returns addresses, as they stand in the config
 */
export function secretDestinations(type: HttpConnectionType, config: JsonObject): string[] {
  const { auth } = config;
  const addresses =
    type === 'mcp_http'
      ? [config.url]
      : [config.baseUrl ?? config.openapi, isObject(auth) ? auth.tokenUrl : undefined];
  return addresses
    .filter((address) => address !== undefined)
    .map((address) => (typeof address === 'string' ? address : JSON.stringify(address)));
}
