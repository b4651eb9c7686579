/** Writes the text of a backup: compressed, encrypted, whole or not at all. */
import { pipeline, Readable } from 'node:stream';
import { createZstdCompress } from 'node:zlib';
import { encryptFor, type SealedFor } from './age.ts';
import type { BackupPlace } from './backup-place.ts';

export type WriteOptions = {
  /** Where the file comes to be, and what it is called there. */
  place: BackupPlace;
  name: string;
  to: SealedFor;
  /** Aborted: it is given up, and nothing is left of it. */
  signal?: AbortSignal | undefined;
};

export type WrittenBackup = {
  file: string;
  /** Of the file, and of what was put into it. */
  bytes: number;
  textBytes: number;
};

/** @throws AlfredError E_VALIDATION for a passphrase or a recipient; what `text` and the place throw */
export async function writeBackup(
  text: AsyncIterable<Uint8Array | string>,
  { databaseBytes }: { databaseBytes: number },
  { place, name, to, signal }: WriteOptions,
): Promise<WrittenBackup> {
  const counted = { bytes: 0 };
  const pieces = encryptFor(to)(compress(inLargePieces(text, counted), signal));
  const bytes = await place.write(name, pieces, { databaseBytes, signal });
  return { file: place.nameOf(name), bytes, textBytes: counted.bytes };
}

function compress(
  text: AsyncIterable<Uint8Array | string>,
  signal: AbortSignal | undefined,
): AsyncIterable<Uint8Array> {
  const source = Readable.from(text, { objectMode: false, ...(signal === undefined ? {} : { signal }) });
  // What goes wrong ends the stream with its error, and is thrown where it is read.
  return pipeline(source, createZstdCompress({ chunkSize: pieceBytes }), () => {});
}

/** A line of a backup's text. */
export const lineOf = (line: unknown): string => `${JSON.stringify(line)}\n`;

/** Each piece goes to another thread and comes back: of larger ones there are fewer, which tells on a busy machine. In bytes. */
const pieceBytes = 512 * 1024;

/** The same, counted, in pieces of about that size. */
async function* inLargePieces(
  pieces: AsyncIterable<Uint8Array | string>,
  counted: { bytes: number },
): AsyncGenerator<Buffer> {
  let gathered: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    const buffer = typeof piece === 'string' ? Buffer.from(piece) : piece;
    gathered.push(buffer);
    bytes += buffer.length;
    if (bytes < pieceBytes) continue;
    counted.bytes += bytes;
    yield Buffer.concat(gathered, bytes);
    gathered = [];
    bytes = 0;
  }
  counted.bytes += bytes;
  yield Buffer.concat(gathered, bytes);
}
