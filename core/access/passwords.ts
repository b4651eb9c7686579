/** Passwords of Core's users: Argon2id as on a VM (src/web/password-hash.ts), and scrypt of those who set theirs before that. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import * as argon2id from '../../src/web/password-hash.ts';
import type { CoreDatabase } from '../database.ts';

/** One text, however a keyboard composes its accents. */
const bytesOf = (password: string): Buffer => Buffer.from(password.normalize('NFC'));

export const hashPassword = (password: string): Promise<string> => argon2id.hashPassword(bytesOf(password));

/** What an unknown login is compared with, so that it takes as long as a known one. */
let nobody: Promise<string> | undefined;

/** True when `password` is the one of `hash`; never without a hash. */
export async function isPassword(password: string, hash: string | null | undefined): Promise<boolean> {
  if (typeof hash === 'string' && isOld(hash)) return await isOldPassword(password, hash);
  nobody ??= hashPassword(randomBytes(16).toString('hex'));
  const isIt = await argon2id.isPassword(bytesOf(password), hash ?? (await nobody));
  return isIt && typeof hash === 'string';
}

/** Keeps the password of a user, who just showed that they know it, as new ones are kept. */
export async function renewHash(
  { prisma }: CoreDatabase,
  { id, passwordHash }: { id: string; passwordHash: string | null },
  password: string,
): Promise<void> {
  if (passwordHash === null || !isOld(passwordHash)) return;
  const renewed = await hashPassword(password);
  // Unless they set another in the meantime.
  await prisma.user.updateMany({ where: { id, passwordHash }, data: { passwordHash: renewed } });
}

const isOld = (hash: string): boolean => hash.startsWith('$scrypt$');

/** OWASP's N=2^15, r=8, p=3: what `ln=15,r=8,p=3` says. */
const cost = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 };

async function isOldPassword(password: string, hash: string): Promise<boolean> {
  const [, , , salt = '', key = ''] = hash.split('$');
  const found = await new Promise<Buffer>((resolve, reject) => {
    scrypt(bytesOf(password), Buffer.from(salt, 'base64'), 32, cost, (error, derived) =>
      error ? reject(error) : resolve(derived),
    );
  });
  return timingSafeEqual(found, Buffer.from(key, 'base64'));
}
