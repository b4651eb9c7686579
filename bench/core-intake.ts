/**
 * A provider's Core under load: enrols simulated VMs over HTTP, proves each, and reports for them; beside `/readyz`, which
 * asks the same server and database for nothing. Ends with Core's totals held against what was sent.
 *   node bench/core-intake.ts [VMs, 1000] [reports each, 10]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hash } from 'bcryptjs';
import { Pool } from 'undici';
import { startCore } from '../core/main.ts';
import { readCoreSettings } from '../core/settings.ts';
import { encodeReport } from '../src/contract/core.ts';
import { newId } from '../src/kernel/ids.ts';

const [first, second] = process.argv.slice(2);

if (first === '--serve') await serve(second ?? '');
else await measure(Number(first ?? 1000), Number(second ?? 10));

/** The child: a Core whose limits let one address stand for many. */
async function serve(home: string): Promise<void> {
  const settings = readCoreSettings({ CORE_HOME: home, CORE_PORT: '0', ALFRED_LOG_LEVEL: 'warn' });
  const limits = { requestsPerMinute: 1e9, attemptsPerMinute: 1e9 };
  const core = await startCore(settings, { limits });
  process.send?.(core.address);
  process.once('SIGTERM', () => void core.close().then(() => process.exit(0)));
}

async function measure(vms: number, rounds: number): Promise<void> {
  const home = await mkdtemp(path.join(tmpdir(), 'alfred-core-bench-'));
  const child = fork(import.meta.filename, ['--serve', home]);
  try {
    const [url] = (await once(child, 'message')) as [string];
    await load(url, home, vms, rounds);
  } finally {
    await ended(child);
    await rm(home, { recursive: true, force: true });
  }
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

async function load(url: string, home: string, vms: number, rounds: number): Promise<void> {
  const pool = new Pool(url, { connections: 64 });
  const admin = `Bearer ${(await readFile(path.join(home, 'admin-token'), 'utf8')).trim()}`;
  const call = async (method: 'GET' | 'POST', route: string, authorization?: string, body?: string) => {
    const answer = await pool.request({
      method,
      path: route,
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
    });
    const value = await answer.body.json();
    if (answer.statusCode >= 300) throw new Error(`${route}: ${answer.statusCode} ${JSON.stringify(value)}`);
    return value as Record<string, string>;
  };

  // Cost 8 is the least that Core takes; the cost of a proof at 10, which a VM uses, is said beside.
  const secret = 'a secret of a simulated VM, the same for all';
  const [cheap, usual] = [await hash(secret, 8), await hash(secret, 10)];
  const enrol = async (authSecretHash: string): Promise<string> => {
    const { token } = await call('POST', '/v1/enrollments', admin, '{}');
    const body = JSON.stringify({ enrollmentToken: token, authSecretHash });
    return (await call('POST', '/v1/vms', undefined, body)).vmId ?? '';
  };
  const prove = async (id: string): Promise<string> => {
    const basic = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    return (await call('POST', `/v1/vms/${id}/token`, basic)).token ?? '';
  };

  const ids: string[] = [];
  const bearers = new Map<string, string>();
  const list = Array.from({ length: vms }, (_, index) => index);
  print('enrolled', await timed(list, 32, async () => void ids.push(await enrol(cheap))));
  print('proved, at cost 8', await timed(ids, 8, async (id) => void bearers.set(id, await prove(id))));
  const one = await enrol(usual);
  print('proved, at cost 10', await timed(list.slice(0, 20), 4, async () => void (await prove(one))));

  const numbers = { executions: 3, durationMs: 4500, tokens: 12_345 };
  const at = new Date().toISOString();
  const send = (id: string) =>
    call(
      'POST',
      `/v1/vms/${id}/metrics`,
      `Bearer ${bearers.get(id)}`,
      encodeReport({ reportId: newId(), periodStart: at, periodEnd: at, ...numbers }),
    );
  let sent = 0;
  for (const width of [1, 16, 64]) {
    const turns = width === 64 ? Array.from({ length: rounds }, () => ids).flat() : ids;
    const reports = await timed(turns, width, async (id) => void (await send(id)));
    const idle = await timed(turns.slice(0, 2000), width, async () => void (await call('GET', '/readyz')));
    sent += turns.length;
    print(
      `reports, ${width} at once`,
      reports,
      `${(reports.rate / idle.rate).toFixed(2)} of what /readyz does`,
    );
  }

  const started = performance.now();
  const fleet = (await call('GET', '/v1/fleet', admin)) as unknown as {
    total: number;
    totals: { tokens: number };
  };
  console.log(`fleet of ${fleet.total}: ${(performance.now() - started).toFixed(0)} ms`);
  if (fleet.totals.tokens !== sent * numbers.tokens)
    throw new Error(`Core counts ${fleet.totals.tokens} tokens, ${sent * numbers.tokens} were sent`);
  console.log(`${sent} reports sent, and Core's totals are what was sent`);
  await pool.close();
}

type Timing = { count: number; rate: number; median: number; slowest: number };

/** Runs `work` for each of `items`, `width` at once. */
async function timed<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<Timing> {
  const times: number[] = [];
  let next = 0;
  const began = performance.now();
  const lane = async () => {
    for (let index = next++; index < items.length; index = next++) {
      const start = performance.now();
      await work(items[index] as T);
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  const took = performance.now() - began;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
  return { count: items.length, rate: (items.length / took) * 1000, median: at(0.5), slowest: at(0.99) };
}

function print(what: string, { count, rate, median, slowest }: Timing, beside = ''): void {
  const figures = `${count} in all, ${rate.toFixed(0)} a second, median ${median.toFixed(1)} ms, 99% in ${slowest.toFixed(1)} ms`;
  console.log(`${what}: ${figures}${beside === '' ? '' : `; ${beside}`}`);
}
