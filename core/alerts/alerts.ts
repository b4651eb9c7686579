/** Alerts while Core runs: looked for once a minute, told by the ways that the settings name. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { AlertsTested } from '../../src/contract/core-alerts.ts';
import { timeNow } from '../../src/kernel/clock.ts';
import { AlfredError, messageOf } from '../../src/kernel/errors.ts';
import { newId } from '../../src/kernel/ids.ts';
import type { Logger } from '../../src/kernel/log.ts';
import { repeat } from '../../src/kernel/repeat.ts';
import { secretFile } from '../access/secret-file.ts';
import type { CoreDatabase } from '../database.ts';
import type { Mailer } from '../mail/mailer.ts';
import type { CoreSettings } from '../settings.ts';
import { type Channel, mailChannel, webhookChannel } from './channels.ts';
import { deliverAlerts } from './deliver-alerts.ts';
import { lookForAlerts } from './look-for-alerts.ts';

const lookEveryMs = 60_000;

/** The ways that the settings name. The webhook's secret is in `$CORE_HOME/keys/alert-secret`, made where it is not there. */
export async function openChannels(
  { home, alerts: { webhook, mailTo } }: Pick<CoreSettings, 'home' | 'alerts'>,
  mailer: Mailer | undefined,
): Promise<Channel[]> {
  const channels: Channel[] = [];
  if (webhook !== undefined) {
    const secret = await secretFile(path.join(home, 'keys', 'alert-secret'), {
      what: 'secret that alerts are signed with',
      isGood: (text) => /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/.test(text),
      make: () => `whsec_${randomBytes(32).toString('base64')}`,
    });
    channels.push(webhookChannel({ url: webhook, secret }));
  }
  if (mailer && mailTo.length > 0) channels.push(mailChannel({ mailer, to: mailTo }));
  return channels;
}

export function watchAlerts(deps: {
  db: CoreDatabase;
  channels: readonly Channel[];
  url: string;
  log: Logger;
}) {
  const { db, channels, log } = deps;
  const names = channels.map(({ name }) => name);
  const work = async () => {
    await lookForAlerts(db, names);
    await deliverAlerts(deps);
  };
  return repeat(work, {
    everyMs: lookEveryMs,
    onTrouble: (error) => log.error(`alerts were not looked for: ${messageOf(error)}`),
  });
}

/** Sends a test by every way, now. @throws AlfredError E_CONFLICT when none is set */
export async function testAlerts(channels: readonly Channel[], url: string): Promise<AlertsTested> {
  if (channels.length === 0) {
    throw new AlfredError('E_CONFLICT', 'Alerts go nowhere: neither a webhook nor mail is set', {
      remedy:
        'Start Core with CORE_ALERT_WEBHOOK, or with CORE_ALERT_MAIL, CORE_SMTP_URL and CORE_MAIL_FROM.',
    });
  }
  const none = { began: [], ended: [], beganCount: 0, endedCount: 0 };
  const told = { type: 'fleet.test', timestamp: timeNow().toISOString(), data: { url, ...none } } as const;
  const items = await Promise.all(
    channels.map(async (channel) => {
      const { name, to } = channel;
      const error = await channel.send(newId(), told).then(() => null, messageOf);
      return { channel: name, to, ok: error === null, error };
    }),
  );
  return { items };
}
