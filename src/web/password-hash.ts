/** Argon2id of passwords (RFC 9106), by Node.js's own crypto, as PHC strings. */
import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto';

/** The second recommended option of RFC 9106: 64 MiB, some 0.2 s for each guess. */
const cost = { memory: 64 * 1024, passes: 3, parallelism: 4 };

const saltBytes = 16;
const hashBytes = 32;

type Cost = typeof cost;

const derive = (message: Buffer, nonce: Buffer, { memory, passes, parallelism }: Cost): Promise<Buffer> => {
  const parameters: Argon2Parameters = { message, nonce, memory, passes, parallelism, tagLength: hashBytes };
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, key) => (error ? reject(error) : resolve(key)));
  });
};

/** One after the other: many at once would take 64 MiB each. */
let last: Promise<unknown> = Promise.resolve();
function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const mine = last.then(work);
  last = mine.catch(() => undefined); // told to whoever asked
  return mine;
}

const phcText = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

export async function hashPassword(message: Buffer): Promise<string> {
  const salt = randomBytes(saltBytes);
  const key = await inTurn(() => derive(message, salt, cost));
  const { memory, passes, parallelism } = cost;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${phcText(salt)}$${phcText(key)}`;
}

const form =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;

/**
 * Whether `message` is what was hashed.
 *
 * @throws Error for a hash that is no such text: its row is under a MAC, so a mistake of ours
 */
export async function isPassword(message: Buffer, hash: string): Promise<boolean> {
  const [, memory, passes, parallelism, salt = '', key = ''] = form.exec(hash) ?? [];
  if (memory === undefined) throw new Error('The hash of the password is no PHC string of Argon2id');
  const own = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const found = await inTurn(() => derive(message, Buffer.from(salt, 'base64'), own));
  return timingSafeEqual(found, Buffer.from(key, 'base64'));
}
