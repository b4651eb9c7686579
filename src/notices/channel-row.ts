/** A channel's row, read once and typed. */
import { z } from 'zod';
import type { ChannelKind } from '../contract/channel-kinds.ts';
import {
  type ChannelRules,
  channelInputSchema,
  channelRulesSchema,
  usualRules,
} from '../contract/channels.ts';
import type { Prisma, Transaction } from '../database/client.ts';
import { AlfredError } from '../kernel/errors.ts';
import type { Place } from '../vault/place.ts';
import { rowGuardOf } from '../vault/row-guard.ts';

export type RawChannel = Prisma.NoticeChannelGetPayload<object>;

export type ChannelRow = Omit<RawChannel, 'kind' | 'config' | 'secrets' | 'rules'> & {
  kind: ChannelKind;
  config: Record<string, string | boolean>;
  /** The secrets by their fields, each sealed. */
  secrets: Record<string, string>;
  rules: ChannelRules;
};

const partsSchema = z.object({
  kind: channelInputSchema.shape.kind,
  config: z.record(z.string(), z.union([z.string(), z.boolean()])),
  secrets: z.record(z.string(), z.string()),
  rules: channelRulesSchema.partial(),
});

/** The row, typed. A rule that it does not have, as a later version added it, takes its default. */
export function readChannel(row: RawChannel): ChannelRow {
  const { rules, ...parts } = partsSchema.parse(row);
  const said = Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined));
  return { ...row, ...parts, rules: { ...usualRules(parts.kind), ...said } };
}

/**
 * The channel of this name, for an act on it.
 *
 * @throws AlfredError E_NOT_FOUND; E_ROW_ALTERED when it is not as this VM wrote it
 */
export async function findChannel(db: Pick<Transaction, 'noticeChannel'>, name: string): Promise<ChannelRow> {
  const row = await db.noticeChannel.findUnique({ where: { name } });
  if (row === null) throw noChannel(name);
  rowGuardOf(db).check('notice_channels', row);
  return readChannel(row);
}

export const noChannel = (name: string): AlfredError =>
  new AlfredError('E_NOT_FOUND', `There is no channel "${name}".`, {
    remedy: 'See what there is with: npx alfred notice list',
  });

export const secretPlace = (id: string, field: string): Place => ({
  table: 'notice_channels',
  rowId: id,
  pointer: `/secrets/${field}`,
});
