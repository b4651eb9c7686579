/** The hook of a skill, read from its row at every request: what was saved last is what counts. */
import type { z } from 'zod';
import { triggerConfigSchemas, type WebhookAuth } from '../contract/triggers.ts';
import type { Database } from '../database/client.ts';
import { readStartable, type Startable } from '../executions/read-startable.ts';
import type { StartDeps } from '../executions/start-execution.ts';
import { AlfredError } from '../kernel/errors.ts';
import { findIntactSkill, type SkillRow } from '../skills/skill-row.ts';

export type WebhookConfig = Omit<z.output<typeof triggerConfigSchemas.webhook>, 'secret'> & {
  auth: WebhookAuth;
};

/** By the row that it was made of: a hook whose row is still the same is not parsed again. */
const configs = new WeakMap<object, WebhookConfig>();

export function webhookConfigOf(row: Pick<SkillRow, 'triggerConfig'>): WebhookConfig {
  let config = configs.get(row);
  if (config === undefined) {
    config = triggerConfigSchemas.webhook.parse(row.triggerConfig);
    configs.set(row, config);
  }
  return config;
}

/**
 * The active webhook of this name. A stranger is told the same of a draft, of a skill that is no webhook, and of none.
 *
 * @throws AlfredError E_NOT_FOUND, E_ROW_ALTERED
 */
export async function findActiveHook(
  deps: Pick<StartDeps, 'db' | 'settings'>,
  slug: string,
): Promise<Startable> {
  const found = await readStartable(deps, slug);
  if (found?.skill.isActive && found.skill.triggerType === 'webhook') return found;
  throw new AlfredError('E_NOT_FOUND', 'There is no active webhook at this address', {
    remedy: 'The skill must be there, have the trigger "webhook", and be no draft.',
  });
}

/**
 * The skill of this name, which must be triggered by a webhook.
 *
 * @throws AlfredError E_NOT_FOUND; E_ROW_ALTERED; E_VALIDATION when another trigger starts it
 */
export async function findHookOfSkill(db: Pick<Database, 'prisma'>, slug: string): Promise<SkillRow> {
  const row = await findIntactSkill(db.prisma, slug);
  if (row.triggerType === 'webhook') return row;
  throw new AlfredError('E_VALIDATION', `"${slug}" has no webhook: its trigger is "${row.triggerType}"`, {
    remedy: 'Set its "triggerType" to "webhook".',
    fields: [{ field: '/triggerType', message: 'must be webhook' }],
  });
}
