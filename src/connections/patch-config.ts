/** A JSON merge patch of a connection's config, its secrets kept, replaced or dropped. */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type SealedMarker, sealedMarkerSchema } from '../contract/common.ts';
import { secretInputSchema, stdioConfigSchema } from '../contract/connections.ts';
import type { FieldError } from '../kernel/errors.ts';
import { mergePatch } from '../kernel/merge-patch.ts';
import { validate, validationError } from '../kernel/validate.ts';
import type { Vault } from '../vault/vault.ts';
import { configProblems, configWarnings, decidesDestination } from './check-config.ts';
import { markConfig, markOf, type Owner, type SecretPart, sealSecret } from './config-secrets.ts';
import type { StoredStdioConfig } from './connection-row.ts';

/** As a config, but a secret that is to stay may be sent back as it was shown. */
const patchedSchema = stdioConfigSchema.extend({
  env: z.record(
    stdioConfigSchema.shape.env.unwrap().keyType,
    z.union([secretInputSchema, sealedMarkerSchema]),
  ),
  secrets: z.record(
    stdioConfigSchema.shape.secrets.unwrap().keyType,
    z.union([z.string(), sealedMarkerSchema]),
  ),
});
type PatchedConfig = z.infer<typeof patchedSchema>;

export type PatchedResult = {
  config: StoredStdioConfig;
  /** The server is another than before: its secrets were dropped, its tools are to be discovered anew. */
  isOtherServer: boolean;
  /** A secret in `secrets` has another value than before. */
  hasNewArgumentSecrets: boolean;
  warnings: string[];
};

/**
 * Applies `patch` to `stored`.
 *
 * A secret belongs to the server it was entered for. When command, arguments, folder, or a variable that names a host or
 * decides which code runs change, every secret that is not entered again with the same patch is dropped, also one that is sent back as it was
 * shown: a change of destination is how secrets get stolen.
 *
 * @throws AlfredError E_VALIDATION
 */
export function patchConfig(
  { vault, home }: { vault: Vault; home: string },
  owner: Owner,
  stored: StoredStdioConfig,
  patch: Record<string, unknown>,
): PatchedResult {
  const shown = markConfig(vault, owner.id, stored);
  const merged = validate(patchedSchema, mergePatch(withoutReplaced(shown, patch), patch), 'The connection');
  const isOtherServer = !isDeepStrictEqual(destinationOf(merged), destinationOf(stored));
  const dropped: string[] = [];
  const problems: FieldError[] = [];

  const keep = (part: SecretPart, field: string, marker: SealedMarker): string | undefined => {
    const sealed = stored[part][field];
    if (
      typeof sealed !== 'string' ||
      markOf(vault, owner.id, part, field, sealed).fingerprint !== marker.fingerprint
    ) {
      problems.push({
        field: `/config/${part}/${field}`,
        message: 'is not the secret that is kept here; enter it again',
      });
      return undefined;
    }
    if (!isOtherServer) return sealed;
    dropped.push(field);
    return undefined;
  };
  const seal = <Other>(part: SecretPart, values: Record<string, string | SealedMarker | Other>) =>
    Object.entries(values).flatMap(([field, value]): [string, string | Other][] => {
      if (typeof value === 'string') return [[field, sealSecret(vault, owner, part, field, value)]];
      if (!isMarker(value)) return [[field, value]];
      const kept = keep(part, field, value);
      return kept === undefined ? [] : [[field, kept]];
    });

  problems.push(...configProblems(merged, { home }));
  if (problems.length > 0) throw validationError('The connection', problems);
  const config: StoredStdioConfig = {
    ...merged,
    env: Object.fromEntries(seal<{ plain: string }>('env', merged.env)),
    secrets: Object.fromEntries(seal<never>('secrets', merged.secrets)),
  };
  if (problems.length > 0) throw validationError('The connection', problems);
  return {
    config,
    isOtherServer,
    hasNewArgumentSecrets: Object.values(merged.secrets).some((value) => typeof value === 'string'),
    warnings: [
      ...(dropped.length === 0
        ? []
        : [
            `It starts something else now, so its secrets were dropped and must be entered again: ${dropped.join(', ')}.`,
          ]),
      ...configWarnings(merged),
    ],
  };
}

/** Secrets and `{plain}` are replaced as a whole: merged into one another they would be neither. */
function withoutReplaced(
  shown: Record<string, unknown>,
  patch: Record<string, unknown>,
): Record<string, unknown> {
  const without = (part: SecretPart) => {
    const [before, after] = [shown[part], patch[part]];
    if (!isRecord(before) || !isRecord(after)) return before;
    return Object.fromEntries(Object.entries(before).filter(([field]) => !Object.hasOwn(after, field)));
  };
  return { ...shown, env: without('env'), secrets: without('secrets') };
}

/** What decides which program gets the secrets, and where it sends them. */
const destinationOf = ({ command, args, cwd, env }: PatchedConfig | StoredStdioConfig) => ({
  command,
  args,
  cwd: cwd ?? null,
  env: Object.entries(env)
    .flatMap(([name, value]) =>
      typeof value === 'object' && 'plain' in value && decidesDestination(name, value.plain)
        ? [[name, value.plain]]
        : [],
    )
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
});

const isMarker = (value: unknown): value is SealedMarker => isRecord(value) && 'sealed' in value;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
