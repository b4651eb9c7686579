/**
 * Records what two published servers offer and answer, for tests that would otherwise install 68 MB for one call each:
 * `node tests/helpers/mcp/record.ts`, with the npm registry in reach. recorded-server.ts plays it back.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

type Wanted = {
  package: string;
  args: string[];
  env?: Record<string, string>;
  /** Of many tools, those that the templates name and one that writes. */
  tools: string[];
  calls: { name: string; arguments: Record<string, unknown> }[];
};

const folder = mkdtempSync(path.join(tmpdir(), 'alfred-record-'));
const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, { cwd: folder, stdio: 'ignore' });

/** A repository and a database as small as can be, with nothing of this machine in what is said of them. */
function makeThings(): void {
  run('git', 'init', '-q', 'repository');
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.org'];
  run('git', '-C', 'repository', ...who, 'commit', '-q', '--allow-empty', '-m', 'start the list');
  const shop = new DatabaseSync(path.join(folder, 'shop.db'));
  shop.exec('CREATE TABLE orders (id INTEGER PRIMARY KEY, total REAL)');
  shop.close();
}

const servers: Record<string, Wanted> = {
  dbhub: {
    package: '@bytebase/dbhub@1.4.0',
    args: ['--transport', 'stdio', '--dsn', `sqlite://${path.join(folder, 'shop.db')}`],
    tools: ['execute_sql', 'search_objects'],
    calls: [{ name: 'search_objects', arguments: { object_type: 'table' } }],
  },
  git: {
    package: '@cyanheads/git-mcp-server@2.15.3',
    args: [],
    env: { GIT_BASE_DIR: path.join(folder, 'repository'), MCP_TRANSPORT_TYPE: 'stdio' },
    tools: ['git_status', 'git_log', 'git_show', 'git_diff', 'git_commit'],
    calls: ['git_status', 'git_log', 'git_diff'].map((name) => ({ name, arguments: { path: './' } })),
  },
};

async function record({ package: name, args, env, tools, calls }: Wanted) {
  run('npm', 'install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', name);
  const main = path.join(folder, 'node_modules', name.slice(0, name.lastIndexOf('@')), 'dist/index.js');
  const client = new Client({ name: 'record', version: '1' });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [main, ...args],
      env: { PATH: process.env.PATH ?? '', ...env },
      stderr: 'ignore',
    }),
  );
  const offered = (await client.listTools()).tools.filter((tool) => tools.includes(tool.name));
  const results: Record<string, unknown> = {};
  for (const call of calls) results[call.name] = await client.callTool(call);
  await client.close();
  return { package: name, tools: offered, results };
}

try {
  makeThings();
  for (const [name, wanted] of Object.entries(servers)) {
    const text = JSON.stringify(await record(wanted), null, 2).replaceAll(folder, '/home/me');
    writeFileSync(path.join(import.meta.dirname, 'fixtures', `${name}.json`), `${text}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
