/** Adds a passkey: the device makes a key pair for this VM's host name, and hands over its public half. */
import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import type { z } from 'zod';
import { recordAudit } from '../../../audit/record-audit.ts';
import type { passkeyInputSchema, passkeySchema } from '../../../contract/passkeys.ts';
import type { Database } from '../../../database/client.ts';
import { storableText } from '../../../database/storable.ts';
import { AlfredError, messageOf } from '../../../kernel/errors.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Logger } from '../../../kernel/log.ts';
import { rowGuardOf } from '../../../vault/row-guard.ts';
import type { Vault } from '../../../vault/vault.ts';
import type { Principal } from '../principal.ts';
import { type Challenges, challengeLifetime } from './challenges.ts';
import type { PasskeyPlace } from './passkey-place.ts';
import { bytesOf, isFramed, presentPasskey, textOf, userHandleOf } from './passkey-rows.ts';

export type PasskeyDeps = {
  db: Database;
  vault: Pick<Vault, 'vaultId'>;
  log: Logger;
  challenges: Challenges;
};

// 60 ms and 17 MB: when the first is wanted.
const loadWebAuthn = () => import('@simplewebauthn/server');

/** EdDSA, ES256 and RS256, which every device has one of. */
const algorithms = [-8, -7, -257];

const most = 50;

const purposeOf = ({ origin }: PasskeyPlace, { kind, id }: Pick<Principal, 'kind' | 'id'>): string =>
  `add ${kind} ${id} ${origin}`;

/**
 * What the browser is to ask the device for. The device must find out who uses it, by a finger, a face or a PIN, and know the
 * passkey by itself, so that nobody is asked for a name.
 *
 * @returns the options, and the value of the challenge's cookie
 */
export async function beginRegistration(
  { db, vault, challenges }: PasskeyDeps,
  place: PasskeyPlace,
  by: Principal,
): Promise<{ options: PublicKeyCredentialCreationOptionsJSON; cookie: string }> {
  const { generateRegistrationOptions } = await loadWebAuthn();
  const { challenge, cookie } = challenges.begin(purposeOf(place, by));
  const known = await db.prisma.passkey.findMany({ where: { rpId: place.rpId } });
  const options = await generateRegistrationOptions({
    rpName: 'Alfred',
    rpID: place.rpId,
    userID: userHandleOf(vault.vaultId),
    userName: `Alfred at ${new URL(place.origin).host}`,
    challenge: bytesOf(challenge),
    timeout: challengeLifetime,
    attestationType: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: known.map(({ credentialId }) => ({ id: textOf(credentialId) })),
    supportedAlgorithmIDs: algorithms,
  });
  return { options, cookie };
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
    const own = { ...credential, id, name: storableText(name), rpId: place.rpId, createdAt: new Date() };
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
  const { verifyRegistrationResponse } = await loadWebAuthn();
  const verify = async () => {
    const answer = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: place.origin,
      expectedRPID: place.rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    });
    if (!answer.verified) throw new Error('The attestation is wrong');
    if (isFramed(response.response.clientDataJSON)) throw new Error('It was asked for within another page');
    return answer.registrationInfo;
  };
  const answer = await verify().catch((error: unknown) => {
    log.debug({ why: messageOf(error) }, 'a passkey was not added');
    throw refused(error);
  });
  const { credential, credentialDeviceType, credentialBackedUp } = answer;
  return {
    credentialId: bytesOf(credential.id),
    publicKey: new Uint8Array(credential.publicKey),
    counter: BigInt(credential.counter),
    transports: response.response.transports,
    canBeBackedUp: credentialDeviceType === 'multiDevice',
    isBackedUp: credentialBackedUp,
  };
}
