/** What changes who gets in is for whoever has just signed in: a page that was left open is not enough. */
import { millisNow } from '../../kernel/clock.ts';
import { AlfredError } from '../../kernel/errors.ts';
import type { Principal } from './principal.ts';

/** How long a sign-in is enough for that, in milliseconds: as long as a link works. */
export const freshFor = 15 * 60_000;

/**
 * Of sessions alone: who has the owner's token, or another with every scope, makes sign-in links with it as they please.
 *
 * @throws AlfredError E_SIGN_IN_AGAIN
 */
export function checkFreshSignIn({ kind, signedInAt }: Pick<Principal, 'kind' | 'signedInAt'>): void {
  if (kind !== 'session') return;
  const age = millisNow() - (signedInAt?.getTime() ?? 0);
  // A clock that was set back makes no old sign-in a new one.
  if (age >= 0 && age <= freshFor) return;
  throw new AlfredError('E_SIGN_IN_AGAIN', 'This changes who gets in, and your sign-in is not a fresh one', {
    remedy: 'Sign in again in this browser, by any of your ways, within 15 minutes before it.',
  });
}
