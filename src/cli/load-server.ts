/** The server's own code, loaded by the few commands that need it, with what it stands on. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import path from 'node:path';
import { isGenerated } from '../../scripts/products.ts';
import { installation } from '../kernel/installation.ts';
import { CliProblem } from './problem.ts';

const script = path.join(installation, 'scripts/generate.ts');

/** Makes the Prisma client and the console when they are not current, in another process, as it takes seconds. */
async function prepare(onProgress: (line: string) => void): Promise<void> {
  if (isGenerated()) return;
  onProgress('preparing the database client and the console (on the first start only)');
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const [code] = await once(child, 'exit');
  if (code !== 0) {
    throw new CliProblem(
      'E_INTERNAL',
      `The database client and the console could not be made: ${output.trim().slice(-600)}`,
      {
        remedy: 'run npm ci again, without --omit=dev, as a user who may write to this folder',
      },
    );
  }
}

/** Imports a module of the server once what it stands on is there. */
export async function loadServer<Module>(
  load: () => Promise<Module>,
  onProgress: (line: string) => void,
): Promise<Module> {
  await prepare(onProgress);
  onProgress('loading');
  const module = await load();
  // A server that is killed has written by then what was compiled for it, and the next start is the quicker.
  flushCompileCache();
  return module;
}
