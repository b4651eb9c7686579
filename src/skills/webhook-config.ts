/** The trigger `webhook` of a skill as it is saved, and its secret, which is sent in it but never kept there. */
import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import { listOf } from '../contract/delivery-place.ts';
import { isAsymmetric, type Proof, schemeOf, signsBodyAlone } from '../contract/senders/scheme-of.ts';
import { isSender, type SenderName, senders } from '../contract/senders/senders.ts';
import type { triggerConfigSchemas, WebhookAuth } from '../contract/triggers.ts';
import type { FieldError } from '../kernel/errors.ts';
import { validationError } from '../kernel/validate.ts';
import { hashedToken, wrongSecretForm } from './webhook-key.ts';

export type WebhookTrigger = z.output<typeof triggerConfigSchemas.webhook>;

/** What is to become of the sealed secret: as it is, none, or this one; `shown` when we made it up. */
export type TriggerSecret =
  | { kind: 'keep' }
  | { kind: 'none' }
  | { kind: 'set'; value: string; shown: boolean };

/** The trigger as it was before this save, with the marker that stands for its secret. */
export type FormerTrigger = { auth: unknown; fingerprint: string | undefined };

/**
 * Checks what belongs together in a webhook's trigger, and takes the secret out of it. A hook whose secret is ours to make
 * and that is given none gets a new one; one of the sender's is waited for.
 *
 * @throws AlfredError E_VALIDATION
 */
export function readWebhook(
  trigger: WebhookTrigger,
  former: FormerTrigger | undefined,
): { triggerConfig: Record<string, unknown>; secret: TriggerSecret } {
  const { secret, ...config } = trigger;
  const wrong = misfitsOf(trigger);
  if (wrong.length > 0) throw validationError('The trigger', wrong);
  const { verifyToken } = config;
  return {
    triggerConfig: {
      ...config,
      ...(verifyToken === undefined ? {} : { verifyToken: hashedToken(verifyToken) }),
    },
    secret: decide(config, secret, former),
  };
}

function misfitsOf({ auth, scheme, verifyToken, methods, answer, response }: WebhookTrigger): FieldError[] {
  const wrong = (field: string, message: string): FieldError => ({
    field: `/triggerConfig/${field}`,
    message,
  });
  if (auth === 'custom' && scheme === undefined)
    return [wrong('scheme', 'is required with "auth": "custom"')];
  const found: FieldError[] = [];
  if (auth !== 'custom' && scheme !== undefined)
    found.push(wrong('scheme', 'goes with "auth": "custom" alone'));
  const proof = { auth, scheme };
  if (verifyToken !== undefined && !listOf(schemeOf(proof)?.challenge).some((one) => one.proof === 'token')) {
    found.push(wrong('verifyToken', 'this sender has no such word'));
  }
  if (methods?.includes('GET') && signsBodyAlone(proof)) {
    found.push(
      wrong(
        'methods',
        'a GET has no body, and this sender signs nothing else: take one that proves the address',
      ),
    );
  }
  if (answer?.failedStatus !== undefined && response !== 'result') {
    found.push(
      wrong('answer/failedStatus', 'goes with "response": "result": otherwise nobody waits for the end'),
    );
  }
  return found;
}

function decide(
  proof: Proof,
  given: WebhookTrigger['secret'],
  former: FormerTrigger | undefined,
): TriggerSecret {
  const { auth } = proof;
  const scheme = schemeOf(proof);
  if (auth === 'none' || scheme === undefined) {
    if (typeof given === 'string') throw wrongSecret('an unsigned hook has no secret; name another auth');
    return { kind: 'none' };
  }
  if (typeof given === 'string') {
    const message = wrongSecretForm(scheme, given);
    if (message !== undefined) throw wrongSecret(message);
    return { kind: 'set', value: given, shown: false };
  }
  // The marker says "as it is"; a secret of one scheme is none of another.
  if (given && given.fingerprint !== former?.fingerprint) {
    throw wrongSecret('this stands for another secret than the one that is kept; send the secret itself');
  }
  if (given && former?.auth === auth) return { kind: 'keep' };
  const isTheirs = isAsymmetric(scheme) || (isSender(auth) && senders[auth].secret.from === 'sender');
  return isTheirs ? { kind: 'none' } : { kind: 'set', value: newSecret(auth, scheme.key), shown: true };
}

const wrongSecret = (message: string) =>
  validationError('The trigger', [{ field: '/triggerConfig/secret', message }]);

/** Those that stand in a header or an address, which not every character may. */
const inAddresses: readonly WebhookAuth[] = ['bearer', 'token', 'gitlab', 'telegram'] satisfies SenderName[];

function newSecret(auth: WebhookAuth, key: 'utf8' | 'base64' | 'hex' | 'whsec'): string {
  const bytes = randomBytes(32);
  if (key === 'whsec') return `whsec_${bytes.toString('base64')}`;
  if (auth === 'basic') return `alfred:${randomBytes(24).toString('base64url')}`;
  // Lemon Squeezy takes up to 40 characters.
  if (auth === 'lemonsqueezy') return randomBytes(20).toString('hex');
  if (inAddresses.includes(auth)) return bytes.toString('base64url');
  return bytes.toString(key === 'base64' ? 'base64' : 'hex');
}
