/** Adds a passkey: the device makes a key pair for this VM's host name, and hands over its public half. */

import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import type { z } from 'zod';
import { recordAudit } from '../../../audit/record-audit.ts';
import type { passkeyInputSchema, passkeySchema } from '../../../contract/passkeys.ts';
import type { Database } from '../../../database/client.ts';
import { storableText } from '../../../database/storable.ts';
import { timeNow } from '../../../kernel/clock.ts';
import { AlfredError, messageOf } from '../../../kernel/errors.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Logger } from '../../../kernel/log.ts';
import { rowGuardOf } from '../../../vault/row-guard.ts';
import type { Vault } from '../../../vault/vault.ts';
import type { PasskeyPlace } from '../../../web/passkeys/passkey-place.ts';
import { presentPasskey } from '../../../web/passkeys/present-passkey.ts';
import { creationOptions, readNewPasskey } from '../../../web/passkeys/webauthn.ts';
import type { Principal } from '../principal.ts';
import type { Challenges } from './challenges.ts';
import { userHandleOf } from './passkey-rows.ts';

export type PasskeyDeps = {
  db: Database;
  vault: Pick<Vault, 'vaultId'>;
  log: Logger;
  challenges: Challenges;
};

const most = 50;

const purposeOf = ({ origin }: PasskeyPlace, { kind, id }: Pick<Principal, 'kind' | 'id'>): string =>
  `add ${kind} ${id} ${origin}`;

/**
 * What the browser is to ask the device for, to make one.
 *
 * @returns the options, and the value of the challenge's cookie
 */
export async function beginRegistration(
  { db, vault, challenges }: PasskeyDeps,
  place: PasskeyPlace,
  by: Principal,
): Promise<{ options: PublicKeyCredentialCreationOptionsJSON; cookie: string }> {
  const { challenge, cookie } = challenges.begin(purposeOf(place, by));
  const known = await db.prisma.passkey.findMany({ where: { rpId: place.rpId } });
  const user = {
    handle: userHandleOf(vault.vaultId),
    name: `Alfred at ${new URL(place.origin).host}`,
    known: known.map(({ credentialId }) => credentialId),
  };
  return { options: await creationOptions({ challenge, place }, user, 'Alfred'), cookie };
}

const refused = (cause?: unknown): AlfredError =>
  new AlfredError('E_CONFLICT', 'This passkey was not added: it answers nothing that was asked here', {
    remedy: 'Begin again, in this browser, and answer within five minutes.',
    cause,
  });

/** @throws AlfredError E_CONFLICT when the answer is not one to what was asked, or there are too many already */
export async function registerPasskey(
  deps: PasskeyDeps,
  { name, response }: z.output<typeof passkeyInputSchema>,
  { place, by, cookie }: { place: PasskeyPlace; by: Principal; cookie: string | undefined },
): Promise<z.output<typeof passkeySchema>> {
  const { db, challenges } = deps;
  const credential = await verified(deps, response, { place, by, cookie });
  if (cookie === undefined || !challenges.use(cookie)) throw refused();
  const row = await db.transaction(async (tx) => {
    if ((await tx.passkey.count()) >= most) {
      throw new AlfredError('E_CONFLICT', `There are ${most} passkeys already`, {
        remedy: 'Remove one first.',
      });
    }
    const { credentialId } = credential;
    if ((await tx.passkey.count({ where: { credentialId } })) > 0) {
      throw new AlfredError('E_CONFLICT', 'This passkey is there already');
    }
    const id = newId();
    const own = { ...credential, id, name: storableText(name), rpId: place.rpId, createdAt: timeNow() };
    const made = await tx.passkey.create({ data: { ...own, mac: rowGuardOf(tx).sign('passkeys', own) } });
    const data = { name: own.name, host: place.rpId };
    await recordAudit(tx, { action: 'passkey.added', actor: by.actor, subject: id, data });
    return made;
  });
  return presentPasskey(row);
}

async function verified(
  { challenges, log }: PasskeyDeps,
  response: z.output<typeof passkeyInputSchema>['response'],
  { place, by, cookie }: { place: PasskeyPlace; by: Principal; cookie: string | undefined },
) {
  const challenge = challenges.find(cookie, purposeOf(place, by));
  if (challenge === undefined) throw refused();
  const made = await readNewPasskey(response, { challenge, place }).catch((error: unknown) => {
    log.debug({ why: messageOf(error) }, 'a passkey was not added');
    throw refused(error);
  });
  return { ...made, transports: response.response.transports };
}
