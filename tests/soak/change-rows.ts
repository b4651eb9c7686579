/**
 * Changes rows of a VM that runs, one column at a time, as the database's own role; uses what each is about, asks the audit
 * chain's verifier, and puts the row back (docs/security.md, "Rows"):
 *   node tests/soak/change-rows.ts [changes] [--seed N] [--seconds N] [--verbose]
 * The chain's own tables (`audit_…`) are left to scripts/audit-tamper.ts: what they lose cannot be put back.
 * Counts what a row must never bring about (a secret or a call that arrives elsewhere, a program that nobody approved,
 * somebody who gets in), guarded changes that the verifier did not name, and false alarms. Ends with 1 when one is not 0.
 */
import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { auditVerificationSchema } from '../../src/contract/audit.ts';
import { makeHome } from '../helpers/vm.ts';
import { randomFrom } from '../tamper/run-tamperings.ts';
import { type Forbidden, openRowBench } from './row-bench.ts';
import { RowChanger } from './row-changer.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string' },
    seconds: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});
const wanted = Number(positionals[0] ?? 500);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const endsAt = performance.now() + Number(values.seconds ?? Number.POSITIVE_INFINITY) * 1000;
const below = randomFrom(seed);
const say = (line: string) => process.stderr.write(`${line}\n`);

const home = await makeHome();
const bench = await openRowBench(home, below);
const changer = await RowChanger.open(home, bench.lures, below);
const tally = { changed: 0, refused: 0, guarded: 0, named: 0, verified: 0, falseAlarms: 0 };
const perTable = new Map<string, number>();
const faults: string[] = [];
/** Executions that went on with a changed row: what they ended with is on record, and cannot be put back. */
const wentOn: string[] = [];
let isWhole = false;
let forbidden: Forbidden = bench.count();

/** Waits for what is under way: a moment between two reads is no finding. */
async function verify(): Promise<string[]> {
  const { status, body } = await bench.asOwner('GET', '/api/v1/audit/verify');
  if (status !== 200) return [`the verifier answered ${status} ${JSON.stringify(body)}`];
  tally.verified += 1;
  return auditVerificationSchema.parse(body).findings.map(({ message }) => message);
}

async function expectQuiet(when: string): Promise<void> {
  const alarms = (await verify()).filter((alarm) => !wentOn.some((id) => alarm.includes(id)));
  tally.falseAlarms += alarms.length;
  faults.push(...alarms.map((alarm) => `FALSE ALARM ${when}: ${alarm}`));
}

async function changeOne(waiting: string): Promise<void> {
  const change = await changer.change([waiting]);
  if (change === undefined) return;
  tally.changed += 1;
  if (typeof change === 'string') {
    if (values.verbose) say(`${tally.changed} refused: ${change}`);
    tally.refused += 1;
    return;
  }
  const { table, column, key, before, after, isGuarded } = change;
  const short = (value: string | null) => String(value).slice(0, 120);
  const what = `${tally.changed} ${table}.${column} of ${Object.values(key).join(' ')}: ${short(before)} -> ${short(after)}`;
  if (values.verbose) say(what);
  perTable.set(table, (perTable.get(table) ?? 0) + 1);
  try {
    // Before it is used: what the VM ends for it is over, and no row of its own any more.
    if (isGuarded || tally.changed % 50 === 0) {
      const findings = await verify();
      if (isGuarded) {
        tally.guarded += 1;
        if (findings.some((message) => message.includes(`${table}/`))) tally.named += 1;
        else faults.push(`NOT NAMED ${what}: ${findings.join(' ') || 'nothing found'}`);
      }
    }
    if (change.executionId !== undefined) wentOn.push(change.executionId);
    await bench.exercise(change, changer);
  } finally {
    await changer.restore(change);
  }
  const now = bench.count();
  for (const [kind, count] of Object.entries(now) as [keyof Forbidden, number][])
    if (count > forbidden[kind]) faults.push(`${kind.toUpperCase()} (+${count - forbidden[kind]}) ${what}`);
  forbidden = now;
}

try {
  say(`seed ${seed}`);
  await bench.keepOneWaiting();
  await expectQuiet('before anything was changed');
  while (tally.changed < wanted && performance.now() < endsAt) {
    await changeOne(await bench.keepOneWaiting());
    if (tally.changed % 50 === 0) {
      await expectQuiet(`with ${tally.changed} changes put back`);
      say(`${tally.changed} of ${wanted}, ${faults.length} faults`);
    }
  }
  await expectQuiet('in the end');
  isWhole = true;
} finally {
  const used = bench.used();
  await changer.close();
  await bench.close();
  await rm(home, { recursive: true, force: true });
  const missed = tally.guarded - tally.named;
  const rows: [string, string | number][] = [
    ['changes', `${tally.changed}, ${tally.refused} of them refused by the database (seed ${seed})`],
    [
      'of tables',
      [...perTable]
        .sort()
        .map(([table, count]) => `${table} ${count}`)
        .join(', '),
    ],
    [
      'used',
      Object.entries(used)
        .map(([kind, count]) => `${kind} ${count}`)
        .join(', '),
    ],
    [
      'exercised',
      Object.entries(bench.exercised)
        .sort()
        .map(([kind, count]) => `${kind} ${count}x`)
        .join(', '),
    ],
    ...Object.entries(forbidden),
    ['guarded, not named', `${missed} of ${tally.guarded}`],
    ['false alarms', `${tally.falseAlarms} of ${tally.verified} verifications`],
  ];
  process.stdout.write(`${rows.map(([kind, text]) => `${kind.padEnd(28)}${text}`).join('\n')}\n`);
  for (const fault of faults) process.stdout.write(`${fault}\n`);
  process.exitCode = isWhole && faults.length === 0 ? 0 : 1;
}
