/** What settings may hold: each reads the text that is stored, and says what is wrong with one that it cannot take. */

import path from 'node:path';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { coreScopeSchema } from '../contract/core.ts';
import { timeNow } from '../kernel/clock.ts';
import { isAlfredError } from '../kernel/errors.ts';
import { nextFire } from '../schedules/schedule.ts';
import { isZone, placeOf } from '../schedules/zone.ts';
import { readStorePlace } from './store-address.ts';

export const dollars = z.coerce
  .number('use a number of US dollars')
  .positive('use a number above 0')
  .max(1_000_000);

export const days = z.coerce.number('use a number of days').positive().max(36_500);

/** A whole number. @param error what to use instead of anything else */
export const whole = (error: string, { min, max }: { min: number; max?: number }) => {
  const number = z.coerce.number(error).int().min(min);
  return max === undefined ? number : number.max(max);
};

/** @param max of milliseconds */
export const milliseconds = (max: number) => whole('use milliseconds', { min: 1000, max });

export const onOff = z.enum(['on', 'off'], 'use on or off').transform((word) => word === 'on');

export const modelName = z.string().regex(/^[\w.:@/-]{1,200}$/, 'use the name of a model');

export const modelKey = z.string().min(8).regex(/^\S+$/, 'a key holds no spaces');

export const publicKey = z.string().startsWith('-----BEGIN PUBLIC KEY-----', 'use the key in PEM form');

export const coreScopeList = z
  .string()
  .regex(
    /^(none|(status|start|content)( (status|start|content))*)$/,
    'use none, or some of: status start content',
  )
  .transform((text) => text.split(' ').flatMap((word) => coreScopeSchema.safeParse(word).data ?? []));

/** A cron expression of five fields, or a name such as @daily, that fires at some time. */
export const cron = z.string().refine((text) => {
  try {
    return nextFire({ cron: text, timezone: 'UTC' }, timeNow()) !== undefined;
  } catch (error) {
    if (isAlfredError(error, 'E_VALIDATION')) return false; // whether it is one was the question
    throw error;
  }
}, 'use a cron expression of five fields, such as 0 3 * * *, or @daily');

export const recipients = z
  .string()
  .regex(/^age1[a-z0-9]+(?: age1[a-z0-9]+)*$/, 'use public keys of age (age1…), with spaces between them')
  .transform((text) => text.split(' '));

/** A folder, or a bucket of a store with a prefix. */
export const backupPlace = z
  .string()
  .refine(
    (text) => path.isAbsolute(text) || readStorePlace(text) !== undefined,
    'use a whole path, such as /mnt/backups, or s3://bucket/prefix',
  );

/** Of a store; its region. */
export const region = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'use the name of a region, such as eu-central-1');

/** The public half of a store's key. */
export const keyId = z.string().regex(/^[\w+/=.-]{3,128}$/, 'use the id of an access key, such as AKIA…');

export const words = z.string().regex(/^[a-z]+(,[a-z]+)*$/, 'use words with commas between them');

export const jsonObject = z.string().refine((text) => {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}, 'use a JSON object');

/** The text of a JSON document of this shape; only the VM itself writes such. */
export const jsonOf = <Shape extends z.ZodType>(shape: Shape) =>
  z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(shape);

/** A zone, as what Node understands by it: abbreviations that were set before only places were taken still count. */
export const zone = z.string().transform((text, context) => {
  const place = placeOf(text);
  if (place !== undefined) return place;
  context.addIssue({ code: 'custom', message: noZone });
  return z.NEVER;
});
const noZone = 'use an IANA zone, such as Europe/Berlin, or UTC';
/** A zone that is set from now on. */
export const newZone = z.string().refine(isZone, `${noZone}; abbreviations mean several places`);

const nearRanges = new Set(['loopback', 'private', 'uniqueLocal', 'linkLocal', 'carrierGradeNat']);

/** Whether a host is this machine or within a private network, judged by its name or address alone. */
export function isNear(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(address)) return nearRanges.has(ipaddr.process(address).range());
  return !hostname.includes('.') || /\.(localhost|local|lan|internal|home\.arpa)$/.test(hostname);
}

/** A key may travel in the open on this machine and within a private network, and nowhere else. */
export const baseUrl = z.url({ protocol: /^https?$/, error: 'use an https:// address' }).refine((text) => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  return (protocol === 'https:' || isNear(hostname)) && username === '' && password === '';
}, 'use https:// (http:// is for this machine and private networks alone), without user and password');
