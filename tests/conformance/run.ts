/**
 * Runs the client scenarios of the MCP conformance suite against our link, one after the other: all at once, as the suite
 * does it, they time out on two cores. Exits 1 when a scenario outside docs/mcp-conformance.md fails, or one of it passes.
 *
 *   npm i --prefix DIR --ignore-scripts @modelcontextprotocol/conformance@0.2.0-alpha.12
 *   node tests/conformance/run.ts DIR/node_modules/@modelcontextprotocol/conformance/dist/index.js
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** Scenarios that fail, each with its reason in docs/mcp-conformance.md. */
const exceptions = new Set([
  'elicitation-sep1034-client-defaults',
  'sep-2322-client-request-state',
  'auth/enterprise-managed-authorization',
  'auth/dpop',
  'auth/dpop-nonce',
  'auth/wif-jwt-bearer',
  'auth/client-credentials-jwt',
  'auth/client-credentials-basic',
]);

const say = (line: string) => process.stdout.write(`${line}\n`);
const suite = process.argv[2];
if (suite === undefined) {
  say('usage: node tests/conformance/run.ts <conformance>/dist/index.js');
  process.exit(2);
}
const command = `${process.execPath} ${path.join(import.meta.dirname, 'mcp-client.ts')}`;
const run = (...args: string[]) =>
  spawnSync(process.execPath, [suite, ...args], { encoding: 'utf8', timeout: 60_000 });

const scenarios = [...run('list', '--client').stdout.matchAll(/^ {2}- (\S+)/gm)].map(
  (match) => match[1] ?? '',
);
let checks = 0;
let failed = 0;
const surprises: string[] = [];
for (const scenario of scenarios) {
  const { stdout, stderr } = run(
    'client',
    '--command',
    command,
    '--scenario',
    scenario,
    '--timeout',
    '20000',
  );
  const output = stdout + stderr;
  const [, good, all] = /Passed: (\d+)\/(\d+)/.exec(output) ?? [];
  const isPassed = output.includes('OVERALL: PASSED');
  checks += Number(all ?? 0);
  failed += Number(all ?? 0) - Number(good ?? 0);
  if (isPassed === exceptions.has(scenario)) surprises.push(scenario);
  say(`${isPassed ? 'passed' : 'FAILED'}  ${scenario}  ${good ?? '?'}/${all ?? '?'}`);
}
say(`${checks - failed} of ${checks} checks passed in ${scenarios.length} scenarios`);
if (surprises.length > 0 || scenarios.length === 0) {
  say(`not as docs/mcp-conformance.md says: ${surprises.join(', ') || 'no scenarios found'}`);
  process.exitCode = 1;
}
