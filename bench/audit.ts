/**
 * What the audit chain costs and how fast it is verified, on an embedded PostgreSQL of its own:
 *   node bench/audit.ts [events] [executions]
 * - an act's own write, beside the bare INSERT of a row of the same size
 * - how fast the appender chains, and how long an act waits for it
 * - how fast the verifier goes over events alone, and over finished executions with steps, calls and events
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openFoundation } from '../src/app/foundation.ts';
import { createAppender } from '../src/audit/appender.ts';
import { recordAudit } from '../src/audit/record-audit.ts';
import { verifyAudit } from '../src/audit/verify/verify-audit.ts';
import { readSettings } from '../src/kernel/settings.ts';
import { insertEndedExecution } from '../tests/tamper/record.ts';

const events = Number(process.argv[2] ?? 100_000);
const executions = Number(process.argv[3] ?? 500);
const home = await mkdtemp(path.join(tmpdir(), 'alfred-audit-bench-'));
const { db, vault, log, closers } = await openFoundation(
  readSettings({ ALFRED_HOME: home, ALFRED_LOG_LEVEL: 'warn' }),
);
const say = (line: string) => process.stdout.write(`${line}\n`);
const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};
/** Of this process, beside the time on the clock: on a busy machine the one that says something. */
const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const median = (list: number[]) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;

try {
  const appender = createAppender({ db, vault, log, home });
  await db.pool.query(
    'CREATE TABLE bare (id uuid PRIMARY KEY, at timestamptz, a text, b text, c text, d jsonb)',
  );
  const transactions = { empty: [] as number[], bare: [] as number[], act: [] as number[] };
  for (let round = 0; round < 300; round++) {
    transactions.empty.push(await timed(() => db.transaction((tx) => tx.$executeRaw`SELECT 1`)));
    transactions.bare.push(
      await timed(() =>
        db.transaction(
          (tx) =>
            tx.$executeRaw`INSERT INTO bare VALUES (gen_random_uuid(), now(), 'owner', 'config.changed', 'a_key', '{}')`,
        ),
      ),
    );
    transactions.act.push(
      await timed(() =>
        db.transaction((tx) =>
          recordAudit(tx, { action: 'config.changed', actor: 'owner', subject: 'a_key' }),
        ),
      ),
    );
  }
  const [empty, bare, act] = [transactions.empty, transactions.bare, transactions.act].map(median);
  say(
    `a transaction: empty ${empty?.toFixed(2)} ms, with a bare insert ${bare?.toFixed(2)} ms, with an act ${act?.toFixed(2)} ms`,
  );

  await db.pool.query(
    `INSERT INTO audit_inbox (id, at, actor, action, subject, data)
     SELECT gen_random_uuid(), now(), 'owner', 'config.changed', 'key_' || n, jsonb_build_object('number', n, 'note', 'as an act has it')
     FROM generate_series(1, $1) n`,
    [events],
  );
  let cpu = cpuSeconds();
  const chained = await timed(() => appender.flush());
  say(
    `chained ${events} acts in ${(chained / 1000).toFixed(2)} s: ${Math.round(events / (chained / 1000))} a second; ${(cpuSeconds() - cpu).toFixed(2)} s of our CPU`,
  );
  cpu = cpuSeconds();
  const walked = await verifyAudit({ db, vault, home });
  if (!walked.ok) throw new Error(JSON.stringify(walked.firstBad));
  say(
    `verified ${walked.events} events in ${(walked.durationMs / 1000).toFixed(2)} s: ${((walked.durationMs / walked.events) * 100).toFixed(2)} s per 100,000; ${(cpuSeconds() - cpu).toFixed(2)} s of our CPU`,
  );

  for (let number = 0; number < executions; number++) await insertEndedExecution({ db, vault }, null, number);
  await appender.flush();
  cpu = cpuSeconds();
  const all = await verifyAudit({ db, vault, home });
  if (!all.ok) throw new Error(JSON.stringify(all.firstBad));
  say(
    `verified ${all.events} events with ${all.executions} executions (2 steps, 3 calls, 4 events each) in ${(all.durationMs / 1000).toFixed(2)} s; ${(cpuSeconds() - cpu).toFixed(2)} s of our CPU`,
  );
} finally {
  await closers.close(log);
  await rm(home, { recursive: true, force: true });
}
