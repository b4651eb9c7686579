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

const root = path.resolve(import.meta.dirname, '..');
/** How long it may be built before a person is told. */
const patienceMs = 1_000;

/** @param {string} name */
const isSource = (name) => /\.(ts|prisma)$/.test(name) && !name.endsWith('.test.ts');

/** Files that the program is made of, from the root. */
const sources = () =>
  ['src', 'core', 'scripts', 'prisma'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(isSource)
      .map((name) => path.join(folder, name)),
  );

/** The packages that are installed for it, as npm wrote them down: none of development's, which may be there or not. */
function packages() {
  const written = path.join(root, 'node_modules/.package-lock.json');
  const file = existsSync(written) ? written : path.join(root, 'package-lock.json');
  /** @type {Record<string, { version?: string, dev?: boolean, devOptional?: boolean }>} */
  const all = JSON.parse(readFileSync(file, 'utf8')).packages;
  return Object.entries(all).map(([name, { version, dev, devOptional }]) =>
    dev || devOptional || version === undefined ? '' : `${name} ${version}\n`,
  );
}

/** Where the program is, or would be: in a folder of its own for whatever it is made of. */
export function programFile() {
  const hash = createHash('sha256');
  for (const file of [...sources(), 'package.json'].sort()) {
    hash.update(`${file}\n`).update(readFileSync(path.join(root, file)));
  }
  for (const name of packages()) hash.update(name);
  return path.join(root, 'generated', `program-${hash.digest('hex').slice(0, 16)}`, 'alfred.js');
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
