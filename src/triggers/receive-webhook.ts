import { defaultPerMinute } from '../contract/triggers.ts';
import { type StartDeps, startExecution } from '../executions/start-execution.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { sha256 } from '../kernel/hash.ts';
import type { SecretUseCounter } from '../secrets/secret-use-counter.ts';
import { deliveryId } from './webhook-delivery-id.ts';
import { shownOf, type WebhookInput, webhookInput } from './webhook-input.ts';
import type { WebhookRate } from './webhook-rate.ts';
import { findActiveHook, type WebhookConfig, webhookConfigOf } from './webhook-row.ts';
import { type Delivery, signsBodyAlone, verifyDelivery } from './webhook-schemes.ts';
import { hookSecret, openWebhookSecret } from './webhook-secret.ts';

export type ReceiveDeps = StartDeps & { rate: WebhookRate; uses: SecretUseCounter; clock?: Clock };

export type Received = { executionId: string; isDuplicate: boolean; waits: boolean };

/**
 * Takes a delivery in: its sender is proved, and then an execution is started, or found that the same delivery started
 * before. When this returns, the row is committed.
 *
 * @param query as the address has it
 * @param signal aborted: nobody waits for it any more, and nothing is started
 * @throws AlfredError E_NOT_FOUND, E_UNAUTHENTICATED, E_RATE_LIMITED, E_MALFORMED, E_TOO_LARGE, E_VALIDATION
 */
export async function receiveWebhook(
  deps: ReceiveDeps,
  slug: string,
  delivery: Delivery,
  { query, from, signal }: { query: unknown; from: string; signal?: AbortSignal },
): Promise<Received> {
  const { vault, rate, clock = systemClock } = deps;
  const found = await findActiveHook(deps, slug);
  const hook = found.skill;
  const config = webhookConfigOf(hook);
  const secret = openWebhookSecret(vault, config.auth, hook);
  if (secret !== undefined) deps.uses.count(hookSecret(hook), 'signatures of deliveries');
  verifyDelivery(config.auth, secret, delivery, clock.now());
  rate.count(hook.id, config.perMinute ?? defaultPerMinute);
  const { input, id } = readDelivery(config, delivery, query);
  const started = await startExecution(deps, {
    skill: slug,
    found,
    input,
    mode: 'live',
    trigger: 'webhook',
    triggerDetail: detailOf(config, delivery, id, from),
    ...(signal === undefined ? {} : { signal }),
    actor: vault.redactor.text(id === undefined ? 'webhook' : `webhook:${id}`),
    // Of any length and with anything in it, so its hash stands for it.
    ...(id === undefined ? {} : { dedupeKey: `webhook:${sha256(id).toString('base64url')}` }),
  });
  return { ...started, waits: config.response === 'result' };
}

/**
 * What a delivery says, once its sender is known. Nothing of its address where the signature is over the body alone.
 *
 * @throws AlfredError E_MALFORMED, E_TOO_LARGE
 */
export function readDelivery(
  config: WebhookConfig,
  delivery: Delivery,
  query: unknown,
): { input: WebhookInput; id: string | undefined } {
  const input = webhookInput(delivery, signsBodyAlone(config.auth) ? {} : query);
  return { input, id: deliveryId(config, delivery, input.body) };
}

/** What the record says of a delivery beside its input. */
const detailOf = (
  { auth }: WebhookConfig,
  { headers, body }: Delivery,
  id: string | undefined,
  from: string,
): Record<string, unknown> => ({
  auth,
  ...(id === undefined ? {} : { deliveryId: id }),
  from,
  headers: shownOf(headers),
  bytes: body.length,
  sha256: sha256(body).toString('hex'),
});
