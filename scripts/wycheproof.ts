/**
 * Runs Wycheproof's AES-GCM vectors (256-bit keys, 96-bit nonces, 128-bit tags) against our primitive:
 *   node scripts/wycheproof.ts path/to/testvectors_v1/aes_gcm_test.json
 * The vectors are C2SP's and are not copied into this repository.
 */
import { readFileSync } from 'node:fs';
import { decryptAesGcm, encryptAesGcm } from '../src/vault/aes-gcm.ts';

type Vector = {
  tcId: number;
  key: string;
  iv: string;
  aad: string;
  msg: string;
  ct: string;
  tag: string;
  result: string;
};
type Group = { keySize: number; ivSize: number; tagSize: number; tests: Vector[] };

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: node scripts/wycheproof.ts FILE');
  process.exit(2);
}
const { testGroups } = JSON.parse(readFileSync(file, 'utf8')) as { testGroups: Group[] };
const vectors = testGroups
  .filter(({ keySize, ivSize, tagSize }) => keySize === 256 && ivSize === 96 && tagSize === 128)
  .flatMap(({ tests }) => tests);
const hex = (text: string) => Buffer.from(text, 'hex');

const wrong = vectors.filter(({ key, iv, aad, msg, ct, tag, result }) => {
  const parts = { key: hex(key), nonce: hex(iv), associatedData: hex(aad) };
  const opened = decryptAesGcm(parts, Buffer.concat([hex(ct), hex(tag)]));
  if (result !== 'valid') return opened !== undefined;
  const sealed = encryptAesGcm(parts, hex(msg)).toString('hex');
  return sealed !== ct + tag || opened?.toString('hex') !== msg;
});
console.log(
  `${vectors.length - wrong.length} right, ${wrong.length} wrong${wrong.map(({ tcId }) => ` #${tcId}`).join('')}`,
);
process.exit(vectors.length > 0 && wrong.length === 0 ? 0 : 1);
