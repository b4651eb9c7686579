/** VMs of a measurement, and how they report: each its next one, by any number at once. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeReport, reportIdOf } from '../src/contract/core.ts';

/** Requests at once. */
export const width = 32;

export type Vm = { id: string; bearer: string; counter: number; executions: number; tokens: number };
export type Timing = { count: number; rate: number; median: number; slowest: number };
type SentReport = { executions: number; tokens: number };

export const count = (vm: Vm, { executions, tokens }: SentReport): void => {
  vm.executions += executions;
  vm.tokens += tokens;
};

/** As VMs do: each its next report, and the same bytes again until somebody has them. */
export async function load(
  vms: readonly Vm[],
  reports: number,
  send: (report: string, vm: Vm) => Promise<boolean>,
  onTaken: (vm: Vm, report: SentReport) => void,
): Promise<Timing> {
  const times: number[] = [];
  let next = 0;
  const lane = async (mine: number) => {
    const own = vms.filter((_, index) => index % width === mine);
    for (let index = 0; next < reports && own.length > 0; index++) {
      next += 1;
      const vm = own[index % own.length] as Vm;
      vm.counter += 1;
      const numbers = { executions: 1 + (vm.counter % 9), durationMs: 4500, tokens: 1000 + vm.counter };
      const at = new Date().toISOString();
      const digest = createHash('sha256').update(`${vm.id} ${vm.counter} ${at}`).digest('hex');
      const reportId = reportIdOf(vm.counter, digest);
      const report = encodeReport({ reportId, periodStart: at, periodEnd: at, ...numbers });
      const start = performance.now();
      while (!(await send(report, vm).catch(ifCutOff))) await sleep(20);
      times.push(performance.now() - start);
      onTaken(vm, numbers);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: width }, (_, mine) => lane(mine)));
  const took = performance.now() - began;
  // What the bare one took is none of Core's reports.
  if (onTaken !== count) for (const vm of vms) vm.counter = 0;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
  return { count: times.length, rate: (times.length / took) * 1000, median: at(0.5), slowest: at(0.99) };
}

/** Whoever asked was cut off, and does not know whether it was taken. */
function ifCutOff(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^(UND_ERR_|ECONNRE|EPIPE)/.test(code)) return false;
  throw error;
}

export function print(what: string, { count: all, rate, median, slowest }: Timing, beside = ''): void {
  const figures = `${all} in all, ${rate.toFixed(0)} a second, median ${median.toFixed(1)} ms, 99% in ${slowest.toFixed(1)} ms`;
  console.log(`${what}: ${figures}${beside === '' ? '' : `; ${beside}`}`);
}
