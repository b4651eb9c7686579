import { isDeepStrictEqual } from 'node:util';
import { recordAudit } from '../audit/record-audit.ts';
import { kindFacts } from '../contract/channel-kinds.ts';
import type { Channel, ChannelPatch } from '../contract/channels.ts';
import { sealedMarkerSchema } from '../contract/common.ts';
import { validationError } from '../kernel/validate.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import { endLinksOf } from './approval-links.ts';
import { type ChannelRow, findChannel, readChannel } from './channel-row.ts';
import { channelProblems, nearField } from './check-channel.ts';
import { type ChannelDeps, columnsOf, nameTaken, valuesOf } from './create-channel.ts';
import { openChannel } from './open-channel.ts';
import { presentChannel, readCounts } from './present-channel.ts';

/**
 * Changes a channel: what is left out stays, and null takes a field away. What waits is tried at once. Links by which
 * calls are decided end where it goes elsewhere, is called otherwise, or is sent none any more.
 *
 * @throws AlfredError E_NOT_FOUND, E_ROW_ALTERED, E_CONFLICT; E_VALIDATION, also where it goes elsewhere and a secret was not
 *   entered again
 */
export async function updateChannel(
  { db, vault }: ChannelDeps,
  name: string,
  patch: ChannelPatch,
  actor: string,
): Promise<Channel> {
  const row = await db.transaction(async (tx) => {
    await tx.$queryRaw`SELECT FROM notice_channels WHERE name = ${name} FOR UPDATE`;
    const before = await findChannel(tx, name);
    const called = patch.name ?? name;
    if (called !== name && (await tx.noticeChannel.count({ where: { name: called } })) > 0)
      throw nameTaken(called);
    const owner = { ...before, name: called };
    const place = openChannel(vault, before);
    const { values, isNear } = mergeConfig(place, before, patch.config ?? {});
    const problems = channelProblems(before.kind, values, isNear);
    if (problems.length > 0) throw validationError('The channel', problems);
    const said = Object.entries(patch.rules ?? {}).filter(([, value]) => value !== undefined);
    const data = {
      ...{ name: called, kind: before.kind, isActive: patch.isActive ?? before.isActive },
      rules: { ...before.rules, ...Object.fromEntries(said) },
      ...columnsOf(vault, owner, values, isNear),
    };
    const mac = rowGuardOf(tx).sign('notice_channels', { ...data, id: before.id });
    const changed = await tx.noticeChannel.update({
      where: { id: before.id },
      data: { ...data, mac, retryAt: null, ...(data.isActive && !before.isActive ? anew : {}) },
    });
    const channel = readChannel(changed);
    // By its name they are known; and what was sent to where it led before is in the hands of whoever reads there.
    const isSame = called === name && isDeepStrictEqual(values, place);
    if (!isSame || !data.isActive || !channel.rules.links) await endLinksOf(tx, name);
    const facts = { id: before.id, changed: Object.keys(patch), rules: data.rules };
    await recordAudit(tx, { action: 'channel.changed', actor, subject: called, data: facts });
    return channel;
  });
  return presentChannel(vault, row, (await readCounts(db)).get(row.id));
}

/** One that was switched off, by whomever, has failed at nothing yet. */
const anew = { failures: 0, failingSince: null, lastError: null, toldOfFailure: false };

/** @throws AlfredError E_VALIDATION where a secret would go to another server than it was entered for */
function mergeConfig(
  before: Record<string, string>,
  row: ChannelRow,
  config: NonNullable<ChannelPatch['config']>,
): { values: Record<string, string>; isNear: boolean } {
  // A secret that is sent back as it was shown stays the one that is kept.
  const sent = Object.fromEntries(
    Object.entries(config).filter(([, value]) => !sealedMarkerSchema.safeParse(value).success),
  );
  const { values, isNear } = valuesOf(sent);
  const kept = Object.fromEntries(Object.entries(before).filter(([field]) => !Object.hasOwn(sent, field)));
  const after = { ...kept, ...values };
  const fields = Object.entries(kindFacts(row.kind).fields);
  const isElsewhere = fields.some(
    ([field, { isPlace, otherwise }]) =>
      isPlace === true && (before[field] ?? otherwise) !== (after[field] ?? otherwise),
  );
  const lost = fields.filter(([field, { isSecret }]) => isSecret === true && Object.hasOwn(kept, field));
  if (isElsewhere && lost.length > 0) {
    throw validationError(
      'The channel',
      lost.map(([field]) => ({
        field: `/config/${field}`,
        message: 'was entered for another server: enter it again',
      })),
    );
  }
  return { values: after, isNear: Object.hasOwn(sent, nearField) ? isNear : row.config[nearField] === true };
}
