/** Signs in by a passkey: the device signs a challenge, after it has found out who uses it. */

import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import { timeNow } from '../../../kernel/clock.ts';
import { messageOf } from '../../../kernel/errors.ts';
import { rowGuardOf } from '../../../vault/row-guard.ts';
import type { PasskeyPlace } from '../../../web/passkeys/passkey-place.ts';
import {
  type Assertion,
  bytesOf,
  type PasskeyUse,
  readPasskeyUse,
  requestOptions,
  textOf,
} from '../../../web/passkeys/webauthn.ts';
import { type PasskeyRow, userHandleOf } from './passkey-rows.ts';
import type { PasskeyDeps } from './register-passkey.ts';

const purposeOf = ({ origin }: PasskeyPlace): string => `sign in ${origin}`;

/**
 * What the browser is to ask the device for. No passkey is named: the device knows which it has, and strangers learn none.
 *
 * @returns the options, and the value of the challenge's cookie
 */
export function beginPasskeySignIn(
  { challenges }: Pick<PasskeyDeps, 'challenges'>,
  place: PasskeyPlace,
): { options: PublicKeyCredentialRequestOptionsJSON; cookie: string } {
  const { challenge, cookie } = challenges.begin(purposeOf(place));
  return { options: requestOptions({ challenge, place }), cookie };
}

/**
 * Whose passkey it is that answered; once for each challenge.
 *
 * @returns undefined for whatever is wrong: strangers are not told what
 */
export async function usePasskey(
  deps: PasskeyDeps,
  response: Assertion,
  { place, cookie }: { place: PasskeyPlace; cookie: string | undefined },
): Promise<{ id: string } | undefined> {
  const { db, vault, challenges, log } = deps;
  const challenge = challenges.find(cookie, purposeOf(place));
  const row = await db.prisma.passkey.findUnique({ where: { credentialId: bytesOf(response.id) } });
  const refuse = (why: string) => log.debug({ why, passkey: row?.id }, 'a sign-in by a passkey was refused');
  if (cookie === undefined || challenge === undefined)
    return void refuse('nothing was asked of this browser');
  if (!row) return void refuse('there is no such passkey');
  if (!rowGuardOf(db.prisma).isIntact('passkeys', row)) return void refuse('its row was altered');
  if (row.rpId !== place.rpId) return void refuse('it is for another host name');
  if (response.response.userHandle !== textOf(userHandleOf(vault.vaultId)))
    return void refuse('it is of another VM');
  const answer = await readPasskeyUse(response, row, { challenge, place }).catch((error: unknown) => ({
    why: messageOf(error),
  }));
  if ('why' in answer) return void refuse(answer.why);
  if (!challenges.use(cookie)) return void refuse('it was used already');
  if (!(await noteUse(deps, row, answer))) return void refuse('it was used elsewhere at the same moment');
  return { id: row.id };
}

/** @returns false when its count has moved meanwhile, or it was removed */
function noteUse({ db }: PasskeyDeps, row: PasskeyRow, use: PasskeyUse): Promise<boolean> {
  return db.transaction(async (tx) => {
    const mac = rowGuardOf(tx).sign('passkeys', { ...row, ...use });
    const { id, counter, publicKey } = row;
    const { count } = await tx.passkey.updateMany({
      where: { id, counter, publicKey },
      data: { ...use, lastUsedAt: timeNow(), mac },
    });
    return count === 1;
  });
}
