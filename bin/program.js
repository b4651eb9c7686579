// Which program runs: the one that was bundled of the sources that are here (scripts/build-program.ts), made first where it is
// not there; and where it cannot be made, the sources themselves. Plain JavaScript, as nothing is to be compiled before it.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { lookBeforeReading } from './look-before-reading.js';

const root = path.resolve(import.meta.dirname, '..');
/** How long it may be built before a person is told. */
const patienceMs = 1_000;

/** @param {string} name */
const isSource = (name) => /\.(ts|prisma)$/.test(name) && !name.endsWith('.test.ts');

/** Files that the program is made of, and the folders in which more of them may come to be. */
function sources() {
  /** @type {string[]} */
  const folders = ['src', 'core', 'scripts', 'prisma'];
  const files = ['package.json'];
  for (const folder of folders) {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
      const name = path.join(folder, entry.name);
      if (entry.isDirectory()) folders.push(name);
      else if (isSource(name)) files.push(name);
    }
  }
  return { folders, files: files.sort() };
}

/** What npm wrote down of the packages that it installed; where it is not here, what it was to install. */
const packageLists = ['node_modules/.package-lock.json', 'package-lock.json'];

/** The packages that are installed for it: none of development's, which may be there or not. */
function packages() {
  const file = packageLists.map((name) => path.join(root, name)).find((name) => existsSync(name));
  /** @type {Record<string, { version?: string, dev?: boolean, devOptional?: boolean }>} */
  const all = file === undefined ? {} : JSON.parse(readFileSync(file, 'utf8')).packages;
  return Object.entries(all).map(([name, { version, dev, devOptional }]) =>
    dev || devOptional || version === undefined ? '' : `${name} ${version}\n`,
  );
}

/** @param {string[]} files */
function nameOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(path.join(root, file)));
  for (const name of packages()) hash.update(name);
  return `program-${hash.digest('hex').slice(0, 16)}`;
}

/** Where the program is, or would be: in a folder of its own for whatever it is made of. */
export function programFile() {
  const name = lookBeforeReading(path.join(root, 'generated/sources.json'), root, () => {
    const { folders, files } = sources();
    return { names: [...folders, ...files, ...packageLists], read: () => nameOf(files) };
  });
  return path.join(root, 'generated', name, 'alfred.js');
}

/** @param {string} folder */
function mayWrite(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Makes the program, if its maker is here and there is room for it. */
async function build() {
  const place = existsSync(path.join(root, 'generated')) ? path.join(root, 'generated') : root;
  if (!existsSync(path.join(root, 'node_modules/rolldown')) || !mayWrite(place)) return;
  const child = spawn(process.execPath, [path.join(root, 'scripts/generate.ts')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => (complaint += chunk));
  const telling = setTimeout(() => {
    process.stderr.write('alfred: building the program (at the first start, and after a change)\n');
  }, patienceMs);
  const [code] = await once(child, 'close');
  clearTimeout(telling);
  if (code !== 0)
    process.stderr.write(`alfred: the program could not be built, its sources run\n${complaint}`);
}

/**
 * Where Node.js keeps what it compiled of the program, which is half of every start: beside it, or in the home where that may
 * not be written. Nobody else may write there, as it is run.
 *
 * @param {string} folder the program's
 */
export function compiledFolder(folder) {
  if (mayWrite(folder)) return path.join(folder, 'compiled');
  const home = process.env.ALFRED_HOME ?? path.join(homedir(), '.alfred');
  const owner = statSync(home, { throwIfNoEntry: false });
  if (owner === undefined || owner.uid !== process.getuid?.() || (owner.mode & 0o022) !== 0) return undefined;
  const name = path.basename(folder);
  const caches = path.join(home, 'cache');
  const mine = path.join(caches, name);
  try {
    if (!existsSync(mine)) {
      rmSync(caches, { recursive: true, force: true });
      mkdirSync(mine, { recursive: true, mode: 0o700 });
    }
  } catch {
    // The home may not be written either: everything runs without, a second later.
    return undefined;
  }
  return mine;
}

/** Runs `alfred` with the arguments of this process. */
export async function runProgram() {
  const file = programFile();
  if (!existsSync(file)) await build();
  if (!existsSync(file)) {
    await import('../src/cli/main.ts');
    return;
  }
  const compiled = compiledFolder(path.dirname(file));
  if (compiled !== undefined) enableCompileCache(compiled);
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(file).href);
}
