/**
 * Generates the Prisma client when prisma/schema.prisma changed since the last time (or was never generated).
 * Nothing runs at install (.npmrc), so `npm start`, `npm test` and `npm run check` call this first.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = path.join(root, 'generated', 'schema.sha256');
const longestMs = 120_000;

const prisma = createRequire(import.meta.url).resolve('prisma/package.json');

/** What the client is made of: it is current while this is what it was made of. */
const stampOf = (): string =>
  createHash('sha256')
    .update(readFileSync(path.join(root, 'prisma/schema.prisma')))
    .update(readFileSync(prisma))
    .digest('hex');

/** True when `generated/prisma` matches `prisma/schema.prisma`. */
export const isClientCurrent = (): boolean =>
  existsSync(path.join(root, 'generated/prisma/client.ts')) &&
  existsSync(stampFile) &&
  readFileSync(stampFile, 'utf8') === stampOf();

/** Runs `work` while no other process does: two first starts at once would write into each other's files. */
function withLock(work: () => void): void {
  const lock = path.join(root, 'generated', 'lock');
  mkdirSync(path.dirname(lock), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      // One that was killed leaves its lock behind.
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0);
      if (age > longestMs) rmSync(lock, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
  try {
    work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/**
 * Makes `generated/prisma` match `prisma/schema.prisma`.
 *
 * @throws Error with what Prisma printed when it could not be made
 */
export function generateClient(): void {
  if (isClientCurrent()) return;
  withLock(() => {
    if (isClientCurrent()) return;
    const stamp = stampOf();
    rmSync(stampFile, { force: true });
    const cli = path.join(path.dirname(prisma), 'build/index.js');
    const run = spawnSync(process.execPath, [cli, 'generate', '--no-hints'], {
      cwd: root,
      encoding: 'utf8',
      env: {
        ...process.env,
        PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ''}`,
        CHECKPOINT_DISABLE: '1',
      },
    });
    if (run.status !== 0) throw new Error(`prisma generate failed:\n${run.stdout}${run.stderr}`);
    writeFileSync(stampFile, stamp);
  });
}

if (import.meta.main) generateClient();
