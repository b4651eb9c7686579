/**
 * An MCP server over stdio that misbehaves as its first argument says, without any SDK: it speaks the 2025 protocol by hand.
 * With no argument it behaves. Run by `node tests/helpers/mcp/hostile-server.ts <mode> [argument]`.
 */
import { spawn } from 'node:child_process';
import { readFileSync, watchFile, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const [mode = 'well', argument = ''] = process.argv.slice(2);

type Request = {
  id?: number | string;
  method?: string;
  params?: { name?: string; arguments?: Record<string, unknown> };
};

const send = (message: object) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const text = (value: string) => ({ content: [{ type: 'text', text: value }] });
const empty = { type: 'object', properties: {} };

/** `tools-file`: the list stands in a file, and changes with it. */
const tools = () =>
  mode === 'tools-file'
    ? JSON.parse(readFileSync(argument, 'utf8'))
    : Object.keys(doing).map((name) => ({ name, description: `Does ${name}`, inputSchema: empty }));

/** Starts a process outside our session and group, with its output closed, that outlives us, and says which it is. */
async function startStraggler(scrubbed: boolean, tag: string): Promise<number> {
  const inner = `setTimeout(() => {}, 600_000); console.log(process.pid) // ${tag}`;
  const outer = `
    const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(inner)}],
      { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.once('data', (pid) => { process.stdout.write(pid); process.exit(0); });`;
  const env = scrubbed ? { PATH: process.env.PATH ?? '' } : process.env;
  const child = spawn(process.execPath, ['-e', outer], {
    detached: true,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  for await (const chunk of child.stdout) output += String(chunk);
  return Number(output);
}

type Args = Record<string, unknown>;
type Tool = (args: Args, id: number | string) => object | Promise<object>;

const countOf = ({ count }: Args): number => (typeof count === 'number' ? count : 1);
const never = () => new Promise<object>(() => {});
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const doing: Record<string, Tool> = {
  echo: (args) => text(String(args.text ?? '')),
  environment: () => text(JSON.stringify(process.env)),
  pid: () => text(String(process.pid)),
  async sleep(args) {
    await pause(countOf(args));
    return text(`slept ${countOf(args)}`);
  },
  die() {
    process.stderr.write(`about to die\nthe last words of the server ${process.env.API_KEY ?? ''}\n`);
    process.exit(7);
  },
  hang: never,
  big: (args) => text('x'.repeat(countOf(args))),
  async flood(args) {
    const block = Buffer.alloc(1_048_576, 'y');
    for (let at = 0; at < countOf(args); at += 1) {
      if (!process.stdout.write(block)) await new Promise((resolve) => process.stdout.once('drain', resolve));
    }
    return text('flooded');
  },
  straggler: async (args) =>
    text(String(await startStraggler(args.scrubbed === true, String(args.tag ?? '')))),
  deep(args, id) {
    const count = countOf(args);
    // By hand: JSON.stringify itself would break on it.
    process.stdout.write(
      `{"jsonrpc":"2.0","id":${id},"result":{"content":[],"structuredContent":${'{"a":'.repeat(count)}1${'}'.repeat(count)}}}\n`,
    );
    return never();
  },
  fail: () => ({ ...text('it did not work'), isError: true }),
  junk(args) {
    process.stdout.write('this is no MCP\n'.repeat(countOf(args)));
    return text('printed');
  },
  async noise(args) {
    for (let at = 0; at < countOf(args); at += 1) {
      send({ method: 'notifications/message', params: { level: 'info', data: 'z'.repeat(1_048_576) } });
      await new Promise((resolve) => setImmediate(resolve));
    }
    return text('was noisy');
  },
  read(args) {
    try {
      return text(readFileSync(String(args.file), 'utf8'));
    } catch (error) {
      return { ...text(String(error)), isError: true };
    }
  },
  write(args) {
    try {
      writeFileSync(String(args.file), '');
      return text('written');
    } catch (error) {
      return text(String(error));
    }
  },
  connect: (args) =>
    new Promise((resolve) => {
      const where =
        typeof args.file === 'string' ? { path: args.file } : { port: countOf(args), host: '127.0.0.1' };
      const socket = connect(where, () => {
        resolve(text('connected'));
        socket.destroy();
      });
      socket.on('error', (error) => resolve(text(String(error))));
    }),
};

async function call(id: number | string, name: string, args: Args): Promise<object> {
  const tool = doing[name];
  if (!tool) throw new Error(`no tool ${name}`);
  return await tool(args, id);
}

async function answer({ id, method, params }: Request): Promise<void> {
  if (id === undefined) return;
  if (mode === 'exit-on-probe' && method !== 'initialize' && method?.startsWith('server/') === true)
    process.exit(1);
  switch (method) {
    case 'initialize':
      if (mode === 'hang') return;
      if (mode === 'refuse') {
        send({ id, error: { code: -32_600, message: 'we are closed' } });
        return;
      }
      send({
        id,
        result: {
          protocolVersion: '2025-06-18',
          capabilities: { tools: { listChanged: true } },
          serverInfo: { name: 'hostile', version: '1.0.0' },
        },
      });
      return;
    case 'ping':
      if (mode !== 'no-ping') send({ id, result: {} });
      return;
    case 'tools/list':
      send({ id, result: { tools: tools() } });
      return;
    case 'tools/call':
      try {
        send({ id, result: await call(id, params?.name ?? '', params?.arguments ?? {}) });
      } catch (error) {
        send({ id, error: { code: -32_602, message: String(error) } });
      }
      return;
    default:
      if (mode !== 'hang') send({ id, error: { code: -32_601, message: 'Method not found' } });
  }
}

if (mode === 'exit') {
  process.stderr.write('starting\ncannot find the configuration file\n');
  process.exit(3);
}
if (mode === 'prints') {
  process.stdout.write('Welcome to the weather!\nType help for help.\n');
  if (argument === 'exit') process.exit(0);
}
if (mode === 'prints-forever') setInterval(() => process.stdout.write(`${'noise '.repeat(10_000)}\n`), 1);
if (mode === 'banner') process.stdout.write('A friendly banner\n');
if (mode === 'stubborn') process.on('SIGTERM', () => process.stderr.write('not yet\n'));
if (mode === 'stubborn') setInterval(() => {}, 1_000);
if (mode === 'tools-file') {
  watchFile(argument, { interval: 50 }, () => send({ method: 'notifications/tools/list_changed' }));
}
if (mode === 'dies-soon') setTimeout(() => process.exit(5), Number(argument));
if (mode === 'counts') {
  // How often it was started, for tests of restarts.
  const before = Number(readFileSync(argument, 'utf8'));
  writeFileSync(argument, String(before + 1));
}

if (mode !== 'prints' && mode !== 'prints-forever') {
  for await (const line of createInterface({ input: process.stdin })) void answer(JSON.parse(line));
  if (mode === 'tools-file') process.exit(0);
} else {
  process.stdin.resume();
}
