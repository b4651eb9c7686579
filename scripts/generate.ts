/**
 * Generates the Prisma client when prisma/schema.prisma changed since the last time (or was never generated).
 * Nothing runs at install (.npmrc), so `npm start`, `npm test` and `npm run check` call this first.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = path.join(root, 'generated', 'schema.sha256');

/**
 * Makes `generated/prisma` match `prisma/schema.prisma`.
 *
 * @returns true when the client had to be made, false when it was current
 * @throws Error with what Prisma printed when it could not be made
 */
export function generateClient(): boolean {
  const prisma = createRequire(import.meta.url).resolve('prisma/package.json');
  const stamp = createHash('sha256')
    .update(readFileSync(path.join(root, 'prisma/schema.prisma')))
    .update(readFileSync(prisma))
    .digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return false;

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
  return true;
}

if (import.meta.main) generateClient();
