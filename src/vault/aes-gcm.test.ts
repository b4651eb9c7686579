import { describe, expect, it } from 'vitest';
import { decryptAesGcm, encryptAesGcm } from './aes-gcm.ts';

const hex = (text: string) => Buffer.from(text, 'hex');

const key = 'feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308';
const plaintext =
  'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255';
const ciphertext =
  '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad';

/** McGrew and Viega, The Galois/Counter Mode of Operation, appendix B: test cases 13 to 16. */
const cases = [
  {
    name: '13',
    key: '0'.repeat(64),
    nonce: '0'.repeat(24),
    aad: '',
    plaintext: '',
    ciphertext: '',
    tag: '530f8afbc74536b9a963b4f1c4cb738b',
  },
  {
    name: '14',
    key: '0'.repeat(64),
    nonce: '0'.repeat(24),
    aad: '',
    plaintext: '0'.repeat(32),
    ciphertext: 'cea7403d4d606b6e074ec5d3baf39d18',
    tag: 'd0d1c8a799996bf0265b98b5d48ab919',
  },
  {
    name: '15',
    key,
    nonce: 'cafebabefacedbaddecaf888',
    aad: '',
    plaintext,
    ciphertext,
    tag: 'b094dac5d93471bdec1a502270e3cc6c',
  },
  {
    name: '16',
    key,
    nonce: 'cafebabefacedbaddecaf888',
    aad: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    plaintext: plaintext.slice(0, 120),
    ciphertext: ciphertext.slice(0, 120),
    tag: '76fc6ece0f4e1768cddf8853bb2d551b',
  },
];

describe.each(cases)('test case $name of the specification', (vector) => {
  const parts = { key: hex(vector.key), nonce: hex(vector.nonce), associatedData: hex(vector.aad) };
  const sealed = hex(vector.ciphertext + vector.tag);

  it('encrypts and decrypts to the letter', () => {
    expect(encryptAesGcm(parts, hex(vector.plaintext)).toString('hex')).toBe(vector.ciphertext + vector.tag);
    expect(decryptAesGcm(parts, sealed)?.toString('hex')).toBe(vector.plaintext);
  });

  it('refuses a tag cut to 4, 8, 12 and 15 bytes, which Node would take', () => {
    for (const length of [0, 4, 8, 12, 15]) {
      expect(decryptAesGcm(parts, sealed.subarray(0, sealed.length - 16 + length))).toBeUndefined();
    }
  });
});

it('refuses another length of nonce', () => {
  expect(() => encryptAesGcm({ key: hex(key), nonce: hex('00'), associatedData: hex('') }, hex(''))).toThrow(
    RangeError,
  );
});
