/**
 * Makes the Prisma clients and the console when what they are made of changed since the last time (or never was made).
 * Nothing runs at install (.npmrc), so `npm start`, `npm test` and `npm run check` call this first.
 */
import { globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { isCurrent, makeOnce, type Product, root, runProgram } from './make-once.ts';

const inRoot = (...parts: string[]): string => path.join(root, ...parts);

/** The client of one database: the VM's, or Core's. */
const client = (name: string, schema: string, folder: string): Product => ({
  name,
  proof: `${folder}/client.ts`,
  maker: 'prisma-cli',
  sources: () => [inRoot(schema), inRoot('package.json')],
  make: () =>
    runProgram('node_modules/prisma-cli/build/index.js', ['generate', '--no-hints', '--schema', schema]),
});
const clients = [
  client('schema', 'prisma/schema.prisma', 'generated/prisma'),
  client('core-schema', 'core/prisma/schema.prisma', 'generated/core'),
];

const consolePages: Product = {
  name: 'console',
  proof: 'generated/console/index.html',
  maker: 'vite',
  sources: () => [
    ...globSync(['console/**/*', 'src/contract/**/*.ts'], { cwd: root, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name)),
    inRoot('vite.config.ts'),
    inRoot('package.json'),
  ],
  make() {
    runProgram('node_modules/vite/bin/vite.js', ['build', '--logLevel', 'error']);
    compress(inRoot('generated/console/assets'));
  },
};

/** Compressed once here, not at every request. */
function compress(folder: string): void {
  for (const name of readdirSync(folder).filter((file) => /\.(js|css|svg)$/.test(file))) {
    const content = readFileSync(path.join(folder, name));
    const compressed = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } });
    writeFileSync(path.join(folder, `${name}.br`), compressed);
  }
}

const products = [...clients, consolePages];

/** True when nothing needs to be made. */
export const isGenerated = (): boolean => products.every(isCurrent);

/** Makes what is not current. @throws Error with what was printed when it could not be made, or what it lacks to make it */
export function generate(): void {
  for (const product of products) makeOnce(product);
}

if (import.meta.main) generate();
