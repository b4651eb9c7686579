/** How many files and sockets this process has open, and how many it may. Linux alone says so. */
import { readdirSync, readFileSync } from 'node:fs';

/** The text of /proc/self/limits, where there is one. Node.js has raised the soft limit to the hard one by now. */
function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    // Other systems than Linux: what they allow is not known.
    return '';
  }
}

/** @returns infinity where there is no limit, or it is not known */
export function mostFiles(limits = readLimits()): number {
  const [, soft = 'unlimited'] = /^Max open files\s+(\S+)/m.exec(limits) ?? [];
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
}

/** @returns undefined where it is not known */
export function countOpenFiles(): number | undefined {
  try {
    // One of them is the folder that is being read.
    return readdirSync('/proc/self/fd').length - 1;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
