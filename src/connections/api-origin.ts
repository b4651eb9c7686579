/**
 * Where an API is that has no base URL of the owner's: its document says it. Whoever may approve sees that origin first, it is
 * approved with the rest, and no other is ever given a credential.
 */
import { isDeepStrictEqual } from 'node:util';
import { hasUnknownOrigin } from '../contract/connection-types.ts';
import { AlfredError } from '../kernel/errors.ts';
import type { TypedConfig } from './config/typed-config.ts';
import type { ConnectionRow } from './connection-row.ts';
import { findOrigin } from './openapi/find-origin.ts';

/** What a look at a document found. */
export type OriginSight = {
  /** What decides where the document is and what it says, as it was when it was looked at. */
  source: unknown;
} & ({ origin: string } | { problem: AlfredError });

/** What decides which origin a document names; of another one, the former origin says nothing. */
export function originSource({ type, config }: TypedConfig): unknown {
  if (type !== 'http_api') return undefined;
  const { baseUrl, openapi, serverVariables } = config;
  return { baseUrl, openapi, serverVariables };
}

/**
 * Reads the document that says where the API is, where nobody has said it yet. It dials the document's own address, so it is
 * for the act of somebody who may approve, who names that address with it.
 *
 * @returns undefined where there is nothing to find
 */
export async function lookForOrigin(home: string, typed: TypedConfig): Promise<OriginSight | undefined> {
  if (typed.type !== 'http_api' || !hasUnknownOrigin(typed)) return undefined;
  const source = originSource(typed);
  try {
    return { source, origin: await findOrigin(typed.config, home) };
  } catch (error) {
    if (!(error instanceof AlfredError)) throw error;
    return { source, problem: unseen(error) };
  }
}

/** `typed` with the origin that was found, unless it names another document than the one that was looked at. */
export function withOrigin(typed: TypedConfig, sight: OriginSight | undefined): TypedConfig {
  if (sight === undefined || !('origin' in sight) || typed.type !== 'http_api' || !hasUnknownOrigin(typed))
    return typed;
  return isDeepStrictEqual(originSource(typed), sight.source)
    ? { type: typed.type, config: { ...typed.config, origin: sight.origin } }
    : typed;
}

/** Why what was saved is not approved, where the origin could not be seen. */
export const originWarnings = (sight: OriginSight | undefined): string[] =>
  sight !== undefined && 'problem' in sight
    ? [`It is not approved. ${sight.problem.message} ${sight.problem.remedy ?? ''}`.trim()]
    : [];

const unseen = ({ code, message, remedy }: AlfredError): AlfredError =>
  new AlfredError(code, `Where its API is cannot be seen: ${message.replace(/\.$/, '')}.`, {
    remedy:
      `${remedy ?? ''} Approve it when that is put right, or say where the API is: "baseUrl" (--base-url).`.trim(),
  });

/**
 * Sees that the API is where it was approved to be; asked at each reading of its document, before any credential goes there.
 *
 * @throws AlfredError E_NOT_APPROVED
 */
export function assertOrigin(row: ConnectionRow, origin: string): void {
  if (row.type !== 'http_api') return;
  const { origin: approved } = row.config;
  if (approved !== undefined && new URL(approved).origin === origin) return;
  throw new AlfredError(
    'E_NOT_APPROVED',
    `The document of "${row.name}" says that its API is at ${origin}, and approved is ${approved ?? 'none'}. Nothing was sent there.`,
    {
      remedy: `If the API has moved, set "origin" of the connection to ${origin} and enter its secrets again.`,
    },
  );
}
