import { recordAudit, systemActor } from '../audit/record-audit.ts';
import { configPlace } from '../config/put-config.ts';
import { isNear } from '../config/values.ts';
import { usualRules } from '../contract/channels.ts';
import { AlfredError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/log.ts';
import { openSealed } from '../vault/open.ts';
import { readPlain, removeEntries } from '../vault/plain-rows.ts';
import { type ChannelDeps, insertChannel } from './create-channel.ts';

const urlKey = 'notify_webhook_url';
const secretKey = 'notify_webhook_secret';

/**
 * Makes a channel of the two settings that notices had before there were channels: of an older home, and of a backup of one. Sealed
 * values are bound to their place, so that no migration can do it.
 *
 * @throws AlfredError E_SEALED_VALUE; E_ROW_ALTERED when the address is not as this VM left it
 */
export async function carryOverWebhook({ db, vault, log }: ChannelDeps & { log: Logger }): Promise<void> {
  if (!(await readPlain(db.prisma, [urlKey])).has(urlKey)) return;
  await db.transaction(async (tx) => {
    const url = (await readPlain(tx, [urlKey])).get(urlKey);
    if (url === undefined) return;
    const sealed = await tx.config.findUnique({ where: { key: secretKey }, select: { value: true } });
    if (sealed === null)
      throw new AlfredError('E_CONNECTION_FAILED', `There is no ${secretKey} to sign notices with.`, {
        remedy: `Remove the address, and add the channel again: npx alfred config set ${urlKey} --unset`,
      });
    const secret = openSealed(vault, configPlace(secretKey), sealed.value, secretKey);
    const names = (await tx.noticeChannel.findMany({ select: { name: true } })).map(({ name }) => name);
    await insertChannel(
      { tx, vault },
      {
        ...{ name: freeName(names), kind: 'webhook', isActive: true, actor: systemActor },
        values: { url, secret },
        // Whoever entered an address in a private network allowed that network with it.
        isNear: isNear(new URL(url).hostname),
        rules: { ...usualRules('webhook'), events: ['failed', 'waiting', 'login', 'backup'], links: false },
      },
    );
    await removeEntries(tx, [urlKey, secretKey]);
    await recordAudit(tx, { action: 'config.removed', actor: systemActor, subject: urlKey });
    await recordAudit(tx, { action: 'secret.removed', actor: systemActor, subject: secretKey });
  });
  log.info(`${urlKey} is a channel of notices now: npx alfred notice list`);
}

const freeName = (taken: readonly string[]): string => {
  for (let number = 1; ; number++) {
    const name = number === 1 ? 'webhook' : `webhook-${number}`;
    if (!taken.includes(name)) return name;
  }
};
