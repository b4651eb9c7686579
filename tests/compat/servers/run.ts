/**
 * Tries every server of the list as its README says, with the bare client of the MCP SDK and with Alfred, and writes down
 * what was seen (tests/compat/servers/seen.json; `npm run tables` then makes the table of docs/servers.md).
 * Run by hand, as it installs some gigabytes: node tests/compat/servers/run.ts FOLDER [name …]
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openBench } from '../bench.ts';
import { compare } from './compare.ts';
import type { Seen } from './trial.ts';
import { trials } from './trials.ts';

const [given, ...names] = process.argv.slice(2);
if (given === undefined) throw new Error('Say where the servers are to be installed');
const scratch = path.resolve(given);
mkdirSync(scratch, { recursive: true });

const file = path.join(import.meta.dirname, 'seen.json');
/** Read anew each time: several may run at once. */
const seenSoFar = () =>
  new Map((JSON.parse(readFileSync(file, 'utf8')) as Seen[]).map((one) => [one.name, one]));
const unknown = names.filter((name) => trials.every((trial) => trial.name !== name));
if (unknown.length > 0) throw new Error(`No server is called ${unknown.join(', ')}`);

const bench = await openBench(scratch);
let differ = 0;
try {
  for (const trial of trials.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const { row, differences } = await compare(bench, trial);
    const seen = seenSoFar().set(trial.name, row);
    differ += differences.length;
    process.stdout.write(`${trial.name.padEnd(24)} bare: ${row.bare}, here: ${row.here}\n`);
    for (const difference of differences) process.stdout.write(`    ${difference}\n`);
    const rows = trials.flatMap(({ name }) => seen.get(name) ?? []);
    writeFileSync(file, `${JSON.stringify(rows, undefined, 2)}\n`);
  }
} finally {
  await bench.close();
}
process.stdout.write(`${differ} differences\n`);
process.exit(differ === 0 ? 0 : 1);
