import { randomBytes } from 'node:crypto';
import type { HookSample, HookSampleQuery } from '../contract/webhooks.ts';
import type { Database } from '../database/client.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { AlfredError } from '../kernel/errors.ts';
import type { SkillRow } from '../skills/skill-row.ts';
import type { Vault } from '../vault/vault.ts';
import { findHookOfSkill, type WebhookConfig, webhookConfigOf } from './webhook-row.ts';
import { samplePartsOf } from './webhook-sample-body.ts';
import { signGithub, signStandard, signStripe, toleranceSeconds } from './webhook-schemes.ts';
import { openWebhookSecret } from './webhook-secret.ts';

export type SampleDeps = { db: Pick<Database, 'prisma'>; vault: Vault; clock?: Clock };

/**
 * A delivery to a hook, signed as its sender would sign it now. The secret stays here: a bearer hook's token, which is its
 * secret, is left out.
 *
 * @param base the address under which senders reach this VM
 * @throws AlfredError E_NOT_FOUND, E_VALIDATION, E_SEALED_VALUE
 */
export async function sampleDelivery(
  deps: SampleDeps,
  slug: string,
  given: HookSampleQuery,
  base: string,
): Promise<HookSample> {
  const row = await findHookOfSkill(deps.db, slug);
  const config = webhookConfigOf(row);
  const now = (deps.clock ?? systemClock).now();
  const id = sampleId(config);
  const parts = samplePartsOf(row, config, id);
  const body = given.body ?? parts.body;
  const { authorization, ...headers } = signAs(deps.vault, row, config, {
    id,
    body,
    now,
    contentType: given.contentType,
  });
  const isTimed = config.auth === 'standard' || config.auth === 'stripe';
  return {
    url: `${base}/hooks/${row.slug}${parts.query === '' ? '' : `?${parts.query}`}`,
    method: 'POST',
    headers,
    body,
    needsToken: authorization !== undefined,
    expiresAt: isTimed ? new Date(now.getTime() + toleranceSeconds * 1000).toISOString() : null,
  };
}

export const sampleId = ({ auth }: WebhookConfig): string => {
  const random = randomBytes(12).toString('hex');
  return auth === 'stripe' ? `evt_${random}` : auth === 'standard' ? `msg_${random}` : random;
};

/**
 * Every header of a delivery, its proof among them.
 *
 * @throws AlfredError E_VALIDATION for a hook without a secret; E_SEALED_VALUE
 */
export function signAs(
  vault: Vault,
  row: SkillRow,
  config: WebhookConfig,
  { id, body, now, contentType }: { id: string; body: string; now: Date; contentType: string },
): Record<string, string> {
  const { auth, dedupeBy } = config;
  const secret = openWebhookSecret(vault, auth, row);
  if (auth !== 'none' && secret === undefined) {
    throw new AlfredError('E_VALIDATION', `The webhook of "${row.slug}" has no secret`, {
      remedy: `Give it one: npx alfred skill hook ${row.slug} --new-secret`,
    });
  }
  return {
    'content-type': contentType,
    ...(dedupeBy?.startsWith('header:') ? { [dedupeBy.slice('header:'.length).toLowerCase()]: id } : {}),
    ...proof(auth, secret ?? '', id, Buffer.from(body), String(Math.floor(now.getTime() / 1000))),
  };
}

function proof(
  auth: WebhookConfig['auth'],
  secret: string,
  id: string,
  body: Buffer,
  timestamp: string,
): Record<string, string> {
  switch (auth) {
    case 'standard':
      return {
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': signStandard(secret, id, timestamp, body),
      };
    case 'github':
      return {
        'x-github-event': 'ping',
        'x-github-delivery': id,
        'x-hub-signature-256': signGithub(secret, body),
      };
    case 'stripe':
      return { 'stripe-signature': `t=${timestamp},v1=${signStripe(secret, timestamp, body)}` };
    case 'bearer':
      return { 'webhook-id': id, authorization: `Bearer ${secret}` };
    default:
      return { 'webhook-id': id };
  }
}
