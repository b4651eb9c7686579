/**
 * Tokens of Core's users for this VM. Only what the pinned key signed counts, for this VM, fresh, and once; what such a
 * token may do is the owner's setting. Every refusal is the same error.
 */

import { createPublicKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import { z } from 'zod';
import { recordAudit } from '../audit/record-audit.ts';
import { type CoreScope, coreScopeSchema, vmTokenLifetime, vmTokenType } from '../contract/core.ts';
import { type Database, Prisma } from '../database/client.ts';
import { readSettledNow } from '../database/times.ts';
import { timeNow } from '../kernel/clock.ts';
import { AlfredError, isAlfredError } from '../kernel/errors.ts';
import { sha256 } from '../kernel/hash.ts';
import { followSuccession, headerKid, thumbprintOf } from './follow-succession.ts';
import { type LinkState, readLink } from './link-state.ts';
import { readTokenScopes } from './show-link.ts';

/** jose allows white space inside a signature, and reads any length. */
const formSchema = z
  .string()
  .max(8192)
  .regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/);

/** How far Core's clock may be ahead or behind, in seconds. */
const clockSlack = 30;

const claimsSchema = z.object({
  sub: z.guid(),
  jti: z.string().min(16).max(64),
  iat: z.int(),
  exp: z.int(),
  scope: z.string().max(100),
});

export type CoreCaller = { userId: string; scopes: CoreScope[]; expiresAt: Date };

/** Whether a bearer has the form of a token of Core's, and not of one of our own. */
export const looksLikeCoreToken = (token: string): boolean => formSchema.safeParse(token).success;

/**
 * Verifies a token and uses it up.
 *
 * @throws AlfredError E_UNAUTHENTICATED, for every reason the same
 */
export async function verifyCoreToken(db: Database, token: string): Promise<CoreCaller> {
  const { issuer, claims, scopes, expiresAt } = await readToken(db, token);
  await useOnce(db, { issuer, claims, scopes, expiresAt });
  return { userId: claims.sub, scopes, expiresAt };
}

/**
 * Verifies once more a token that was used up by a request which is still being answered.
 *
 * @throws AlfredError E_UNAUTHENTICATED, for every reason the same
 */
export async function checkCoreToken(db: Database, token: string): Promise<CoreCaller> {
  const { claims, scopes, expiresAt } = await readToken(db, token);
  return { userId: claims.sub, scopes, expiresAt };
}

async function readToken(db: Database, token: string): Promise<Use> {
  if (!looksLikeCoreToken(token)) throw refused();
  const link = await readLink(db.prisma).then((kept) => kept && withKeyOf(db, kept, token));
  if (!link) throw refused();
  const key = createPublicKey(link.publicKey);
  let claims: z.output<typeof claimsSchema>;
  try {
    const { payload } = await jwtVerify(token, key, {
      // Of the key, not of the token: no header chooses how it is checked.
      algorithms: [key.asymmetricKeyType === 'ed25519' ? 'EdDSA' : 'RS256'],
      typ: vmTokenType,
      issuer: link.issuer,
      requiredClaims: ['iss', 'aud', 'sub', 'iat', 'exp', 'jti'],
      maxTokenAge: vmTokenLifetime,
      clockTolerance: clockSlack,
      currentDate: timeNow(),
    });
    // A list of audiences would be good elsewhere too.
    if (payload.aud !== link.vmId) throw new Error('another audience');
    claims = claimsSchema.parse(payload);
    if (claims.exp - claims.iat > vmTokenLifetime) throw new Error('good for too long');
  } catch (cause) {
    throw refused(cause);
  }
  const allowed = await readTokenScopes(db.prisma);
  const asked = claims.scope.split(' ').flatMap((word) => coreScopeSchema.safeParse(word).data ?? []);
  const scopes = allowed.filter((scope) => asked.includes(scope));
  const expiresAt = new Date((claims.exp + clockSlack) * 1000);
  return { issuer: link.issuer, claims, scopes, expiresAt };
}

/** Whoever sends made-up tokens has Core asked this seldom, in milliseconds. */
const askEveryMs = 5_000;
let askedAt = -askEveryMs;

/** The link, with the key that a token names where Core has one that follows the pinned one. */
async function withKeyOf(db: Database, link: LinkState, token: string): Promise<LinkState> {
  const kid = headerKid(token);
  const isPinned = kid === undefined || kid === (await thumbprintOf(link.publicKey));
  if (isPinned || performance.now() - askedAt < askEveryMs) return link;
  askedAt = performance.now();
  try {
    return { ...link, publicKey: await followSuccession({ db }, link) };
  } catch (error) {
    // Core is away, or names a key that the pinned one did not sign for: the token is held against the pinned one.
    if (isAlfredError(error)) return link;
    throw error;
  }
}

type Use = {
  issuer: string;
  claims: z.output<typeof claimsSchema>;
  scopes: CoreScope[];
  expiresAt: Date;
};

async function useOnce(db: Database, { issuer, claims, scopes, expiresAt }: Use): Promise<void> {
  const tokenHash = Uint8Array.from(sha256(JSON.stringify([issuer, claims.jti])));
  // A token that was used before the clock jumped is not forgotten: it may be good again when the clock is put right.
  const settled = await readSettledNow(db.pool);
  try {
    await db.transaction(async (tx) => {
      await tx.seenToken.deleteMany({ where: { expiresAt: { lt: settled } } });
      await tx.seenToken.create({ data: { tokenHash, expiresAt } });
      const data = { scopes };
      await recordAudit(tx, { action: 'core.access_used', actor: `core:${claims.sub}`, data });
    });
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') throw refused(error);
    throw error;
  }
}

const refused = (cause?: unknown): AlfredError =>
  new AlfredError('E_UNAUTHENTICATED', 'The token of Core is not good here, not fresh, or was used before', {
    remedy: 'Get a new one from Core: each is good once, for five minutes.',
    cause,
  });
