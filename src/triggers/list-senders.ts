import { senderNames, senders } from '../contract/senders/senders.ts';
import { webhookSchemeSchema } from '../contract/webhook-scheme.ts';
import type { WebhookSender } from '../contract/webhooks.ts';

/** Every sender that is known by name, by its title. */
export const listSenders = (): WebhookSender[] =>
  senderNames
    .map((auth) => {
      const { title, also = [], words, steps, know = null, secret, scheme } = senders[auth];
      return {
        ...{ auth, title, also: [...also], words, steps: [...steps], know },
        secretName: secret.name,
        secretFrom: secret.from,
        hasVerifyToken: secret.verifyToken === true,
        scheme: webhookSchemeSchema.parse(scheme),
      };
    })
    .sort((one, other) => one.title.localeCompare(other.title, 'en'));
