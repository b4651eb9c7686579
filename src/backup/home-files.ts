/** The files of a home that are nowhere else: what the demonstration and servers of tools keep there. */
import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { FileLine } from './backup-format.ts';

const folders = ['samples', 'connections'];
const single = ['keys/rows-signed'];

/** What programs keep to be faster, and make anew. */
const caches = new Set(['.cache', '.npm', '.venv', '__pycache__', 'node_modules']);

/** Three bytes are four characters of base64: a piece of so many ends without padding. */
const pieceBytes = 48 * 1024;

/** Regular files alone, in no order: links lead elsewhere, and sockets and pipes hold nothing. */
export async function* findHomeFiles(home: string): AsyncGenerator<FileLine> {
  for (const file of single) {
    const found = await stat(path.join(home, file)).catch(ifGone);
    if (found?.isFile()) yield { file, mode: found.mode & 0o777 };
  }
  for (const folder of folders) yield* filesIn(home, folder);
}

async function* filesIn(home: string, folder: string): AsyncGenerator<FileLine> {
  const entries = (await readdir(path.join(home, folder), { withFileTypes: true }).catch(ifGone)) ?? [];
  for (const entry of entries) {
    const file = `${folder}/${entry.name}`;
    if (entry.isDirectory() && !caches.has(entry.name)) yield* filesIn(home, file);
    const found = entry.isFile() ? await stat(path.join(home, file)).catch(ifGone) : undefined;
    if (found) yield { file, mode: found.mode & 0o777 };
  }
}

/** The bytes of a file in lines of base64; none when it went away in the meantime. */
export async function* encodeFile(file: string): AsyncGenerator<string> {
  const handle = await open(file, 'r').catch(ifGone);
  if (!handle) return;
  try {
    const piece = Buffer.alloc(pieceBytes);
    for (;;) {
      const { bytesRead } = await handle.read(piece, 0, pieceBytes, null);
      if (bytesRead === 0) return;
      yield `${piece.toString('base64', 0, bytesRead)}\n`;
    }
  } finally {
    await handle.close();
  }
}

function ifGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
