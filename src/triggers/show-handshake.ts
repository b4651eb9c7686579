import { schemeOf } from '../contract/senders/scheme-of.ts';
import type { Database } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import { recordSecretUses } from '../secrets/record-secret-uses.ts';
import type { Vault } from '../vault/vault.ts';
import { findHookOfSkill, webhookConfigOf } from './webhook-row.ts';
import { hookSecret, openWebhookSecret } from './webhook-secret.ts';

/**
 * The secret that a sender handed over and wants typed at its own page. It is shown until the first delivery that it signed:
 * from then on it is a secret like any other.
 *
 * @throws AlfredError E_NOT_FOUND, E_VALIDATION for a sender without such a word, E_CONFLICT before it came and after the first delivery
 */
export async function showHandshake(
  { db, vault }: { db: Database; vault: Vault },
  slug: string,
): Promise<{ secret: string }> {
  const row = await findHookOfSkill(db, slug);
  const { auth, scheme } = webhookConfigOf(row);
  if (schemeOf({ auth, scheme })?.handshake?.isShown !== true) {
    throw new AlfredError('E_VALIDATION', 'The sender of this webhook wants no word typed at its side');
  }
  const secret = openWebhookSecret(vault, auth, row);
  if (secret === undefined) {
    throw new AlfredError('E_CONFLICT', 'The sender has not tried the address yet', {
      remedy: 'Create the webhook at the sender, with the address of this one. Then look again.',
    });
  }
  const delivered = await db.prisma.execution.findFirst({
    where: { skillId: row.id, trigger: 'webhook' },
    select: { id: true },
  });
  if (delivered !== null) {
    throw new AlfredError('E_CONFLICT', 'It is not shown any more: deliveries have come that it signed', {
      remedy: `To begin anew: npx alfred skill hook ${slug} --new-secret, and create the webhook at the sender again.`,
    });
  }
  await recordSecretUses(db, {
    secrets: [hookSecret(row)],
    destination: 'its owner, to type it at the sender',
    times: 1,
  });
  return { secret };
}
