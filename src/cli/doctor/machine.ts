/** What the machine gives: Node, room on the disk, bubblewrap. All of it only looks. */
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import type { Settings } from '../../kernel/settings.ts';
import { formatBytes } from '../render/figures.ts';
import type { Finding } from './check.ts';

const leastNode = 24;
const littleRoom = 1_000_000_000;
const noRoom = 200_000_000;

export async function checkNode(): Promise<Finding> {
  const { version, versions, execPath } = process;
  const isGood = Number(versions.node.split('.')[0]) >= leastNode;
  return {
    id: 'node',
    state: isGood ? 'good' : 'bad',
    message: `${version}, ${execPath}`,
    ...(isGood ? {} : { remedy: 'run npm ci, which brings Node.js 24 along' }),
  };
}

/** Room where the home is, or will be. */
export async function checkDisk(home: string): Promise<Finding> {
  let folder = home;
  while (!existsSync(folder)) folder = path.dirname(folder);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const state = free < noRoom ? 'bad' : free < littleRoom ? 'warn' : 'good';
  return {
    id: 'disk',
    state,
    message: `${formatBytes(free)} free`,
    ...(state === 'good' ? {} : { remedy: `make room on the disk that holds ${home}` }),
  };
}

/** Whether bubblewrap can make the sandboxes of servers and of agents here: it may be missing, or the kernel may not let it. */
export async function checkSandbox({ childEnvironment }: Settings): Promise<Finding> {
  const [{ probeSandbox }, { probeAgentSandbox }, { searchPathOf }] = await Promise.all([
    import('../../connections/stdio/sandbox.ts'),
    import('../../agents/sandbox.ts'),
    import('../../connections/stdio/server-environment.ts'),
  ]);
  const searchPath = searchPathOf(childEnvironment);
  const servers = await probeSandbox(searchPath);
  const agents = await probeAgentSandbox(searchPath);
  if (servers.works && agents.works) {
    const message = `bubblewrap works (${servers.file}): connections and agents run in it`;
    return { id: 'sandbox', state: 'good', message };
  }
  const open = [
    servers.works
      ? undefined
      : 'connections run without a sandbox and could read this user’s files, the keys among them',
    agents.works
      ? undefined
      : 'agents run without one, and their program’s settings alone keep it from files that a prompt names',
  ].filter((each) => each !== undefined);
  const reasons = [servers, agents].flatMap((each) => (each.works ? [] : [each.reason]));
  return {
    id: 'sandbox',
    state: 'warn',
    message: [...new Set(reasons), ...open].join('; '),
    remedy: 'install bubblewrap (apt install bubblewrap), and allow it unprivileged user namespaces',
  };
}
