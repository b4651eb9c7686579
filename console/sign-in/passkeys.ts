/** What the browser does for a passkey: it asks the device, which finds out who uses it. */
import { api } from '../api/api.ts';
import { t } from '../words/t.ts';

export type SignInBody = NonNullable<Parameters<typeof api.signIn>[0]>['body'];
type NewPasskey = NonNullable<Parameters<typeof api.addPasskey>[0]>['body'];

/** Whether this browser speaks of passkeys in JSON, as all do since 2025; on a page that it does not trust it has none. */
export const hasPasskeys = (): boolean =>
  typeof PublicKeyCredential === 'function' &&
  typeof PublicKeyCredential.parseCreationOptionsFromJSON === 'function';

/** @throws Error in words for people */
export async function askPasskey(): Promise<SignInBody> {
  return { passkey: await askDevice(await api.beginPasskeySignIn()) } as SignInBody;
}

/** Has the device make one. @throws Error in words for people */
export async function makePasskey(name: string): Promise<NewPasskey> {
  return { name, response: await createPasskey(await api.beginPasskey()) } as NewPasskey;
}

/** Has a device answer what a server asked. @throws Error in words for people */
export async function askDevice(options: unknown): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as PublicKeyCredentialRequestOptionsJSON,
  );
  return await answerOf(navigator.credentials.get({ publicKey }));
}

/** Has a device make what a server asked for. @throws Error in words for people */
export async function createPasskey(options: unknown): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as PublicKeyCredentialCreationOptionsJSON,
  );
  return await answerOf(navigator.credentials.create({ publicKey }));
}

async function answerOf(asked: Promise<Credential | null>): Promise<unknown> {
  const credential = await asked.catch((error: unknown) => {
    throw new Error(wordsOf(error), { cause: error });
  });
  if (!(credential instanceof PublicKeyCredential)) throw new Error(t('The browser gave no passkey.'));
  return credential.toJSON();
}

/** Browsers say the same of a passkey that is not there, of a refusal and of a wait that was too long, so that no page learns which. */
function wordsOf(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NotAllowedError')
    return t('No passkey was used: it was cancelled, took too long, or there is none here.');
  if (name === 'InvalidStateError') return t('This device has a passkey for Alfred already.');
  if (name === 'NotSupportedError' || name === 'ConstraintError')
    return t('This device cannot find out who uses it: set up a PIN, a finger or a face on it first.');
  return error instanceof Error ? error.message : String(error);
}
