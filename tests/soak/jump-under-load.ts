/** A VM under load whose clock jumps: what was accepted, what was due and what was kept is held against what is there in the end. */
import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { auditVerificationSchema } from '../../src/contract/audit.ts';
import { startCanary } from '../helpers/canary.ts';
import { realServer } from '../helpers/mcp/stdio-link.ts';
import { makeHome, startTestVm, type TestVm } from '../helpers/vm.ts';
import { createLoad, failingSlug, scheduleSlug, setUpSkills } from './load.ts';
import { connect } from './watch-claims.ts';
import { startWatchedModel } from './watched-model.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** How far beside the machine's clock the time is, one after the other, in milliseconds. */
const offsets = [2 * hour, 0, -2 * hour, 0, day, 0, -day, 0, 365 * day, 0];

/** From the moment in which a time is due, or in which a clock was set, until it must have fired, in milliseconds. */
const firedWithinMs = 10_000;
const drainMs = 240_000;

export type JumpOptions = {
  /** Holds how many nanoseconds the time is beside the machine's clock. */
  offsetFile: string;
  /** How long each time of day is kept, in milliseconds. */
  keptMs: number;
  say(line: string): void;
};

/** What must be as it was in the end, whatever the clock said meanwhile. */
type Kept = { approvalId: string; token: string };

/** @returns what is wrong, a line each */
export async function jumpUnderLoad({ offsetFile, keptMs, say }: JumpOptions): Promise<string[]> {
  const home = await makeHome();
  const model = await startWatchedModel();
  const notices = await startCanary((_request, response) => void response.writeHead(204).end());
  const vm = await startTestVm({
    home,
    env: {
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: 'sk-ant-soak-1f2e3d4c5b6a7988',
      ...{ ALFRED_LOG_LEVEL: 'warn', ALFRED_CONCURRENCY: '3' },
    },
  });
  const load = createLoad(() => vm, 8);
  const due: number[] = [];
  try {
    await setUpSkills(vm, realServer('server-everything'), notices.url);
    const kept = await keepThings(vm);
    load.start();
    for (const offset of [0, ...offsets]) {
      writeOffset(offsetFile, offset);
      say(`the time is ${new Date().toISOString()}, ${load.accepted.size} runs accepted`);
      const from = Date.now();
      await sleep(keptMs);
      due.push(...minutesBetween(from, Date.now()));
    }
    await load.stop();
    say(`accepted ${load.accepted.size}; waiting for the last ones`);
    const client = await connect(home);
    const wrong = [
      ...(await openAfterDrain(client)),
      ...(await readWrongRuns(client, load.accepted)),
      ...(await readUnfired(client, due)),
      ...(await readHarm(client, vm, kept)),
    ];
    await client.end();
    return wrong;
  } finally {
    await load.stop();
    say(vm.stderr());
    await vm.stop({ keepHome: true }).catch((error: unknown) => say(String(error)));
    await notices.close();
    await model.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

function writeOffset(file: string, ms: number): void {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(ms) * 1_000_000n);
  // Written in place: every program has this very file mapped.
  writeFileSync(file, bytes, { flag: 'r+' });
}

/** Full minutes that came while the clock went on from one time to another; the one that has just come may still fire. */
function minutesBetween(from: number, to: number): number[] {
  const first = Math.ceil(from / 60_000) * 60_000;
  const count = Math.ceil((to - firedWithinMs - first) / 60_000);
  return Array.from({ length: Math.max(0, count) }, (_, index) => first + index * 60_000);
}

/** A call that waits for its owner, a token that is good for three days, and a record that is to be kept for a month. */
async function keepThings(vm: TestVm): Promise<Kept> {
  const call = async (method: string, route: string, body?: unknown) => {
    const answer = await vm.api(method, route, body);
    if (answer.status >= 300) throw new Error(`${route}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as Record<string, unknown>;
  };
  for (const key of ['retention_days', 'audit_retention_days'])
    await call('PUT', `/api/v1/config/${key}`, { value: '30' });
  const expiresAt = new Date(Date.now() + 3 * day).toISOString();
  const { token } = await call('POST', '/api/v1/tokens', { name: 'kept', scopes: ['read'], expiresAt });
  await call('POST', '/api/v1/skills', {
    ...{ slug: 'asks', name: 'Asks' },
    steps: [
      {
        ...{ id: 1, prompt: 'STEP 2 OF asking', approval: 'always' },
        allowedTools: ['mcp__everything__echo'],
      },
    ],
  });
  // A slow machine leaves no time out.
  await call('PATCH', `/api/v1/skills/${scheduleSlug}`, {
    triggerConfig: { cron: '* * * * *', timezone: 'UTC', missed: 'once', overlap: 'all' },
  });
  await call('POST', '/api/v1/skills/asks/run', { input: {} });
  for (;;) {
    const { items } = await call('GET', '/api/v1/approvals?status=pending');
    const [approval] = items as { id: string }[];
    if (approval) return { approvalId: approval.id, token: String(token) };
    await sleep(250);
  }
}

/** Waits until nothing is open but the run that waits for its owner. */
async function openAfterDrain(client: pg.Client): Promise<string[]> {
  const until = performance.now() + drainMs;
  for (;;) {
    const { rows } = await client.query<{ id: string; status: string; at: Date }>(
      `SELECT id, status, created_at AS at FROM executions WHERE completed_at IS NULL AND status <> 'waiting_approval'`,
    );
    if (rows.length === 0) return [];
    if (performance.now() > until)
      return rows.map(({ id, status, at }) => `${id} of ${at.toISOString()} is still ${status}`);
    await sleep(1_000);
  }
}

async function readWrongRuns(client: pg.Client, accepted: ReadonlySet<string>): Promise<string[]> {
  const { rows } = await client.query<{
    id: string;
    slug: string;
    status: string;
    code: string | null;
    ms: string;
  }>('SELECT id, skill_slug AS slug, status, error_code AS code, duration_ms AS ms FROM executions');
  const there = new Set(rows.map(({ id }) => id));
  const isMeant = ({ slug, code }: { slug: string; code: string | null }) =>
    slug === failingSlug && code === 'E_MODEL_AUTH';
  return [
    ...[...accepted].filter((id) => !there.has(id)).map((id) => `lost: ${id}`),
    ...rows
      .filter((row) => row.status === 'failed' && !isMeant(row))
      .map(({ id, slug, code }) => `${id} of ${slug} failed: ${code}`),
    ...rows
      .filter(({ ms }) => Number(ms) > hour / 2)
      .map(({ id, ms }) => `${id} is said to have taken ${ms} ms`),
  ];
}

/** Of each minute that came, once or again after the clock was put back, there is a run. */
async function readUnfired(client: pg.Client, due: readonly number[]): Promise<string[]> {
  const { rows } = await client.query<{ at: string }>(
    `SELECT trigger_detail ->> 'scheduledFor' AS at FROM executions WHERE skill_slug = $1`,
    [scheduleSlug],
  );
  const fired = new Set(rows.map(({ at }) => Date.parse(at)));
  return due
    .filter((time) => !fired.has(time))
    .map((time) => `the schedule did not fire at ${new Date(time).toISOString()}`);
}

async function readHarm(client: pg.Client, vm: TestVm, { approvalId, token }: Kept): Promise<string[]> {
  const wrong: string[] = [];
  const headers = { authorization: `Bearer ${token}` };
  const asked = await fetch(new URL('/api/v1/executions?limit=1', vm.url), { headers });
  if (asked.status !== 200) wrong.push(`the token of three days is refused: ${asked.status}`);
  const decided = await vm.api('POST', `/api/v1/approvals/${approvalId}`, { decision: 'approve' });
  if (decided.status !== 200)
    wrong.push(`the call that waited cannot be approved: ${JSON.stringify(decided.body)}`);
  wrong.push(...(await openAfterDrain(client)));
  const { rows } = await client.query<{ purged: number; pruned: number; jumps: number }>(
    `SELECT (SELECT count(*) FROM executions WHERE purged_at IS NOT NULL)::int AS purged,
       (SELECT count(*) FROM audit_events WHERE action = 'audit.pruned')::int AS pruned,
       (SELECT count(*) FROM audit_events WHERE action = 'clock.jumped')::int AS jumps`,
  );
  const { purged = 0, pruned = 0, jumps = 0 } = rows[0] ?? {};
  if (purged > 0) wrong.push(`${purged} runs lost their content before its time`);
  if (pruned > 0) wrong.push('acts lost their data before its time');
  if (jumps !== offsets.length) wrong.push(`${jumps} jumps of the clock are on record, of ${offsets.length}`);
  const { body } = await vm.api('GET', '/api/v1/audit/verify');
  const { findings, warnings } = auditVerificationSchema.parse(body);
  return [...wrong, ...findings.map(({ message }) => message), ...warnings];
}
