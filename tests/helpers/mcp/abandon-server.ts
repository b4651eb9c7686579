/**
 * Opens a server as a VM would, says its process id and that of a straggler of it, and waits to be killed, so that what it
 * started is left behind. Run by `node tests/helpers/mcp/abandon-server.ts HOME off|default`.
 */
import { pino } from 'pino';
import { openStdioLink } from '../../../src/connections/stdio/open-stdio-link.ts';
import { Sandbox } from '../../../src/connections/stdio/sandbox.ts';
import { newId } from '../../../src/kernel/ids.ts';
import { childEnvironment, hostileServer, usualRequest } from './stdio-link.ts';

const [home = '', mode = 'off'] = process.argv.slice(2);
const log = pino({ level: 'silent' });
const sandbox = new Sandbox({ home, hide: [], searchPath: childEnvironment.PATH ?? '' });
const { link } = await openStdioLink(
  { home, sandbox, inherited: childEnvironment, log },
  {
    name: 'abandoned',
    plan: {
      id: newId(),
      command: 'node',
      args: [hostileServer, 'stubborn'],
      env: {},
      cwd: undefined,
      sandbox: mode === 'default' ? 'default' : 'off',
      network: true,
      paths: [],
      words: [],
    },
    ...usualRequest(log),
  },
);
const { content } = await link.callTool('straggler', {}, { timeoutMs: 30_000 });
process.stdout.write(`${JSON.stringify(content)}\n`);
setInterval(() => {}, 60_000);
