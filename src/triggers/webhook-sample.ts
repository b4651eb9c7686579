import { randomBytes } from 'node:crypto';
import { isAsymmetric, schemeOf } from '../contract/senders/scheme-of.ts';
import { isSender, senders } from '../contract/senders/senders.ts';
import type { HookSample, HookSampleQuery } from '../contract/webhooks.ts';
import type { Database } from '../database/client.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { AlfredError } from '../kernel/errors.ts';
import type { SkillRow } from '../skills/skill-row.ts';
import type { Vault } from '../vault/vault.ts';
import { type Made, signDelivery } from './senders/sign-delivery.ts';
import { idPlaces } from './webhook-delivery-id.ts';
import { findHookOfSkill, type WebhookConfig, webhookConfigOf } from './webhook-row.ts';
import { samplePartsOf } from './webhook-sample-body.ts';
import { openWebhookSecret } from './webhook-secret.ts';

export type SampleDeps = { db: Pick<Database, 'prisma'>; vault: Vault; clock?: Clock };

/**
 * A delivery to a hook, signed as its sender would sign it now. The secret stays here: a token, which is the secret, is left
 * out.
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
  const parts = samplePartsOf(row, config);
  const made = signAs(deps.vault, row, config, {
    id,
    body: given.body ?? parts.body,
    now,
    contentType: given.contentType,
    url: `${base}/hooks/${row.slug}${parts.query === '' ? '' : `?${parts.query}`}`,
  });
  const scheme = schemeOf(config);
  const secret = scheme?.algorithm === 'plain' ? openWebhookSecret(deps.vault, config.auth, row) : undefined;
  const { shown, needsToken } = withoutSecret(made, secret, config);
  const tolerance = scheme?.timestamp?.tolerance;
  return {
    url: shown.url,
    method: 'POST',
    headers: shown.headers,
    body: shown.body,
    needsToken,
    expiresAt: tolerance === undefined ? null : new Date(now.getTime() + tolerance * 1000).toISOString(),
  };
}

/** What stands for a secret that is its own proof, wherever but in a bearer's header. */
const placeholder = 'SECRET';

/** A bearer's token is left out and asked for; another plain secret is a word that whoever pastes it puts in its place. */
function withoutSecret(
  made: Made,
  secret: string | undefined,
  { auth }: WebhookConfig,
): { shown: Made; needsToken: boolean } {
  if (secret === undefined) return { shown: made, needsToken: false };
  if (auth === 'bearer') {
    const { authorization: _, ...headers } = made.headers;
    return { shown: { ...made, headers }, needsToken: true };
  }
  const hide = (text: string): string =>
    text
      .replaceAll(secret, placeholder)
      .replaceAll(encodeURIComponent(secret), placeholder)
      .replaceAll(Buffer.from(secret).toString('base64'), placeholder);
  const headers = Object.fromEntries(
    Object.entries(made.headers).map(([name, value]) => [name, hide(value)]),
  );
  return { shown: { url: hide(made.url), headers, body: hide(made.body) }, needsToken: false };
}

export const sampleId = ({ auth }: WebhookConfig): string => {
  const random = randomBytes(12).toString('hex');
  return auth === 'stripe' ? `evt_${random}` : auth === 'standard' ? `msg_${random}` : random;
};

/**
 * A whole delivery, its proof in it.
 *
 * @throws AlfredError E_VALIDATION for a hook without a secret, and for one whose sender alone can sign; E_SEALED_VALUE
 */
export function signAs(
  vault: Vault,
  row: SkillRow,
  config: WebhookConfig,
  given: { id: string; body: string; now: Date; contentType: string; url: string },
): Made {
  const scheme = schemeOf(config);
  const secret = openWebhookSecret(vault, config.auth, row);
  const name = isSender(config.auth) ? senders[config.auth].title : 'its sender';
  if (scheme !== undefined && secret === undefined) {
    throw new AlfredError('E_VALIDATION', `The webhook of "${row.slug}" has no secret`, {
      remedy: `Give it one: npx alfred skill hook ${row.slug} --new-secret, or --secret-stdin for the sender’s own`,
    });
  }
  if (scheme !== undefined && isAsymmetric(scheme)) {
    throw new AlfredError('E_VALIDATION', `Only ${name} can sign for this webhook: its key is nowhere else`, {
      remedy: 'Have the sender send a test.',
    });
  }
  const [idPlace] = idPlaces(config).places;
  return signDelivery(scheme, secret ?? '', { ...given, idPlace });
}
