/**
 * Runs the client scenarios of the MCP conformance suite against our link, one after the other: all at once, as the suite
 * does it, they time out on two cores. Exits 1 when a scenario outside docs/mcp-conformance.md fails, or one of it passes.
 *
 *   npm i --prefix DIR --ignore-scripts @modelcontextprotocol/conformance@0.2.0-alpha.12
 *   node tests/conformance/run.ts DIR/node_modules/@modelcontextprotocol/conformance/dist/index.js
 */
import path from 'node:path';
import { runSuite, say } from './suite.ts';

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

const file = process.argv[2];
if (file === undefined) {
  say('usage: node tests/conformance/run.ts <conformance>/dist/index.js');
  process.exit(2);
}
const command = `${process.execPath} ${path.join(import.meta.dirname, 'mcp-client.ts')}`;
if (!(await runSuite({ file, side: 'client', args: ['--command', command], exceptions })))
  process.exitCode = 1;
