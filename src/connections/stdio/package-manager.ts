/**
 * Programs that first download what they run (npx, uvx, docker): each connection has a place of its own for that, so that no other server
 * can change what it runs, and none is ended in the middle of its work, which some of them never recover from. A place whose
 * installation did not come to its end is thrown away whole before the next one.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { descendantsOf, hasVariable, listProcesses, readProcess } from '../../processes/process-list.ts';

const launchers = [
  'npx',
  'npm',
  'bunx',
  'bun',
  'pnpx',
  'pnpm',
  'yarn',
  'deno',
  'uvx',
  'uv',
  'pipx',
  'docker',
  'podman',
  'nerdctl',
];

/** How long one may take until it has handed over to what it downloaded, in milliseconds. */
export const installTimeoutMs = 15 * 60_000;
const pollMs = 100;

export const isPackageManager = (command: string): boolean => launchers.includes(path.basename(command));

const placeOf = (ownFolder: string) => path.join(ownFolder, 'packages');
const markOf = (ownFolder: string) => path.join(placeOf(ownFolder), '.unfinished');

/** By the interface of compiled parts: those that one Node.js had built, another refuses, and npx never builds them anew. */
const npmFolder = `npm-${process.versions.modules}`;

/** Variables that keep what is downloaded in a server's own folder, and say how long it is tried. */
export function packageVariables(ownFolder: string): Record<string, string> {
  const at = (name: string) => path.join(placeOf(ownFolder), name);
  return {
    npm_config_cache: at(npmFolder),
    // As often as npm tries by itself, within seconds: it waits 70 otherwise, for a certificate too (findings/npm-retries-certificates.sh), and
    // somebody before the page with it.
    npm_config_fetch_retry_mintimeout: '1000',
    npm_config_fetch_retry_maxtimeout: '10000',
    BUN_INSTALL_CACHE_DIR: at('bun'),
    DENO_DIR: at('deno'),
    UV_CACHE_DIR: at('uv'),
    UV_TOOL_DIR: at('uv-tools'),
  };
}

/** Makes the place ready, without what an installation left that was ended; notes that one is under way. */
export async function beginInstallation(ownFolder: string): Promise<void> {
  if (await wasEnded(markOf(ownFolder))) await rm(placeOf(ownFolder), { recursive: true, force: true });
  await mkdir(placeOf(ownFolder), { recursive: true, mode: 0o700 });
  for (const name of await readdir(placeOf(ownFolder))) {
    if (!/^npm(-\d+)?$/.test(name) || name === npmFolder) continue;
    await rm(path.join(placeOf(ownFolder), name), { recursive: true, force: true });
  }
  if (!existsSync(markOf(ownFolder))) await writeFile(markOf(ownFolder), identity(process.pid) ?? '');
}

/** Notes that what was downloaded is whole. */
export const endInstallation = (ownFolder: string): Promise<void> => rm(markOf(ownFolder), { force: true });

const identity = (pid: number): string | undefined => {
  const startedAt = readProcess(pid)?.startedAt;
  return startedAt === undefined ? undefined : `${pid} ${startedAt}`;
};

/** Whether a mark is there that no other living VM's process made: one connection has one server at a time in each. */
async function wasEnded(mark: string): Promise<boolean> {
  if (!existsSync(mark)) return false;
  const by = await readFile(mark, 'utf8');
  const pid = Number(by.split(' ')[0]);
  return pid === process.pid || identity(pid) !== by;
}

/** Waits until npx runs what it downloaded, which it says in that program's environment; or until it ended, or `limitMs` passed. */
export async function handsOver(
  server: { readonly pid: number; readonly exit: unknown },
  limitMs: number,
  signal: AbortSignal,
): Promise<void> {
  for (const until = performance.now() + limitMs; performance.now() < until; await sleep(pollMs)) {
    if (server.exit !== undefined || signal.aborted) return;
    const family = descendantsOf(server.pid, listProcesses());
    if (family.some(({ pid }) => hasVariable(pid, 'npm_lifecycle_event', 'npx'))) return;
  }
}

/** Whether `handsOver` can tell it of this one. */
export const tellsHandOver = (command: string): boolean => path.basename(command) === 'npx';
