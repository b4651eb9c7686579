/** What Linux says of processes, from /proc. On other systems the list is empty, and only process groups can be ended. */
import { readdirSync, readFileSync } from 'node:fs';

export type ProcessInfo = {
  pid: number;
  parent: number;
  group: number;
  session: number;
  /** Clock ticks after boot: with the pid it names one process, also after the pid is used again. */
  startedAt: string;
  /** The first 15 bytes of the program's file name. */
  name: string;
  isZombie: boolean;
};

/** Every process that can be seen, in the order of /proc. */
export function listProcesses(): ProcessInfo[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => readProcess(Number(entry)) ?? []);
}

/** One process, or undefined when there is none of that pid. */
export function readProcess(pid: number): ProcessInfo | undefined {
  const stat = readProc(pid, 'stat')?.toString('latin1');
  if (stat === undefined) return undefined;
  // proc_pid_stat(5): "pid (name) state ppid pgrp session …"; the name may hold blanks and brackets itself.
  const end = stat.lastIndexOf(')');
  const fields = stat.slice(end + 2).split(' ');
  return {
    pid,
    name: stat.slice(stat.indexOf('(') + 1, end),
    isZombie: fields[0] === 'Z' || fields[0] === 'X',
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    startedAt: fields[19] ?? '',
  };
}

/** True when the process was started with `name=value` in its environment; false also when that cannot be read. */
export function hasVariable(pid: number, name: string, value: string): boolean {
  const environment = readProc(pid, 'environ');
  return (
    environment !== undefined && `\0${environment.toString('latin1')}\0`.includes(`\0${name}=${value}\0`)
  );
}

/** The processes of `all` that descend from `root`, without it. */
export function descendantsOf(root: number, all: ProcessInfo[]): ProcessInfo[] {
  const found = new Set([root]);
  let size = 0;
  while (size !== found.size) {
    size = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return all.filter(({ pid }) => pid !== root && found.has(pid));
}

/** The pids of `pid`'s parents, up to the first process. */
export function ancestorsOf(pid: number): Set<number> {
  const found = new Set<number>();
  for (let at = readProcess(pid); at !== undefined && at.parent > 0; at = readProcess(at.parent)) {
    found.add(at.parent);
  }
  return found;
}

function readProc(pid: number, file: string): Buffer | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`);
  } catch {
    // The process ended meanwhile, or belongs to somebody else: neither is one of ours.
    return undefined;
  }
}
