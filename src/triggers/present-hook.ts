import { schemeOf } from '../contract/senders/scheme-of.ts';
import { isSender, senders } from '../contract/senders/senders.ts';
import { defaultPerMinute } from '../contract/triggers.ts';
import type { WebhookScheme } from '../contract/webhook-scheme.ts';
import type { Hook } from '../contract/webhooks.ts';
import type { SkillRow } from '../skills/skill-row.ts';
import { webhookConfigOf } from './webhook-row.ts';

/**
 * A skill's webhook as its owner sees it: where it is, how its calls prove themselves, and what is clicked at the sender.
 *
 * @param base the address under which senders reach this VM
 */
export function presentHook(row: SkillRow, base: string): Hook {
  const config = webhookConfigOf(row);
  const { auth, response, dedupeBy = null, perMinute = defaultPerMinute, methods = ['POST'] } = config;
  const url = `${base}/hooks/${row.slug}`;
  const sender = isSender(auth) ? senders[auth] : undefined;
  return {
    slug: row.slug,
    ...{ url, auth, response, dedupeBy, perMinute, methods },
    sender: sender?.title ?? null,
    words:
      sender?.words ?? (auth === 'none' ? 'by anybody: it is not signed' : 'signed by a scheme of its own'),
    steps: (sender?.steps ?? []).map((step) => step.replaceAll('{url}', url)),
    know: sender?.know ?? null,
    handshake: handshakeOf(schemeOf(config)?.handshake),
    isActive: row.isActive,
    hasSecret: row.triggerSecret !== null,
    secretName: sender?.secret.name ?? 'secret',
    secretFrom: sender?.secret.from ?? 'either',
  };
}

const handshakeOf = (handshake: WebhookScheme['handshake']): Hook['handshake'] =>
  handshake === undefined ? 'none' : handshake.isShown === true ? 'shown' : 'kept';
