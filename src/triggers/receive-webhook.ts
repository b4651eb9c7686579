import { schemeOf } from '../contract/senders/scheme-of.ts';
import { isSender, senders } from '../contract/senders/senders.ts';
import { defaultPerMinute } from '../contract/triggers.ts';
import type { HookAnswer } from '../contract/webhook-scheme.ts';
import type { Startable } from '../executions/read-startable.ts';
import { type StartDeps, startExecution } from '../executions/start-execution.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { AlfredError, isAlfredError } from '../kernel/errors.ts';
import { sha256 } from '../kernel/hash.ts';
import type { SecretUseCounter } from '../secrets/secret-use-counter.ts';
import { answerChallenge, type ChallengeAnswer, challengeIn } from './senders/answer-challenge.ts';
import type { Delivery } from './senders/delivery.ts';
import { deliveryOf, type Request, withContent } from './senders/delivery-of.ts';
import { verifyDelivery } from './senders/verify-delivery.ts';
import { takeHandshake } from './take-handshake.ts';
import { deliveryId } from './webhook-delivery-id.ts';
import { shownOf, type WebhookInput, webhookInput } from './webhook-input.ts';
import type { WebhookRate } from './webhook-rate.ts';
import { findActiveHook, type WebhookConfig, webhookConfigOf } from './webhook-row.ts';
import { hookSecret, openWebhookSecret } from './webhook-secret.ts';

export type ReceiveDeps = StartDeps & { rate: WebhookRate; uses: SecretUseCounter; clock?: Clock };

/** A request to a hook as it came, the address it came from, and who says that nobody waits for it any more. */
export type Arrived = Request & { from: string; signal?: AbortSignal };

export type Received =
  | { kind: 'challenge'; answer: ChallengeAnswer; echoed?: Record<string, string> }
  | {
      kind: 'run';
      executionId: string;
      isDuplicate: boolean;
      waits: boolean;
      answer: HookAnswer | undefined;
    };

/**
 * Takes a request in: its sender is proved, and then an execution is started, or found that the same delivery started
 * before. When this returns, the row is committed. A sender that tries the address is answered, and starts nothing.
 *
 * @throws AlfredError E_NOT_FOUND, E_UNAUTHENTICATED, E_RATE_LIMITED, E_MALFORMED, E_TOO_LARGE, E_VALIDATION,
 *   E_METHOD_NOT_ALLOWED
 */
export async function receiveWebhook(deps: ReceiveDeps, slug: string, arrived: Arrived): Promise<Received> {
  const { vault, rate, clock = systemClock } = deps;
  const found = await findHook(deps, slug, arrived.method);
  const hook = found.skill;
  const config = webhookConfigOf(hook);
  const scheme = schemeOf(config);
  const secret = openWebhookSecret(vault, config.auth, hook);
  const delivery = await deliveryOf(arrived, scheme);
  const now = clock.now();
  const challenge = challengeIn(scheme, delivery);
  if (challenge !== undefined && scheme !== undefined) {
    if (challenge.proof === 'signature') verifyDelivery(config, secret, delivery, now);
    rate.count(hook.id, config.perMinute ?? defaultPerMinute);
    const { verifyToken } = config;
    return {
      kind: 'challenge',
      answer: answerChallenge({ scheme, secret, verifyToken }, challenge, delivery),
    };
  }
  const echoed = await takeHandshake(deps, hook, scheme, delivery);
  if (echoed !== undefined)
    return { kind: 'challenge', answer: { body: '', contentType: 'text/plain' }, echoed };
  refuseMethod(config, arrived.method);
  if (secret !== undefined) deps.uses.count(hookSecret(hook), 'signatures of deliveries');
  verifyDelivery(config, secret, delivery, now);
  rate.count(hook.id, config.perMinute ?? defaultPerMinute);
  const { input, id } = await readDelivery(config, delivery);
  const started = await startExecution(deps, {
    skill: slug,
    found,
    input,
    mode: 'live',
    trigger: 'webhook',
    triggerDetail: detailOf(config, arrived, id),
    ...(arrived.signal === undefined ? {} : { signal: arrived.signal }),
    actor: vault.redactor.text(id === undefined ? 'webhook' : `webhook:${id}`),
    // Of any length and with anything in it, so its hash stands for it.
    ...(id === undefined ? {} : { dedupeKey: `webhook:${sha256(id).toString('base64url')}` }),
  });
  return { kind: 'run', ...started, waits: config.response === 'result', answer: answerOf(config) };
}

/** A stranger who asks with another method than POST is told the same of every address. */
async function findHook(deps: ReceiveDeps, slug: string, method: string): Promise<Startable> {
  try {
    return await findActiveHook(deps, slug);
  } catch (error) {
    if (method !== 'POST' && isAlfredError(error, 'E_NOT_FOUND')) refuseMethod({}, method);
    throw error;
  }
}

/** What a delivery is answered with: as the trigger says, or as its sender wants it. */
const answerOf = ({ auth, answer }: WebhookConfig): HookAnswer | undefined =>
  answer ?? (isSender(auth) ? senders[auth].answer : undefined);

/** @throws AlfredError E_METHOD_NOT_ALLOWED */
function refuseMethod({ methods = ['POST'] }: Pick<WebhookConfig, 'methods'>, method: string): void {
  if (methods.some((one) => one === method)) return;
  throw new AlfredError('E_METHOD_NOT_ALLOWED', `${method} is not possible here`, {
    remedy: 'Send it with POST; a trigger whose "methods" has GET takes that as well.',
  });
}

/**
 * What a delivery says, once its sender is known. Nothing of its address where the signature is over the body alone.
 *
 * @throws AlfredError E_MALFORMED, E_TOO_LARGE
 */
export async function readDelivery(
  config: WebhookConfig,
  delivery: Delivery,
): Promise<{ input: WebhookInput; id: string | undefined }> {
  const read = 'content' in delivery ? delivery : await withContent(delivery, schemeOf(config));
  return { input: webhookInput(config, read), id: deliveryId(config, read) };
}

/** What the record says of a delivery beside its input. */
const detailOf = (
  config: WebhookConfig,
  { headers, body, from }: Arrived,
  id: string | undefined,
): Record<string, unknown> => ({
  auth: config.auth,
  ...(id === undefined ? {} : { deliveryId: id }),
  from,
  headers: shownOf(config, headers),
  bytes: body.length,
  sha256: sha256(body).toString('hex'),
});
