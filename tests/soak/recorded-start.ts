/**
 * A server that writes down how it was started, `node recorded-start.ts LEDGER STARTS`, and is the ledger server then: a line
 * of JSON for each start, with its process, its arguments and its environment.
 */
import { appendFileSync } from 'node:fs';

const [ledger = '', starts = ''] = process.argv.slice(2);
const { pid, argv, env } = process;
appendFileSync(starts, `${JSON.stringify({ pid, args: argv.slice(2), env })}\n`);
process.argv.splice(2, Infinity, ledger);
await import('../helpers/mcp/ledger-server.ts');
