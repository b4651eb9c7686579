/** Things that are made from sources of this repository when those changed: into `generated/`, by one process at a time. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lookBeforeReading } from '../bin/look-before-reading.js';
import { installation } from '../src/kernel/installation.ts';

const longestMs = 120_000;

export type Product = {
  /** A file that is there when it was made, from the root. */
  proof: string;
  /** The package that makes it. A copy without it (`--omit=dev`) runs what was made while it was there. */
  maker: string;
  isCurrent(): boolean;
  /** What must be made before it. */
  needs?: Product[];
  /** @throws Error with what went wrong */
  make(): Promise<void>;
};

export const inRoot = (...parts: string[]): string => path.join(installation, ...parts);

export const canMake = ({ maker }: Product): boolean => existsSync(inRoot('node_modules', maker));

/** @param files named from the root, as what is returned */
function hashOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(inRoot(file)));
  return hash.digest('hex');
}

/** All folders that these files are in: one more file, or one less, changes the one that it is in. */
function foldersOf(files: readonly string[]): Set<string> {
  const folders = new Set<string>();
  for (const file of files)
    for (let folder = path.dirname(file); folder !== '.'; folder = path.dirname(folder)) folders.add(folder);
  return folders;
}

/**
 * A product that notes in `generated/<name>.sha256` what it was made of.
 *
 * @param sources every file that it is made of
 */
export function stamped(
  product: Pick<Product, 'proof' | 'maker' | 'make'> & { name: string; sources(): string[] },
): Product {
  const stampFile = inRoot('generated', `${product.name}.sha256`);
  const stamp = (): string =>
    lookBeforeReading(inRoot('generated', `${product.name}.json`), installation, () => {
      const files = product
        .sources()
        .map((file) => path.relative(installation, file))
        .toSorted();
      return { names: [...foldersOf(files), ...files], read: () => hashOf(files) };
    });
  return {
    ...product,
    isCurrent: () =>
      existsSync(inRoot(product.proof)) &&
      existsSync(stampFile) &&
      readFileSync(stampFile, 'utf8') === stamp(),
    async make() {
      const before = stamp();
      rmSync(stampFile, { force: true });
      await product.make();
      writeFileSync(stampFile, before);
    },
  };
}

/**
 * Makes what is not current, each as soon as what it needs is there.
 *
 * @throws what `make` throws, and Error when the package that makes it is not installed
 */
export async function makeOnce(products: Product[]): Promise<void> {
  const missing = products.find((product) => !product.isCurrent() && !canMake(product));
  if (missing) {
    throw new Error(
      `${missing.proof} was not made of the files that are here, and ${missing.maker}, which makes it, is not installed. ` +
        'Run npm ci and npm run generate; then npm prune --omit=dev takes away what only builds.',
    );
  }
  if (products.every((product) => product.isCurrent())) return;
  await withLock(async () => {
    const made = new Map<Product, Promise<void>>();
    const making = (product: Product): Promise<void> => {
      const already = made.get(product) ?? make(product);
      made.set(product, already);
      return already;
    };
    async function make(product: Product): Promise<void> {
      await Promise.all((product.needs ?? []).map(making));
      if (!product.isCurrent()) await product.make();
    }
    await Promise.all(products.map(making));
  });
}

/** Runs a program, named from the root, under this Node.js. @throws Error with what it printed, when it failed */
export async function runProgram(file: string, args: string[]): Promise<void> {
  const child = spawn(process.execPath, [inRoot(file), ...args], {
    cwd: installation,
    env: {
      ...process.env,
      PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ''}`,
      CHECKPOINT_DISABLE: '1',
      // Who has it made may be a test, or have another name for what they do: React would come with all that helps who writes it.
      NODE_ENV: 'production',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${path.basename(file)} ${args.join(' ')} failed:\n${output}`);
}

/** Runs `work` while no other process does: two first starts at once would write into each other's files. */
async function withLock(work: () => Promise<void>): Promise<void> {
  const lock = inRoot('generated', 'lock');
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
      else await sleep(100);
    }
  }
  try {
    await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}
