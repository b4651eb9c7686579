/**
 * Bundles the program with everything that it imports into `generated/program-<hash>/` (docs/decisions/0018-one-program.md): two
 * hundred modules of its own and a thousand of its packages become a few files, of which each command loads those it needs.
 */
import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { programFile } from '../bin/program.js';
import { installation } from '../src/kernel/installation.ts';

/** Bundles of earlier sources that stay: a VM that runs on one loads parts of it when they are wanted. */
const kept = 3;

const packages = /\/node_modules\//;

/**
 * Prisma's compiler of queries, which its client has as text in base64, becomes the file of bytes that it is. The client of the
 * VM and that of Core have one between them.
 */
const compilerAsFile: Plugin = {
  name: 'compiler-as-file',
  load: {
    filter: { id: /\.wasm-base64\.mjs$/ },
    async handler(id) {
      const { wasm }: { wasm: string } = await import(id);
      const file = this.emitFile({
        type: 'asset',
        name: path.basename(id).replace('.wasm-base64.mjs', '.wasm'),
        source: Buffer.from(wasm, 'base64'),
      });
      // It is given to Buffer.from(…, 'base64'), which takes what an object stands for, and bytes as they are: nothing holds them then.
      const bytes = `readFileSync(new URL(import.meta.ROLLUP_FILE_URL_${file}))`;
      return `import { readFileSync } from 'node:fs'; export const wasm = { valueOf: () => ${bytes} };`;
    },
  },
};

/**
 * Who imports `node:http` gets all that it exports, and with its WebSocket all of the undici within Node.js: 40 ms and 3 MB at every
 * start (findings/node-http-brings-undici.sh). What is asked for by a name comes alone.
 */
const httpByName: Plugin = {
  name: 'http-by-name',
  resolveId: {
    filter: { id: /^(node:)?http$/ },
    handler: (_id, _importer, { kind }) => (kind === 'import-statement' ? '\0http' : undefined),
  },
  load: {
    filter: { id: /^\0http$/ },
    handler: () => `module.exports = process.getBuiltinModule('node:http');`,
  },
};

/**
 * What Prisma's client knows of each model, it keeps in objects whose few keys are high numbers, and each of those becomes an array
 * of holes: 9 MB for 2,000 of them. An object that had a key beyond any array is a table of its keys, for good
 * (findings/prisma-arrays-of-holes.sh).
 */
const keysAsTables: Plugin = {
  name: 'keys-as-tables',
  transform: {
    filter: { id: /@prisma\/client\/runtime\/client\.m?js$/ },
    handler(code) {
      const table = '(()=>{const o={};o[4294967294]=0;delete o[4294967294];return o})()';
      return code.replace(
        /(let \w+=this\.#\w+\(\),(\w+)=)\{\}(;for\((?:(?!for\().)+?\.push\(\{edges:\2\}\))/g,
        `$1${table}$3`,
      );
    },
  },
};

/**
 * A file with a single letter beyond ASCII takes two bytes a letter for as long as it is loaded; what is left of them stands in
 * comments about licences.
 */
const asciiAlone: Plugin = {
  name: 'ascii-alone',
  generateBundle(_options, files) {
    for (const file of Object.values(files)) {
      if (file.type !== 'chunk') continue;
      file.code = file.code.replace(
        /[^\0-\x7f]/g,
        (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
    }
  },
};

/** Errors are traced back to lines of ours alone: Node.js goes through the text of every file that has a map, at every start. */
const ownMapsAlone: Plugin = {
  name: 'own-maps-alone',
  transform: { filter: { id: packages }, handler: (code) => ({ code, map: { mappings: '' } }) },
  generateBundle(_options, files) {
    for (const file of Object.values(files)) {
      if (file.type !== 'chunk' || !file.moduleIds.every((id) => packages.test(id))) continue;
      file.code = file.code.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '\n');
      delete files[`${file.fileName}.map`];
    }
  },
};

async function bundle(folder: string): Promise<void> {
  const build = await rolldown({
    input: {
      alfred: path.join(installation, 'src/cli/main.ts'),
      // A thread of its own (src/connections/openapi/compile.ts).
      'compile-worker': path.join(installation, 'src/connections/openapi/compile-worker.ts'),
    },
    cwd: installation,
    platform: 'node',
    plugins: [compilerAsFile, httpByName, keysAsTables, ownMapsAlone, asciiAlone],
    // What packages do that a bundler would have them do otherwise is nothing that we can mend.
    logLevel: 'silent',
  });
  await build.write({
    dir: folder,
    format: 'esm',
    chunkFileNames: ({ name }) => (name.startsWith('packages~') ? 'packages-[hash].js' : '[name]-[hash].js'),
    codeSplitting: { groups: [{ name: 'packages', test: packages, entriesAware: true }] },
    // One byte a character in memory, not two.
    charset: 'ascii',
    // Names stay, for whoever reads where an error was thrown.
    minify: { mangle: false, compress: false, codegen: { removeWhitespace: true } },
    sourcemap: true,
    sourcemapExcludeSources: true,
  });
  await build.close();
}

/** Puts the finished bundle in its place at once, so that nobody ever sees half of one. */
function putInPlace(made: string, place: string): void {
  try {
    renameSync(made, place);
  } catch (error) {
    // Somebody else has made the same one.
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    rmSync(made, { recursive: true, force: true });
  }
}

function removeOld(folder: string): void {
  const age = (name: string): number => statSync(path.join(folder, name)).mtimeMs;
  const programs = readdirSync(folder).filter((name) => name.startsWith('program-'));
  for (const name of programs.toSorted((one, other) => age(other) - age(one)).slice(kept)) {
    rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}

const place = path.dirname(programFile());
const unfinished = path.join(path.dirname(place), `.unfinished-${process.pid}`);
await bundle(unfinished);
putInPlace(unfinished, place);
removeOld(path.dirname(place));
