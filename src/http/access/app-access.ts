/** Who an access token stands for that a program was given by OAuth. */

import { findToken, isOver } from '../../apps/app-tokens.ts';
import { skillsOf } from '../../apps/list-apps.ts';
import { appScope } from '../../contract/apps.ts';
import type { Database } from '../../database/client.ts';
import { millisNow } from '../../kernel/clock.ts';
import type { Principal } from './principal.ts';

/** How exact `lastUsedAt` is kept, in milliseconds. */
const lastUsedStep = 60_000;

/** Undefined when the token is unknown or expired, when its program was shut out, and when it is not as this VM made it. */
export async function findAppPrincipal({ prisma }: Database, token: string): Promise<Principal | undefined> {
  const row = await findToken(prisma, 'access', token);
  if (row === undefined || isOver(row)) return undefined;
  const { grant, expiresAt } = row;
  const now = millisNow();
  if (!grant.lastUsedAt || now - grant.lastUsedAt.getTime() > lastUsedStep) {
    await prisma.appGrant.updateMany({ where: { id: grant.id }, data: { lastUsedAt: new Date(now) } });
  }
  const skills = skillsOf(grant);
  return {
    kind: 'app',
    id: grant.id,
    actor: `app:${grant.id}`,
    scopes: new Set([appScope]),
    ...(skills === null ? {} : { skills: new Set(skills) }),
    expiresAt,
  };
}
