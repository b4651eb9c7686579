/** A bucket of a store that speaks S3, with a prefix: as a place for backups. A backup goes there in pieces, one in memory at a time. */
import { S3ServiceError } from 's3mini';
import { z } from 'zod';
import type { StorePlace } from '../config/store-address.ts';
import { AlfredError } from '../kernel/errors.ts';
import type { BackupPlace, BackupSource, Kept } from './backup-place.ts';
import { alreadyThere } from './folder-place.ts';
import { type StoreClient, type StoreSettings, storeClient, storeTrouble } from './s3-client.ts';

/** The least that a piece may have, the last one aside; a store takes 10,000. */
const leastPartBytes = 8 * 1024 * 1024;
const mostParts = 10_000;
/** What is read at once. */
const pieceBytes = 8 * 1024 * 1024;

export function s3Place({ bucket, prefix }: StorePlace, settings: StoreSettings): BackupPlace {
  const words = prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`;
  const keyOf = (name: string) => (prefix === '' ? name : `${prefix}/${name}`);
  const nameOf = (name: string) => `s3://${bucket}/${keyOf(name)}`;
  const ask = async <T>(work: (client: StoreClient) => Promise<T>, signal?: AbortSignal): Promise<T> => {
    try {
      return await work(storeClient({ bucket }, settings, signal));
    } catch (error) {
      throw storeTrouble(error, words);
    }
  };
  return {
    words,
    nameOf,
    list: () => ask((client) => listKept(client, prefix)),
    remove: (name) => ask(async (client) => void (await client.deleteObject(keyOf(name)))),
    async write(name, pieces, { databaseBytes, signal }) {
      return await ask(async (client) => {
        if (await client.objectExists(keyOf(name))) throw alreadyThere(nameOf(name));
        const abandon = storeClient({ bucket }, settings);
        return await upload({ client, abandon, key: keyOf(name) }, pieces, partBytesFor(databaseBytes));
      }, signal);
    },
    removeUnfinished: (begins, before) =>
      ask(async (client) => {
        const unfinished = await listUnfinished(client, keyOf(begins)).catch((error: unknown) => {
          // Not every store can say what was begun; its own rules must end that.
          if (error instanceof S3ServiceError && error.status === 501) return [];
          throw error;
        });
        for (const { key, uploadId, initiated } of unfinished) {
          if (initiated < before) await client.abortMultipartUpload(key, uploadId);
        }
      }),
    open: (name) => ask((client) => openObject(client, keyOf(name), nameOf(name), ask)),
  };
}

/** Pieces so large that all of it, which is never much more than its database, has room in as many as a store takes. */
const partBytesFor = (databaseBytes: number): number =>
  Math.max(leastPartBytes, Math.ceil((databaseBytes * 2) / mostParts));

const objectsSchema = z.array(
  z.object({ Key: z.string(), Size: z.coerce.number(), LastModified: z.coerce.date() }),
);

/** What stands directly below the prefix. */
async function listKept(client: StoreClient, prefix: string): Promise<Kept[]> {
  const before = prefix === '' ? '' : `${prefix}/`;
  const found = await client.listObjects('/', before);
  if (found === null) {
    throw new AlfredError('E_BACKUP', 'The store has no such bucket.', {
      remedy: 'Make the bucket at the store, or name another in backup_to.',
    });
  }
  return objectsSchema
    .parse(found)
    .map(({ Key, Size, LastModified }) => ({
      name: Key.slice(before.length),
      bytes: Size,
      changedAt: LastModified,
    }))
    .filter(({ name }) => name !== '' && !name.includes('/'));
}

const uploadSchema = z.object({
  key: z.string(),
  uploadId: z.string(),
  initiated: z.coerce.date(),
});

/** Uploads that were begun and never completed, under keys that begin so. */
async function listUnfinished(client: StoreClient, prefix: string) {
  const found = namesLowered(await client.listMultipartUploads('/', '', 'GET', { prefix }));
  const result = namesLowered(found.listMultipartUploadsResult ?? found);
  const uploads = Array.isArray(result.upload) ? result.upload : [result.upload];
  return uploads.flatMap((one) => uploadSchema.safeParse(namesLowered(one)).data ?? []);
}

/** Stores name things as `UploadId`, and the library some of them as `uploadId`. */
function namesLowered(value: unknown): Record<string, unknown> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.map(([name, one]) => [name.charAt(0).toLowerCase() + name.slice(1), one]),
  );
}

/**
 * In one upload of many parts: there once it is completed, and not before.
 *
 * @param to.abandon works also when the backup itself was given up
 */
async function upload(
  { client, abandon, key }: { client: StoreClient; abandon: StoreClient; key: string },
  pieces: AsyncIterable<Uint8Array>,
  partBytes: number,
): Promise<number> {
  const uploadId = await client.getMultipartUploadId(key, 'application/octet-stream');
  try {
    const parts: { partNumber: number; etag: string }[] = [];
    let bytes = 0;
    for await (const part of partsOf(pieces, partBytes)) {
      parts.push(await client.uploadPart(key, uploadId, part, parts.length + 1));
      bytes += part.length;
    }
    const done = namesLowered(await client.completeMultipartUpload(key, uploadId, parts));
    // An answer of 200 may hold an error all the same.
    if (done.error !== undefined || (await client.getContentLength(key)) !== bytes) {
      throw new AlfredError('E_BACKUP', 'It does not have what was sent to it');
    }
    return bytes;
  } catch (error) {
    // Where this fails as well, removeUnfinished does it a day later.
    await abandon.abortMultipartUpload(key, uploadId).catch(() => {});
    throw error;
  }
}

/** The same bytes in pieces of one size, the last one aside. Each is good until the next is asked for. */
async function* partsOf(pieces: AsyncIterable<Uint8Array>, partBytes: number): AsyncGenerator<Buffer> {
  const part = Buffer.alloc(partBytes);
  let filled = 0;
  for await (const piece of pieces) {
    for (let from = 0; from < piece.length; ) {
      const taken = Math.min(piece.length - from, partBytes - filled);
      part.set(piece.subarray(from, from + taken), filled);
      [from, filled] = [from + taken, filled + taken];
      if (filled < partBytes) continue;
      yield part;
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}

type Ask = <T>(work: (client: StoreClient) => Promise<T>) => Promise<T>;

async function openObject(client: StoreClient, key: string, name: string, ask: Ask): Promise<BackupSource> {
  if (!(await client.objectExists(key))) {
    throw new AlfredError('E_BACKUP', `${name} is not there.`, {
      remedy: 'See what is: npx alfred backup list',
    });
  }
  const bytes = await client.getContentLength(key);
  async function* read(from = 0, to = bytes - 1): AsyncGenerator<Uint8Array> {
    const end = Math.min(to, bytes - 1) + 1;
    for (let at = from; at < end; at += pieceBytes) {
      const until = Math.min(at + pieceBytes, end);
      const piece = await ask(async (one) => (await one.getObjectRaw(key, false, at, until)).arrayBuffer());
      if (piece.byteLength !== until - at) throw new AlfredError('E_BACKUP', `${name} is cut off.`);
      yield new Uint8Array(piece);
    }
  }
  return { name, bytes, read };
}
