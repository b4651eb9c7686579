/** Things that are made from sources of this repository when those changed: into `generated/`, by one process at a time. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const longestMs = 120_000;

export type Product = {
  /** Names its stamp in `generated/`. */
  name: string;
  /** A file that is there when it was made, from the root. */
  proof: string;
  /** The package that makes it. A copy without it (`--omit=dev`) runs what was made while it was there. */
  maker: string;
  /** Every file that it is made of. */
  sources(): string[];
  /** @throws Error with what went wrong */
  make(): void;
};

const stampFile = ({ name }: Product): string => path.join(root, 'generated', `${name}.sha256`);

function stampOf(product: Product): string {
  const hash = createHash('sha256');
  for (const file of product.sources().toSorted())
    hash.update(path.relative(root, file)).update(readFileSync(file));
  return hash.digest('hex');
}

/** True when what was made last was made of the sources as they are. */
export const isCurrent = (product: Product): boolean =>
  existsSync(path.join(root, product.proof)) &&
  existsSync(stampFile(product)) &&
  readFileSync(stampFile(product), 'utf8') === stampOf(product);

/**
 * Makes what is not current.
 *
 * @throws what `make` throws, and Error when the package that makes it is not installed
 */
export function makeOnce(product: Product): void {
  if (isCurrent(product)) return;
  if (!existsSync(path.join(root, 'node_modules', product.maker))) {
    throw new Error(
      `${product.proof} was not made of the files that are here, and ${product.maker}, which makes it, is not installed. ` +
        'Run npm ci and npm run generate; then npm prune --omit=dev takes away what only builds.',
    );
  }
  withLock(() => {
    if (isCurrent(product)) return;
    const stamp = stampOf(product);
    rmSync(stampFile(product), { force: true });
    product.make();
    writeFileSync(stampFile(product), stamp);
  });
}

/** Runs a package's program, named from the root, under this Node.js. @throws Error with what it printed, when it failed */
export function runProgram(file: string, args: string[]): void {
  const run = spawnSync(process.execPath, [path.join(root, file), ...args], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ''}`,
      CHECKPOINT_DISABLE: '1',
    },
  });
  if (run.status !== 0)
    throw new Error(`${path.basename(file)} ${args.join(' ')} failed:\n${run.stdout}${run.stderr}`);
}

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
