import type { WebhookAuth } from '../contract/triggers.ts';
import type { UsedSecret } from '../secrets/record-secret-uses.ts';
import { triggerSecretLabel, triggerSecretPlace } from '../skills/skill-row.ts';
import { openSealed } from '../vault/open.ts';
import type { Vault } from '../vault/vault.ts';

export type Hook = { id: string; slug: string; triggerSecret: string | null };

/** As its uses name it. */
export const hookSecret = ({ id, slug }: Pick<Hook, 'id' | 'slug'>): UsedSecret => ({
  place: triggerSecretPlace(id),
  label: triggerSecretLabel(slug),
});

/** By the row they were read from: as long as the database has the same one (executions/read-startable.ts), and somebody asks. */
const opened = new WeakMap<Hook, string>();

/**
 * The secret with which deliveries to a hook are signed.
 *
 * @returns undefined for an unsigned hook, and for one that has no secret yet
 * @throws AlfredError E_SEALED_VALUE
 */
export function openWebhookSecret(vault: Vault, auth: WebhookAuth, hook: Hook): string | undefined {
  if (auth === 'none' || hook.triggerSecret === null) return undefined;
  const known = opened.get(hook);
  if (known !== undefined) return known;
  const secret = openSealed(
    vault,
    triggerSecretPlace(hook.id),
    hook.triggerSecret,
    triggerSecretLabel(hook.slug),
  );
  opened.set(hook, secret);
  return secret;
}
