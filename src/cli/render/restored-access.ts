/** What a restore did to who gets in: names of tokens, apps and passkeys, and what to do about them. */
import type { RestoredAccess } from '../../backup/restore-backup.ts';
import { plural } from './figures.ts';
import { oneLine } from './text.ts';

/** A paragraph each; none where there is nothing to say. */
export function renderRestoredAccess({ ended, good }: RestoredAccess): string[] {
  const gone = [
    ...named('token', ended.tokens),
    ...named('app', ended.apps),
    ...(ended.sessions > 0 ? [plural(ended.sessions, 'sign-in')] : []),
  ];
  const kept = [...named('token', good.tokens), ...named('app', good.apps)];
  const ways = [...named('passkey', good.passkeys), ...(good.hasPassword ? ['the password'] : [])];
  return [
    ...(gone.length === 0
      ? []
      : [
          `Ended, as what you took away since would be good again: ${gone.join('; ')}. Make anew what you want (alfred token create); apps ask again. To have them as they were, restore once more with --keep-access.`,
        ]),
    ...(kept.length === 0
      ? []
      : [
          `Good again, also where you took them away since: ${kept.join('; ')}. alfred token revoke ends one.`,
        ]),
    ...(ways.length === 0
      ? []
      : [
          `You sign in as you did then: ${ways.join('; ')}. What you took away since, take away again (alfred passkey remove, alfred password remove).`,
        ]),
  ];
}

const named = (what: string, names: readonly string[]): string[] =>
  names.length === 0
    ? []
    : [`${names.length === 1 ? what : `${what}s`} ${names.map((name) => oneLine(name)).join(', ')}`];
