/**
 * Which parts of a connection's config are secrets, whatever its type. The database holds the
 * same list: the constraint `connections_secrets_sealed` refuses any of them in the open.
 */

import type { SealedMarker } from '../../contract/common.ts';
import { isRecord } from '../../contract/is-record.ts';
import { jsonPointer } from '../../kernel/validate.ts';
import type { Place } from '../../vault/place.ts';
import { sealedPrefix } from '../../vault/seal.ts';
import type { Vault } from '../../vault/vault.ts';

export type ConnectionConfig = Record<string, unknown>;

/** The connection that a config belongs to. */
export type LeafOwner = { id: string; name: string };

/** Every text in these is a secret; an entry `{plain: …}` is none. */
const secretMaps = ['env', 'headers', 'secrets'] as const;

/** In these, the named fields are. */
const secretFields = {
  auth: ['token', 'password', 'value', 'clientSecret'],
  oauth: ['clientSecret', 'accessToken', 'refreshToken'],
  device: ['deviceCode', 'clientSecret'],
} as const;

export type SecretLeaf = { path: readonly [part: string, field: string]; value: string };

/** The secrets of a config, as they stand in it: as given, or sealed. */
export function secretLeaves(config: ConnectionConfig): SecretLeaf[] {
  const inMaps = secretMaps.flatMap((part) => textsOf(config, part, Object.keys(recordAt(config, part))));
  const named = Object.entries(secretFields).flatMap(([part, fields]) => textsOf(config, part, fields));
  return [...inMaps, ...named];
}

/** Where a leaf is sealed. */
export const leafPlace = ({ id }: Pick<LeafOwner, 'id'>, path: SecretLeaf['path']): Place => ({
  table: 'connections',
  rowId: id,
  pointer: `/config${jsonPointer(path)}`,
});

/** What a redacted leaf reads: `[redacted:<connection>.<field>]`. */
export const leafLabel = ({ name }: Pick<LeafOwner, 'name'>, [, field]: SecretLeaf['path']): string =>
  `${name}.${field}`;

/** A copy of `config` with every secret sealed. Each is taken as the secret itself, also one that begins with `encrypted:`. */
export const sealLeaves = (vault: Vault, owner: LeafOwner, config: ConnectionConfig): ConnectionConfig =>
  mapLeaves(config, ({ path, value }) => vault.seal(leafPlace(owner, path), value, leafLabel(owner, path)));

/** A copy of a sealed `config` as it is shown: each secret as `{sealed: true, fingerprint}`. */
export const markLeaves = (
  vault: Vault,
  owner: Pick<LeafOwner, 'id'>,
  config: ConnectionConfig,
): ConnectionConfig =>
  mapLeaves(
    config,
    ({ path, value }): SealedMarker => ({
      sealed: true,
      // What is not sealed has no business here, and is not shown either.
      fingerprint: value.startsWith(sealedPrefix)
        ? vault.fingerprintOf(leafPlace(owner, path), value)
        : 'unreadable',
    }),
  );

/** A copy of `config` with each secret replaced by what `change` makes of it. */
export function mapLeaves(config: ConnectionConfig, change: (leaf: SecretLeaf) => unknown): ConnectionConfig {
  const copy = structuredClone(config);
  for (const leaf of secretLeaves(copy)) {
    const [part, field] = leaf.path;
    // As its own property whatever its name is: `__proto__` is a name like any other.
    Object.defineProperty(recordAt(copy, part), field, {
      value: change(leaf),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return copy;
}

function textsOf(config: ConnectionConfig, part: string, fields: readonly string[]): SecretLeaf[] {
  const record = recordAt(config, part);
  return fields.flatMap((field): SecretLeaf[] => {
    const value = Object.hasOwn(record, field) ? record[field] : undefined;
    return typeof value === 'string' ? [{ path: [part, field], value }] : [];
  });
}

function recordAt(config: ConnectionConfig, part: string): Record<string, unknown> {
  const value = Object.hasOwn(config, part) ? config[part] : undefined;
  return isRecord(value) ? value : {};
}
