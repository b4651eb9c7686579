/** What sends by each kind of channel. */
import type { ChannelKind } from '../../contract/channel-kinds.ts';
import { sendBrowser } from './browser.ts';
import { sendDiscord } from './discord.ts';
import { sendEmail } from './email.ts';
import { sendNtfy } from './ntfy.ts';
import type { Send } from './sender.ts';
import { sendSlack } from './slack.ts';
import { sendTelegram } from './telegram.ts';
import { sendWebhook } from './webhook.ts';

export const senders: Record<ChannelKind, Send> = {
  browser: sendBrowser,
  email: sendEmail,
  ntfy: sendNtfy,
  telegram: sendTelegram,
  slack: sendSlack,
  discord: sendDiscord,
  webhook: sendWebhook,
};
