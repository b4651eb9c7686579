/** The owner's word about a program that asks to be let in. */
import type { z } from 'zod';
import { recordAudit } from '../audit/record-audit.ts';
import type { AppDecision, AskingApp, appAnswerSchema } from '../contract/apps.ts';
import type { Database } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import type { GuardedFetch } from '../outbound/guarded-fetch.ts';
import { assertSkills } from '../skills/assert-skills.ts';
import { createGrant } from './grants.ts';
import { OAuthError } from './oauth-error.ts';
import { answerTo, type ReadRequest, readAppRequest } from './read-request.ts';

export type AppDeps = { db: Database; fetch: GuardedFetch['fetch'] };

/** Of the caller's request: who decides, and by which name of this VM. */
export type Decider = { actor: string; issuer: string };

/** Who asks, and what for. @throws AlfredError as readAppRequest */
export async function lookAtApp(
  { fetch }: Pick<AppDeps, 'fetch'>,
  query: string,
  issuer: string,
): Promise<AskingApp> {
  const request = await readAppRequest(fetch, query, issuer);
  const { client, redirectUri, goesTo } = request;
  return {
    ...{ name: client.name, publisher: client.publisher, redirectUri, goesTo },
    refused:
      'refused' in request
        ? { message: request.refused.message, returnTo: answerTo(request, issuer, request.refused) }
        : null,
  };
}

/**
 * Lets it in, or turns it away; either is on record. What is asked for is read anew: nothing counts but what stands there now.
 *
 * @throws AlfredError as readAppRequest; E_VALIDATION for skills that there are not, and for what cannot be let in
 */
export async function decideOnApp(
  { db, fetch }: AppDeps,
  { query, decision, skills }: AppDecision,
  { actor, issuer }: Decider,
): Promise<z.output<typeof appAnswerSchema>> {
  const request = await readAppRequest(fetch, query, issuer);
  const { client, redirectUri } = request;
  const about = { name: client.name, publisher: client.publisher, redirectUri };
  if (decision === 'deny') {
    await recordAudit(db.prisma, { action: 'app.refused', actor, data: about });
    return { returnTo: answerTo(request, issuer, denied()) };
  }
  const { challenge } = grantable(request);
  await assertSkills(db, skills ?? [], 'The decision');
  const code = await db.transaction(async (tx) => {
    const given = await createGrant(tx, { ...request, challenge, skills: skills ?? null });
    const data = { ...about, skills: skills ?? 'all' };
    await recordAudit(tx, { action: 'app.granted', actor, subject: given.id, data });
    return given.code;
  });
  return { returnTo: answerTo(request, issuer, { code }) };
}

const denied = () => new OAuthError('access_denied', 'The owner of this Alfred said no.');

function grantable(request: ReadRequest): { challenge: string } {
  if ('challenge' in request) return request;
  throw new AlfredError('E_VALIDATION', `The program cannot be let in: ${request.refused.message}`, {
    remedy: 'Begin the sign-in again in the program.',
  });
}
