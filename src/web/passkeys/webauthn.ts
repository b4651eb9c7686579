/** What the library of Web Authentication is asked, by the VM's server and by Core's alike. */
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import type { z } from 'zod';
import type { passkeyAssertionSchema, passkeyInputSchema } from '../../contract/passkeys.ts';
import { challengeLifetime } from './challenges.ts';
import type { PasskeyPlace } from './passkey-place.ts';

export type Assertion = z.output<typeof passkeyAssertionSchema>;
export type Attestation = z.output<typeof passkeyInputSchema>['response'];

/** What was asked of a device, and where. */
export type Asked = { challenge: string; place: PasskeyPlace };

// 60 ms and 17 MB: when the first is wanted.
const loadWebAuthn = () => import('@simplewebauthn/server');

/** EdDSA, ES256 and RS256, which every device has one of. */
const algorithms = [-8, -7, -257];

/** Base64url of the very form that browsers send. */
export const bytesOf = (base64url: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(base64url, 'base64url'));
export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** What was asked for by a page within another site's page: ours is in none, as its policy says. */
function isFramed(clientDataJSON: string): boolean {
  const said: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8'));
  return typeof said === 'object' && said !== null && 'crossOrigin' in said && said.crossOrigin === true;
}

/**
 * What the browser is to ask the device for. The device must find out who uses it, by a finger, a face or a PIN, and know the
 * passkey by itself, so that nobody is asked for a name.
 *
 * @param user.handle by which the device tells one account from another
 * @param user.known the passkeys that are there: a device has one for each account
 */
export async function creationOptions(
  { challenge, place }: Asked,
  user: { handle: Uint8Array<ArrayBuffer>; name: string; known: readonly Uint8Array[] },
  rpName: string,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { generateRegistrationOptions } = await loadWebAuthn();
  return await generateRegistrationOptions({
    rpName,
    rpID: place.rpId,
    userID: user.handle,
    userName: user.name,
    challenge: bytesOf(challenge),
    timeout: challengeLifetime,
    attestationType: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: user.known.map((id) => ({ id: textOf(id) })),
    supportedAlgorithmIDs: algorithms,
  });
}

/** No passkey is named: the device knows which it has, and strangers learn none. */
export const requestOptions = ({ challenge, place }: Asked): PublicKeyCredentialRequestOptionsJSON => ({
  challenge,
  rpId: place.rpId,
  timeout: challengeLifetime,
  userVerification: 'required',
});

/** A passkey that a device made. @throws Error of the library: what does not fit, in its words */
export async function readNewPasskey(response: Attestation, { challenge, place }: Asked) {
  const { verifyRegistrationResponse } = await loadWebAuthn();
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: place.origin,
    expectedRPID: place.rpId,
    requireUserVerification: true,
    supportedAlgorithmIDs: algorithms,
  });
  if (!verified) throw new Error('The attestation is wrong');
  if (isFramed(response.response.clientDataJSON)) throw new Error('It was asked for within another page');
  const { credential, credentialDeviceType, credentialBackedUp } = registrationInfo;
  return {
    credentialId: bytesOf(credential.id),
    publicKey: new Uint8Array(credential.publicKey),
    counter: BigInt(credential.counter),
    canBeBackedUp: credentialDeviceType === 'multiDevice',
    isBackedUp: credentialBackedUp,
  };
}

export type PasskeyUse = { counter: bigint; isBackedUp: boolean };

/** A passkey that answered. @throws Error, also of the library: what does not fit */
export async function readPasskeyUse(
  response: Assertion,
  known: { publicKey: Uint8Array<ArrayBuffer>; counter: bigint; canBeBackedUp: boolean },
  { challenge, place }: Asked,
): Promise<PasskeyUse> {
  const { verifyAuthenticationResponse } = await loadWebAuthn();
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: place.origin,
    expectedRPID: place.rpId,
    requireUserVerification: true,
    // A count that did not grow is refused there: another device signs with a copy.
    credential: { id: response.id, publicKey: known.publicKey, counter: Number(known.counter) },
  });
  if (!verified) throw new Error('the signature is wrong');
  if (isFramed(response.response.clientDataJSON)) throw new Error('it was asked for within another page');
  if ((authenticationInfo.credentialDeviceType === 'multiDevice') !== known.canBeBackedUp)
    throw new Error('whether it can be backed up has changed, which it cannot');
  return {
    counter: BigInt(authenticationInfo.newCounter),
    isBackedUp: authenticationInfo.credentialBackedUp,
  };
}
