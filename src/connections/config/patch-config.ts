/** A JSON merge patch of a connection's config, its secrets kept, replaced or dropped. */

import { isDeepStrictEqual } from 'node:util';
import { sealedMarkerSchema } from '../../contract/common.ts';
import { connectionTypes } from '../../contract/connection-types.ts';
import { isRecord } from '../../contract/is-record.ts';
import { AlfredError, type FieldError } from '../../kernel/errors.ts';
import { mergePatch } from '../../kernel/merge-patch.ts';
import { fieldErrors, jsonPointer, validationError } from '../../kernel/validate.ts';
import type { Vault } from '../../vault/vault.ts';
import { type OriginSight, originSource, originWarnings, withOrigin } from '../api-origin.ts';
import type { ConnectionRow } from '../connection-row.ts';
import { normalConfig } from './by-type.ts';
import { configProblems, configWarnings } from './check-config.ts';
import { showConfig } from './config-secrets.ts';
import { isSameDestination } from './destination.ts';
import { shownSource } from './http-config.ts';
import { leafLabel, leafPlace, mapLeaves, type SecretLeaf, secretLeaves } from './leaves.ts';
import { parseConfig, type TypedConfig } from './typed-config.ts';

export type PatchedConfig = {
  /** Every secret sealed. */
  typed: TypedConfig;
  /** The server is another than before: its secrets were dropped, its tools are to be discovered anew. */
  isOtherServer: boolean;
  /** Some secret was given anew: what goes along with the others, or where they go, may be another from now on. */
  hasNewSecrets: boolean;
  warnings: string[];
};

type Path = SecretLeaf['path'];

/** Parts whose entries are secrets or `{plain}`, each replaced as a whole: merged into one another they would be neither. */
const leafMaps = ['env', 'headers', 'secrets'];
/** Parts in which a secret may be sent back as it was shown. */
const secretParts = [...leafMaps, 'auth', 'oauth'];

/**
 * Applies `patch` to the config of `row`.
 *
 * A secret belongs to the server it was entered for. When what decides which server that is changes (destination.ts),
 * every secret that is not entered again with the same patch is dropped, also one that is sent back as it was shown.
 *
 * @param sight what a look at the document found, where only that says where the API is
 * @throws AlfredError E_VALIDATION
 */
export function patchConfig(
  { vault, home }: { vault: Vault; home: string },
  row: ConnectionRow,
  patch: Record<string, unknown>,
  sight?: OriginSight,
): PatchedConfig {
  const shown = showConfig(vault, row, row);
  const merged = mergePatch(withoutReplaced(shown, patch), patch) as Record<string, unknown>;
  const { config: unmarked, kept } = takeMarkers(vault, row, merged);
  const parsed = connectionTypes[row.type].config.safeParse(keepDocument(row, unmarked));
  if (!parsed.success) throw validationError('The connection', fieldErrors(parsed.error.issues, ['config']));
  const named = normalConfig(parseConfig(row.type, parsed.data));
  // Where the former document led says nothing of where another one does.
  const isElsewhere =
    !Object.hasOwn(patch, 'origin') && !isDeepStrictEqual(originSource(row), originSource(named));
  const after = withOrigin(isElsewhere ? withoutOrigin(named) : named, sight);

  const isKept = ({ path }: SecretLeaf) => kept.has(jsonPointer(path));
  const isOtherServer = !isSameDestination(row, after);
  const problems = configProblems(after, { home });
  if (problems.length > 0) throw validationError('The connection', problems);
  const sealed = mapLeaves(after.config, (leaf) =>
    isKept(leaf) ? leaf.value : vault.seal(leafPlace(row, leaf.path), leaf.value, leafLabel(row, leaf.path)),
  );
  const dropped = isOtherServer ? secretLeaves(after.config).filter(isKept) : [];
  return {
    typed: parseConfig(
      row.type,
      dropped.reduce((config, { path }) => without(config, path), sealed),
    ),
    isOtherServer,
    hasNewSecrets: secretLeaves(after.config).some((leaf) => !isKept(leaf)),
    warnings: [
      ...(dropped.length === 0 ? [] : [droppedWarning(row, dropped)]),
      ...originWarnings(sight),
      ...configWarnings(after),
    ],
  };
}

function withoutOrigin(typed: TypedConfig): TypedConfig {
  if (typed.type !== 'http_api') return typed;
  const { origin: _former, ...config } = typed.config;
  return { type: typed.type, config };
}

function droppedWarning({ type }: ConnectionRow, dropped: SecretLeaf[]): string {
  const names = dropped.map(({ path: [part, field] }) => (part === 'auth' ? `auth (${field})` : field));
  const what = connectionTypes[type].isStarted
    ? 'It starts something else now'
    : 'It dials another address now';
  return `${what}, so its secrets were dropped and must be entered again: ${names.join(', ')}.`;
}

/** `shown` without what the patch replaces as a whole rather than merging into it. */
function withoutReplaced(
  shown: Record<string, unknown>,
  patch: Record<string, unknown>,
): Record<string, unknown> {
  const { openapi, auth, ...rest } = shown;
  const isOtherAuth =
    isRecord(auth) && isRecord(patch.auth) && 'type' in patch.auth && patch.auth.type !== auth.type;
  const entries = Object.entries(rest).map(([part, before]): [string, unknown] => {
    const after = patch[part];
    if (!leafMaps.includes(part) || !isRecord(before) || !isRecord(after)) return [part, before];
    return [
      part,
      Object.fromEntries(Object.entries(before).filter(([field]) => !Object.hasOwn(after, field))),
    ];
  });
  return {
    ...Object.fromEntries(entries),
    ...(auth === undefined || isOtherAuth ? {} : { auth }),
    ...(openapi === undefined || Object.hasOwn(patch, 'openapi') ? {} : { openapi }),
  };
}

/**
 * Puts the sealed value back wherever a secret came back as it is shown.
 *
 * @throws AlfredError E_VALIDATION for a marker of another secret than the one that is kept there
 */
function takeMarkers(
  vault: Vault,
  row: ConnectionRow,
  merged: Record<string, unknown>,
): { config: Record<string, unknown>; kept: Set<string> } {
  const sealed = new Map(secretLeaves(row.config).map((leaf) => [jsonPointer(leaf.path), leaf]));
  const kept = new Set<string>();
  const problems: FieldError[] = [];
  const entries = Object.entries(merged).map(([part, value]): [string, unknown] => {
    if (!secretParts.includes(part) || !isRecord(value)) return [part, value];
    const fields = Object.entries(value).map(([field, inner]): [string, unknown] => {
      const marker = sealedMarkerSchema.safeParse(inner);
      if (!marker.success) return [field, inner];
      const pointer = jsonPointer([part, field]);
      const leaf = sealed.get(pointer);
      const isSame =
        leaf && vault.fingerprintOf(leafPlace(row, leaf.path), leaf.value) === marker.data.fingerprint;
      if (!isSame) {
        problems.push({
          field: `/config${pointer}`,
          message: 'is not the secret that is kept here; enter it again',
        });
        return [field, inner];
      }
      kept.add(pointer);
      return [field, leaf.value];
    });
    return [part, Object.fromEntries(fields)];
  });
  if (problems.length > 0) throw validationError('The connection', problems);
  return { config: Object.fromEntries(entries), kept };
}

/** Puts the document back where it came back as it is shown, by its digest. */
function keepDocument(row: ConnectionRow, config: Record<string, unknown>): Record<string, unknown> {
  const { openapi } = config;
  if (row.type !== 'http_api' || !isRecord(openapi) || !('kept' in openapi)) return config;
  const { openapi: shown } = shownSource(row.config.openapi);
  if (JSON.stringify(openapi) === JSON.stringify(shown)) return { ...config, openapi: row.config.openapi };
  throw new AlfredError('E_VALIDATION', 'The OpenAPI document is not the one that is kept here.', {
    remedy: 'Leave "openapi" out to keep it, or send the document itself.',
    fields: [{ field: '/config/openapi/kept', message: 'is not the document that is kept here' }],
  });
}

/** A config without one secret; a login that is nothing without it goes as a whole. */
function without(config: Record<string, unknown>, [part, field]: Path): Record<string, unknown> {
  if (part === 'auth') return { ...config, auth: { type: 'none' } };
  const value = config[part];
  if (!isRecord(value)) return config;
  const { [field]: _dropped, ...rest } = value;
  return { ...config, [part]: rest };
}
