/** Runs scenarios of the MCP conformance suite one after the other, and holds what comes of them against what is written down. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';

/** Of one scenario, in milliseconds. */
const patience = 60_000;

export const say = (line: string) => process.stdout.write(`${line}\n`);

export type Suite = {
  /** Its `dist/index.js`. */
  file: string;
  side: 'client' | 'server';
  /** What a scenario is run with, after its name. */
  args: readonly string[];
  /** Scenarios that fail, each with its reason in docs/mcp-conformance.md. */
  exceptions: ReadonlySet<string>;
};

/** Beside this process, which may be the server that is asked. @returns what it wrote */
async function run(file: string, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  const timer = setTimeout(() => child.kill('SIGKILL'), patience);
  await once(child, 'close');
  clearTimeout(timer);
  return output;
}

/** @returns false when a scenario outside the exceptions fails, or one of them passes */
export async function runSuite({ file, side, args, exceptions }: Suite): Promise<boolean> {
  const listed = await run(file, ['list', `--${side}`]);
  const scenarios = [...listed.matchAll(/^ {2}- (\S+)/gm)].map((match) => match[1] ?? '');
  const count = { checks: 0, failed: 0, passed: 0 };
  const surprises: string[] = [];
  for (const scenario of scenarios) {
    const output = await run(file, [side, '--scenario', scenario, '--timeout', '20000', ...args]);
    const [, good, all, bad] = /Passed: (\d+)\/(\d+), (\d+) failed/.exec(output) ?? [];
    // Of a server the suite says no more than this.
    const isPassed = side === 'server' ? bad === '0' : output.includes('OVERALL: PASSED');
    count.checks += Number(all ?? 0);
    count.failed += Number(all ?? 0) - Number(good ?? 0);
    count.passed += isPassed ? 1 : 0;
    if (isPassed === exceptions.has(scenario)) surprises.push(scenario);
    say(`${isPassed ? 'passed' : 'FAILED'}  ${scenario}  ${good ?? '?'}/${all ?? '?'}`);
  }
  say(
    `${count.passed} of ${scenarios.length} scenarios, ${count.checks - count.failed} of ${count.checks} checks`,
  );
  if (surprises.length === 0 && scenarios.length > 0) return true;
  say(`not as docs/mcp-conformance.md says: ${surprises.join(', ') || 'no scenarios found'}`);
  return false;
}
