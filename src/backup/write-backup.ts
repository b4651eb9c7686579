/** Writes the text of a backup: compressed, encrypted, whole or not at all. */
import { addAbortSignal } from 'node:stream';
import { createZstdCompress, type ZstdCompress } from 'node:zlib';
import { encryptFor, type SealedFor } from './age.ts';
import { zstdPieceBytes } from './backup-format.ts';
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
  const pieces = encryptFor(to)(compress(text, counted, signal));
  const bytes = await place.write(name, pieces, { databaseBytes, signal });
  return { file: place.nameOf(name), bytes, textBytes: counted.bytes };
}

/** A line of a backup's text. */
export const lineOf = (line: unknown): string => `${JSON.stringify(line)}\n`;

async function* compress(
  text: AsyncIterable<Uint8Array | string>,
  counted: { bytes: number },
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const zstd = createZstdCompress({ chunkSize: zstdPieceBytes });
  if (signal) addAbortSignal(signal, zstd);
  // What goes wrong ends the stream with its error, and is thrown where it is read.
  fill(zstd, text, counted).catch((error: Error) => zstd.destroy(error));
  yield* zstd as AsyncIterable<Uint8Array>;
}

/** Hands a text on out of one buffer: a new one for each piece would be garbage for most of what the memory grows by. */
async function fill(
  zstd: ZstdCompress,
  text: AsyncIterable<Uint8Array | string>,
  counted: { bytes: number },
): Promise<void> {
  const piece = Buffer.allocUnsafe(zstdPieceBytes);
  let filled = 0;
  const handOn = () =>
    new Promise<void>((resolve, reject) => {
      zstd.write(piece.subarray(0, filled), (error) => (error ? reject(error) : resolve()));
    });
  for await (const each of text) {
    const bytes = typeof each === 'string' ? Buffer.from(each) : each;
    counted.bytes += bytes.length;
    for (let at = 0; at < bytes.length; ) {
      const taken = bytes.subarray(at, at + zstdPieceBytes - filled);
      piece.set(taken, filled);
      at += taken.length;
      filled += taken.length;
      if (filled < zstdPieceBytes) continue;
      await handOn();
      filled = 0;
    }
  }
  if (filled > 0) await handOn();
  zstd.end();
}
