/**
 * Makes the Prisma clients, the console and the bundled program when what they are made of changed since the last time (or
 * never was made). Nothing runs at install (.npmrc), so `alfred`, `npm test` and `npm run check` call this first.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { programFile } from '../bin/program.js';
import { installation } from '../src/kernel/installation.ts';
import { canMake, makeOnce, type Product, runProgram } from './make-once.ts';
import { clients, required } from './products.ts';

/** Where its maker is not installed, the sources run as they are. */
const program: Product = {
  proof: path.relative(installation, programFile()),
  maker: 'rolldown',
  isCurrent: () => existsSync(programFile()),
  needs: clients,
  make: () => runProgram('scripts/build-program.ts', []),
};

await makeOnce(canMake(program) ? [...required, program] : required);
