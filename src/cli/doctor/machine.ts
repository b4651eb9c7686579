/** What the machine gives: Node, room on the disk, bubblewrap. All of it only looks. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { formatBytes } from '../render/figures.ts';
import type { Finding } from './check.ts';

const run = promisify(execFile);
const leastNode = 24;
const littleRoom = 1_000_000_000;
const noRoom = 200_000_000;

export async function checkNode(): Promise<Finding> {
  const { version, versions, execPath } = process;
  const isGood = Number(versions.node.split('.')[0]) >= leastNode;
  return {
    name: 'node',
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
    name: 'disk',
    state,
    message: `${formatBytes(free)} free`,
    ...(state === 'good' ? {} : { remedy: `make room on the disk that holds ${home}` }),
  };
}

/** Whether bubblewrap can make a sandbox here: it may be missing, or the kernel may not let it. */
export async function checkSandbox(): Promise<Finding> {
  const without = 'connections run without a sandbox: they could read this user’s files, the keys among them';
  try {
    const { stdout } = await run('bwrap', ['--version'], { timeout: 5000 });
    await run(
      'bwrap',
      ['--unshare-user', '--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '/bin/true'],
      { timeout: 10_000 },
    );
    return { name: 'sandbox', state: 'good', message: stdout.trim() };
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return {
      name: 'sandbox',
      state: 'warn',
      message: `${isMissing ? 'bubblewrap (bwrap) is not installed' : 'bubblewrap does not work here'}; ${without}`,
      remedy: isMissing
        ? 'install it: apt install bubblewrap, dnf install bubblewrap'
        : 'allow unprivileged user namespaces for bwrap on this machine',
    };
  }
}
