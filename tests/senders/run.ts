/**
 * Makes tests/senders/vectors.json: a delivery of every sender, signed or taken by the sender's own library where there is
 * one. Run by hand: it installs 25 packages into a folder of their own (`npx -c 'node tests/senders/run.ts /tmp/senders'`).
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { senderNames } from '../../src/contract/senders/senders.ts';
import { createBench } from './bench.ts';
import { byRecipe } from './by-recipe.ts';
import { code } from './code.ts';
import { general } from './general.ts';
import { install } from './install.ts';
import { talk } from './talk.ts';
import { trade } from './trade.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('Say where the libraries are to be installed');

const at = new Date();
const bench = createBench(install(path.resolve(folder)), at);
for (const make of [...general, ...code, ...talk, ...trade]) await make(bench);
const vectors = [...bench.vectors, ...byRecipe(at)];
const missing = senderNames.filter((auth) => vectors.every((vector) => vector.auth !== auth));
if (missing.length > 0) throw new Error(`Nothing proves ${missing.join(', ')}`);
vectors.sort((one, other) => one.auth.localeCompare(other.auth, 'en'));
writeFileSync(path.join(import.meta.dirname, 'vectors.json'), `${JSON.stringify(vectors, undefined, 2)}\n`);
process.stdout.write(`${vectors.length} deliveries of ${senderNames.length} senders\n`);
// Some of the libraries keep timers.
process.exit(0);
