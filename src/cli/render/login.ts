/** Who is signed in to a connection's server, in words. */
import type { DeviceLogin, Login } from '../../contract/logins.ts';
import { formatFullTime } from './figures.ts';
import { oneLine } from './text.ts';

/** `as owner since …, renewed by itself; may: …`. */
export function loginWords({
  state,
  scope,
  issuer,
  grantedAt,
  grantedBy,
  expiresAt,
  renews,
  ended,
  missing,
}: Login): string {
  if (state === 'ended') return `ended ${formatFullTime(ended?.at ?? '')}: ${oneLine(ended?.why ?? '')}`;
  if (state === 'signed_out') return 'nobody; a client that was made by hand is kept';
  const until = expiresAt === null ? '' : `, the token until ${formatFullTime(expiresAt)}`;
  return [
    `${grantedBy ?? 'somebody'}${grantedAt === null ? '' : ` since ${formatFullTime(grantedAt)}`}${issuer === null ? '' : ` with ${oneLine(issuer)}`}`,
    `${renews ? 'renewed by itself' : 'not renewed: sign in again when it ends'}${until}`,
    ...(scope === null ? [] : [`may: ${oneLine(scope)}`]),
    ...(missing === null ? [] : [`was refused a call for want of: ${oneLine(missing)}`]),
  ].join('\n');
}

/** Of a sign-in by a code that is entered on another device. */
export const deviceWords = ({ state, why }: Pick<DeviceLogin, 'state' | 'why'>): string =>
  state === 'waiting' ? 'waits to be entered on another device' : `came to nothing: ${oneLine(why ?? state)}`;
