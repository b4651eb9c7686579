/** Encryption of backups: age v1, to a passphrase or to recipients, in pieces of 64 KiB. */
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { Decrypter, Encrypter } from 'age-encryption';
import { AlfredError, isAlfredError, messageOf } from '../kernel/errors.ts';
import type { BackupSource } from './backup-place.ts';

/** Whom a backup is for: who knows the passphrase, or who has the private key of a recipient (`age1…`). */
export type SealedFor = { passphrase: string } | { recipients: readonly string[] };

/** What opens a backup: private keys are those of age's identity files (`AGE-SECRET-KEY-1…`). */
export type Opener = { passphrase: string } | { identities: readonly string[] };

export const shortestPassphrase = 12;

/**
 * @returns what encrypts a stream
 * @throws AlfredError E_VALIDATION for a passphrase that is too short, and for what is no recipient
 */
export function encryptFor(to: SealedFor): (source: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array> {
  const encrypter = new Encrypter();
  if ('passphrase' in to) {
    if (to.passphrase.length < shortestPassphrase) {
      throw new AlfredError('E_VALIDATION', 'The passphrase is too short.', {
        remedy: `Take at least ${shortestPassphrase} characters: five words that nobody would guess together.`,
      });
    }
    encrypter.setPassphrase(to.passphrase);
  } else for (const recipient of to.recipients) addRecipient(encrypter, recipient);
  return async function* encrypt(source) {
    yield* piecesOf(await encrypter.encrypt(webStream(source)));
  };
}

function addRecipient(encrypter: Encrypter, recipient: string): void {
  try {
    encrypter.addRecipient(recipient);
  } catch (cause) {
    // A private key where a public one belongs is never repeated.
    const shown = /^age1[a-z0-9]{1,100}$/.test(recipient) ? `"${recipient}"` : 'What was given';
    throw new AlfredError('E_VALIDATION', `${shown} is no recipient of age.`, {
      remedy: 'A recipient begins with age1; age-keygen shows it as the public key.',
      cause,
    });
  }
}

export type AgeKind = 'passphrase' | 'recipients';

/** How a file is encrypted that begins so; undefined when it is none of age's. */
export function ageKindOf(head: Buffer): AgeKind | undefined {
  const [version, stanza = ''] = head.toString('latin1').split('\n');
  if (version !== 'age-encryption.org/v1') return undefined;
  return stanza.startsWith('-> scrypt ') ? 'passphrase' : 'recipients';
}

/**
 * The private keys of an identity file, as `age-keygen` writes it.
 *
 * @throws AlfredError E_BACKUP when there is none in it
 */
export async function readIdentities(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AlfredError('E_BACKUP', `The identity file cannot be read: ${messageOf(cause)}`, { cause });
  });
  const identities = text.split(/\r?\n/).filter((line) => line.startsWith('AGE-SECRET-KEY-'));
  if (identities.length > 0) return identities.map((line) => line.trim());
  throw new AlfredError('E_BACKUP', `${file} holds no identity of age.`, {
    remedy: 'Name the file that age-keygen wrote: a line of it begins with AGE-SECRET-KEY-1.',
  });
}

/**
 * What is in an encrypted file, as it is read. The end is reached only where the whole file was as it was written.
 *
 * @throws AlfredError E_BACKUP when it does not open, is damaged, or is cut off
 */
export async function* decrypt(source: BackupSource, opener: Opener): AsyncGenerator<Uint8Array> {
  const decrypter = new Decrypter();
  try {
    if ('passphrase' in opener) decrypter.addPassphrase(opener.passphrase);
    else for (const identity of opener.identities) decrypter.addIdentity(identity);
    yield* piecesOf(await decrypter.decrypt(webStream(source.read())));
  } catch (cause) {
    // That it cannot be read is no fault of what is in it.
    if (isAlfredError(cause)) throw cause;
    if (/no identity matched/.test(messageOf(cause))) {
      const what = 'passphrase' in opener ? 'this passphrase' : 'this identity';
      throw new AlfredError('E_BACKUP', `${source.name} does not open with ${what}.`, {
        remedy:
          'passphrase' in opener ? 'Give the one that it was made with.' : 'Name another identity file.',
        cause,
      });
    }
    throw new AlfredError('E_BACKUP', `${source.name} is damaged or cut off: ${messageOf(cause)}.`, {
      remedy: 'Take another copy of it, or an earlier backup.',
      cause,
    });
  }
}

const webStream = (source: AsyncIterable<Uint8Array>) =>
  Readable.toWeb(Readable.from(source, { objectMode: false })) as globalThis.ReadableStream<Uint8Array>;

const piecesOf = (stream: globalThis.ReadableStream<Uint8Array>) =>
  Readable.fromWeb(stream as ReadableStream<Uint8Array>) as AsyncIterable<Uint8Array>;
