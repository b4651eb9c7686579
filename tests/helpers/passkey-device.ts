/** A device that holds passkeys (ES256), as a browser shows one: what it signs can be made wrong in every part. */
import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const sha256 = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest();

/** CBOR, of what stands in an attestation: RFC 8949. */
function cbor(value: unknown): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string')
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (value instanceof Map)
    return Buffer.concat([
      head(5, value.size),
      ...[...value].flatMap(([key, each]) => [cbor(key), cbor(each)]),
    ]);
  throw new Error('This is not needed');
}
function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length]);
  if (length < 256) return Buffer.from([(major << 5) | 24, length]);
  return Buffer.from([(major << 5) | 25, length >> 8, length & 255]);
}

export type Wrong = {
  origin?: string;
  rpId?: string;
  type?: string;
  challenge?: string;
  crossOrigin?: boolean;
  /** User present 1, verified 4, may be backed up 8, is 16. */
  flags?: number;
  counter?: number;
  userHandle?: string;
  /** Signs with another key. */
  isForged?: boolean;
};

export class PasskeyDevice {
  readonly id = randomBytes(32);
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly origin: string;
  userHandle = '';
  counter = 0;
  flags = 1 | 4;

  constructor(origin: string) {
    this.origin = origin;
  }

  /** As `navigator.credentials.create()` has it. */
  create(options: Record<string, unknown>, wrong: Wrong = {}): Record<string, unknown> {
    this.userHandle = (options.user as { id: string }).id;
    const jwk = this.#keys.publicKey.export({ format: 'jwk' });
    const point = (part: string | undefined) => Buffer.from(part ?? '', 'base64url');
    const key = cbor(
      new Map<number, unknown>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, point(jwk.x)],
        [-3, point(jwk.y)],
      ]),
    );
    const length = Buffer.from([0, this.id.length]);
    const authData = Buffer.concat([this.#authData(wrong, 0x40), Buffer.alloc(16), length, this.id, key]);
    const attestation = new Map<string, unknown>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', authData],
    ]);
    const clientDataJSON = this.#clientData('webauthn.create', options, wrong);
    return this.#credential({
      clientDataJSON: text(clientDataJSON),
      attestationObject: text(cbor(attestation)),
      transports: ['internal'],
    });
  }

  /** As `navigator.credentials.get()` has it. */
  get(options: Record<string, unknown>, wrong: Wrong = {}): Record<string, unknown> {
    if (this.counter > 0) this.counter += 1;
    const authData = this.#authData(wrong, 0);
    const clientDataJSON = this.#clientData('webauthn.get', options, wrong);
    const key = wrong.isForged
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
      : createPrivateKey(this.#keys.privateKey.export({ format: 'pem', type: 'pkcs8' }));
    return this.#credential({
      clientDataJSON: text(clientDataJSON),
      authenticatorData: text(authData),
      signature: text(sign('sha256', Buffer.concat([authData, sha256(clientDataJSON)]), key)),
      userHandle: wrong.userHandle ?? this.userHandle,
    });
  }

  #credential(response: Record<string, unknown>): Record<string, unknown> {
    const id = text(this.id);
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response };
  }

  #clientData(type: string, { challenge }: Record<string, unknown>, wrong: Wrong): Buffer {
    const { origin = this.origin, crossOrigin = false } = wrong;
    const data = { type: wrong.type ?? type, challenge: wrong.challenge ?? challenge, origin, crossOrigin };
    return Buffer.from(JSON.stringify(data));
  }

  #authData({ rpId, flags, counter }: Wrong, more: number): Buffer {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter ?? this.counter);
    const name = rpId ?? new URL(this.origin).hostname;
    return Buffer.concat([sha256(name), Buffer.from([(flags ?? this.flags) | more]), count]);
  }
}
