/** `triggerConfig` by `triggerType`. */
import type { z } from 'zod';
import type { SkillDefinition } from '../contract/skills.ts';
import { triggerConfigSchemas } from '../contract/triggers.ts';
import { fieldErrors, validationError } from '../kernel/validate.ts';
import { checkSchedule } from '../schedules/schedule.ts';
import {
  type FormerTrigger,
  readWebhook,
  type TriggerSecret,
  type WebhookTrigger,
} from './webhook-config.ts';

export type Trigger = { triggerConfig: Record<string, unknown>; secret: TriggerSecret };

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

  return readWebhook(parsed.data as WebhookTrigger, former);
}
