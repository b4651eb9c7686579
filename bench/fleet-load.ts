/** VMs of a measurement, and how they report: each its next one, by any number at once. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeReport, reportIdOf } from '../src/contract/core.ts';

/** Requests at once. */
export const width = 32;

/** A VM, and what it sent that was taken. */
export type Vm = { id: string; bearer: string; counter: number; executions: number; tokens: number };

/** Whether a report was taken; where not, the same bytes are sent again. */
export type Send = (report: string, vm: Vm) => Promise<boolean>;

/** Processor time in milliseconds: of the servers, and of PostgreSQL. */
export type Cpu = { servers: number; postgres: number };

/** What windows of reports took in all: times in milliseconds, one of each report. */
export class Timing {
  readonly #times: number[] = [];
  readonly #cpu: Cpu = { servers: 0, postgres: 0 };
  #took = 0;

  add(times: readonly number[], took: number): void {
    for (const time of times) this.#times.push(time);
    this.#took += took;
  }

  addCpu(before: Cpu, after: Cpu): void {
    this.#cpu.servers += after.servers - before.servers;
    this.#cpu.postgres += after.postgres - before.postgres;
  }

  /** Processor time of a report. */
  get cpu(): Cpu {
    return { servers: this.#cpu.servers / this.count, postgres: this.#cpu.postgres / this.count };
  }

  get count(): number {
    return this.#times.length;
  }

  /** Reports a second. */
  get rate(): number {
    return (this.count / this.#took) * 1000;
  }

  toString(): string {
    const times = this.#times.toSorted((a, b) => a - b);
    const at = (share: number) => (times[Math.floor(times.length * share)] ?? Number.NaN).toFixed(1);
    return `${this.count} in all, ${this.rate.toFixed(0)} a second, median ${at(0.5)} ms, 99% in ${at(0.99)} ms`;
  }
}

/** VMs that go on reporting, a window after the other. */
export class Load {
  readonly #lanes: { vms: Vm[]; next: number }[];
  readonly #send: Send;

  constructor(vms: readonly Vm[], send: Send) {
    const lanes = Array.from({ length: width }, (_, mine) => vms.filter((_vm, n) => n % width === mine));
    this.#lanes = lanes.filter((own) => own.length > 0).map((own) => ({ vms: own, next: 0 }));
    this.#send = send;
  }

  /** As VMs do: each its next report, and the same bytes again until somebody has them. */
  async run(isOver: (taken: number) => boolean, timing: Timing): Promise<void> {
    const times: number[] = [];
    let begun = 0;
    const began = performance.now();
    const work = async (lane: { vms: Vm[]; next: number }) => {
      while (!isOver(begun)) {
        begun += 1;
        const vm = lane.vms[lane.next++ % lane.vms.length] as Vm;
        times.push(await this.#report(vm));
      }
    };
    await Promise.all(this.#lanes.map(work));
    timing.add(times, performance.now() - began);
  }

  async #report(vm: Vm): Promise<number> {
    vm.counter += 1;
    const numbers = { executions: 1 + (vm.counter % 9), durationMs: 4500, tokens: 1000 + vm.counter };
    const at = new Date().toISOString();
    const digest = createHash('sha256').update(`${vm.id} ${vm.counter} ${at}`).digest('hex');
    const reportId = reportIdOf(vm.counter, digest);
    const report = encodeReport({ reportId, periodStart: at, periodEnd: at, ...numbers });
    const start = performance.now();
    while (!(await this.#send(report, vm).catch(ifCutOff))) await sleep(20);
    vm.executions += numbers.executions;
    vm.tokens += numbers.tokens;
    return performance.now() - start;
  }
}

/** Whoever asked was cut off, and does not know whether it was taken. */
function ifCutOff(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^(UND_ERR_|ECONNRE|EPIPE)/.test(code)) return false;
  throw error;
}
