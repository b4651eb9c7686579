/**
 * AES-256-GCM (NIST SP 800-38D) with nonces of 96 bits and tags of 128 bits, and nothing else: Node accepts a tag of four
 * bytes unless it is told the length.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';

export const tagLength = 16;
const nonceLength = 12;

export type AesGcm = { key: Uint8Array; nonce: Uint8Array; associatedData: Uint8Array };

/** @returns the ciphertext, then the tag of 16 bytes */
export function encryptAesGcm({ key, nonce, associatedData }: AesGcm, plaintext: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, checked(nonce), { authTagLength: tagLength });
  cipher.setAAD(associatedData);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** @returns the plaintext; undefined when anything does not fit, and nothing says what */
export function decryptAesGcm(
  { key, nonce, associatedData }: AesGcm,
  sealed: Uint8Array,
): Buffer | undefined {
  if (sealed.length < tagLength) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, checked(nonce), { authTagLength: tagLength });
  decipher.setAAD(associatedData);
  decipher.setAuthTag(sealed.subarray(-tagLength));
  const plaintext = decipher.update(sealed.subarray(0, -tagLength));
  try {
    return Buffer.concat([plaintext, decipher.final()]);
  } catch {
    return undefined; // the tag does not fit
  }
}

function checked(nonce: Uint8Array): Uint8Array {
  if (nonce.length !== nonceLength) throw new RangeError(`A nonce has ${nonceLength} bytes`);
  return nonce;
}
