/** `triggerConfig` by `triggerType`, and the webhook secret that is sent in it but never kept there. */
import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type { SkillDefinition } from '../contract/skills.ts';
import { triggerConfigSchemas, type WebhookAuth } from '../contract/triggers.ts';
import type { AlfredError } from '../kernel/errors.ts';
import { fieldErrors, validationError } from '../kernel/validate.ts';
import { checkSchedule } from '../schedules/schedule.ts';

/** What is to become of the sealed secret: as it is, none, or this one; `shown` when we made it up. */
export type TriggerSecret =
  | { kind: 'keep' }
  | { kind: 'none' }
  | { kind: 'set'; value: string; shown: boolean };

export type Trigger = { triggerConfig: Record<string, unknown>; secret: TriggerSecret };

/** The trigger as it was before this save, with the marker that stands for its secret. */
export type FormerTrigger = { auth: unknown; fingerprint: string | undefined };

/**
 * Checks `triggerConfig` and takes the secret out of it. A hook that needs a secret and is given none gets a new one.
 *
 * @param ownZone the owner's time zone, by which a schedule goes that names none
 * @throws AlfredError E_VALIDATION
 */
export function readTrigger(
  { triggerType, triggerConfig }: Pick<SkillDefinition, 'triggerType' | 'triggerConfig'>,
  { former, ownZone }: { former?: FormerTrigger | undefined; ownZone: string },
): Trigger {
  const parsed = triggerConfigSchemas[triggerType].safeParse(triggerConfig);
  if (!parsed.success) {
    throw validationError('The trigger', fieldErrors(parsed.error.issues, ['triggerConfig']));
  }
  if (triggerType === 'schedule') {
    const { cron, timezone = ownZone } = parsed.data as z.output<typeof triggerConfigSchemas.schedule>;
    checkSchedule({ cron, timezone }, '/triggerConfig');
    // A zone that was left out stays so: the schedule moves with its owner.
    return { triggerConfig: parsed.data, secret: { kind: 'none' } };
  }
  if (triggerType !== 'webhook') return { triggerConfig: parsed.data, secret: { kind: 'none' } };

  const { secret, ...config } = parsed.data as z.output<typeof triggerConfigSchemas.webhook>;
  return { triggerConfig: config, secret: decide(config.auth, secret, former) };
}

function decide(
  auth: WebhookAuth,
  given: z.output<typeof triggerConfigSchemas.webhook>['secret'],
  former: FormerTrigger | undefined,
): TriggerSecret {
  if (auth === 'none') {
    if (typeof given === 'string') throw wrongSecret('an unsigned hook has no secret; name another auth');
    return { kind: 'none' };
  }
  if (typeof given === 'string') {
    if (auth === 'standard' && !isStandardSecret(given)) {
      throw wrongSecret('use whsec_ and the base64 of 24 to 64 bytes (Standard Webhooks), or leave it out');
    }
    return { kind: 'set', value: given, shown: false };
  }
  // The marker says "as it is"; a secret of one scheme is none of another.
  if (given && given.fingerprint !== former?.fingerprint) {
    throw wrongSecret('this stands for another secret than the one that is kept; send the secret itself');
  }
  if (given && former?.auth === auth) return { kind: 'keep' };
  return { kind: 'set', value: newSecret(auth), shown: true };
}

const wrongSecret = (message: string): AlfredError =>
  validationError('The trigger', [{ field: '/triggerConfig/secret', message }]);

/** Standard Webhooks specification, "Signature scheme": 24 to 64 bytes, base64, after `whsec_`. */
function isStandardSecret(secret: string): boolean {
  const base64 = secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : '';
  const bytes = Buffer.from(base64, 'base64');
  // Buffer ignores what is no base64, so the text is made again and compared.
  return bytes.length >= 24 && bytes.length <= 64 && bytes.toString('base64') === base64;
}

const newSecret = (auth: Exclude<WebhookAuth, 'none'>): string =>
  auth === 'standard'
    ? `whsec_${randomBytes(32).toString('base64')}`
    : randomBytes(32).toString(auth === 'bearer' ? 'base64url' : 'hex');
