/** Passwords of Core's users: scrypt, as 16 bytes of salt and 32 of key. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** 32 MiB and about 0.1 s for each guess (OWASP's N=2^15, r=8, p=3). */
const cost = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 };

const derive = (password: string, salt: Uint8Array): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, 32, cost, (error, key) => (error ? reject(error) : resolve(key)));
  });

export async function hashPassword(password: string): Promise<Uint8Array<ArrayBuffer>> {
  const salt = randomBytes(16);
  return Uint8Array.from(Buffer.concat([salt, await derive(password, salt)]));
}

/** What an unknown login is compared with, so that it takes as long as a known one. */
const nobody = Uint8Array.from(randomBytes(48));

/** True when `password` is the one of `hash`; never without a hash. */
export async function isPassword(password: string, hash: Uint8Array | undefined): Promise<boolean> {
  const kept = hash ?? nobody;
  const key = await derive(password, kept.subarray(0, 16));
  return timingSafeEqual(key, kept.subarray(16)) && hash !== undefined;
}
