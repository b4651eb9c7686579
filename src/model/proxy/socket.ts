/** The folder of the proxy's Unix socket: 0700, of this process alone, and short enough for the system's limit. */
import { chmod, mkdir, mkdtemp } from 'node:fs/promises';
import path from 'node:path';

/** `sun_path` is 108 bytes on Linux and 104 on macOS, its terminating NUL included. */
const longest = process.platform === 'darwin' ? 103 : 107;

/** What `mkdtemp` and the socket's name add to the folder. */
const added = Buffer.byteLength('/model-XXXXXX/model.sock');

/** Makes a new folder in `home/run`, or where that is too long in /tmp. Whoever made it removes it. */
export async function makeSocketFolder(home: string): Promise<string> {
  const preferred = path.join(home, 'run');
  const isShort = Buffer.byteLength(preferred) + added <= longest;
  // Not `os.tmpdir()`: TMPDIR may be the very thing that is long.
  const parent = isShort ? preferred : '/tmp';
  if (isShort) await mkdir(parent, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(path.join(parent, isShort ? 'model-' : 'alfred-model-'));
  await chmod(folder, 0o700);
  return folder;
}
