/** The senders that are known by name: `auth` of a webhook's trigger is one of these, `custom` or `none`. */
import { codeSenders } from './code.ts';
import { generalSenders } from './general.ts';
import type { Sender } from './sender.ts';
import { serviceSenders } from './service.ts';
import { talkSenders } from './talk.ts';
import { tradeSenders } from './trade.ts';
import { workSenders } from './work.ts';

const all = {
  ...generalSenders,
  ...codeSenders,
  ...workSenders,
  ...talkSenders,
  ...serviceSenders,
  ...tradeSenders,
};

export type SenderName = keyof typeof all;

export const senders: Readonly<Record<SenderName, Sender>> = all;
export const senderNames = Object.keys(all) as SenderName[];

export const isSender = (name: string): name is SenderName => Object.hasOwn(all, name);
