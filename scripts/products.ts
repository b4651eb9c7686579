/** What no start does without, and is made of the sources first: the Prisma clients and the console. */
import { globSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { installation } from '../src/kernel/installation.ts';
import { inRoot, type Product, runProgram, stamped } from './make-once.ts';

/** The client of one database: the VM's, or Core's. */
const client = (name: string, schema: string, folder: string): Product =>
  stamped({
    name,
    proof: `${folder}/client.ts`,
    maker: 'prisma-cli',
    sources: () => [inRoot(schema), inRoot('package.json')],
    make: () =>
      runProgram('node_modules/prisma-cli/build/index.js', ['generate', '--no-hints', '--schema', schema]),
  });

const consolePages = stamped({
  name: 'console',
  proof: 'generated/console/index.html',
  maker: 'vite',
  sources: () => [
    ...globSync(['console/**/*', 'src/contract/**/*.ts', 'docs/*.md'], {
      cwd: installation,
      withFileTypes: true,
    })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name)),
    inRoot('vite.config.ts'),
    inRoot('scripts/standing-frame.ts'),
    inRoot('package.json'),
  ],
  async make() {
    await runProgram('node_modules/vite/bin/vite.js', ['build', '--logLevel', 'error']);
    await Promise.all(['', 'assets'].map((folder) => compress(inRoot('generated/console', folder))));
  },
});

const compressed = promisify(brotliCompress);

/**
 * How hard brotli tries: to its utmost for what a page waits for before it shows anything. The rest comes piece by piece, a
 * twelfth longer so, and takes a first start 0.1 s of processor time in place of 1.8.
 */
const qualityOf = (name: string): number => (/^(first|rolldown-runtime|index|fleet)/.test(name) ? 11 : 8);

/** Compressed once here, not at every request; on threads beside this one, as the program is bundled meanwhile. */
async function compress(folder: string): Promise<void> {
  const files = (await readdir(folder)).filter((file) => /\.(js|css|svg|json|html)$/.test(file));
  await Promise.all(
    files.map(async (name) => {
      const file = path.join(folder, name);
      const params = { [constants.BROTLI_PARAM_QUALITY]: qualityOf(name) };
      await writeFile(`${file}.br`, await compressed(await readFile(file), { params }));
    }),
  );
}

export const clients: Product[] = [
  client('schema', 'prisma/schema.prisma', 'generated/prisma'),
  client('core-schema', 'core/prisma/schema.prisma', 'generated/core'),
];

export const required: Product[] = [...clients, consolePages];

/** True when nothing of it is to be made. */
export const isGenerated = (): boolean => required.every((product) => product.isCurrent());
