/** What the machine gives: Node, room on the disk, what walls can be built of. All of it only looks. */
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import type { Settings } from '../../kernel/settings.ts';
import type { WallsFound } from '../../walls/choose-walls.ts';
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

/** Behind which walls connections and agents run here. */
export async function checkSandbox({ childEnvironment }: Settings): Promise<Finding> {
  const [{ chooseServerWalls }, { chooseAgentWalls }, { searchPathOf }] = await Promise.all([
    import('../../walls/choose-walls.ts'),
    import('../../agents/sandbox.ts'),
    import('../../connections/stdio/server-environment.ts'),
  ]);
  const searchPath = searchPathOf(childEnvironment);
  const connections = await chooseServerWalls(searchPath);
  const agents = await chooseAgentWalls(searchPath);
  const finding = {
    id: 'sandbox',
    message: [...wordsOf('connections', connections), ...wordsOf('agents', agents)].join('; '),
    facts: { connections: connections.kind, agents: agents.kind },
  };
  const remedy = 'install bubblewrap (apt install bubblewrap), and allow it unprivileged user namespaces';
  const isOpen = [connections, agents].some(({ kind }) => kind === 'none');
  return isOpen ? { ...finding, state: 'warn', remedy } : { ...finding, state: 'good' };
}

const nothing = {
  connections: 'connections run without walls and could read this user’s files, the keys among them',
  agents:
    'agents run without walls, and their program’s settings alone keep it from files that a prompt names',
};

function wordsOf(who: keyof typeof nothing, walls: WallsFound): string[] {
  const why = walls.reasons.length === 0 ? '' : ` (${walls.reasons.join('; ')})`;
  if (walls.kind === 'none') return [`${nothing[who]}${why}`];
  const kind = walls.kind === 'landlock' ? 'Landlock, which is weaker' : walls.kind;
  return [`${who} run behind ${kind}${walls.kind === 'bubblewrap' ? ` (${walls.file})` : why}`];
}
