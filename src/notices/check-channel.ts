/** What must hold of a channel's config, by the table of kinds. */
import type { ChannelField } from '../contract/channel-field.ts';
import { type ChannelKind, kindFacts } from '../contract/channel-kinds.ts';
import type { FieldError } from '../kernel/errors.ts';
import { isDialable } from '../outbound/address.ts';
import { literalAddress } from '../outbound/check-url.ts';

/** Whether a channel may stand in the owner's own network: in its config, beside the fields of its kind. */
export const nearField = 'allowPrivateNetwork';

/**
 * Why a channel cannot be kept so; empty when it can. No message repeats a value.
 *
 * @param values every field that is set, secrets open
 */
export function channelProblems(
  kind: ChannelKind,
  values: Readonly<Record<string, string>>,
  isNear: boolean,
): FieldError[] {
  const { fields, isOwn = false } = kindFacts(kind);
  const unknown = Object.keys(values).filter((name) => !Object.hasOwn(fields, name));
  return [
    ...unknown.map((name) => ({ field: `/config/${name}`, message: 'is not a known field of this kind' })),
    ...(isNear && !isOwn
      ? [{ field: `/config/${nearField}`, message: 'is not a known field of this kind' }]
      : []),
    ...Object.entries(fields).flatMap(([name, field]) => {
      const message = problemOf(field, values[name], isNear);
      return message === undefined ? [] : [{ field: `/config/${name}`, message }];
    }),
    ...partnerProblems(kind, values),
  ];
}

function problemOf(field: ChannelField, value: string | undefined, isNear: boolean): string | undefined {
  const { isOptional, isMadeUp, otherwise, choices, pattern, wrong, isAddress } = field;
  if (value === undefined)
    return isOptional || isMadeUp || otherwise !== undefined ? undefined : 'is required';
  if (value === '') return 'is empty';
  // A line break would begin another header, or another command of SMTP.
  if (/[\p{Cc}\u2028\u2029]/u.test(value))
    return 'holds a line break, or another character that cannot be seen';
  if (choices !== undefined && !choices.some(([choice]) => choice === value))
    return `must be one of ${choices.map(([choice]) => choice).join(', ')}`;
  if (pattern !== undefined && !pattern.test(value)) return wrong ?? 'is not right';
  return isAddress ? addressProblem(value, isNear) : undefined;
}

function addressProblem(text: string, isNear: boolean): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return 'use an https:// address';
  if (url.username !== '' || url.password !== '') return 'holds a user name or password: leave them out';
  if (!isNear && isPrivate(url.hostname))
    return `is in your own network: allow that for this channel (${nearField})`;
  // Notices and the channel's own key would travel unencrypted: that is for the owner's own network alone.
  if (url.protocol === 'http:' && !isNear)
    return `use https:// (http:// is for your own network alone: ${nearField})`;
  return undefined;
}

/** Whether a host stands in a private network by its very address or name; another name may still lead into one. */
function isPrivate(hostname: string): boolean {
  const address = literalAddress(hostname);
  return address === undefined ? /(^|\.)localhost\.?$/.test(hostname) : !isDialable(address, false);
}

function partnerProblems(kind: ChannelKind, values: Readonly<Record<string, string>>): FieldError[] {
  if (kind !== 'email') return [];
  const has = (name: string) => values[name] !== undefined;
  if (has('user') !== has('password')) {
    const field = has('user') ? 'password' : 'user';
    return [{ field: `/config/${field}`, message: 'is needed: a user name and a password go together' }];
  }
  return has('password') && values.security === 'none'
    ? [{ field: '/config/security', message: 'a password is not sent in the open: use tls or starttls' }]
    : [];
}
