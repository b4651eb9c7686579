/** One soak: the load, the kills, and the count at the end. */
import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { auditVerificationSchema } from '../../src/contract/audit.ts';
import { startCanary } from '../helpers/canary.ts';
import { realServer } from '../helpers/mcp/stdio-link.ts';
import { makePreparedHome, processesOf, type TestVm } from '../helpers/vm.ts';
import { count } from './count.ts';
import { KilledProcesses, type SoakOptions } from './killed-processes.ts';
import { createLoad, setUpSkills } from './load.ts';
import type { Tally } from './tally.ts';
import { type ClaimWatch, connect, watchClaims } from './watch-claims.ts';
import { startWatchedModel } from './watched-model.ts';

/** A run whose process is dead shall not be held longer. */
const longestHoldMs = 60_000;
const drainMs = 180_000;

/**
 * Fire times of the schedule, once it is known to have been there; the minute that runs is not counted, nor are those that a VM
 * which hung should have fired: one run makes up for them.
 */
function minutesBetween(from: number, to: number, [hungFrom, hungTo]: [number, number]): number[] {
  const first = Math.ceil(from / 60_000) * 60_000;
  return Array.from(
    { length: Math.max(0, Math.ceil((to - 5_000 - first) / 60_000)) },
    (_, index) => first + index * 60_000,
  ).filter((time) => time <= hungFrom || time > hungTo);
}

const foldersIn = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).map((name) => path.join(folder, name)) : [];

/** Nothing but kills happened to the record: whatever the verifier finds is a false alarm. */
async function verifyAudit(vm: TestVm | undefined): Promise<Pick<Tally, 'audited' | 'alarms'>> {
  const answer = await vm?.api('GET', '/api/v1/audit/verify');
  const { events, executions, findings, warnings } = auditVerificationSchema.parse(answer?.body);
  return {
    audited: { events, executions },
    alarms: [...findings.map(({ message }) => message), ...warnings].map((one) => `false alarm: ${one}`),
  };
}

/** Waits until nothing is open any more, and every notice is delivered. */
async function drain(client: pg.Client): Promise<void> {
  const openCount = async () => {
    const { rows } = await client.query<{ count: number }>(
      `SELECT (SELECT count(*) FROM executions WHERE completed_at IS NULL)::int
         + (SELECT count(*) FROM notice_deliveries WHERE status = 'waiting')::int
         + (SELECT count(*) FROM pgboss.job WHERE name = 'notice.deliver' AND state < 'completed')::int AS count`,
    );
    return rows[0]?.count ?? 0;
  };
  for (const until = Date.now() + drainMs; (await openCount()) > 0 && Date.now() < until; ) await sleep(500);
}

/** What is left of a home that nobody works on any more. */
const orphansOf = (home: string): string[] => [
  ...processesOf(home).map((one) => `orphaned process: ${one}`),
  ...[...foldersIn(path.join(home, 'runs')), ...foldersIn(path.join(home, 'run'))].map(
    (one) => `orphaned: ${one}`,
  ),
];

/** @throws when a part that must not end does */
export async function soak(options: SoakOptions): Promise<Tally> {
  const { kills, stoppedMs = 0, seed, say } = options;
  const began = performance.now();
  const home = await makePreparedHome();
  const model = await startWatchedModel();
  // Refuses some, so that deliveries are under way when something is killed.
  const notices = await startCanary((_request, response) => {
    response.writeHead(Math.random() < 0.3 ? 503 : 204).end();
  });
  const run = new KilledProcesses(options, home, model);
  const counts: Tally['kills'] = { vm: 0, worker: 0, postgres: 0, everything: 0 };
  const recoveries: number[] = [];
  const load = createLoad(() => run.vm, options.openAtMost ?? 12);
  let claims: ClaimWatch | undefined;
  try {
    const vm = await run.startVm();
    await setUpSkills(vm, realServer('server-everything'), notices.url);
    const scheduledFrom = Date.now();
    await run.startWorker();
    claims = watchClaims(home);
    load.start();
    for (let index = 0; index < kills; index++) {
      const target = run.next(index);
      const killedAt = Date.now();
      await run.kill(target);
      counts[target]++;
      recoveries.push((await model.nextRequest(killedAt)) - killedAt);
      await run.pause();
    }
    const stoppedFrom = Date.now();
    if (stoppedMs > 0) await run.stopFor(stoppedMs);
    await load.stop();
    const fires = minutesBetween(scheduledFrom, Date.now(), [stoppedFrom, stoppedFrom + stoppedMs]);
    say(`accepted ${load.accepted.size}; waiting for the last ones`);
    const client = await connect(home);
    await drain(client);
    const told = notices.requests.map(({ body }) => JSON.parse(String(body)).data.id as string);
    const counted = await count({ client, model, load, notices: told, fires });
    await client.end();
    const audit = await verifyAudit(run.vm);
    await claims.stop();
    await run.stop();
    const longestHeld = claims.longest();
    const held =
      longestHeld > longestHoldMs ? [`stuck: a dead process held a run for ${longestHeld} ms`] : [];
    return {
      ...counted,
      ...audit,
      seed,
      kills: counts,
      recoveries,
      longestHeld,
      seconds: (performance.now() - began) / 1000,
      stuck: [...counted.stuck, ...held],
      orphaned: orphansOf(home),
    };
  } finally {
    await load.stop();
    await claims?.stop();
    run.killAll();
    await notices.close();
    await model.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}
