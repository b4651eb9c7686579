import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Place } from './place.ts';
import { type DataKey, dataKeyIdOf, openValue, sealedPrefix, sealValue } from './seal.ts';

type Vector = Place & {
  dataKey: string;
  keyId: number;
  salt: string;
  vaultId: string;
  plaintext: string;
  sealed: string;
};

const document = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8');
const vectors = JSON.parse(/```json vectors\n([\s\S]*?)```/.exec(document)?.[1] ?? '[]') as Vector[];

const vaultId = 'a-vault';
const place: Place = { table: 'connections', rowId: 'a-row', pointer: '/config/env/KEY' };
const dataKey: DataKey = { id: 3, key: Buffer.alloc(32, 7) };
const open = (sealed: string, where: Place = place, vault = vaultId) =>
  openValue((id) => (id === dataKey.id ? dataKey : undefined), vault, where, sealed);
const refused = expect.objectContaining({ code: 'E_SEALED_VALUE' });

describe('the vectors of docs/security.md', () => {
  it('are there', () => expect(vectors.length).toBeGreaterThanOrEqual(3));

  it.each(vectors)('seal and open $table$pointer', (vector) => {
    const key: DataKey = { id: vector.keyId, key: Buffer.from(vector.dataKey, 'hex') };
    expect(sealValue(key, vector.vaultId, vector, vector.plaintext, Buffer.from(vector.salt, 'hex'))).toBe(
      vector.sealed,
    );
    expect(openValue(() => key, vector.vaultId, vector, vector.sealed)).toBe(vector.plaintext);
    expect(dataKeyIdOf(vector.sealed)).toBe(vector.keyId);
  });
});

describe('a sealed value', () => {
  const sealed = sealValue(dataKey, vaultId, place, 'the secret');
  const bytes = Buffer.from(sealed.slice(sealedPrefix.length), 'base64');
  const text = (altered: Uint8Array) => sealedPrefix + Buffer.from(altered).toString('base64');

  it('opens to what was sealed, whatever it was', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        (value) => open(sealValue(dataKey, vaultId, place, value)) === value,
      ),
    );
  });

  it('begins alike under one data key, so that SQL can count by key', () => {
    const begin = (id: number) => sealValue({ ...dataKey, id }, vaultId, place, 'x').slice(0, 18);
    expect(begin(1)).toBe('encrypted:pwEAAAAB');
    expect(begin(256)).toBe('encrypted:pwEAAAEA');
  });

  it('is another text every time', () => {
    expect(sealValue(dataKey, vaultId, place, 'the secret')).not.toBe(sealed);
  });

  it('does not open with any bit flipped', () => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const altered = Buffer.from(bytes);
      altered.writeUInt8(altered.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(() => open(text(altered))).toThrowError(refused);
    }
  });

  it('does not open cut short or made longer', () => {
    for (let length = 0; length < bytes.length; length++)
      expect(() => open(text(bytes.subarray(0, length)))).toThrowError(refused);
    expect(() => open(text(Buffer.concat([bytes, Buffer.alloc(1)])))).toThrowError(refused);
  });

  it('does not open in another row, field, table or vault', () => {
    const others: Place[] = [
      { ...place, rowId: 'b-row' },
      { ...place, table: 'config' },
      { ...place, pointer: '/config/env/OTHER' },
      // The parts are told apart: moving a character from one to the next is another place.
      { ...place, table: 'connectionsa', rowId: '-row' },
    ];
    for (const other of others) expect(() => open(sealed, other)).toThrowError(refused);
    expect(() => open(sealed, place, 'b-vault')).toThrowError(refused);
  });

  it('does not open under another key of the same number', () => {
    const other: DataKey = { id: 3, key: Buffer.alloc(32, 8) };
    expect(() => openValue(() => other, vaultId, place, sealed)).toThrowError(refused);
  });

  it.each([
    ['line breaks', (value: string) => `${value.slice(0, 40)}\n${value.slice(40)}`],
    ['no padding', (value: string) => value.replace(/=+$/, '')],
    ['base64url', (value: string) => value.replaceAll('+', '-').replaceAll('/', '_')],
    ['a space before', (value: string) => value.replace(':', ': ')],
    ['no prefix', (value: string) => value.slice(sealedPrefix.length)],
  ])('does not open as base64 with %s', (_what, alter) => {
    const padded = sealValue(dataKey, vaultId, place, 'x', Buffer.alloc(24, 0xff));
    const altered = alter(padded);
    expect(altered).not.toBe(padded);
    expect(() => open(altered)).toThrowError(refused);
  });

  it('says nothing of why', () => {
    const errors = [
      text(bytes.subarray(0, 50)),
      text(Buffer.from(bytes).fill(0, 70)),
      'encrypted:',
      'plain:x',
    ].map((value) => {
      try {
        return open(value);
      } catch (error) {
        return String(error);
      }
    });
    expect(new Set(errors).size).toBe(1);
  });
});
