import type { WebhookScheme } from '../contract/webhook-scheme.ts';
import type { Database } from '../database/client.ts';
import type { Startable } from '../executions/read-startable.ts';
import { revisionOf } from '../skills/skill-row.ts';
import { updateSkill } from '../skills/update-skill.ts';
import type { Vault } from '../vault/vault.ts';
import type { Delivery } from './senders/delivery.ts';
import { textAt } from './senders/places.ts';

/**
 * Keeps the secret that a sender hands over while it sets a webhook up. A hook that has one takes no other: whoever comes
 * first is the sender, and its owner sees that it came.
 *
 * @returns the headers that the sender wants back; undefined for what is no handshake
 * @throws AlfredError E_PRECONDITION when another came first, E_VALIDATION, E_FORBIDDEN for a hook that gives results out
 */
export async function takeHandshake(
  deps: { db: Database; vault: Vault },
  hook: Startable['skill'],
  scheme: WebhookScheme | undefined,
  delivery: Delivery,
): Promise<Record<string, string> | undefined> {
  if (scheme?.handshake === undefined || hook.triggerSecret !== null) return undefined;
  const secret = textAt(scheme.handshake.secret, delivery);
  if (secret === undefined) return undefined;
  await updateSkill(
    deps,
    hook.slug,
    { triggerConfig: { secret } },
    {
      actor: 'webhook',
      mayLoosen: false,
      note: 'its sender handed its secret over',
      isExpected: (revision) => revision === revisionOf(hook),
    },
  );
  const { echo } = scheme.handshake;
  return echo === undefined ? {} : { [echo]: secret };
}
