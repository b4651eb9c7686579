import { createPublicKey } from 'node:crypto';
import { calculateJwkThumbprint, decodeProtectedHeader, exportJWK, jwtVerify } from 'jose';
import { z } from 'zod';
import { recordAudit, systemActor } from '../audit/record-audit.ts';
import { successionPath, successionSchema, successionType } from '../contract/core.ts';
import { AlfredError } from '../kernel/errors.ts';
import { writePlain } from '../vault/plain-rows.ts';
import { callCore } from './call-core.ts';
import { type LinkState, linkKeys } from './link-state.ts';
import type { CoreDeps } from './link-to-core.ts';

const claimsSchema = z.object({ nextKey: z.string().startsWith('-----BEGIN PUBLIC KEY-----').max(2000) });

/** The RFC 7638 thumbprint of a key in PEM form: what `kid` names. */
export const thumbprintOf = async (pem: string): Promise<string> =>
  calculateJwkThumbprint(await exportJWK(createPublicKey(pem)));

/**
 * Asks Core whether the pinned key was followed by another. Each step must be signed by the key before it; the pinned key
 * is replaced only where such a chain leads.
 *
 * @returns the key that is pinned now
 * @throws AlfredError E_CORE_REFUSED for a statement in the pinned key's name that it did not sign; E_CORE_UNREACHABLE
 */
export async function followSuccession(
  { db, stopping }: Pick<CoreDeps, 'db' | 'stopping'>,
  link: LinkState,
): Promise<string> {
  const answer = successionSchema.safeParse(
    await callCore(link.url, { method: 'GET', path: successionPath }, stopping),
  );
  if (!answer.success) return link.publicKey;
  let current = link.publicKey;
  for (let step = 0; step < answer.data.statements.length; step++) {
    const next = await successorOf(current, answer.data.statements);
    if (next === undefined) break;
    current = next;
  }
  if (current === link.publicKey) return current;
  const [from, to] = [await thumbprintOf(link.publicKey), await thumbprintOf(current)];
  await db.transaction(async (tx) => {
    await writePlain(tx, { [linkKeys.publicKey]: current });
    await recordAudit(tx, {
      action: 'config.changed',
      actor: systemActor,
      subject: linkKeys.publicKey,
      data: { from, to, reason: 'signed by the key before' },
    });
  });
  return current;
}

async function successorOf(pem: string, statements: readonly string[]): Promise<string | undefined> {
  const kid = await thumbprintOf(pem);
  const statement = statements.find((text) => headerKid(text) === kid);
  if (statement === undefined) return undefined;
  try {
    const { payload } = await jwtVerify(statement, createPublicKey(pem), {
      algorithms: ['EdDSA', 'RS256'],
      typ: successionType,
    });
    const { nextKey } = claimsSchema.parse(payload);
    if (createPublicKey(nextKey).asymmetricKeyType !== 'ed25519') throw new Error('no Ed25519 key');
    return nextKey;
  } catch (cause) {
    throw new AlfredError(
      'E_CORE_REFUSED',
      'Core names a next key that the pinned one did not sign for. It is not trusted.',
      {
        remedy: 'Ask whoever runs Core. To trust another Core, unlink this one and link anew.',
        cause,
      },
    );
  }
}

/** Which key a signed text names; undefined for what is no such text. */
export function headerKid(text: string): string | undefined {
  try {
    return decodeProtectedHeader(text).kid;
  } catch {
    return undefined; // no statement; others may be
  }
}
