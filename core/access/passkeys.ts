/** Passkeys of those who have an account at Core: the same as a VM's (src/web/passkeys), with the challenges of all processes together. */
import { createHmac } from 'node:crypto';
import type { CorePasskey } from '../../src/contract/core-people.ts';
import { timeNow } from '../../src/kernel/clock.ts';
import { AlfredError, messageOf } from '../../src/kernel/errors.ts';
import { sha256 } from '../../src/kernel/hash.ts';
import { newId } from '../../src/kernel/ids.ts';
import type { Logger } from '../../src/kernel/log.ts';
import { beginChallenge, endOfChallenge, findChallenge } from '../../src/web/passkeys/challenges.ts';
import type { PasskeyPlace } from '../../src/web/passkeys/passkey-place.ts';
import { presentPasskey } from '../../src/web/passkeys/present-passkey.ts';
import {
  type Assertion,
  type Attestation,
  bytesOf,
  creationOptions,
  readNewPasskey,
  readPasskeyUse,
  requestOptions,
  textOf,
} from '../../src/web/passkeys/webauthn.ts';
import { recordAct } from '../audit/record-act.ts';
import type { CoreDatabase } from '../database.ts';
import type { Signer } from '../keys/signer.ts';
import { actorOf, openSession, type Person, requireAccount } from './people.ts';

export type PasskeyDeps = { db: CoreDatabase; signer: Signer; log: Logger };

/** Where a browser is, and the cookie that it brings. */
export type Browser = { place: PasskeyPlace; cookie: string | undefined };

/** How many passkeys an account may have. */
const most = 20;

/** All processes of a Core have the same signing key, and so the same challenges. */
const keyOf = ({ privateKey }: Signer): Buffer =>
  createHmac('sha256', privateKey.export({ format: 'der', type: 'pkcs8' }))
    .update('alfred-core/challenges/v1')
    .digest();

const handleOf = (userId: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(sha256(`alfred-core/passkey-user/v1\0${userId}`));

const toAdd = ({ origin }: PasskeyPlace, userId: string): string => `add ${userId} ${origin}`;
const toSignIn = ({ origin }: PasskeyPlace): string => `sign in ${origin}`;

/** @returns whether it was the first time */
async function useChallenge({ pool }: CoreDatabase, cookie: string): Promise<boolean> {
  await pool.query('DELETE FROM used_challenges WHERE expires_at < now()');
  const end = new Date(endOfChallenge(cookie) ?? 0);
  const { rowCount } = await pool.query(
    'INSERT INTO used_challenges (hash, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    [sha256(cookie), end],
  );
  return rowCount === 1;
}

export async function listPasskeys({ prisma }: CoreDatabase, person: Person): Promise<CorePasskey[]> {
  const userId = requireAccount(person);
  const rows = await prisma.passkey.findMany({ where: { userId }, orderBy: { createdAt: 'desc' } });
  return rows.map(presentPasskey);
}

/** What the browser is to ask the device for, to make one. @throws AlfredError E_FORBIDDEN for a token, which has no account */
export async function beginPasskey({ db, signer }: PasskeyDeps, person: Person, place: PasskeyPlace) {
  const userId = requireAccount(person);
  const { challenge, cookie } = beginChallenge(keyOf(signer), toAdd(place, userId));
  const known = await db.prisma.passkey.findMany({ where: { userId, rpId: place.rpId } });
  const user = {
    handle: handleOf(userId),
    name: person.login ?? '',
    known: known.map(({ credentialId }) => credentialId),
  };
  return { options: await creationOptions({ challenge, place }, user, 'Alfred Core'), cookie };
}

/** @throws AlfredError E_CONFLICT when the answer is not one to what was asked, or there are too many already */
export async function addPasskey(
  { db, signer, log }: PasskeyDeps,
  person: Person,
  { name, response }: { name: string; response: Attestation },
  { place, cookie }: Browser,
): Promise<CorePasskey> {
  const userId = requireAccount(person);
  const refused = (cause?: unknown) =>
    new AlfredError('E_CONFLICT', 'This passkey was not added: it answers nothing that was asked here', {
      remedy: 'Begin again, in this browser, and answer within five minutes.',
      cause,
    });
  const challenge = findChallenge(keyOf(signer), cookie, toAdd(place, userId));
  if (cookie === undefined || challenge === undefined) throw refused();
  const credential = await readNewPasskey(response, { challenge, place }).catch((error: unknown) => {
    log.debug({ why: messageOf(error) }, 'a passkey was not added');
    throw refused(error);
  });
  if (!(await useChallenge(db, cookie))) throw refused();
  return await db.prisma.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT id FROM users WHERE id = ${userId}::uuid FOR UPDATE`;
    if ((await tx.passkey.count({ where: { userId } })) >= most) {
      throw new AlfredError('E_CONFLICT', `There are ${most} passkeys already`, {
        remedy: 'Remove one first.',
      });
    }
    if ((await tx.passkey.count({ where: { credentialId: credential.credentialId } })) > 0) {
      throw new AlfredError('E_CONFLICT', 'This passkey is there already');
    }
    const row = await tx.passkey.create({
      data: { ...credential, id: newId(), userId, name, rpId: place.rpId, createdAt: timeNow() },
    });
    await recordAct(tx, { actor: actorOf(person), action: 'passkey.added', subject: row.id, data: { name } });
    return presentPasskey(row);
  });
}

/** @throws AlfredError E_NOT_FOUND, also for another's */
export async function removePasskey({ prisma }: CoreDatabase, person: Person, id: string): Promise<void> {
  const userId = requireAccount(person);
  await prisma.$transaction(async (tx) => {
    const { count } = await tx.passkey.deleteMany({ where: { id, userId } });
    if (count === 0) throw new AlfredError('E_NOT_FOUND', 'There is no such passkey');
    await recordAct(tx, { actor: actorOf(person), action: 'passkey.removed', subject: id });
  });
}

/** What the browser is to ask the device for, to sign in: it knows which passkey it has. */
export function beginPasskeySignIn({ signer }: Pick<PasskeyDeps, 'signer'>, place: PasskeyPlace) {
  const { challenge, cookie } = beginChallenge(keyOf(signer), toSignIn(place));
  return { options: requestOptions({ challenge, place }), cookie };
}

/** Signs in whoever's passkey answered. @throws AlfredError E_UNAUTHENTICATED, the same for every reason */
export async function signInByPasskey(
  { db, signer, log }: PasskeyDeps,
  response: Assertion,
  { place, cookie }: Browser,
): Promise<{ token: string; expiresAt: string }> {
  const refuse = (why: string): never => {
    log.debug({ why }, 'a sign-in by a passkey was refused');
    throw new AlfredError('E_UNAUTHENTICATED', 'This passkey is not good here');
  };
  const challenge = findChallenge(keyOf(signer), cookie, toSignIn(place));
  if (cookie === undefined || challenge === undefined) return refuse('nothing was asked of this browser');
  const row = await db.prisma.passkey.findUnique({
    where: { credentialId: bytesOf(response.id) },
    include: { user: true },
  });
  if (!row || row.rpId !== place.rpId) return refuse('there is no such passkey here');
  if (response.response.userHandle !== textOf(handleOf(row.userId)))
    return refuse('it is of another account');
  if (row.user.suspendedAt || row.user.removedAt) return refuse('its user is suspended');
  const use = await readPasskeyUse(response, row, { challenge, place }).catch((error: unknown) =>
    refuse(messageOf(error)),
  );
  if (!(await useChallenge(db, cookie))) return refuse('it was used already');
  const { count } = await db.prisma.passkey.updateMany({
    where: { id: row.id, counter: row.counter },
    data: { ...use, lastUsedAt: timeNow() },
  });
  if (count === 0) return refuse('it was used elsewhere at the same moment');
  return await openSession(db.prisma, { userId: row.userId });
}
