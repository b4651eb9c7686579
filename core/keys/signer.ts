/** What Core signs with, and what it publishes of that. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';
import { type KeyFile, readKeyFile, writeKeyFile } from './key-files.ts';

/** Its parts change together, when another key follows (watch-keys.ts). */
export type Signer = {
  privateKey: KeyObject;
  /** RFC 7638 thumbprint: the `kid` of what is signed. */
  kid: string;
  publicKeyPem: string;
  /** By thumbprint: the key in use and those before it, whose bearers may still be under way. */
  publicKeys: ReadonlyMap<string, KeyObject>;
  jwks: { keys: JWK[] };
  succession: readonly string[];
};

export const newPrivateKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** The public half of a private key, as SPKI PEM. */
export const publicPemOf = (privateKey: string): string =>
  createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();

/** The RFC 7638 thumbprint of a public key. */
export const thumbprintOf = async (publicKey: KeyObject): Promise<string> =>
  calculateJwkThumbprint(await exportJWK(publicKey));

/** Opens the signing key of `home`, making one at the first start. @throws AlfredError E_KEY_UNSAFE */
export async function openSigner(home: string): Promise<Signer> {
  let keys = await readKeyFile(home);
  if (!keys) {
    await writeKeyFile(home, { privateKey: newPrivateKey(), retired: [], succession: [] });
    keys = await readKeyFile(home);
  }
  if (!keys) throw new Error('The key file that was just written is gone');
  return signerOf(keys);
}

/** What a key file signs with. */
export async function signerOf({ privateKey, retired, succession }: KeyFile): Promise<Signer> {
  const publicKeyPem = publicPemOf(privateKey);
  const publicKeys = new Map<string, KeyObject>();
  const keys: JWK[] = [];
  for (const pem of [publicKeyPem, ...retired.map((key) => key.publicKey).reverse()]) {
    const publicKey = createPublicKey(pem);
    const kid = await thumbprintOf(publicKey);
    publicKeys.set(kid, publicKey);
    keys.push({ ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'EdDSA' });
  }
  const kid = await thumbprintOf(createPublicKey(publicKeyPem));
  return {
    privateKey: createPrivateKey(privateKey),
    kid,
    publicKeyPem,
    publicKeys,
    jwks: { keys },
    succession,
  };
}
