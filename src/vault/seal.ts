/**
 * Sealing one value (docs/security.md, "The format"): AES-256-GCM (NIST SP 800-38D) under a key derived for this value
 * alone by HKDF-SHA512 (RFC 5869), with a key commitment, bound to its place by the associated data.
 *
 *   0      0xA7                      30-61  commitment
 *   1      0x01                      62..   ciphertext, then the tag of 16 bytes
 *   2-5    data key id, u32 big-endian
 *   6-29   salt, new for every seal
 */
import { createSecretKey, hkdfSync, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import { AlfredError } from '../kernel/errors.ts';
import { canonicalJson } from '../kernel/hash.ts';
import { decryptAesGcm, encryptAesGcm, tagLength } from './aes-gcm.ts';
import { type Place, showPlace } from './place.ts';

export const sealedPrefix = 'encrypted:';

const magic = 0xa7;
const suite = 0x01;
const saltLength = 24;
const headerLength = 62;
const info = (keyId: Buffer) => Buffer.concat([Buffer.from('alfred-vm/seal/v1\0', 'utf8'), keyId]);

/** A data key and the number that stands in the header of what it sealed; 0 is the root key itself. */
export type DataKey = { id: number; key: Buffer };

type Derived = { key: Buffer; nonce: Buffer; commitment: Buffer };

/** Node makes such an object of bytes at each use, which is half of what a derivation costs. */
const objects = new WeakMap<Buffer, KeyObject>();

function objectOf(key: Buffer): KeyObject {
  const object = objects.get(key) ?? createSecretKey(key);
  objects.set(key, object);
  return object;
}

function derive({ id, key }: DataKey, salt: Buffer): Derived {
  const bytes = Buffer.from(hkdfSync('sha512', objectOf(key), salt, info(u32(id)), 76));
  return { key: bytes.subarray(0, 32), nonce: bytes.subarray(32, 44), commitment: bytes.subarray(44, 76) };
}

/** The associated data: what the ciphertext is bound to. */
const bind = (header: Buffer, vaultId: string, { table, rowId, pointer }: Place): Buffer =>
  Buffer.concat([
    header,
    Buffer.from(canonicalJson(['alfred-vm/1', vaultId, table, rowId, pointer]), 'utf8'),
  ]);

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/**
 * Seals `plaintext` for its place.
 *
 * @param salt given by test vectors alone; otherwise random, as two values under one salt would share a key
 * @returns `encrypted:` and canonical padded base64
 */
export function sealValue(
  dataKey: DataKey,
  vaultId: string,
  place: Place,
  plaintext: string,
  salt: Buffer = randomBytes(saltLength),
): string {
  const { key, nonce, commitment } = derive(dataKey, salt);
  const header = Buffer.concat([Buffer.from([magic, suite]), u32(dataKey.id), salt, commitment]);
  const associatedData = bind(header, vaultId, place);
  const ciphertext = encryptAesGcm({ key, nonce, associatedData }, Buffer.from(plaintext, 'utf8'));
  return sealedPrefix + Buffer.concat([header, ciphertext]).toString('base64');
}

/**
 * Opens a sealed value.
 *
 * @throws AlfredError E_SEALED_VALUE, the same whatever was wrong: an attacker learns nothing from it
 */
export function openValue(
  findKey: (id: number) => DataKey | undefined,
  vaultId: string,
  place: Place,
  sealed: string,
): string {
  const bytes = decode(sealed);
  const dataKey = bytes && findKey(bytes.readUInt32BE(2));
  if (!bytes || !dataKey) throw refusal(place);
  const header = bytes.subarray(0, headerLength);
  const { key, nonce, commitment } = derive(dataKey, bytes.subarray(6, 6 + saltLength));
  if (!timingSafeEqual(commitment, header.subarray(30))) throw refusal(place);
  const associatedData = bind(header, vaultId, place);
  const plaintext = decryptAesGcm({ key, nonce, associatedData }, bytes.subarray(headerLength));
  if (!plaintext) throw refusal(place);
  return plaintext.toString('utf8');
}

/** The id of the data key that sealed a value; undefined when it is no sealed value. */
export const dataKeyIdOf = (sealed: string): number | undefined => decode(sealed)?.readUInt32BE(2);

/** How every value begins that the data key of this number sealed: the header up to its number, as text. */
export const beginningUnder = (id: number): string =>
  sealedPrefix + Buffer.concat([Buffer.from([magic, suite]), u32(id)]).toString('base64');

function decode(sealed: string): Buffer | undefined {
  if (!sealed.startsWith(sealedPrefix)) return undefined;
  const text = sealed.slice(sealedPrefix.length);
  const bytes = Buffer.from(text, 'base64');
  // Node ignores what is not base64: only the one canonical text of these bytes is accepted.
  if (bytes.toString('base64') !== text || bytes.length < headerLength + tagLength) return undefined;
  return bytes[0] === magic && bytes[1] === suite ? bytes : undefined;
}

const refusal = (place: Place) =>
  new AlfredError('E_SEALED_VALUE', `The sealed value at ${showPlace(place)} does not open.`, {
    remedy: 'Enter the secret again, or restore a backup. It was damaged, moved, or sealed by another VM.',
  });
