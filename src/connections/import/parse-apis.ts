/** Reads `httpApis`, in which our own export keeps the HTTP APIs that other programs do not know. */

import type { ConnectionPreview } from '../../contract/imports.ts';
import { isRecord } from '../../contract/is-record.ts';
import { mapLeaves, secretLeaves } from '../config/leaves.ts';
import { isPlaceholder, referencesIn } from '../open-secrets/placeholders.ts';

/** What is saved, and what a person is shown. */
export type ApiCandidate = {
  importedAs: string;
  config: Record<string, unknown>;
  details: Pick<ConnectionPreview, 'values' | 'missing' | 'dials' | 'config' | 'warnings'>;
};

export function parseApi(importedAs: string, entry: Record<string, unknown>): ApiCandidate {
  const leaves = secretLeaves(entry);
  const left = leaves.filter(({ value }) => isPlaceholder(value));
  const given = leaves.filter(({ value }) => !isPlaceholder(value));
  let config = entry;
  for (const { path } of left) config = withoutLeaf(config, path);
  const fieldOf = ([part, field]: readonly [string, string]) => `/config/${part}/${field}`;
  const named = referencesIn([typeof entry.baseUrl === 'string' ? entry.baseUrl : '']);
  const missing = [
    ...left.map(({ path }) => fieldOf(path)),
    ...named
      .map((name) => `/config/secrets/${name}`)
      .filter((field) => !leaves.some(({ path }) => fieldOf(path) === field)),
  ];
  const auth = isRecord(entry.auth) && isRecord(config.auth) && entry.auth.type !== config.auth.type;
  return {
    importedAs,
    config,
    details: {
      dials: dialled(entry),
      config: shown(config),
      values: given.map(({ path }) => ({
        field: fieldOf(path),
        secret: true,
        why: 'it stands where secrets stand',
      })),
      missing,
      warnings: auth ? ['its login is not in the export: enter "auth" as a whole'] : [],
    },
  };
}

/** Where it would go: the base URL, or what says so. */
function dialled({ baseUrl, openapi }: Record<string, unknown>): string {
  if (typeof baseUrl === 'string') return baseUrl;
  if (isRecord(openapi) && typeof openapi.url === 'string') return `what ${openapi.url} names as its server`;
  return 'what its OpenAPI document names as its server';
}

/** Without secrets, and without a document that would fill the screen. */
function shown(config: Record<string, unknown>): Record<string, unknown> {
  const { openapi, ...rest } = mapLeaves(config, () => undefined);
  const isInline = isRecord(openapi) && 'document' in openapi;
  return {
    ...rest,
    ...(openapi === undefined ? {} : { openapi: isInline ? 'a document that is sent along' : openapi }),
  };
}

/** A login is nothing without its secret and goes as a whole. */
function withoutLeaf(
  config: Record<string, unknown>,
  [part, field]: readonly [part: string, field: string],
): Record<string, unknown> {
  if (part === 'auth') return { ...config, auth: { type: 'none' } };
  const value = config[part];
  if (!isRecord(value)) return config;
  const { [field]: _left, ...rest } = value;
  return { ...config, [part]: rest };
}
