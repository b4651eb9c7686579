/** Caps that hold across processes, against an endpoint that counts what it would charge. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putConfig } from '../../src/config/put-config.ts';
import { tidySpend } from '../../src/money/spend/tidy-spend.ts';
import { until } from '../helpers/mcp/stdio-link.ts';
import type { MessagesRequest, ScriptedTurn } from '../helpers/messages-api-script.ts';
import { noonZone } from '../helpers/noon-zone.ts';
import { createRunnerBench, gate, type RunnerBench } from '../helpers/runner.ts';

// A busy machine shall never decide a test.
let bench: RunnerBench;
const children: ChildProcess[] = [];
beforeEach(async () => {
  // The test's own process works on nothing until it is told to.
  bench = await createRunnerBench(() => ({ text: 'Nothing is scripted.' }), {
    start: false,
    roster: { lookEveryMs: 250 },
  });
  await set('timezone', noonZone());
});
afterEach(async () => {
  for (const child of children.splice(0)) await kill(child);
  // Takes away what they left.
  await bench.runner.start();
  await until(() => bench.agents().length === 0);
  await bench.close();
});

async function kill(child: ChildProcess): Promise<void> {
  const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
  child.kill('SIGKILL');
  await gone;
}

/** `closed` comes once it has ended and all that it said was read, which may be before whoever starts it looks. */
async function startProcess(
  helper: string,
  ...rest: string[]
): Promise<ChildProcess & { said(): string; closed: Promise<unknown> }> {
  const child = spawn(
    process.execPath,
    [path.join(import.meta.dirname, `../helpers/${helper}`), bench.db.url, bench.home, ...rest],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  children.push(child);
  const closed = once(child, 'close');
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await once(child.stdout, 'data');
  return Object.assign(child, { said: () => text, closed });
}

/** An endpoint that charges from the moment it is asked, by its price list: $2 and $10 for a million tokens. */
function charging(
  answer: (
    request: MessagesRequest,
  ) => { outputTokens: number; until?: Promise<void> } & Partial<ScriptedTurn>,
) {
  let usd = 0;
  bench.api.setScript(async (request) => {
    const { outputTokens, until: answered, ...turn } = answer(request);
    const output = Math.min(outputTokens, request.body.max_tokens ?? 0);
    const input = Math.ceil(request.raw.length / 4);
    const cost = (input * 2 + output * 10) / 1e6;
    usd += cost;
    await answered;
    return { text: 'x', usage: { input_tokens: input, output_tokens: output }, ...turn };
  });
  return { usd: () => usd };
}

const set = (key: string, value: string) => putConfig({ db: bench.db, vault: bench.vault }, key, value);
const ledger = async () => {
  const { rows } = await bench.db.pool.query<{ usd: number; open: number; lost: number }>(
    `SELECT (SELECT sum(usd) FROM spend_totals WHERE scope = 'vm')::float8 AS usd,
       (SELECT count(*) FROM spend_reservations WHERE settled_at IS NULL)::int AS open,
       (SELECT count(*) FROM spend_reservations WHERE is_lost)::int AS lost`,
  );
  return rows[0];
};

describe('two processes that call the model ten times at once', () => {
  const spendTheCap = async (seed: number) => {
    const capUsd = 0.5 * seed;
    await set('max_cost_per_day_usd', String(capUsd));
    let calls = 0;
    const charged = charging(() => ({
      outputTokens: 1 + ((calls++ * 7919) % 9_000),
      delayMs: (calls * 13) % 40,
    }));
    const [one, two] = await Promise.all([
      startProcess('spend-worker.ts', String(seed)),
      startProcess('spend-worker.ts', String(seed + 100)),
    ]);
    await Promise.all([one.closed, two.closed]);
    for (const each of [one, two]) {
      expect(JSON.parse(each.said().split('\n')[1] ?? '')).toEqual(Array(5).fill('E_COST_CAP_DAY'));
    }
    expect(calls).toBeGreaterThan(10);
    expect(charged.usd()).toBeLessThanOrEqual(capUsd);
    // And what was there to spend is spent, but for what no call fits in.
    expect(charged.usd()).toBeGreaterThan(capUsd - 0.05);
    const { usd, open, lost } = (await ledger()) ?? {};
    expect(usd).toBeCloseTo(charged.usd(), 6);
    expect([open, lost]).toEqual([0, 0]);
  };
  it('spend a day’s cap and never more (seed 1)', () => spendTheCap(1));
  it.each([2, 3])('spend a day’s cap and never more (seed %i)', { tags: ['exhaustive'] }, spendTheCap);

  it('and lose nothing of what was spent, when one is killed in the middle', async () => {
    const capUsd = 1;
    await set('max_cost_per_day_usd', String(capUsd));
    const dead = gate();
    const charged = charging(() => ({ outputTokens: 3_000, until: dead.passed }));
    const doomed = await startProcess('spend-worker.ts', '7');
    const other = await startProcess('spend-worker.ts', '8');
    // Killed with a call of its own under way, which the endpoint has and charges for.
    const underWay = async () => {
      const { rows } = await bench.db.pool.query<{ open: number }>(
        `SELECT count(*)::int AS open FROM spend_reservations r JOIN workers w ON w.id = r.worker_id
         WHERE r.settled_at IS NULL AND w.process LIKE $1`,
        [`${doomed.pid}:%`],
      );
      return (rows[0]?.open ?? 0) > 0;
    };
    await until(underWay);
    await kill(doomed);
    dead.open();
    await other.closed;
    await tidySpend(bench);
    const { usd = 0, open, lost = 0 } = (await ledger()) ?? {};
    expect(lost).toBeGreaterThan(0);
    expect(open).toBe(0);
    // The endpoint charged for what it answered nobody: the ledger counts at least as much.
    expect(usd).toBeGreaterThanOrEqual(charged.usd() - 1e-9);
    expect(charged.usd()).toBeLessThanOrEqual(capUsd);
  });
});

it('runs of two workers stop at the day’s cap, say so, and go on when it is raised', async () => {
  const capUsd = 0.15;
  await set('max_cost_per_day_usd', String(capUsd));
  await bench.addSkill({ slug: 'spend', steps: ['One', 'Two'], concurrency: 4 });
  const charged = charging(() => ({ outputTokens: 2_500, delayMs: 100 }));
  await startProcess('abandon-run.ts', '250');
  await startProcess('abandon-run.ts', '250');
  const ids = await Promise.all(Array.from({ length: 4 }, () => bench.start('spend')));
  const ends = await Promise.all(ids.map((id) => bench.ended(id)));
  const stopped = ends.map(({ execution }) => execution).filter(({ status }) => status === 'failed');
  expect(stopped.length).toBeGreaterThan(0);
  for (const { errorCode, error } of stopped) {
    expect(errorCode).toBe('E_COST_CAP_DAY');
    expect(error).toMatch(/\$0\.15 a day for this VM .* config set max_cost_per_day_usd/);
    expect(error).toMatch(/00:00 \([A-Z]\w+\/.*\)/);
  }
  expect(charged.usd()).toBeLessThanOrEqual(capUsd);
  await set('max_cost_per_day_usd', '5');
  const { execution } = await bench.run('spend');
  expect(execution.status).toBe('succeeded');
});

it('a run whose worker was killed in a call counts that call in its cap', {
  tags: ['exhaustive'],
}, async () => {
  await bench.addSkill({ slug: 'one', steps: ['Do it'], maxCostUsd: 1.5 });
  const charged = charging(() => ({ outputTokens: 1_000, delayMs: 60_000 }));
  const first = await startProcess('abandon-run.ts', '250');
  const id = await bench.start('one');
  await bench.api.request(0);
  await kill(first);
  await startProcess('abandon-run.ts', '250');
  charging(() => ({ outputTokens: 10 }));
  const { execution } = await bench.ended(id);
  const [reservation] = await bench.db.prisma.spendReservation.findMany({ orderBy: { createdAt: 'asc' } });
  expect(reservation).toMatchObject({ isLost: true });
  expect(Number(reservation?.costUsd)).toBeGreaterThanOrEqual(charged.usd());
  // What is left of the cap is enough for another try, with an answer no longer than it pays for.
  expect(execution).toMatchObject({ error: null, status: 'succeeded' });
  const answerUsd = ((bench.api.requests[1]?.body.max_tokens ?? 0) * 10) / 1e6;
  expect(answerUsd + Number(reservation?.costUsd)).toBeLessThanOrEqual(1.5);
});
